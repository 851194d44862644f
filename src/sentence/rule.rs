//! The shape of a row.

use super::{Context, Facts};
use crate::rule::{RuleId, Verdict};
use crate::text::Span;

/// One row of a cascade.
///
/// SRX semantics: at a candidate the rows are asked in order, and the first that answers decides.
#[derive(Clone, Copy, Debug)]
pub struct SentenceRule {
    /// Stable name.
    pub id: RuleId,
    /// What the row says where it answers.
    pub verdict: Verdict,
    /// One sentence for a reader who knows the language but not the code.
    pub why: &'static str,
    /// Cases that this very row decides. `÷` stands for a boundary, `×` for none; the sign at
    /// which the row decides is the first in the text that has its verdict. A test runs them.
    pub examples: &'static [&'static str],
    /// What must hold for the row to be asked. All of it is read once for each candidate, so that
    /// most rows are passed over without a call.
    pub needs: Facts,
    /// Asked where all of that holds. `Some(evidence)`: my case, take my verdict. `None`: not my
    /// case.
    pub decides: fn(&Context<'_>) -> Option<Span>,
}
