//! Consecutive segments of the article, packed for a model.
//!
//! Invariants: a chunk ends where a segment ends, or at a seam of one that is over the budget by
//! itself; no chunk is over the budget; every translatable segment stands in exactly one chunk,
//! repetitions (`overlap`) aside; what is held is bounded by the budget and the context asked for.

mod packer;

pub use packer::{PackedSegment, Packer};

/// What the budget of a chunk counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum BudgetUnit {
    /// Unicode scalar values.
    #[default]
    Characters,
    /// Words (UAX #29).
    Words,
    /// Subword tokens, estimated: see [`crate::document::Counts::tokens`].
    Tokens,
}

impl BudgetUnit {
    /// Length of `text` in this unit.
    pub fn size(self, text: &str) -> u32 {
        match self {
            BudgetUnit::Characters => u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
            BudgetUnit::Words => crate::count::words(text),
            BudgetUnit::Tokens => crate::count::tokens(text),
        }
    }
}

/// How segments are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    /// Length of a chunk's text at most: [`Packing::BUDGET_MIN`] to [`Packing::BUDGET_MAX`].
    pub budget: u32,
    /// What `budget` counts.
    pub unit: BudgetUnit,
    /// Segments of a chunk that the next one repeats, as far as they fit.
    pub overlap_segments: u32,
    /// Segments before a chunk whose text goes with it.
    pub context_before_segments: u32,
    /// Segments after it.
    pub context_after_segments: u32,
    /// Whether a chunk, its overlap and its context may go over a heading.
    pub across_sections: bool,
    /// Whether chunks hold the repaired text in place of the source.
    pub normal: bool,
}

impl Packing {
    /// Less is no text to work on.
    pub const BUDGET_MIN: u32 = 16;

    /// More is no chunk.
    pub const BUDGET_MAX: u32 = 50_000;

    /// Segments of overlap, and of context on each side, at most.
    pub const SEGMENTS_MAX: u32 = 16;

    /// Bytes of a chunk's text at most, whatever the budget: so that it fits into a message.
    pub const CHUNK_BYTES_MAX: usize = 256 << 10;

    /// Parts of a chunk at most, for the same reason.
    pub const PARTS_MAX: usize = 4096;

    /// Bytes of a segment that goes along as context, or of a heading, at most; of a longer one the
    /// end nearer to the chunk is given.
    pub const CONTEXT_BYTES_MAX: usize = 4 << 10;

    /// Length of `text` in what the budget counts.
    pub(crate) fn size(&self, text: &str) -> u32 {
        self.unit.size(text)
    }
}
