//! The plain end of a sentence: a word in small letters, a mark that closes or none, a full stop, a
//! space, a word with a capital. Most sentences end so, and then no row of the cascade has anything
//! to say but the one that stands for the rest: it is asked at once. The test
//! `the_plain_end_is_that_of_the_cascade` holds that the answer is the same.

use super::SentenceRule;
use super::candidate::{Candidate, Origin};
use super::fact::{Fact, Facts};
use super::lexicon::Classes;
use super::word::WORD_CHARS_MAX;
use crate::text::Span;

/// What decides a plain end.
#[derive(Clone, Copy, Debug)]
pub struct PlainEnd {
    /// The row that the cascade comes to.
    pub(super) row: &'static SentenceRule,
    /// Forms of these classes have rows of their own: the cascade is asked about them.
    pub(super) asked: Classes,
}

impl PlainEnd {
    /// What holds at every plain end.
    const FACTS: Facts =
        Facts::all(&[Fact::FullStop, Fact::Spaced, Fact::UpperFollows, Fact::BareFollows]);

    /// The plain end of a cascade, whose last word is `row`.
    pub const fn of(cascade: &[&[SentenceRule]], row: &'static SentenceRule) -> PlainEnd {
        let mut asked = Classes::NONE;
        let mut themes = cascade;
        while let [theme, more @ ..] = themes {
            let mut rows = *theme;
            while let [row, more @ ..] = rows {
                if PlainEnd::FACTS.hold_place_of(row.needs) {
                    asked = asked.and(row.needs.before());
                }
                rows = more;
            }
            themes = more;
        }
        PlainEnd { row, asked }
    }
}

/// Whether the full stop at `at` has a space and a capital behind it, and so nothing that could
/// belong to it.
pub(super) fn stop_alone(bytes: &[u8], at: usize) -> bool {
    let is = |at: usize, fits: fn(&u8) -> bool| bytes.get(at).is_some_and(fits);
    is(at, |byte| *byte == b'.')
        && is(at + 1, |byte| *byte == b' ')
        && is(at + 2, u8::is_ascii_uppercase)
}

/// Bytes of a word that begins with a capital and is nobody's abbreviation by its length: `Nos.`
const NAME_BYTES_MIN: usize = 4;

/// The word before a plain end, nothing where a mark closes there, and the stretch from there to
/// the end of the word behind.
///
/// Behind it stands a word with a capital, which is no label (`C)`).
pub(super) fn words_around<'a>(text: &'a str, candidate: &Candidate) -> Option<(&'a str, Span)> {
    let bytes = text.as_bytes();
    let stop = candidate.cluster.start() as usize;
    let alone = candidate.origin == Origin::Terminator
        && candidate.cluster.len() == 1
        && candidate.gap.len() == 1
        && stop_alone(bytes, stop);
    if !alone {
        return None;
    }
    let word = if is_closed(bytes, stop) { "" } else { word_before(text, stop)? };
    let next = bytes.get(stop + 3..)?;
    let letters = next.iter().take(WORD_CHARS_MAX);
    let length = letters.take_while(|byte| byte.is_ascii_alphabetic() || is_small(**byte)).count();
    let end = stop + 3 + length;
    let behind = bytes.get(end..)?;
    let ends = match behind.first() {
        None => true,
        Some(byte) if byte.is_ascii() => !byte.is_ascii_digit() && *byte != b')',
        Some(_) => behind.starts_with("’".as_bytes()),
    };
    let whole = text.get(stop + 2..end).is_some_and(is_word) && length < WORD_CHARS_MAX - 1;
    (ends && whole).then(|| (word, Span::of(stop - word.len()..end)))
}

/// Marks that close, of which one stands between a word and its full stop.
const CLOSERS: [&str; 4] = ["»", "”", "\"", ")"];

/// Whether a mark closes right before the full stop at `stop`, behind a letter or figure, so that
/// it does not open the sentence.
fn is_closed(bytes: &[u8], stop: usize) -> bool {
    let before = bytes.get(..stop).unwrap_or_default();
    // Most often a letter stands there.
    !before.last().is_some_and(u8::is_ascii_lowercase)
        && CLOSERS
            .iter()
            .filter_map(|mark| before.strip_suffix(mark.as_bytes()))
            .any(|word| word.last().is_some_and(u8::is_ascii_alphanumeric))
}

/// The word before the full stop at `stop`: in small letters, with a capital at its head or
/// without, which a space parts from what is no full stop (`p. es.` is a form of two words).
fn word_before(text: &str, stop: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let small = bytes.get(..stop)?.iter().rev().take(WORD_CHARS_MAX);
    let mut start = stop - small.take_while(|byte| is_small(**byte)).count();
    let capital =
        start.checked_sub(1).filter(|at| bytes.get(*at).is_some_and(u8::is_ascii_uppercase));
    start = capital.unwrap_or(start);
    let length_min = if capital.is_some() { NAME_BYTES_MIN } else { 2 };
    let apart = match start.checked_sub(1) {
        None => true,
        Some(space) => {
            bytes.get(space) == Some(&b' ')
                && space.checked_sub(1).and_then(|at| bytes.get(at)) != Some(&b'.')
        }
    };
    let word = text.get(start..stop).filter(|word| is_word(word))?;
    (apart && (length_min..WORD_CHARS_MAX).contains(&word.len())).then_some(word)
}

/// A small letter of ASCII, or a byte of one of Latin-1, as are those of Italian with an accent.
fn is_small(byte: u8) -> bool {
    byte.is_ascii_lowercase() || matches!(byte, 0xC3 | 0x9F..=0xB6 | 0xB8..=0xBF)
}

/// Nothing but letters: bytes that look like those of Latin-1 may be of other characters.
fn is_word(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, 'ß'..='ÿ') && c != '÷';
    text.is_ascii() || text.chars().all(letter)
}
