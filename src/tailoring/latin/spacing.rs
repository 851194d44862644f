//! Stops inside addresses, figures and file names; and spaces that are missing (policy S15, S16).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Fact, Facts, SentenceRule};

/// What must never be cut, asked first.
pub(in crate::tailoring) const PROTECTED: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.protected.address"),
        verdict: Verdict::Join,
        why: "A stop or question mark inside a URL or mail address is part of it.",
        examples: &["Scrivete a Mario.×Rossi@esempio.it per sapere."],
        needs: Facts::all(&[Fact::InsideAddress]),
        decides: |at| at.inside_address(),
    },
    SentenceRule {
        id: RuleId::new("latin.protected.figure"),
        verdict: Verdict::Join,
        why: "A stop between two digits belongs to a number, date, time, version or score.",
        examples: &["Sono 1.×500 euro."],
        needs: Facts::all(&[Fact::FullStop, Fact::Glued, Fact::FigureFollows, Fact::BareFollows]),
        decides: |at| {
            let digit_before = at.word.text.ends_with(|c: char| c.is_ascii_digit());
            digit_before.then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.protected.inner-stop"),
        verdict: Verdict::Join,
        why: "A stop inside a form of the lexicon that is written without spaces ends nothing: Co.Re.Co.",
        examples: &["La delibera passò al Co.×Re.×Co. ÷Era il 1994."],
        needs: Facts::all(&[Fact::FullStop, Fact::Glued, Fact::UpperFollows, Fact::BareFollows]),
        decides: |at| {
            let form = format!("{}.{}", at.token.text, at.next.word.text);
            at.lexicon_begins(&form).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.protected.glued-lower-case"),
        verdict: Verdict::Join,
        why: "A stop with a small letter right behind it stands inside a domain or file name.",
        examples: &["Lo scrive Notizie.×com nella sua edizione."],
        needs: Facts::all(&[Fact::FullStop, Fact::Glued, Fact::LowerFollows, Fact::BareFollows]),
        decides: |at| Some(at.seen()),
    },
    SentenceRule {
        id: RuleId::new("latin.protected.extension"),
        verdict: Verdict::Join,
        why: "A stop with capitals or digits right behind it and no word before is a name: .NET.",
        examples: &["La piattaforma .×NET piace."],
        needs: Facts::all(&[Fact::FullStop, Fact::Glued, Fact::BareFollows]),
        decides: |at| {
            let alone = at.token.text.is_empty();
            let next = &at.next.word;
            let name = next.is_all_capitals() || at.next.is_digit() || next.is_letter();
            let free = !at.next.elided && !at.vowel_word_follows();
            (alone && name && free && !at.has_closer()).then(|| at.seen())
        },
    },
];

/// A space that is missing after the mark.
pub(in crate::tailoring) const DAMAGE: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.spacing.missing"),
        verdict: Verdict::Break,
        why: "The space after the stop is missing, but a word ends before it and a sentence begins behind it.",
        examples: &[
            "Lo ha detto Peskov.÷Kim è partito.",
            "Poi ha parlato.÷«Vado via», ha detto.",
            "Ha detto: «Vado».÷Poi è uscito.",
            "Ha vinto l'Inter .÷Ha perso il Milan.",
            "Il governo cade.÷E adesso?",
        ],
        needs: Facts::all(&[Fact::Glued, Fact::UpperFollows]),
        decides: |at| {
            let next = &at.next;
            let word = next.word.chars() > 1 || next.elided || at.vowel_word_follows();
            let before = at.visible_before(at.candidate.cluster.start());
            let spaced = at.token.text.is_empty() && before.is_some_and(char::is_alphanumeric);
            let ended = at.word.chars() > 2
                || spaced
                || at.address_before()
                || at.has_closer()
                || at.word.is_digits()
                || at.candidate.asks_or_exclaims
                || at.word_in(Class::Incomplete).is_none()
                    && at.word.chars() == 2
                    && at.word.ends_in_vowel();
            let all_capitals = next.word.is_all_capitals() && at.word.is_all_capitals();
            let extension = next.word.is_all_capitals()
                && next.word.chars() <= 4
                && !at.starter_follows()
                && at.is_full_stop()
                && !at.has_closer();
            (word && ended && !all_capitals && !extension).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.spacing.glued"),
        verdict: Verdict::Join,
        why: "Without a space, and without plain signs of a new sentence, the stop belongs to a name.",
        examples: &["Usa Node.×JS da anni."],
        needs: Facts::all(&[Fact::Glued]),
        decides: |at| {
            let mark_follows = at.next.first.is_some_and(|c| !c.is_alphanumeric());
            (!mark_follows && !at.candidate.ellipsis).then(|| at.seen())
        },
    },
];
