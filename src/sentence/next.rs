//! What follows a candidate.

use super::word::{WORD_CHARS_MAX, Word, is_combining};
use crate::text::{Span, is_ignorable};

/// What follows a candidate.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    /// First character after the gap, whatever it is.
    pub first: Option<char>,
    /// Opening quotation marks, brackets and dashes before the word.
    pub openers: Span,
    /// A dash stands among the openers.
    pub dashed: bool,
    /// The first word: letters and digits.
    pub word: Word<'a>,
    /// An apostrophe stands right after the word: `L’` of `L’Italia`.
    pub elided: bool,
}

impl Next<'_> {
    /// The first letter or digit of the word.
    pub fn initial(&self) -> Option<char> {
        self.word.text.chars().next()
    }

    /// The word begins with a capital.
    pub fn is_upper(&self) -> bool {
        self.initial().is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
    }

    /// The word begins with a small letter.
    pub fn is_lower(&self) -> bool {
        self.initial().is_some_and(char::is_lowercase)
    }

    /// The word begins with a digit.
    pub fn is_digit(&self) -> bool {
        self.initial().is_some_and(char::is_numeric)
    }
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

pub(super) fn is_opening_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '«'
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '\''
            | '‹'
            | '('
            | '['
            | '{'
            | '<'
            | '¿'
            | '¡'
            | '*'
            | '»'
            | '•'
    )
}

/// Marks and spaces before a word that are looked at.
const OPENERS_MAX: usize = 16;

/// Length of `[...]` or `(…)` at the head of `text`: cut text goes with the sentence after it.
fn cut_text(text: &str) -> usize {
    let Some(inner) = text.strip_prefix(['[', '(']) else { return 0 };
    let dots = inner.len() - inner.trim_start_matches(['.', '…', ' ']).len();
    let closed = inner.get(dots..).is_some_and(|rest| rest.starts_with([']', ')']));
    if closed && (1..=8).contains(&dots) { dots + 2 } else { 0 }
}

/// Bytes of the word at the head of `text`: letters and digits, as many as are looked at.
fn word_length(text: &str) -> usize {
    let in_word = |c: &char| c.is_alphanumeric() || is_combining(*c);
    let word = text.chars().take(WORD_CHARS_MAX).take_while(in_word);
    word.map(char::len_utf8).sum()
}

pub(super) fn next_after(text: &str, from: usize) -> Next<'_> {
    let rest = text.get(from..).unwrap_or("");
    let first = rest.chars().next();
    let mut dashed = false;
    let mut opened = 0;
    // Most often a word follows at once.
    let marks = if first.is_some_and(|c| c.is_ascii_alphanumeric()) { 0 } else { OPENERS_MAX };
    for _ in 0..marks {
        let tail = rest.get(opened..).unwrap_or("");
        let Some(c) = tail.chars().next() else { break };
        dashed |= is_dash(c);
        opened += match cut_text(tail) {
            0 if is_opening_mark(c) || is_dash(c) || opened > 0 && is_ignorable(c) => c.len_utf8(),
            0 => break,
            length => length,
        };
    }
    let tail = rest.get(opened..).unwrap_or("");
    let length = word_length(tail);
    let start = from + opened;
    let word =
        Word { text: tail.get(..length).unwrap_or(""), span: Span::of(start..start + length) };
    let elided = tail.get(length..).is_some_and(|rest| rest.starts_with(['\'', '’']));
    Next { first, openers: Span::of(from..start), dashed, word, elided }
}
