//! The model: plain data, in the terms of XLIFF 2.1.
//!
//! Invariants: skeletons and units touch and cover the document; segments and ignorables touch
//! and cover their unit. Joined in order, their texts are the source, byte for byte. Annotations
//! are spans beside the text, never marks inside it.

mod annotation;
mod detail;
mod identity;
mod machine;
mod model_chunk;
mod quotation;
mod warning;

pub use annotation::{Annotation, AnnotationKind};
pub use detail::{Counts, SegmentDetails, SegmentType, TranslatableReason, UnitPosition};
pub use identity::{Identity, IdentityScope};
pub use machine::{MaskedText, NormalText, Placeholder, TextEdit};
pub use model_chunk::{ChunkPart, ModelChunk};
pub use quotation::{Attribution, Quotation};
pub use warning::{Warning, WarningKind};

use crate::language::Detection;
use crate::rule::{Decision, RuleId};
use crate::text::{Charset, Span};

/// One thing said about a document. Order: one head; units, skeletons and notices in source
/// order; one tail.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// What is known of the document as a whole. First and once.
    Head(Head),
    /// A block with its segments.
    Unit(Unit),
    /// What stands between units.
    Skeleton(Skeleton),
    /// Something a reader should know about the unit before it. Not an error.
    Notice(Notice),
    /// Segments packed for a model, where packing was asked for. Behind the last unit it needs.
    ModelChunk(ModelChunk),
    /// Totals. Last and once; a document without tail is unfinished.
    Tail(Tail),
}

/// What is known of a document before its first unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Language of the document.
    pub language: Detection,
    /// What the bytes were decoded from.
    pub charset: Charset,
    /// Whether the text begins with U+FEFF (kept, ignorable).
    pub byte_order_mark: bool,
    /// Whether malformed bytes were replaced: known here only where the whole document was at
    /// hand or replacement was not allowed; otherwise see [`Tail::replaced_count`].
    pub replaced: Option<bool>,
    /// Rules in use: BCP-47 tag of their language, `und` for plain UAX #29.
    pub tailoring: &'static str,
    /// Grows whenever an answer of these rules changes.
    pub tailoring_revision: u32,
}

/// White space and other matter between units: XLIFF `<skeleton>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeleton {
    /// Place in the document.
    pub span: Span,
    /// Its text.
    pub text: Box<str>,
}

/// One block with one function in the page: XLIFF `<unit>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// 1-based in the document, without gaps.
    pub number: u32,
    /// Its function in the page.
    pub kind: BlockKind,
    /// The row of the block rules that said so.
    pub kind_rule: RuleId,
    /// Whether it holds words of this article to be rendered in the target language, and why.
    pub reason: TranslatableReason,
    /// Whether its text already stood in this document as a unit.
    pub repetition: bool,
    /// Place in the document.
    pub span: Span,
    /// Its language.
    pub language: Detection,
    /// The only copy of its text.
    pub text: Box<str>,
    /// Segments, in order.
    pub segments: Vec<Segment>,
    /// White space between segments, in order.
    pub ignorables: Vec<Span>,
    /// Typed stretches, ascending, where they were asked for. Asides may hold others.
    pub annotations: Vec<Annotation>,
    /// Quotations, by the place where they open, where they were asked for.
    pub quotations: Vec<Quotation>,
    /// Its name and the digest of its content, where they were asked for.
    pub identity: Option<Identity>,
    /// Where in the article it stands, where that was asked for.
    pub position: Option<UnitPosition>,
    /// Its length in several units, where that was asked for.
    pub counts: Option<Counts>,
    /// Every candidate inside the unit with its answer, where explanations were asked for.
    pub decisions: Vec<Decision>,
}

impl Unit {
    /// Whether it is to be translated.
    pub fn translatable(&self) -> bool {
        self.reason.is_translatable()
    }

    /// Text of a span of this unit; empty where the span lies outside.
    pub fn slice(&self, span: Span) -> &str {
        let start = span.start().wrapping_sub(self.span.start()) as usize;
        let end = span.end().wrapping_sub(self.span.start()) as usize;
        self.text.get(start..end).unwrap_or("")
    }
}

/// A stretch to be translated as one: XLIFF `<segment>`, TMX `<tu>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// 1-based in the document, without gaps.
    pub number: u32,
    /// Place in the document.
    pub span: Span,
    /// The row that ended it; `layout.block-end` for the last of a unit.
    pub ended_by: RuleId,
    /// What else is known of it, where any of that was asked for.
    pub details: Option<Box<SegmentDetails>>,
}

/// Something a reader should know that is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// Where: inside the unit or skeleton that came last.
    pub span: Span,
}

/// What a notice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// A block over `block_bytes_max` was cut; the next unit goes on with it.
    BlockCut,
    /// A caller's SRX rules took more steps on this unit than they may; it is segmented without
    /// them.
    SrxLeftOut,
    /// The document has more different segments than are remembered: ids from here on hold the
    /// number of the segment and do not tell repetitions.
    IdentitiesFull,
}

/// Totals of a finished document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Length of the decoded text, as the offset after its last byte.
    pub end: u32,
    /// Units handed out.
    pub unit_count: u32,
    /// Segments handed out.
    pub segment_count: u32,
    /// Units of them that are to be translated.
    pub translatable_unit_count: u32,
    /// Segments in those.
    pub translatable_segment_count: u32,
    /// Paragraphs and list items of the article.
    pub paragraph_count: u32,
    /// Characters put in place of malformed bytes.
    pub replaced_count: u32,
    /// XXH3-64 of the decoded text in UTF-8.
    pub source_digest: u64,
}

/// Function of a block in the page (policy B2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Titolo.
    Headline,
    /// Occhiello, sommario, catenaccio.
    Subheadline,
    /// Titoletto inside the body.
    Heading,
    /// Place, or place and date, on a line of its own.
    Dateline,
    /// Firma.
    Byline,
    /// Running text.
    Paragraph,
    /// Didascalia, alt text, photo credit.
    Caption,
    /// Item of a list.
    ListItem,
    /// Title of another article offered to the reader.
    RelatedLink,
    /// Furniture of the site.
    Boilerplate,
    /// Bare date, URL, reading time, tags, section path.
    Metadata,
}

impl BlockKind {
    /// All kinds, in the order of the policy.
    pub const ALL: [BlockKind; 11] = [
        BlockKind::Headline,
        BlockKind::Subheadline,
        BlockKind::Heading,
        BlockKind::Dateline,
        BlockKind::Byline,
        BlockKind::Paragraph,
        BlockKind::Caption,
        BlockKind::ListItem,
        BlockKind::RelatedLink,
        BlockKind::Boilerplate,
        BlockKind::Metadata,
    ];

    /// Name in lower snake case, as the policy and JSON have it.
    ///
    /// ```
    /// assert_eq!(cesura::document::BlockKind::ListItem.name(), "list_item");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            BlockKind::Headline => "headline",
            BlockKind::Subheadline => "subheadline",
            BlockKind::Heading => "heading",
            BlockKind::Dateline => "dateline",
            BlockKind::Byline => "byline",
            BlockKind::Paragraph => "paragraph",
            BlockKind::Caption => "caption",
            BlockKind::ListItem => "list_item",
            BlockKind::RelatedLink => "related_link",
            BlockKind::Boilerplate => "boilerplate",
            BlockKind::Metadata => "metadata",
        }
    }

    /// Policy B4: whether blocks of this kind are matter of the article.
    pub fn is_article_matter(self) -> bool {
        !matches!(self, BlockKind::RelatedLink | BlockKind::Boilerplate | BlockKind::Metadata)
    }
}
