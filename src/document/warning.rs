//! What may be wrong with a segment.

use crate::rule::RuleId;
use crate::text::Span;

/// Something about a segment that a translator or a program should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is.
    pub kind: WarningKind,
    /// Where: in the segment, or the empty place behind it.
    pub span: Span,
    /// Offsets in the document at which an overlong segment may be cut, ascending: behind the white
    /// space. Empty for other kinds.
    pub split_points: Vec<u32>,
    /// The row that found it.
    pub rule: RuleId,
}

/// What a warning says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningKind {
    /// The next sentence follows its full stop without a space.
    MissingSpace,
    /// Marks of a quotation that do not belong together, or one without its fellow.
    MismatchedQuotation,
    /// Characters decoded by the wrong character set: `Ã¨`.
    Mojibake,
    /// Leavings of a machine: a word of another sentence, a doubled word, markup, a variable.
    Debris,
    /// The text breaks off.
    Truncated,
    /// Longer than machine translation takes without loss.
    Overlong,
    /// Part of it is in another language.
    MixedLanguage,
}

impl WarningKind {
    /// All kinds.
    pub const ALL: [WarningKind; 7] = [
        WarningKind::MissingSpace,
        WarningKind::MismatchedQuotation,
        WarningKind::Mojibake,
        WarningKind::Debris,
        WarningKind::Truncated,
        WarningKind::Overlong,
        WarningKind::MixedLanguage,
    ];

    /// Name in lower snake case.
    ///
    /// ```
    /// assert_eq!(cesura::document::WarningKind::MissingSpace.name(), "missing_space");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            WarningKind::MissingSpace => "missing_space",
            WarningKind::MismatchedQuotation => "mismatched_quotation",
            WarningKind::Mojibake => "mojibake",
            WarningKind::Debris => "debris",
            WarningKind::Truncated => "truncated",
            WarningKind::Overlong => "overlong",
            WarningKind::MixedLanguage => "mixed_language",
        }
    }
}
