//! How long a text is, in the units that clients pay and plan in.

use crate::document::Counts;
use unicode_segmentation::UnicodeSegmentation;

/// Counts a text. Linear in its length.
///
/// ```
/// let counts = cesura::count::counts("L’88% è qui. 👨‍👩‍👧");
/// assert_eq!((counts.bytes, counts.characters, counts.graphemes), (34, 18, 14));
/// assert_eq!(counts.words, 4);
/// ```
pub fn counts(text: &str) -> Counts {
    let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let ascii = text.is_ascii();
    Counts {
        bytes: count(text.len()),
        characters: count(if ascii { text.len() } else { text.chars().count() }),
        graphemes: count(graphemes(text)),
        words: words(text),
        tokens: tokens(text),
    }
}

/// Extended grapheme clusters. Of ASCII and the letters of Latin-1 each is one, but for CRLF.
fn graphemes(text: &str) -> usize {
    let simple = |c: char| c < '\u{300}' && c != '\r' || matches!(c, '‘'..='”' | '–' | '—' | '…');
    if text.chars().all(simple) { text.chars().count() } else { text.graphemes(true).count() }
}

/// Subword tokens, estimated: hundredths of a token for each word, letter, sign and figure.
///
/// Fitted by least squares to the vocabulary of XLM-RoBERTa (SentencePiece, 250,000 pieces, of the
/// kind that multilingual translation models have) on the sentences of `tests/corpus`,
/// `tests/pages` and `seeds`. `.ci/e2e` prints the error against that vocabulary.
pub(crate) fn tokens(text: &str) -> u32 {
    const WORD: u64 = 105;
    const LETTER_FROM_THE_FIFTH: u64 = 18;
    const SIGN: u64 = 97;
    const FIGURE: u64 = 30;
    const IDEOGRAPH: u64 = 100;
    let (mut hundredths, mut letters) = (0_u64, 0_u32);
    for c in text.chars() {
        let letter = c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36f}');
        letters = if letter { letters + 1 } else { 0 };
        hundredths += match c {
            '\u{2e80}'.. if letter => IDEOGRAPH,
            _ if letters == 1 => WORD,
            _ if letters > 4 => LETTER_FROM_THE_FIFTH,
            _ if letter || c.is_whitespace() => 0,
            _ if c.is_numeric() => FIGURE,
            _ => SIGN,
        };
    }
    u32::try_from(hundredths.div_ceil(100)).unwrap_or(u32::MAX)
}

/// Words: stretches between the boundaries of UAX #29 that hold a letter or figure.
pub(crate) fn words(text: &str) -> u32 {
    plain_words(text)
        .unwrap_or_else(|| u32::try_from(text.unicode_words().count()).unwrap_or(u32::MAX))
}

/// What a character of plain text is to the word boundaries of UAX #29.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Letter,
    Figure,
    /// Joins two letters: WB6, WB7.
    MidLetter,
    /// Joins two figures: WB11, WB12.
    MidNumber,
    /// Joins both.
    MidBoth,
    Between,
}

/// The same for text of Latin letters and common signs, in which a few of the rules decide: letters
/// and figures join (WB5, WB8 to WB10), and a sign joins what stands on both sides of it. None
/// where there is any other character. `tests/it/uax29.rs` holds the two equal.
fn plain_words(text: &str) -> Option<u32> {
    let (mut words, mut inside) = (0_u32, false);
    let (mut before, mut last) = (Part::Between, Part::Between);
    for c in text.chars() {
        let part = match c {
            'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'ª' | 'º' => {
                Part::Letter
            }
            '0'..='9' => Part::Figure,
            ':' | '·' => Part::MidLetter,
            ',' | ';' => Part::MidNumber,
            '.' | '\'' | '’' | '‘' => Part::MidBoth,
            ' '..='~' if c != '_' => Part::Between,
            '\n' | '\r' | '\t' | '\u{a0}' | '–' | '—' | '…' | '€' | '°' => Part::Between,
            '«' | '»' | '“' | '”' => Part::Between,
            _ => return None,
        };
        let word = matches!(part, Part::Letter | Part::Figure);
        let joined = match (before, last, part) {
            (Part::Letter, Part::MidLetter | Part::MidBoth, Part::Letter) => true,
            (Part::Figure, Part::MidNumber | Part::MidBoth, Part::Figure) => true,
            _ => inside,
        };
        words += u32::from(word && !joined);
        inside = word;
        (before, last) = (last, part);
    }
    Some(words)
}
