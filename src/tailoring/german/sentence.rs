//! Sentence rules that hold for German only.

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, Fact, Facts, SentenceRule};

/// Asked before the shared rows about numbers and abbreviations.
pub(super) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("de.number.ordinal"),
        verdict: Verdict::Join,
        why: "A number with a stop after an article, preposition or possessive is an ordinal, whatever noun follows.",
        examples: &["Am 3. ×Mai trat er zurück.", "Sie feiert ihren 90. ×Geburtstag. ÷Alle kamen."],
        needs: Facts::all(&[Fact::FullStop, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            let number = at.word.is_digits() && at.word.chars() <= 3 || at.word.is_roman();
            let ordinal = number && !at.starter_follows();
            let governed = at.lexicon_has(at.word_before_token().text, Class::Governing);
            (ordinal && governed).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("de.number.ordinal-goes-on"),
        verdict: Verdict::Join,
        why: "A number with a stop before a small letter is an ordinal: Benedikt XVI. sprach.",
        examples: &["Papst Benedikt XVI. ×sprach kurz."],
        needs: Facts::all(&[Fact::FullStop, Fact::Spaced, Fact::LowerFollows]),
        decides: |at| {
            let number = at.word.is_digits() && at.word.chars() <= 3 || at.word.is_roman();
            number.then(|| at.seen())
        },
    },
];
