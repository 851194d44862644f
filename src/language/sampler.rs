//! Gathers the first text of a document until its language can be told.

/// Collects text of a document's first blocks.
///
/// Invariant: holds at most `bytes_max` bytes plus one character.
#[derive(Clone)]
pub struct Sampler {
    text: String,
    bytes_max: usize,
}

impl Sampler {
    /// An empty sample of at most `bytes_max` bytes.
    pub fn new(bytes_max: usize) -> Sampler {
        Sampler { text: String::new(), bytes_max }
    }

    /// Adds the text of the next block, as far as there is room.
    pub fn add(&mut self, block: &str) {
        let room = self.bytes_max.saturating_sub(self.text.len());
        self.text.push_str(block.get(..block.floor_char_boundary(room)).unwrap_or(""));
        self.text.push('\n');
    }

    /// Whether more text would not be taken.
    pub fn is_full(&self) -> bool {
        self.text.len() >= self.bytes_max
    }

    /// The text gathered.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Debug for Sampler {
    /// Length only: the text of a user never reaches a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sampler").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}
