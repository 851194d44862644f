//! Segments packed for a model.

use super::Identity;
use crate::text::Span;

/// Consecutive segments of the article under a budget, with what stands around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelChunk {
    /// 1-based in the document, without gaps.
    pub number: u32,
    /// Its text: parts of one unit with a space between, units with a line end between.
    pub text: Box<str>,
    /// What it is made of, in order; first what is repeated from the chunk before.
    pub parts: Vec<ChunkPart>,
    /// Length of `text` in what the budget counts.
    pub size: u32,
    /// Numbers of the units it stands under: the headline, then the heading.
    pub section: Vec<u32>,
    /// Text of the heading it stands under, where it does not hold it itself.
    pub heading: Box<str>,
    /// Texts of segments before it, in order.
    pub context_before: Vec<Box<str>>,
    /// Texts of segments after it, in order.
    pub context_after: Vec<Box<str>>,
}

/// A segment, or a piece of an overlong one, in a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkPart {
    /// Number of the segment.
    pub segment_number: u32,
    /// Its name, where identities were asked for.
    pub identity: Option<Identity>,
    /// Place in the document; a part of the segment where that is over the budget.
    pub source: Span,
    /// Place in the text of the chunk.
    pub target: Span,
    /// Repeated from the chunk before.
    pub overlap: bool,
}
