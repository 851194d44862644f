//! What of a text the statistics look at: its words, and the runs of letters in them. The build
//! counts the same things in `text/*.txt`, so this file is part of build.rs as well.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Letters of the longest run that is looked at, the edges of the word counted. Five add nothing
/// to four and the whole word.
const RUN_CHARS_MAX: usize = 4;

/// Letters of the longest word that counts as a whole.
const WORD_CHARS_MAX: usize = 12;

/// Letters of a longer word: what comes behind them says little more.
const WORD_CHARS_READ_MAX: usize = 32;

/// Bytes of an address or a tag that are looked at; the rest of a longer one is taken for words.
const NO_PROSE_BYTES_MAX: usize = 256;

/// Stands for the edge of a word.
const EDGE: char = '_';

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    /// Byte offsets in the text.
    pub(crate) start: usize,
    /// Exclusive.
    pub(crate) end: usize,
    /// In small letters, composed (NFC), with straight apostrophes.
    pub(crate) letters: Cow<'t, str>,
    /// It begins with a capital, and others of its letters are small.
    pub(crate) capitalized: bool,
    /// All its letters are capitals, two at least.
    pub(crate) capitals: bool,
}

/// The words of a text: letters, with an apostrophe where letters follow it (`dell'`). Addresses
/// and mark-up are no words.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut at = 0;
    let mut apart = true;
    while let Some((c, length)) = first(text, at) {
        // Addresses begin where a token does: each token is looked at once.
        let looked_at = apart || matches!(c, '<' | '&');
        let skipped = text.get(at..).filter(|_| looked_at).and_then(no_prose);
        apart = c.is_whitespace() || matches!(c, '(' | '"' | '«' | '“');
        at += if let Some(skipped) = skipped {
            skipped
        } else if c.is_alphabetic() {
            let length = word_length(text, at);
            words.push(word(text.get(at..at + length).unwrap_or(""), at));
            length
        } else {
            length
        };
    }
    words
}

/// The character at `at` and its bytes; most are letters of ASCII, and need no decoding.
fn first(text: &str, at: usize) -> Option<(char, usize)> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some((char::from(*byte), 1)),
        _ => text.get(at..)?.chars().next().map(|c| (c, c.len_utf8())),
    }
}

/// Length of an address, a tag or an entity of mark-up at the head of `rest`.
fn no_prose(rest: &str) -> Option<usize> {
    // Nearly every token is a word with a space behind it.
    let letters = ascii_letters(rest.as_bytes());
    if letters > 0 && rest.as_bytes().get(letters) == Some(&b' ') && !rest.starts_with("http") {
        return None;
    }
    let rest = rest.get(..rest.floor_char_boundary(NO_PROSE_BYTES_MAX)).unwrap_or(rest);
    if let Some(tag) = rest.strip_prefix('<') {
        let opens = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        return tag.find('>').filter(|_| opens).map(|end| end + 2);
    }
    if let Some(entity) = rest.strip_prefix('&') {
        let end = entity.find(';')?;
        let name = entity.get(..end)?;
        return (end <= 8 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
            .then_some(end + 2);
    }
    let c = rest.chars().next()?;
    if !(c.is_ascii_alphanumeric() || c == '@' || c == '#') {
        return None;
    }
    let token = rest.split(char::is_whitespace).next()?;
    if !token.contains(['@', '#', '.']) && !token.starts_with("http") {
        return None;
    }
    let address = token.starts_with(['@', '#'])
        || token.starts_with("http")
        || token.starts_with("www.")
        || token.contains('@')
        || is_domain(token);
    address.then_some(token.len())
}

/// Letters of ASCII at the head of `bytes`.
fn ascii_letters(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

/// `Notizie.com`: letters, a stop, a few small letters.
fn is_domain(token: &str) -> bool {
    let token = token.trim_end_matches(|c: char| !c.is_alphanumeric());
    token.rsplit_once('.').is_some_and(|(name, ending)| {
        let small =
            (2..=4).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_lowercase());
        small && name.len() > 2 && name.ends_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// Bytes of the word at `start`.
fn word_length(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + ascii_letters(bytes.get(start..).unwrap_or_default());
    loop {
        let Some((c, length)) = first(text, at) else { break };
        let inner = matches!(c, '\'' | '’' | '·')
            && first(text, at + length).is_some_and(|(next, _)| next.is_alphabetic());
        if !(c.is_alphabetic() || is_mark(c) || inner) {
            break;
        }
        at += length;
        // `dell'` is a word, and what follows it another.
        if inner && c != '·' {
            break;
        }
    }
    at - start
}

/// A combining accent of decomposed text, or a soft hyphen.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

fn word(text: &str, start: usize) -> Word<'_> {
    let end = start + text.len();
    let bytes = text.as_bytes();
    if bytes.iter().all(|byte| byte.is_ascii_lowercase()) {
        let letters = text.get(..text.len().min(WORD_CHARS_READ_MAX)).unwrap_or("").into();
        return Word { start, end, letters, capitalized: false, capitals: false };
    }
    let letters = match text.is_ascii() {
        // Most words: nothing to compose, and nothing that changes its length.
        true => text.get(..text.len().min(WORD_CHARS_READ_MAX)).unwrap_or("").to_ascii_lowercase(),
        false => composed(text),
    };
    let mut cased = text.chars().filter(|c| c.is_alphabetic());
    let first = cased.next().is_some_and(char::is_uppercase);
    let small = text.chars().any(char::is_lowercase);
    let capitals = first && !small && cased.next().is_some();
    Word { start, end, letters: letters.into(), capitalized: first && small, capitals }
}

/// The head of a word in small letters, composed (NFC), with straight apostrophes.
fn composed(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\u{ad}')
        .take(WORD_CHARS_READ_MAX)
        .map(|c| if c == '’' { '\'' } else { c })
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// The runs of two to four letters of a word, its edges counted, and the word as a whole: their
/// order (5 for the word) and their keys.
pub(crate) fn runs(letters: &str, mut found: impl FnMut(usize, u32)) {
    let edge = || std::iter::once(EDGE);
    let mut rest = edge().chain(letters.chars()).chain(edge());
    let (mut word, mut count) = (Key::new(), 0);
    loop {
        let mut key = Key::new();
        for (order, c) in rest.clone().take(RUN_CHARS_MAX).enumerate() {
            key.push(c);
            // One letter says nothing that two do not.
            if order > 0 {
                found(order + 1, key.of(order + 1));
            }
        }
        let Some(c) = rest.next() else { break };
        word.push(c);
        count += 1;
    }
    if count <= WORD_CHARS_MAX + 2 {
        found(RUN_CHARS_MAX + 1, word.of(RUN_CHARS_MAX + 1));
    }
}

/// FNV-1a over the four bytes of each character of a run.
struct Key(u32);

const PRIME: u32 = 0x0100_0193;

impl Key {
    fn new() -> Key {
        Key(0x811c_9dc5)
    }

    fn push(&mut self, c: char) {
        let [low, upper @ ..] = u32::from(c).to_le_bytes();
        self.0 = (self.0 ^ u32::from(low)).wrapping_mul(PRIME);
        // Of most letters the upper bytes are 0, which multiply and do nothing else.
        if upper == [0; 3] {
            self.0 = self.0.wrapping_mul(const { PRIME.wrapping_pow(3) });
            return;
        }
        for byte in upper {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(PRIME);
        }
    }

    /// Never 0, which marks an empty place of the table.
    fn of(&self, order: usize) -> u32 {
        let mixed = (self.0 ^ order as u32).wrapping_mul(0x9e37_79b1);
        (mixed ^ mixed >> 15).max(1)
    }
}
