//! What a row of the repairs may ask about a place in a segment.

use crate::sentence::{Class, Lexicon};
use crate::text::{Span, head, tail};

/// Bytes that a row looks at before or behind a place.
const STRETCH_BYTES_MAX: usize = 160;

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    text: &'a str,
    at: usize,
    lexicon: &'a Lexicon,
    mismatched: &'a [Span],
}

impl<'a> Site<'a> {
    pub(super) fn new(
        text: &'a str,
        at: usize,
        lexicon: &'a Lexicon,
        mismatched: &'a [Span],
    ) -> Site<'a> {
        Site { text, at, lexicon, mismatched }
    }

    /// The text from here, a bounded stretch.
    pub fn rest(&self) -> &'a str {
        head(self.text.get(self.at..).unwrap_or(""), STRETCH_BYTES_MAX)
    }

    /// The text up to here, a bounded stretch.
    pub fn before(&self) -> &'a str {
        tail(self.text.get(..self.at).unwrap_or(""), STRETCH_BYTES_MAX)
    }

    /// The character here.
    pub fn here(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    /// The character before this place; none at the head of the text.
    pub fn char_before(&self) -> Option<char> {
        self.before().chars().next_back()
    }

    /// The character at `from` bytes from here.
    pub fn char_at(&self, from: usize) -> Option<char> {
        self.rest().get(from..)?.chars().next()
    }

    /// The letters right before this place and `c`, in small letters.
    pub fn word_with(&self, c: char) -> String {
        let before = self.before();
        let start = before.trim_end_matches(char::is_alphabetic).len();
        let letters = before.get(start..).unwrap_or("").chars().chain([c]);
        letters.flat_map(char::to_lowercase).collect()
    }

    /// Whether a single quotation mark before this place waits for its fellow.
    pub fn single_mark_is_open(&self) -> bool {
        let mut open = false;
        let mut last = self.before().chars().next().filter(|_| self.before().len() < self.at);
        for c in self.before().chars() {
            let apart = last.is_none_or(|last| last.is_whitespace() || "([«“\"".contains(last));
            match c {
                '\'' | '‘' if apart => open = true,
                '\'' | '’' | '‘' if !apart => open = false,
                _ => {}
            }
            last = Some(c);
        }
        open
    }

    /// Whether the lexicon has `word` in `class`.
    pub fn has(&self, word: &str, class: Class) -> bool {
        self.lexicon.has(word, class)
    }

    /// Whether the mark here is of a quotation whose two marks do not belong together.
    pub fn is_mismatched_mark(&self) -> bool {
        let at = u32::try_from(self.at).unwrap_or(u32::MAX);
        self.mismatched.iter().any(|mark| mark.start() == at)
    }
}
