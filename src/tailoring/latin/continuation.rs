//! The sentence plainly goes on: a comma, a closing mark, a small letter (policy S4, S6, S17).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Context, Fact, Facts, SentenceRule};

/// A mark follows that cannot begin a sentence.
pub(in crate::tailoring) const PUNCTUATION: &[SentenceRule] = &[SentenceRule {
    id: RuleId::new("latin.continuation.punctuation"),
    verdict: Verdict::Join,
    why: "A comma, colon, semicolon or closing mark behind the stop goes on with the sentence.",
    examples: &["Pane, vino ecc.×, poi basta."],
    needs: Facts::all(&[]),
    decides: |at| {
        let first = at.next.first?;
        // A slash after a space separates headlines; right behind the stop it belongs to a form.
        let glued = at.is_glued() && matches!(first, '»' | '/' | '%' | '°' | 'º' | 'ª');
        (glued || matches!(first, ',' | ';' | ':' | ')' | ']' | '}')).then(|| at.seen())
    },
}];

/// A small letter follows.
pub(in crate::tailoring) const LOWER_CASE: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.lower-case.name"),
        verdict: Verdict::Break,
        why: "Some words begin with a small letter even at the head of a sentence: iPhone, d'Annunzio, 'ndrangheta.",
        examples: &[
            "Apple cresce. ÷iPhone e iPad vanno bene.",
            "È la Calabria. ÷'ndrangheta e politica si parlano.",
        ],
        needs: Facts::all(&[Fact::Spaced, Fact::LowerFollows]),
        decides: |at| {
            (!at.candidate.ellipsis && ends_word(at) && begins_oddly(at)).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.lower-case.careless"),
        verdict: Verdict::Break,
        why: "After a whole Italian word (which ends in a vowel as few abbreviations do), a figure, a full name or a closed quotation the stop ends the sentence, though the next begins carelessly with a small letter.",
        examples: &[
            "Il governo ha deciso. ÷adesso tocca alle Camere.",
            "Lo ha scritto Ludwig Eichrodt. ÷poi non se ne parlò più.",
            "Ha detto «no». ÷quindi non si parte.",
        ],
        needs: Facts::all(&[Fact::Spaced, Fact::LowerFollows]),
        decides: |at| {
            // After `?` and `!` a small letter goes on, but a new quotation does not.
            let asks = at.candidate.asks_or_exclaims && !at.has_closer() && opens_quotation(at);
            let ends = asks || at.is_full_stop() && ends_plainly(at);
            ends.then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.lower-case.goes-on"),
        verdict: Verdict::Join,
        why: "A common word in lower case goes on with the sentence.",
        examples: &["Cosa? ×dove? quando?"],
        needs: Facts::all(&[Fact::LowerFollows]),
        decides: |at| Some(at.seen()),
    },
];

/// The sentence before the stop is plainly over: a whole Italian word that is no form of the
/// lexicon, a figure, the second of two names, or something closed by a mark.
fn ends_plainly(at: &Context<'_>) -> bool {
    if at.has_closer() {
        return !at.next_is(Class::Saying);
    }
    let known = ABBREVIATIONS.iter().any(|class| at.form_in(*class).is_some());
    if known || at.token.text.contains('.') && !at.word.is_digits() {
        return false;
    }
    let letters = at.word.text.chars().all(char::is_alphabetic);
    let whole = letters && at.word.chars() >= 3 && at.word.ends_in_vowel();
    let name =
        at.word.chars() >= 4 && at.word.is_capitalized() && at.word_before_token().is_capitalized();
    let word = at.word.chars() >= 3 || at.word.chars() == 2 && at.word.ends_in_vowel();
    let quotes = !at.next.openers.is_empty() && !at.next.dashed && word;
    let numeral = at.word.is_roman() && at.word.chars() >= 2;
    whole || name || quotes || numeral || at.word.is_digits()
}

/// Classes whose forms may stand in the middle of a sentence with their stop.
const ABBREVIATIONS: &[Class] = &[
    Class::Title,
    Class::Reference,
    Class::Introducing,
    Class::Closing,
    Class::Office,
    Class::Company,
    Class::Calendar,
    Class::Measure,
    Class::Place,
];

/// A quotation opens right behind the gap.
fn opens_quotation(at: &Context<'_>) -> bool {
    !at.next.dashed && at.slice(at.next.openers).contains(['«', '“', '"'])
}

/// The word before the stop is a whole one, or a sign that stands for one.
fn ends_word(at: &Context<'_>) -> bool {
    let before = at.visible_before(at.candidate.cluster.start());
    let sign = before.is_some_and(|c| "$€£%°".contains(c));
    at.word.chars() > 2 || at.has_closer() || at.word.is_digits() || sign
}

fn begins_oddly(at: &Context<'_>) -> bool {
    let word = at.next.word.text;
    let inner_capital = word.chars().skip(1).any(char::is_uppercase) && word.chars().count() > 2;
    let apostrophe = at.slice(at.next.openers).ends_with(['\'', '’', '‘']);
    let particle =
        matches!(word, "d" | "l" | "de" | "al") && at.next.elided && at.second_word_is_upper();
    inner_capital
        || particle
        || apostrophe && at.lexicon_has(word, Class::Aphaeretic)
        || matches!(word, "e" | "i" | "x")
            && at
                .slice(crate::text::Span::new(at.next.word.span.end(), at.next.word.span.end() + 1))
                == "-"
}
