//! Positions in a source text, and the way bytes become text.
//!
//! Invariant: inside the core every offset is a UTF-8 byte offset; other units exist only in
//! [`BlockOffsets`], for the border.

mod byte_places;
mod charset;
mod emoji;
mod folded_words;
pub(crate) mod form_table;
mod intake;
mod letters;
mod mojibake;
mod offset;
mod span;
mod terminator;

pub(crate) use byte_places::{BytePlaces, ByteSet};
pub use charset::{Charset, MalformedPolicy};
pub use emoji::{is_emoji, is_emoji_part};
pub(crate) use folded_words::{FoldedWord, FoldedWords};
pub use intake::Intake;
pub(crate) use letters::{LetterRuns, ascii_letters};
pub use mojibake::mojibake_at;
pub use offset::{BlockOffsets, OffsetUnit, Position};
pub use span::Span;
pub use terminator::is_terminator;

/// Whether `c` is white space or one of the invisible characters that no segment may begin or
/// end with: U+FEFF (byte order mark), U+200B (zero-width space), U+2060 (word joiner).
///
/// Policy S3: what this answers `true` for is ignorable at the edge of a segment.
///
/// ```
/// assert!(cesura::text::is_ignorable('\u{feff}'));
/// assert!(!cesura::text::is_ignorable('a'));
/// ```
pub fn is_ignorable(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

/// `text` without ignorable characters at its ends, as a range of byte offsets.
///
/// An all-ignorable text gives the empty range at its end.
///
/// ```
/// assert_eq!(cesura::text::trimmed("  È qui.\n"), 2..9);
/// ```
pub fn trimmed(text: &str) -> std::ops::Range<usize> {
    let end = text.trim_end_matches(is_ignorable).len();
    let start = text.len() - text.trim_start_matches(is_ignorable).len();
    if end == 0 { text.len()..text.len() } else { start..end }
}

/// The first `bytes_max` bytes of `text`, less what would cut a character.
///
/// ```
/// assert_eq!(cesura::text::head("perché", 6), "perch");
/// ```
pub fn head(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}

/// The last `bytes_max` bytes of `text`, less what would cut a character.
///
/// ```
/// assert_eq!(cesura::text::tail("è qui", 5), " qui");
/// ```
pub fn tail(text: &str, bytes_max: usize) -> &str {
    let from = text.len().saturating_sub(bytes_max);
    text.get(text.ceil_char_boundary(from)..).unwrap_or("")
}

/// XXH3-64 of a text in UTF-8, as the tail of a document gives it.
///
/// ```
/// let tail = *cesura::segment("Ciao.", &Default::default())?.tail().unwrap();
/// assert_eq!(cesura::text::digest("Ciao."), tail.source_digest);
/// # Ok::<(), cesura::Error>(())
/// ```
pub fn digest(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}
