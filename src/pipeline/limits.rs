//! Every maximum of the core, in one place.

/// Limits of one document. Each is a promise: nothing in the core grows past it.
///
/// ```
/// let limits = cesura::Limits::default();
/// assert!(limits.chunk_bytes_max <= limits.block_bytes_max);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of decoded UTF-8 in a document. Passed: error `DOCUMENT_TOO_LARGE`. At most
    /// [`Limits::DOCUMENT_BYTES_CEILING`], since offsets are 32 bits wide.
    pub document_bytes_max: u32,
    /// Bytes to give to [`crate::Segmenter::push`] at a time, for the memory bound to hold; the
    /// service feeds longer input in slices of it.
    pub chunk_bytes_max: u32,
    /// Bytes of one block. Passed: the block is cut, after what looks like a sentence end where
    /// there is one in its second half, else after a space or a character, and a notice says
    /// so; nothing is dropped.
    pub block_bytes_max: u32,
    /// Bytes of the first blocks that the document's language is told from.
    pub detect_sample_bytes_max: u32,
}

impl Limits {
    /// No document can be longer: 4 GiB less one block and one chunk.
    pub const DOCUMENT_BYTES_CEILING: u32 = u32::MAX - (1 << 20);
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            document_bytes_max: 8 << 20,
            chunk_bytes_max: 64 << 10,
            block_bytes_max: 64 << 10,
            detect_sample_bytes_max: 2 << 10,
        }
    }
}
