//! What a decision is. No rule lives here: the rows are in `tailoring`.

use crate::text::Span;
use std::fmt;

/// Stable name of one row of a rule table: `latin.abbreviation.title`.
///
/// Shape: tailoring, theme, case, separated by dots, in kebab-case. An id never changes its
/// meaning and is never used again for another. A rule of a customer's SRX file is named by its
/// line: `srx.request.line-12`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    name: &'static str,
    /// 0: a row of our own tables, which have names and no lines.
    line: u32,
}

impl RuleId {
    /// The id with this name.
    pub const fn new(name: &'static str) -> RuleId {
        RuleId { name, line: 0 }
    }

    /// The id of the rule at this 1-based line of a file.
    ///
    /// ```
    /// use cesura::rule::RuleId;
    /// assert_eq!(RuleId::with_line("srx.server", 7).to_string(), "srx.server.line-7");
    /// ```
    pub const fn with_line(name: &'static str, line: u32) -> RuleId {
        RuleId { name, line }
    }

    /// The name of the table row, or of the source of rules: without a line.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(self.name),
            line => write!(f, "{}.line-{line}", self.name),
        }
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
