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
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    Places { text, at: 0, apart: true }.map(|(start, end)| word(text, start, end))
}

/// The words of a text that begin with a small letter, in `count` stretches of equal length. What
/// the caller does not ask for is not read.
pub(crate) fn stretches(
    text: &str,
    count: usize,
) -> impl Iterator<Item = impl Iterator<Item = Word<'_>>> {
    let place = move |stretch: usize| text.len() * stretch / count;
    (0..count).filter_map(move |stretch| {
        // Behind a space: before it may stand the end of a word or an address.
        let rest = text.as_bytes().get(place(stretch)..)?;
        let inside = if stretch == 0 { 0 } else { rest.iter().position(|byte| *byte == b' ')? + 1 };
        let places = Places { text, at: place(stretch) + inside, apart: true };
        let small = |c: char| c.is_ascii_lowercase() || c.is_lowercase();
        let words = places
            .take_while(move |(start, _)| *start < place(stretch + 1))
            .filter(move |(start, _)| first(text, *start).is_some_and(|(c, _)| small(c)))
            .map(move |(start, end)| word(text, start, end));
        Some(words)
    })
}

/// Where the words of a text stand.
struct Places<'t> {
    text: &'t str,
    at: usize,
    /// A token begins here.
    apart: bool,
}

impl Iterator for Places<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        loop {
            // Nearly always a space, or nothing.
            while self.text.as_bytes().get(self.at) == Some(&b' ') {
                (self.at, self.apart) = (self.at + 1, true);
            }
            let start = self.at;
            if let Some(end) = self.plain_word(start) {
                (self.at, self.apart) = (end, false);
                return Some((start, end));
            }
            let (c, length) = first(self.text, start)?;
            // Addresses begin where a token does: each token is looked at once.
            let looked_at = self.apart || matches!(c, '<' | '&');
            let skipped = self.text.get(start..).filter(|_| looked_at).and_then(no_prose);
            self.apart = c.is_whitespace() || matches!(c, '(' | '"' | '«' | '“');
            if let Some(skipped) = skipped {
                self.at += skipped;
            } else if c.is_alphabetic() {
                self.at += word_length(self.text, start);
                return Some((start, self.at));
            } else {
                self.at += length;
            }
        }
    }
}

impl Places<'_> {
    /// The end of a word that is nothing but letters of ASCII and no part of an address: most are.
    fn plain_word(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let end = start + ascii_letters(bytes.get(start..)?);
        let next = bytes.get(end).copied().unwrap_or(b' ');
        let ends = next.is_ascii() && next != b'\'';
        // A token with a space behind it, or a sign and a space, is no address.
        let whole = || {
            let behind = bytes.get(end + 1).copied().unwrap_or(b' ');
            (next == b' ' || b",.;:!?".contains(&next) && behind == b' ')
                && !self.text.get(start..).is_some_and(|rest| rest.starts_with("http"))
        };
        (end > start && ends && (!self.apart || whole())).then_some(end)
    }
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
    while let Some((c, length)) = first(text, at) {
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

fn word(text: &str, start: usize, end: usize) -> Word<'_> {
    let text = text.get(start..end).unwrap_or("");
    if text.bytes().all(|byte| byte.is_ascii_lowercase()) {
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
#[inline]
pub(crate) fn runs(letters: &str, mut found: impl FnMut(usize, u32)) {
    // What comes behind the letters that are read of a word is never looked at.
    let mut chars = [EDGE; WORD_CHARS_READ_MAX + 2];
    let mut count = 1;
    for (place, c) in chars.iter_mut().skip(1).take(WORD_CHARS_READ_MAX).zip(letters.chars()) {
        *place = c;
        count += 1;
    }
    let chars = chars.get(..=count).unwrap_or(&chars);
    let mut word = Key::new();
    for (at, c) in chars.iter().enumerate() {
        let mut key = Key::new();
        for (order, c) in chars.iter().skip(at).take(RUN_CHARS_MAX).enumerate() {
            key.push(*c);
            // One letter says nothing that two do not.
            if order > 0 {
                found(order + 1, key.of(order + 1));
            }
        }
        word.push(*c);
    }
    if chars.len() <= WORD_CHARS_MAX + 2 {
        found(RUN_CHARS_MAX + 1, word.of(RUN_CHARS_MAX + 1));
    }
}

/// What a run of one to four letters, and a whole word, is worth: a long run holds the shorter
/// ones, so they must not all count in full. Fitted to the development half of UD PUD and its
/// relatives by maximum likelihood, so that the votes are nats. A word has less than 40 runs of an
/// order, whose scores fit in 16 bits together.
const WEIGHTS: [f32; 5] = [0.0, 0.078, 0.064, 0.155, 0.649];

/// Bytes of a run in the table: its key, and one score a language.
pub(crate) const PLACE_BYTES: usize = 16;

/// Those of the key, with which the place begins.
pub(crate) const KEY_BYTES: usize = 4;

/// Adds up the votes of one word, and gives back the share of its runs that are known. `place_of`
/// finds the place of a run by its key; its scores count so many steps of a nat.
#[inline]
pub(crate) fn vote(
    letters: &str,
    votes: &mut [f32],
    steps_per_nat: f32,
    place_of: impl Fn(u32) -> Option<[i8; PLACE_BYTES]>,
) -> f32 {
    let (mut known, mut all) = (0_u32, 0_u32);
    // Whole places are added up, with the bytes of their keys, which nobody looks at: all at once.
    let mut sums = [[0_i16; PLACE_BYTES]; WEIGHTS.len()];
    runs(letters, |order, key| {
        all += 1;
        let Some(place) = place_of(key) else { return };
        known += 1;
        if let Some(sums) = sums.get_mut(order - 1) {
            for (sum, score) in sums.iter_mut().zip(place) {
                *sum = sum.wrapping_add(i16::from(score));
            }
        }
    });
    for (sums, weight) in sums.iter().zip(WEIGHTS) {
        for (vote, sum) in votes.iter_mut().zip(sums.iter().skip(KEY_BYTES)) {
            *vote += f32::from(*sum) * weight / steps_per_nat;
        }
    }
    if all == 0 { 0.0 } else { known as f32 / all as f32 }
}

/// Key of a whole word among those that have voted beforehand. Never 0. FNV-1a.
pub(crate) fn word_key(letters: &str) -> u64 {
    let hash = letters.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ hash >> 29).max(1)
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
