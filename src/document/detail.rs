//! What units and segments may carry beside their place.

use super::{Identity, MaskedText, NormalText, Warning};
use crate::language::Detection;

/// What is known of a segment beside its place; each part only where it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentDetails {
    /// Its name, and the digest of its content.
    pub identity: Option<Identity>,
    /// Its language.
    pub language: Option<Detection>,
    /// What it is as a sentence.
    pub kind: Option<SegmentType>,
    /// Its length in several units.
    pub counts: Option<Counts>,
    /// What may be wrong with it, by place.
    pub warnings: Vec<Warning>,
    /// Its text repaired for machines.
    pub normal: Option<NormalText>,
    /// That text with placeholders for what no translation may touch.
    pub masked: Option<MaskedText>,
}

/// What a segment is as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentType {
    /// Closed by a full stop, an ellipsis or a colon.
    Declarative,
    /// Closed by a question mark, alone or with others.
    Question,
    /// Closed by an exclamation mark.
    Exclamation,
    /// Not closed by any of these.
    Fragment,
    /// In a list item, and neither question nor exclamation.
    ListItem,
    /// In a headline, subheadline or heading, and neither question nor exclamation.
    Heading,
}

impl SegmentType {
    /// All types.
    pub const ALL: [SegmentType; 6] = [
        SegmentType::Declarative,
        SegmentType::Question,
        SegmentType::Exclamation,
        SegmentType::Fragment,
        SegmentType::ListItem,
        SegmentType::Heading,
    ];
}

/// Length of a text in several units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bytes of UTF-8.
    pub bytes: u32,
    /// Unicode scalar values.
    pub characters: u32,
    /// Extended grapheme clusters (UAX #29).
    pub graphemes: u32,
    /// Words (UAX #29): stretches with a letter or figure.
    pub words: u32,
    /// Subword tokens of a multilingual model, estimated.
    pub tokens: u32,
}

/// Why a unit is to be translated or not (policy B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TranslatableReason {
    /// Words of this article: to be translated. All others are not.
    ArticleMatter,
    /// Furniture of the page.
    PageFurniture,
    /// Title of another article.
    OtherArticle,
    /// Data: date, address, tags.
    PageData,
    /// A byline or caption of names only.
    NamesOnly,
    /// No letter in it.
    NoWords,
}

impl TranslatableReason {
    /// All reasons.
    pub const ALL: [TranslatableReason; 6] = [
        TranslatableReason::ArticleMatter,
        TranslatableReason::PageFurniture,
        TranslatableReason::OtherArticle,
        TranslatableReason::PageData,
        TranslatableReason::NamesOnly,
        TranslatableReason::NoWords,
    ];

    /// Name in lower snake case.
    ///
    /// ```
    /// assert_eq!(cesura::document::TranslatableReason::PageData.name(), "page_data");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            TranslatableReason::ArticleMatter => "article_matter",
            TranslatableReason::PageFurniture => "page_furniture",
            TranslatableReason::OtherArticle => "other_article",
            TranslatableReason::PageData => "page_data",
            TranslatableReason::NamesOnly => "names_only",
            TranslatableReason::NoWords => "no_words",
        }
    }

    /// Whether a unit for which this holds is to be translated.
    pub fn is_translatable(self) -> bool {
        self == TranslatableReason::ArticleMatter
    }
}

/// Where in the article a unit stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitPosition {
    /// 1-based number among the paragraphs and list items of the article; `None` for other kinds.
    pub paragraph: Option<u32>,
    /// Whether it is the first paragraph.
    pub lead: bool,
    /// Numbers of the units it stands under: the headline, then the heading; without the unit
    /// itself. Empty for what is not article matter.
    pub section: Vec<u32>,
}
