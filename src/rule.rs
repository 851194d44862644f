//! What a decision is. No rule lives here: the rows are in `tailoring`.

use crate::text::Span;
use std::fmt;

/// Stable name of one row of a rule table: `it.abbreviation.title`.
///
/// Shape: tailoring, theme, case, separated by dots, in kebab-case. An id never changes its
/// meaning and is never used again for another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

impl RuleId {
    /// The id with this name.
    pub const fn new(name: &'static str) -> RuleId {
        RuleId(name)
    }

    /// The name, as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The answer of a rule at a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A boundary: `÷` of UAX #29, `break="yes"` of SRX.
    Break,
    /// No boundary: `×` of UAX #29, `break="no"` of SRX.
    Join,
}

/// One answered candidate: where, what, by which row, and what the row saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Offset of the candidate: right after the terminator and what closes with it.
    pub at: u32,
    /// Boundary or not.
    pub verdict: Verdict,
    /// The row that decided.
    pub rule: RuleId,
    /// The stretch that made the row answer.
    pub evidence: Span,
}
