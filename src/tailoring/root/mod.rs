//! Plain UAX #29, for every language without rules of its own.

pub mod blocks;

use super::Tailoring;
use crate::block::Phrases;
use crate::rule::{RuleId, Verdict};
use crate::sentence::{Lexicon, SentenceRule};

/// UAX #29 as it stands, inside blocks found by layout alone.
pub static TAILORING: Tailoring = Tailoring {
    tag: "und",
    prefix: "root.",
    revision: 1,
    cascade: &[LAYOUT, DEFAULT],
    blocks: blocks::BLOCKS,
    names_only: |_| false,
    phrases: &Phrases::EMPTY,
    lexicon: &Lexicon::EMPTY,
};

/// Line ends inside a block; shared by all tailorings.
pub const LAYOUT: &[SentenceRule] = &[SentenceRule {
    id: RuleId::new("root.layout.hard-wrap"),
    verdict: Verdict::Join,
    why: "A line end inside a block is only where the line was full.",
    examples: &["Il presidente ha parlato a lungo con\n×i ministri del suo governo."],
    decides: |at| at.is_line_end().then(|| at.seen()),
}];

/// The last word of every cascade: these two rows answer everything.
pub const DEFAULT: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("root.uax29.break"),
        verdict: Verdict::Break,
        why: "UAX #29 has a sentence boundary here.",
        examples: &["He left. ÷Then she came."],
        decides: |at| at.uax29_breaks().then(|| at.seen()),
    },
    SentenceRule {
        id: RuleId::new("root.uax29.join"),
        verdict: Verdict::Join,
        why: "UAX #29 has no sentence boundary here.",
        examples: &["About 3.×5 percent of them left."],
        decides: |at| Some(at.seen()),
    },
];
