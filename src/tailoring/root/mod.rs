//! Plain UAX #29, for every language without rules of its own.

pub(super) mod annotations;
pub mod blocks;
pub(super) mod repairs;
pub(super) mod warnings;

use super::Tailoring;
use crate::annotation::NumberFormat;
use crate::block::Phrases;
use crate::rule::{RuleId, Verdict};
use crate::sentence::{Fact, Facts, Lexicon, SentenceRule};

/// UAX #29 as it stands, inside blocks found by layout alone.
pub static TAILORING: Tailoring = Tailoring {
    tag: "und",
    prefixes: &["root."],
    revision: 1,
    cascade: &[LAYOUT, REQUESTED, CLAUSES, DEFAULT],
    plain_end: None,
    blocks: blocks::BLOCKS,
    names_only: |_| false,
    phrases: &Phrases::EMPTY,
    lexicon: &Lexicon::EMPTY,
    srx: &[],
    annotations: &[annotations::RULES],
    numbers: NumberFormat::POINT_COMMA,
    attributions: &[],
    repairs: &[repairs::RULES],
    warnings: &[warnings::RULES],
};

/// Line ends inside a block; shared by all tailorings.
pub const LAYOUT: &[SentenceRule] = &[SentenceRule {
    id: RuleId::new("root.layout.hard-wrap"),
    verdict: Verdict::Join,
    why: "A line end inside a block is only where the line was full.",
    examples: &["Il presidente ha parlato a lungo con\n×i ministri del suo governo."],
    needs: Facts::all(&[Fact::LineEnd]),
    decides: |at| Some(at.seen()),
}];

/// What the caller wants otherwise; shared by all tailorings. Their examples run with `dist` as a
/// form that never ends a segment, `etc` as one that always does, and quotations kept whole.
pub const REQUESTED: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("root.requested.no-break-form"),
        verdict: Verdict::Join,
        why: "The caller said that the full stop of this word never ends a segment.",
        examples: &["Il dist. ×Nord ha vinto. ÷Festa in città."],
        needs: Facts::all(&[Fact::Requested, Fact::FullStop]),
        decides: |at| at.form_never_ends(),
    },
    SentenceRule {
        id: RuleId::new("root.requested.break-form"),
        verdict: Verdict::Break,
        why: "The caller said that the full stop of this word always ends a segment.",
        examples: &["Pane, vino, etc. ÷e poi basta."],
        needs: Facts::all(&[Fact::Requested, Fact::FullStop, Fact::Spaced]),
        decides: |at| at.form_always_ends(),
    },
    SentenceRule {
        id: RuleId::new("root.requested.whole-quotation"),
        verdict: Verdict::Join,
        why: "The caller wants quotations kept whole.",
        examples: &["Ha detto: «Sono stanco. ×Vado via». ÷Poi è uscito."],
        needs: Facts::all(&[Fact::Requested, Fact::InsideQuotation]),
        decides: |at| at.inside_whole_quotation(),
    },
];

/// Colons and semicolons, where the caller wants segments to end there as well.
pub const CLAUSES: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("root.clause.goes-on"),
        verdict: Verdict::Join,
        why: "A colon or semicolon without a space, or a colon between figures, ends no clause.",
        examples: &["The match ended 3:×1 in the rain.", "Il rapporto è 3: ×1 per noi."],
        needs: Facts::all(&[Fact::ClauseMark]),
        decides: |at| {
            let figures = at.next.is_digit() && at.token.text.ends_with(|c: char| c.is_numeric());
            (at.is_glued() || figures).then(|| at.seen())
        },
    },
    SentenceRule {
        id: RuleId::new("root.clause.ends"),
        verdict: Verdict::Break,
        why: "The caller asked for segments that end at colons or semicolons.",
        examples: &["Il verdetto: ÷assolto; ÷la procura ricorre."],
        needs: Facts::all(&[Fact::ClauseMark]),
        decides: |at| Some(at.seen()),
    },
];

/// The last word of every cascade: these two rows answer everything.
pub const DEFAULT: &[SentenceRule] = &[
    SentenceRule {
        id: RuleId::new("root.uax29.break"),
        verdict: Verdict::Break,
        why: "UAX #29 has a sentence boundary here.",
        examples: &["He left. ÷Then she came."],
        needs: Facts::all(&[]),
        decides: |at| at.uax29_breaks().then(|| at.seen()),
    },
    SentenceRule {
        id: RuleId::new("root.uax29.join"),
        verdict: Verdict::Join,
        why: "UAX #29 has no sentence boundary here.",
        examples: &["About 3.×5 percent of them left."],
        needs: Facts::all(&[]),
        decides: |at| Some(at.seen()),
    },
];
