//! Typed stretches of a unit.

use crate::rule::RuleId;
use crate::text::Span;

/// A typed stretch of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// What it is.
    pub kind: AnnotationKind,
    /// Place in the document.
    pub span: Span,
    /// Whether a translation carries it over as it is: XLIFF `<mrk translate="no">`.
    pub keep: bool,
    /// Its value for programs, where the kind has one: `2023-09-12`, `1000000.5`, `10000 EUR`.
    pub value: Option<Box<str>>,
    /// The row that found it.
    pub rule: RuleId,
}

/// What a typed stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnnotationKind {
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A name on a social network: @nome.
    Handle,
    /// #parola.
    Hashtag,
    /// The name of a file.
    FileName,
    /// A number that is nothing else. Value: decimal.
    Number,
    /// A share. Value: decimal.
    Percentage,
    /// A sum of money. Value: decimal and ISO 4217.
    Currency,
    /// A day, month or year. Value: ISO 8601, `--09-12` without a year.
    Date,
    /// A time of the day. Value: ISO 8601, `14:30`.
    Time,
    /// A number with a unit. Value: decimal and UCUM-like unit.
    Measure,
    /// A result: 2-1. Value: the same.
    Score,
    /// A telephone number. Value: figures, with `+` where given.
    Phone,
    /// Letters that stand for a name: ONU, O.N.U.
    Acronym,
    /// A news or picture agency: ANSA.
    Agency,
    /// An article of law, a law, a decree.
    LegalReference,
    /// What stands in brackets.
    Aside,
    /// Pictographs.
    Emoji,
    /// A passage in another language. Value: BCP-47.
    ForeignPassage,
}

impl AnnotationKind {
    /// All kinds.
    pub const ALL: [AnnotationKind; 19] = [
        AnnotationKind::Url,
        AnnotationKind::Email,
        AnnotationKind::Handle,
        AnnotationKind::Hashtag,
        AnnotationKind::FileName,
        AnnotationKind::Number,
        AnnotationKind::Percentage,
        AnnotationKind::Currency,
        AnnotationKind::Date,
        AnnotationKind::Time,
        AnnotationKind::Measure,
        AnnotationKind::Score,
        AnnotationKind::Phone,
        AnnotationKind::Acronym,
        AnnotationKind::Agency,
        AnnotationKind::LegalReference,
        AnnotationKind::Aside,
        AnnotationKind::Emoji,
        AnnotationKind::ForeignPassage,
    ];

    /// Name in lower snake case.
    ///
    /// ```
    /// assert_eq!(cesura::document::AnnotationKind::FileName.name(), "file_name");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            AnnotationKind::Url => "url",
            AnnotationKind::Email => "email",
            AnnotationKind::Handle => "handle",
            AnnotationKind::Hashtag => "hashtag",
            AnnotationKind::FileName => "file_name",
            AnnotationKind::Number => "number",
            AnnotationKind::Percentage => "percentage",
            AnnotationKind::Currency => "currency",
            AnnotationKind::Date => "date",
            AnnotationKind::Time => "time",
            AnnotationKind::Measure => "measure",
            AnnotationKind::Score => "score",
            AnnotationKind::Phone => "phone",
            AnnotationKind::Acronym => "acronym",
            AnnotationKind::Agency => "agency",
            AnnotationKind::LegalReference => "legal_reference",
            AnnotationKind::Aside => "aside",
            AnnotationKind::Emoji => "emoji",
            AnnotationKind::ForeignPassage => "foreign_passage",
        }
    }
}
