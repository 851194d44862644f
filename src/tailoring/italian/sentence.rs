//! Sentence rules that hold for Italian only; the rest are shared with its neighbours.

use crate::rule::{RuleId, Verdict};
use crate::sentence::{Fact, Facts, SentenceRule};

/// Asked before the shared rows about numbers and abbreviations.
pub(super) const RULES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("it.label.note"),
        verdict: Verdict::Join,
        why: "N.B., P.S., D. and R. at the head of a sentence go with what they announce.",
        examples: &["P.S. ×Ci vediamo domani."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            let known = matches!(at.token.text, "N.B" | "NB" | "P.S" | "PS" | "P.P.S" | "D" | "R");
            (known && at.token_opens_sentence()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.century"),
        verdict: Verdict::Join,
        why: "«sec.» is read with the Roman numeral after it.",
        examples: &["Il castello risale al sec. ×XII."],
        needs: Facts::all(&[Fact::FullStop]),
        decides: |at| {
            let century = matches!(at.word.text, "sec" | "secc" | "Sec");
            (century && at.next.word.is_roman()).then_some(at.token.span)
        },
    },
    SentenceRule {
        id: RuleId::new("it.abbreviation.era"),
        verdict: Verdict::Join,
        why: "A date that only opens its sentence (Nel 79 d.C.) waits for the clause after it.",
        examples: &["Nel 79 d.C. ×Pompei fu sepolta dalla cenere."],
        needs: Facts::all(&[Fact::FullStop, Fact::Spaced, Fact::UpperFollows]),
        decides: |at| {
            let era = matches!(at.token.text, "a.C" | "d.C" | "a.c" | "d.c");
            let lead = at.sentence_until(at.token.span.start());
            if !era || lead.len() > LEAD_BYTES_MAX {
                return None;
            }
            let mut words = lead.split_whitespace();
            let few = words.clone().count() <= 3;
            let dated =
                words.next_back().is_some_and(|word| word.chars().all(char::is_alphanumeric));
            (few && dated).then_some(at.token.span)
        },
    },
];

/// Bytes of a date that only opens its sentence.
const LEAD_BYTES_MAX: usize = 40;
