//! The word before a place, and what it looks like.

use crate::text::Span;

/// Characters looked at before or behind a place for a word.
pub(super) const WORD_CHARS_MAX: usize = 40;

/// A word with its place in the block.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// The word itself.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
}

impl Word<'_> {
    /// Number of characters.
    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether its first character is an upper-case letter.
    pub fn is_capitalized(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is one letter.
    pub fn is_letter(&self) -> bool {
        let mut chars = self.text.chars().filter(|c| !is_combining(*c));
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    }

    /// Whether it is made of digits.
    pub fn is_digits(&self) -> bool {
        !self.text.is_empty() && self.text.chars().all(|c| c.is_ascii_digit())
    }

    /// Whether it reads as a Roman numeral in capitals.
    pub fn is_roman(&self) -> bool {
        !self.text.is_empty() && self.text.chars().all(|c| "IVXLCDM".contains(c))
    }

    /// Whether it has at least two letters, all capitals.
    pub fn is_all_capitals(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 1 && letters.all(char::is_uppercase)
    }

    /// Whether it ends as Italian words do: in a vowel.
    pub fn ends_in_vowel(&self) -> bool {
        self.text
            .chars()
            .rev()
            .find(|c| !is_combining(*c))
            .is_some_and(|c| "aeiouàèéìíòóùúAEIOUÀÈÉÌÒÙ".contains(c))
    }
}

/// The run of characters before `end` up to white space or an opening mark.
pub(super) fn token_before(text: &str, end: usize) -> Word<'_> {
    let before = text.get(..end).unwrap_or("");
    let mut start = before.len();
    for _ in 0..WORD_CHARS_MAX {
        let head = before.get(..start).unwrap_or("");
        let Some(byte) = head.as_bytes().last() else { break };
        if byte.is_ascii_alphanumeric() {
            start -= 1;
            continue;
        }
        let Some(c) = head.chars().next_back().filter(|c| is_token_char(*c)) else { break };
        start -= c.len_utf8();
    }
    let token = before.get(start..).unwrap_or("");
    let trimmed = bare(token);
    let start = end - trimmed.len();
    Word { text: trimmed, span: Span::of(start..end) }
}

/// A token without the mark at its head, which opens something and is not the word.
fn bare(token: &str) -> &str {
    if token.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return token;
    }
    let trimmed = token.trim_start_matches(['.', '-', '–', '/', '…']);
    match trimmed.strip_prefix(['\'', '’']) {
        Some(rest) if !rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit()) => rest,
        _ => trimmed,
    }
}

fn is_token_char(c: char) -> bool {
    c.is_alphanumeric()
        || is_combining(c)
        || matches!(c, '.' | '\'' | '’' | '-' | '/' | 'ª' | 'º' | '°' | '\u{ad}')
}

/// Combining accents of decomposed text, and the soft hyphen: part of the letter before.
pub(super) fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
}
