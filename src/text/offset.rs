//! Offsets in the units that clients of other languages count in.

use super::Span;

/// Unit in which a client counts offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum OffsetUnit {
    /// Bytes of UTF-8: Go, Rust, C.
    #[default]
    Utf8Byte,
    /// Code units of UTF-16: Java, JavaScript, C#.
    Utf16CodeUnit,
    /// Unicode scalar values (code points): Python.
    ScalarValue,
}

/// One place in a document, counted in all three units from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Position {
    /// Bytes of UTF-8 before the place.
    pub utf8: u32,
    /// UTF-16 code units before the place.
    pub utf16: u32,
    /// Unicode scalar values before the place.
    pub scalar: u32,
}

impl Position {
    /// The place after `text`, which begins here. Linear in the text.
    ///
    /// ```
    /// use cesura::text::Position;
    /// let end = Position::default().after("È 😀");
    /// assert_eq!((end.utf8, end.utf16, end.scalar), (7, 4, 3));
    /// ```
    #[must_use]
    pub fn after(self, text: &str) -> Position {
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        if text.is_ascii() {
            return Position {
                utf8: self.utf8.saturating_add(bytes),
                utf16: self.utf16.saturating_add(bytes),
                scalar: self.scalar.saturating_add(bytes),
            };
        }
        let scalar = text.bytes().filter(|b| b & 0xC0 != 0x80).count();
        let astral = text.bytes().filter(|b| *b >= 0xF0).count();
        let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Position {
            utf8: self.utf8.saturating_add(bytes),
            utf16: self.utf16.saturating_add(count(scalar + astral)),
            scalar: self.scalar.saturating_add(count(scalar)),
        }
    }

    /// This place in one unit.
    pub fn get(self, unit: OffsetUnit) -> u32 {
        match unit {
            OffsetUnit::Utf8Byte => self.utf8,
            OffsetUnit::Utf16CodeUnit => self.utf16,
            OffsetUnit::ScalarValue => self.scalar,
        }
    }
}

/// Converts the byte spans of one block (or skeleton) into other units.
///
/// Only the places after non-ASCII characters are kept, so plain text costs nothing. A look-up
/// is a binary search.
#[derive(Clone, Debug)]
pub struct BlockOffsets {
    base: Position,
    /// After each non-ASCII character, ascending.
    wide: Vec<Position>,
}

impl BlockOffsets {
    /// Offsets of `text`, which begins at `base` in its document.
    pub fn new(base: Position, text: &str) -> BlockOffsets {
        let mut wide = Vec::new();
        if !text.is_ascii() {
            let mut ascii_since = 0;
            let mut at = base;
            for (offset, c) in text.char_indices() {
                if !c.is_ascii() {
                    at = at.after(text.get(ascii_since..offset + c.len_utf8()).unwrap_or(""));
                    ascii_since = offset + c.len_utf8();
                    wide.push(at);
                }
            }
        }
        BlockOffsets { base, wide }
    }

    /// The place at byte offset `utf8` of the document. Offsets before the block give its start.
    pub fn position(&self, utf8: u32) -> Position {
        let passed = self.wide.partition_point(|place| place.utf8 <= utf8);
        let known = passed.checked_sub(1).and_then(|i| self.wide.get(i)).unwrap_or(&self.base);
        let ascii = utf8.saturating_sub(known.utf8);
        Position {
            utf8: known.utf8 + ascii,
            utf16: known.utf16 + ascii,
            scalar: known.scalar + ascii,
        }
    }

    /// `span` counted in `unit`.
    ///
    /// ```
    /// use cesura::text::{BlockOffsets, OffsetUnit, Position, Span};
    /// let offsets = BlockOffsets::new(Position::default(), "È 😀 qui");
    /// assert_eq!(offsets.span(Span::new(3, 7), OffsetUnit::Utf16CodeUnit), (2, 4));
    /// assert_eq!(offsets.span(Span::new(3, 7), OffsetUnit::ScalarValue), (2, 3));
    /// ```
    pub fn span(&self, span: Span, unit: OffsetUnit) -> (u32, u32) {
        if unit == OffsetUnit::Utf8Byte {
            return (span.start(), span.end());
        }
        (self.position(span.start()).get(unit), self.position(span.end()).get(unit))
    }
}
