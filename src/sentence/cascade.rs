//! Every candidate is put to the rows in order; the first that answers decides.

use super::{Candidates, ClauseMarks, Context, Lexicon, SentenceRule};
use crate::inline::Marks;
use crate::rule::{Decision, RuleId, Verdict};
use crate::text::Span;

/// The row that would decide where no row answered. A test holds that it never does: the last
/// row of every cascade always answers.
const UNANSWERED: RuleId = RuleId::new("root.unanswered");

/// Decides every candidate of one trimmed block, ascending. Offsets are relative to the block.
///
/// Costs candidates × rows; a row looks at a bounded stretch on either side.
pub fn judge(
    text: &str,
    marks: &Marks,
    cascade: &[&[SentenceRule]],
    lexicon: &Lexicon,
    clauses: ClauseMarks,
) -> Vec<Decision> {
    let mut decisions = Vec::new();
    let mut segment_start = 0;
    for candidate in Candidates::new(text, marks, clauses) {
        let context = Context::new(text, marks, lexicon, candidate, segment_start);
        let (rule, verdict, evidence) = cascade
            .iter()
            .copied()
            .flatten()
            .find_map(|row| (row.decides)(&context).map(|seen| (row.id, row.verdict, seen)))
            .unwrap_or((UNANSWERED, Verdict::Join, Span::default()));
        let at = candidate.cluster.end();
        decisions.push(Decision { at, verdict, rule, evidence });
        if verdict == Verdict::Break {
            segment_start = candidate.gap.end() as usize;
        }
    }
    decisions
}
