//! Every maximum of a comparison, with its reason.

use std::fmt;

/// Limits of one comparison. Each is a promise: neither memory nor work grows past it.
///
/// ```
/// let limits = cesura::compare::Limits::default();
/// assert!(limits.candidates_max as u64 * u64::from(limits.segments_max) < 10_000_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Documents. Passed: [`Refusal`]. What agencies write about one event in a week is some
    /// hundreds; events are weighed for pairs of documents.
    pub documents_max: u32,
    /// Segments of all documents together. Passed: [`Refusal`]. Some tens for each document.
    pub segments_max: u32,
    /// Bytes of text of all documents together. Passed: [`Refusal`]. The text is not kept; its
    /// words are, with about thirty bytes for each.
    pub bytes_max: u64,
    /// Words of a segment that are looked at; those behind are not. A sentence of 256 words is a
    /// list, and the common run of two segments costs the product of their words.
    pub words_max: u32,
    /// Segments that one word may bring together pair by pair. A word of more segments brings
    /// together neighbours only, in the order of their words: see [`Limits::neighbours_max`].
    pub postings_max: u32,
    /// Neighbours on each side that a frequent word brings together with a segment.
    pub neighbours_max: u32,
    /// Segments that one segment is weighed against, those with the most in common. Times
    /// `segments_max` that is a million pairs, of which none costs more than the product of the
    /// words looked at in both.
    pub candidates_max: u32,
    /// Pairs that come out, the best first. Groups are made of all.
    pub pairs_max: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            documents_max: 512,
            segments_max: 16 << 10,
            bytes_max: 8 << 20,
            words_max: 256,
            postings_max: 96,
            neighbours_max: 16,
            candidates_max: 64,
            pairs_max: 256 << 10,
        }
    }
}

/// Why a document is not taken: the limit it would pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the limit, as [`Limits`] has it.
    pub limit: &'static str,
    /// What it would have become.
    pub given: u64,
    /// What is allowed.
    pub max: u64,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { limit, given, max } = self;
        write!(f, "{limit}: {given} given, {max} allowed")
    }
}

impl std::error::Error for Refusal {}
