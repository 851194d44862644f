//! UAX #29 by unicode-segmentation, asked only where a boundary can be.
//!
//! A boundary stands only after a terminator (SATerm Close* Sp* ParaSep?) or a paragraph
//! separator, and depends on one letter before and on what follows up to the next letter. So a
//! window around the terminator gives the same answer as the whole text. The test
//! `windowed_is_whole` holds this to the letter.

use unicode_segmentation::UnicodeSegmentation;

/// Characters looked at on either side of a candidate. Longer runs without a letter are cut here:
/// the crate is quadratic on runs of spaces and closing marks.
const WINDOW_CHARS_MAX: usize = 64;

/// Whether UAX #29 has a boundary behind the terminator that begins at `from`, at or after `at`
/// and before the next word of `text`.
///
/// Costs at most a window of 64 characters to either side, whatever the text.
///
/// ```
/// use cesura::sentence::uax29_breaks;
/// assert!(uax29_breaks("Fine. Poi altro.", 4, 5));
/// assert!(!uax29_breaks("Fine. poi altro.", 4, 5));
/// ```
pub fn breaks(text: &str, from: usize, at: usize) -> bool {
    let before = text.get(..from).unwrap_or("");
    let start = before.char_indices().rev().take(8).find(|(_, c)| c.is_alphanumeric()).map_or_else(
        || before.char_indices().rev().take(8).last().map_or(from, |(i, _)| i),
        |(i, _)| i,
    );
    // To the first letter: SB8 looks for a lower-case one over digits and punctuation. The
    // boundary itself must lie before the first letter or digit.
    let rest = text.get(at..).unwrap_or("");
    let (mut end, mut word) = (at, None);
    for c in rest.chars().take(WINDOW_CHARS_MAX) {
        if c.is_alphanumeric() {
            word.get_or_insert(end);
        }
        end += c.len_utf8();
        if c.is_alphabetic() {
            break;
        }
    }
    let word = word.unwrap_or(end);
    let Some(window) = text.get(start..end) else { return false };
    let mut compacted = String::with_capacity(window.len());
    let (mut from_here, mut until_here) = (None, None);
    let mut run = 0usize;
    for (offset, c) in window.char_indices() {
        if start + offset >= at {
            from_here.get_or_insert(compacted.len());
        }
        if start + offset >= word {
            until_here.get_or_insert(compacted.len());
        }
        // Runs of one kind collapse in the annex's own state machine.
        run = if c.is_alphanumeric() { 0 } else { run + 1 };
        if run <= WINDOW_CHARS_MAX * 2 {
            compacted.push(c);
        }
    }
    let from_here = from_here.unwrap_or(compacted.len());
    let until_here = until_here.unwrap_or(compacted.len());
    compacted
        .split_sentence_bound_indices()
        .map(|(offset, _)| offset)
        .any(|offset| offset > 0 && from_here <= offset && offset <= until_here)
}
