//! The one type for a stretch of a source.

use std::fmt;
use std::ops::Range;

/// Half-open range of UTF-8 byte offsets in one document.
///
/// Invariant: `start <= end`. `u32` suffices since a document is limited to far below 4 GiB, and
/// makes a span one machine word.
///
/// ```
/// use cesura::text::Span;
/// let span = Span::new(3, 9);
/// assert_eq!(format!("{span:?}"), "3..9");
/// assert!(span.contains(3) && !span.contains(9));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A span from `start` (inclusive) to `end` (exclusive). An `end` before `start` gives the
    /// empty span at `start`.
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end: end.max(start) }
    }

    /// Builds a span from offsets of one block or window, which the limits keep below 4 GiB.
    pub(crate) fn of(range: Range<usize>) -> Span {
        let offset = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Span::new(offset(range.start), offset(range.end))
    }

    /// Offset of the first byte.
    pub fn start(self) -> u32 {
        self.start
    }

    /// Offset after the last byte.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies inside: `start <= offset < end`.
    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The same stretch, `by` bytes further on.
    pub fn shifted(self, by: u32) -> Span {
        Span { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The text of this span in `source`; `None` where an end lies outside `source` or inside a
    /// character.
    pub fn slice(self, source: &str) -> Option<&str> {
        source.get(self.range())
    }

    /// The same offsets as a range of `usize`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
