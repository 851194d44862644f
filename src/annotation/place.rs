//! What a row may ask about a place in a block, in the words in which rows are written.
//!
//! Invariant: nothing here looks further than a bounded stretch to either side.

use super::{Decimal, NumberFormat};
use crate::inline::Marks;
use crate::sentence::{Class, Lexicon, ValueClass};
use crate::text::{Span, head, tail};

/// Bytes that a row looks at before or behind a place.
const STRETCH_BYTES_MAX: usize = 160;

/// A place in a block.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    text: &'a str,
    at: usize,
    marks: &'a Marks,
    lexicon: &'a Lexicon,
    format: NumberFormat,
}

impl<'a> Place<'a> {
    pub(super) fn new(
        text: &'a str,
        at: usize,
        marks: &'a Marks,
        lexicon: &'a Lexicon,
        format: NumberFormat,
    ) -> Place<'a> {
        Place { text, at, marks, lexicon, format }
    }

    /// The text from here, a bounded stretch.
    pub fn rest(&self) -> &'a str {
        head(self.text.get(self.at..).unwrap_or(""), STRETCH_BYTES_MAX)
    }

    /// The text up to here, a bounded stretch.
    pub fn before(&self) -> &'a str {
        tail(self.text.get(..self.at).unwrap_or(""), STRETCH_BYTES_MAX)
    }

    /// The word before this place, over white space: letters and apostrophes.
    pub fn word_before(&self) -> &'a str {
        let before = self.before();
        let trimmed = before.trim_end();
        if trimmed.len() == before.len() && !before.ends_with(['\'', '’']) {
            return "";
        }
        let start = trimmed.trim_end_matches(|c: char| c.is_alphabetic() || c == '.').len();
        trimmed.get(start..).unwrap_or("")
    }

    /// The number here, with its length.
    pub fn number(&self) -> Option<(Decimal, usize)> {
        Decimal::read(self.rest(), self.format)
    }

    /// The number at `from` bytes from here, with its length.
    pub fn number_at(&self, from: usize) -> Option<(Decimal, usize)> {
        Decimal::read(self.rest().get(from..)?, self.format)
    }

    /// Whole figures at `from` bytes from here: at most four, with their value and length.
    pub fn figures_at(&self, from: usize) -> Option<(u32, usize)> {
        let rest = self.rest().get(from..)?;
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = rest.get(..length)?.parse().ok().filter(|_| length <= 4)?;
        Some((value, length))
    }

    /// The word at `from` bytes from here, over at most one space: where it begins and its letters.
    pub fn word_at(&self, from: usize) -> Option<(usize, &'a str)> {
        let rest = self.rest().get(from..)?;
        let word = rest.strip_prefix([' ', '\u{a0}', '\u{202f}', '\u{2009}']).unwrap_or(rest);
        let gap = rest.len() - word.len();
        let end = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
        let letters = word.get(..end).filter(|letters| !letters.is_empty())?;
        Some((from + gap, letters))
    }

    /// Whether the text at `from` bytes from here goes on with a letter or figure.
    pub fn goes_on_at(&self, from: usize) -> bool {
        self.rest().get(from..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    }

    /// The value that the lexicon has for `word` in `class`.
    pub fn value(&self, word: &str, class: ValueClass) -> Option<&'static str> {
        self.lexicon.value(word, class)
    }

    /// Whether the lexicon has `word` in `class`.
    pub fn has(&self, word: &str, class: Class) -> bool {
        self.lexicon.has(word, class)
    }

    /// The address that begins here.
    pub fn address(&self) -> Option<Span> {
        let at = u32::try_from(self.at).ok()?;
        let found = self.marks.addresses.binary_search_by_key(&at, |span| span.start()).ok()?;
        self.marks.addresses.get(found).copied()
    }

    /// The text of an address.
    pub fn slice(&self, span: Span) -> &'a str {
        span.slice(self.text).unwrap_or("")
    }

    /// Whether the letters around this place are mostly capitals: then capitals say nothing.
    pub fn among_capitals(&self) -> bool {
        let around = || self.before().chars().rev().take(40).chain(self.rest().chars().take(40));
        let capitals = around().filter(|c| c.is_uppercase()).count();
        let small = around().filter(|c| c.is_lowercase()).count();
        capitals > small
    }
}
