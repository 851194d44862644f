//! Conformance to UAX #29: our own candidate path against two implementations of the annex.

use cesura::inline;
use cesura::sentence::{Candidates, ClauseMarks, uax29_breaks};
use cesura::text::is_terminator;
use icu_segmenter::SentenceSegmenter;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// One or two characters of every Sentence_Break value.
const ALPHABET: &[char] = &[
    'a', 'B', 'è', 'É', 'ª', 'א', '3', '.', '!', '?', '…', '。', ',', ':', '-', '"', '»', '(', ')',
    '\'', ' ', '\u{a0}', '\t', '\n', '\r', '\u{85}', '\u{2028}', '\u{301}', '\u{ad}', '\u{200b}',
    '😀', '§',
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(ALPHABET), 0..24)
        .prop_map(|chars| chars.into_iter().collect())
}

fn boundaries_of_the_crate(text: &str) -> Vec<usize> {
    text.split_sentence_bound_indices().map(|(at, _)| at).filter(|at| *at > 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// No boundary of the annex is lost: each lies in the gap of one of our candidates.
    #[test]
    fn candidates_cover_every_boundary(text in text()) {
        let trimmed = text.trim_matches(cesura::text::is_ignorable);
        let marks = inline::scan(trimmed);
        let candidates: Vec<_> = Candidates::new(trimmed, &marks, ClauseMarks::default()).collect();
        for at in boundaries_of_the_crate(trimmed) {
            let rest = trimmed[at..].trim_start_matches(|c: char| !c.is_alphanumeric());
            let before_word = trimmed.len() - rest.len();
            let covered = candidates.iter().any(|candidate| {
                (candidate.terminator.start() as usize) < at && at <= (candidate.gap.end() as usize).max(before_word)
            });
            prop_assert!(covered || rest.is_empty(), "{trimmed:?} at {at}: {candidates:?}");
        }
    }

    /// The window around a terminator gives the answer of the whole text.
    #[test]
    fn windowed_is_whole(text in text()) {
        let all = boundaries_of_the_crate(&text);
        for (from, c) in text.char_indices().filter(|(_, c)| is_terminator(*c)) {
            let at = from + c.len_utf8();
            let rest = &text[at..];
            let word = text.len() - rest.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
            let whole = all.iter().any(|boundary| (at..=word).contains(boundary));
            prop_assert_eq!(uax29_breaks(&text, from, at), whole, "{:?} at {}", text, at);
        }
    }

    /// Our oracle has an oracle.
    #[test]
    fn the_crate_agrees_with_icu(text in text()) {
        let segmenter = SentenceSegmenter::new(Default::default());
        let icu: Vec<usize> = segmenter.segment_str(&text).filter(|at| *at > 0 && *at < text.len()).collect();
        prop_assert_eq!(boundaries_of_the_crate(&text), icu);
    }
}

#[test]
fn terminators_are_those_of_the_crate() {
    let wrong: Vec<char> = ('\0'..=char::MAX)
        .filter(|c| !c.is_whitespace())
        .filter(|c| {
            let ends = format!("{c} A").split_sentence_bounds().count() == 2;
            ends != is_terminator(*c)
        })
        .collect();
    assert!(wrong.is_empty(), "src/text/terminator.rs is stale for {wrong:?}");
}

/// One or two characters of every Word_Break value that plain text has, and some that it has not.
const WORD_ALPHABET: &[char] = &[
    'a', 'Z', 'è', 'É', 'ª', 'ø', 'ɏ', '3', '0', '.', ',', ':', ';', '\'', '’', '‘', '·', '-', '_',
    '"', '»', '(', '%', '€', '°', ' ', '\u{a0}', '\t', '\n', '\r', '…', '–', 'א', '\u{301}', 'の',
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// Words are counted as the crate counts them, also on the short way that plain text takes.
    #[test]
    fn words_are_those_of_the_annex(
        chars in prop::collection::vec(prop::sample::select(WORD_ALPHABET), 0..16),
        plain in any::<bool>(),
    ) {
        let fits = |c: &char| !plain || !matches!(c, '_' | 'א' | '\u{301}' | 'の');
        let text: String = chars.into_iter().filter(fits).collect();
        let expected = text.unicode_words().count();
        prop_assert_eq!(cesura::count::counts(&text).words as usize, expected, "{:?}", text);
    }
}

/// Every character that the short way takes is what it is taken for.
#[test]
fn every_letter_of_the_short_way_is_one_to_the_annex() {
    for c in (' '..='\u{24f}').chain("‘’“”–—…€".chars()) {
        for text in [format!("a{c}a"), format!("1{c}1"), format!("a{c}1"), format!("{c}{c}")] {
            let expected = text.unicode_words().count();
            assert_eq!(cesura::count::counts(&text).words as usize, expected, "{text:?}");
        }
    }
}
