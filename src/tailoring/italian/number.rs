//! Labels and figures (policy S11, S14).

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Class, SentenceRule};

/// Rows about numbers.
pub(super) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("it.label.item"),
        verdict: Verdict::Join,
        why: "A number or letter at the head of an item is its label and goes with it.",
        examples: &["1. ×Il governo cade. ÷2. Il governo resta."],
        decides: |at| {
            let figures = at.word.is_digits()
                && (at.word.chars() <= 2 || at.word.chars() <= 4 && !at.starter_follows());
            let label = figures
                || at.word.is_letter()
                    && at.token.text.len() <= 2
                    && !at.word.text.starts_with(['È', 'È'])
                || at.word.is_roman() && at.word.chars() <= 4;
            (at.is_full_stop() && label && at.token_opens_sentence() && !at.candidate.has_closer)
                .then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.label.note"),
        verdict: Verdict::Join,
        why: "N.B., P.S., D. and R. at the head of a sentence go with what they announce.",
        examples: &["P.S. ×Ci vediamo domani."],
        decides: |at| {
            let known = matches!(at.token.text, "N.B" | "NB" | "P.S" | "PS" | "Nota" | "D" | "R");
            (at.is_full_stop() && known && at.token_opens_sentence() && at.token.text != "Nota")
                .then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.number.before-calendar"),
        verdict: Verdict::Join,
        why: "A short month or weekday beside a number goes on with its date.",
        examples: &["Il 12 set. ×2023 partì.", "Era lun. ×12 maggio."],
        decides: |at| {
            let form = at.form_in(Class::Calendar)?;
            (at.next.is_digit() || at.next.is_lower()).then_some(form)
        },
    },
];
