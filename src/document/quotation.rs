//! What somebody is quoted with.

use super::Identity;
use crate::rule::RuleId;
use crate::text::Span;

/// A quotation, or the part of one that stands in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// Its name; the parts of a quotation over several units share it.
    pub identity: Identity,
    /// 1 for a quotation that stands in no other, 2 inside one, and so on.
    pub depth: u32,
    /// From its opening mark to its closing one, or to the edge of the unit.
    pub span: Span,
    /// The opening mark; `None` where it stands in an earlier unit.
    pub opening: Option<Span>,
    /// The closing mark; `None` where the unit ends before one.
    pub closing: Option<Span>,
    /// The two marks do not belong together: `“…“`, `‘…”`.
    pub mismatched: bool,
    /// It goes on from an earlier unit.
    pub continued: bool,
    /// The clause that says whose words they are.
    pub attribution: Option<Attribution>,
}

/// The clause that says whose words a quotation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// The clause.
    pub span: Span,
    /// Name or office of the speaker in it, where there is one.
    pub speaker: Option<Span>,
    /// The row that found it.
    pub rule: RuleId,
}
