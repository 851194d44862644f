//! The shape of a row that finds stretches of one kind.

use super::Place;
use crate::document::AnnotationKind;
use crate::rule::RuleId;

/// What a stretch begins with: rows are asked only where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// A figure.
    Figure,
    /// A letter at the head of a word.
    Letter,
    /// A capital at the head of a word.
    Capital,
    /// One of these signs.
    Sign(&'static str),
    /// A pictograph.
    Emoji,
}

/// What a row found at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the stretch.
    pub length: usize,
    /// Its value in a form for programs, where the kind has one.
    pub value: Option<String>,
}

impl Found {
    /// A stretch without value.
    pub fn plain(length: usize) -> Option<Found> {
        (length > 0).then_some(Found { length, value: None })
    }

    /// A stretch with a value.
    pub fn valued(length: usize, value: impl ToString) -> Option<Found> {
        (length > 0).then(|| Found { length, value: Some(value.to_string()) })
    }
}

/// Brackets, which follow from the marks of the block.
pub const ASIDE: RuleId = RuleId::new("root.annotation.aside");

/// Passages in another language, which follow from the votes of the words.
pub const FOREIGN_PASSAGE: RuleId = RuleId::new("root.annotation.foreign-passage");

/// What is found without a row; these are rules with a name all the same.
pub const WITHOUT_ROW: &[(RuleId, AnnotationKind, &str, &str)] = &[
    (
        ASIDE,
        AnnotationKind::Aside,
        "What stands in brackets is said aside.",
        "Il premier ⟦(a destra)⟧ parte.",
    ),
    (
        FOREIGN_PASSAGE,
        AnnotationKind::ForeignPassage,
        "Word by word, the cheapest way through the languages leads here through another.",
        "Ha risposto «⟦we are not going to change it⟧» ai giornalisti.",
    ),
];

/// One row: finds stretches of one kind.
#[derive(Clone, Copy, Debug)]
pub struct AnnotationRule {
    /// Stable name.
    pub id: RuleId,
    /// What it finds.
    pub kind: AnnotationKind,
    /// Whether a translation carries it over as it is.
    pub keep: bool,
    /// Why, in one sentence.
    pub why: &'static str,
    /// Cases: `⟦` and `⟧` around what this very row finds, then its value, empty for none.
    pub examples: &'static [(&'static str, &'static str)],
    /// What the stretch begins with.
    pub begins: Begins,
    /// Looks at a bounded stretch from a place.
    pub finds: fn(&Place<'_>) -> Option<Found>,
}
