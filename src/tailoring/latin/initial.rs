//! Single letters: initials, labels, numerals (policy S10).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Fact, Facts, SentenceRule};

/// Rows about single letters.
pub(in crate::tailoring) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("latin.initial.hyphenated"),
        verdict: Verdict::Join,
        why: "Initials with a hyphen between them are those of a double name: J.-P. Vidal.",
        examples: &["Parla J.×-P. ×Sartre.", "Scrive a J.-P. ×Vernant."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter]),
        decides: |at| {
            if !at.word.is_capitalized() {
                return None;
            }
            let hyphen = at.next.first.is_some_and(|c| matches!(c, '-' | '‑' | '–'));
            let first = at.is_glued() && hyphen && at.next.word.is_letter();
            let mut parts =
                at.token.text.split(['.', '-', '‑', '–']).filter(|part| !part.is_empty());
            let letter = |part: Option<&str>| part.is_some_and(|part| part.chars().count() == 1);
            let second =
                at.token.text.contains(".-") && letter(parts.next()) && letter(parts.next());
            let closing = || at.lexicon_has(at.token.text, Class::Closing);
            let name = first || second && at.name_follows() && !closing();
            name.then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("latin.initial.label"),
        verdict: Verdict::Break,
        why: "After serie, vitamina, gruppo and the like a letter is a label and may end the sentence.",
        examples: &["Il Bari torna in serie B. ÷Festa in città."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            if at.token.text != at.word.text {
                return None;
            }
            let label = at.lexicon_has(at.word_before_token().text, Class::Label);
            // `v.` for vedi is no label of its own.
            let form = at.form_in(Class::Introducing).is_some() && !at.word.is_capitalized();
            (label && !form).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.initial.regnal"),
        verdict: Verdict::Break,
        why: "After the name of a king or pope I, V and X are numerals and may end the sentence.",
        examples: &["Regnava Carlo V. ÷Madrid era lontana."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            let numeral = matches!(at.word.text, "I" | "V" | "X") && at.token.text == at.word.text;
            if !numeral {
                return None;
            }
            let regnal = at.lexicon_has(at.word_before_token().text, Class::Regnal);
            regnal.then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.initial.ends-sentence"),
        verdict: Verdict::Break,
        why: "A letter after a word, before a word that plainly begins a sentence, ends the one before.",
        examples: &["Lo disse Malcolm X. ÷Poi tacque."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            let letter = at.token.text == at.word.text;
            // Saints bear names that are words too: S. Primo, S. Secondo.
            let saint = at.word.text == "S" && matches!(at.next.word.text, "Primo" | "Secondo");
            (letter && at.starter_follows() && !at.called_name_follows() && !saint)
                .then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("latin.initial.name"),
        verdict: Verdict::Join,
        why: "A single capital with a stop is an initial of the name around it; any letter before a figure refers to it.",
        examples: &["Parla F. ×Kennedy.", "Visse a S.×Giovanni Rotondo.", "Vale il comma c. ×2."],
        needs: Facts::all(&[Fact::FullStop, Fact::Letter]),
        decides: |at| {
            let letter = at.token.text == at.word.text;
            let name = at.word.is_capitalized() && (at.next.is_upper() || at.is_glued());
            (letter && (name || at.next.is_digit())).then(|| at.seen())
        },
    },
];
