//! Phrases that betray what a block is for: `Torna in alto`, `Leggi anche`.

use crate::text::{FoldedWord, FoldedWords, form_table};

/// What a phrase says of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhraseClass {
    /// Furniture of the site.
    Boilerplate,
    /// An offer of another article.
    Related,
    /// Data about the article: tags, reading time, dates.
    Metadata,
    /// A photo credit.
    Credit,
    /// A signature.
    Byline,
    /// What stands behind the article: rights reserved, tags, the form for comments.
    Closing,
    /// What a note on the author says of him.
    Author,
    /// What stands above a headline and names its matter: `Il caso`.
    Kicker,
    /// What only a caption says: `veduta aerea`.
    Picture,
    /// What a caption may say, a place or an occasion: `davanti al`.
    Scene,
    /// What the name of a paper or a site has: `Gazzetta`, `Radio`.
    Masthead,
    /// What a headline or a sentence says, a kicker or a caption does not: `arriva`.
    Verb,
    /// What somebody made, before his name: `ricetta di`.
    Work,
    /// What heads a list: `I punti principali`.
    Points,
    /// The name of a town that articles are dated from.
    Place,
}

/// Where in the block the phrase must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhrasePlace {
    /// It is all of the block, punctuation aside.
    Whole,
    /// The block begins with it, and is a line of at most eight words without a full stop.
    Opens,
    /// The block begins with it.
    Begins,
    /// Anywhere, as words of its own.
    Contains,
}

/// One line of a phrase file.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// The phrase in lower case; 0 stands for any figures.
    pub text: &'static str,
    /// What it says.
    pub class: PhraseClass,
    /// Where it must stand.
    pub place: PhrasePlace,
    /// Why, in a few words.
    pub reason: &'static str,
}

/// Bytes of a block that may be a label.
const LABEL_BYTES_MAX: usize = 64;

/// Words of a line that a call or a title may be.
const LINE_WORDS_MAX: usize = 8;

/// The phrases of one language.
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    /// In the order of the file.
    pub entries: &'static [Phrase],
    /// Phrases that may stand anywhere in a block, by the longest of their words, which is the
    /// rarest.
    pub anywhere: PhraseIndex,
    /// Phrases that stand at the head of a block only, by the first of their words.
    pub at_head: PhraseIndex,
}

/// Phrases by one of their words.
#[derive(Clone, Copy, Debug)]
pub struct PhraseIndex {
    /// Each word where `form_table::slot_of` puts its hash or behind; places that no word took
    /// have no rows.
    pub words: &'static [PhraseWord],
    /// One bit for each word, where `form_table::bit_of` puts it: nearly all words of no phrase are
    /// passed over by these alone, which stay in the processor's nearest cache.
    pub bits: &'static [u64; form_table::BITS / 64],
}

/// The phrases that have a word.
#[derive(Clone, Copy, Debug)]
pub struct PhraseWord {
    /// `form_table::hash` of the word.
    pub hash: u32,
    /// The phrases.
    pub rows: &'static [PhraseRow],
}

/// A phrase as one of its words finds it.
#[derive(Clone, Copy, Debug)]
pub struct PhraseRow {
    /// Place of the phrase among [`Phrases::entries`].
    pub entry: u16,
    /// What the phrase says.
    pub class: PhraseClass,
    /// Bytes of the phrase before the word.
    pub before: u8,
    /// The last byte before the word, spaces aside; 0 for none and for a figure.
    pub ahead: u8,
    /// The two letters of ASCII that stand one behind the word, 0 for whatever else.
    pub behind: [u8; 2],
}

/// Which classes have a phrase in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhrasesFound {
    /// One bit a class: a phrase stands where it must.
    found: u16,
    /// One bit a class: the block is nothing but a phrase.
    labels: u16,
}

impl PhrasesFound {
    /// Whether a phrase of `class` stands in the block where it must.
    pub fn has(self, class: PhraseClass) -> bool {
        self.found >> (class as u8) & 1 == 1
    }

    /// Whether the block is nothing but a phrase of `class`: `Leggi anche`, `Articoli correlati:`.
    pub fn is_label(self, class: PhraseClass) -> bool {
        self.labels >> (class as u8) & 1 == 1
    }
}

impl PhraseIndex {
    /// No phrases.
    pub const EMPTY: PhraseIndex = PhraseIndex { words: &[], bits: &[0; form_table::BITS / 64] };

    /// The phrases that have the word of this hash.
    #[inline]
    fn rows(self, hash: u32) -> &'static [PhraseRow] {
        let (place, bit) = form_table::bit_of(hash);
        if self.bits.get(place).is_none_or(|bits| bits >> bit & 1 == 0) {
            return &[];
        }
        let Some(mask) = self.words.len().checked_sub(1) else { return &[] };
        let mut place = form_table::slot_of(hash, mask);
        while let Some(word) = self.words.get(place).filter(|word| !word.rows.is_empty()) {
            if word.hash == hash {
                return word.rows;
            }
            place = (place + 1) & mask;
        }
        &[]
    }
}

impl Phrases {
    /// No phrases.
    pub const EMPTY: Phrases =
        Phrases { entries: &[], anywhere: PhraseIndex::EMPTY, at_head: PhraseIndex::EMPTY };

    /// Whether a block is nothing but a phrase of `class`: `Leggi anche`, `Articoli correlati:`.
    pub fn is_label(&self, block: &str, class: PhraseClass) -> bool {
        block.len() <= LABEL_BYTES_MAX && self.find(block).is_label(class)
    }

    /// Looks for all phrases in one pass: at each word for those that it is a word of. Linear in
    /// the block.
    pub fn find(&self, block: &str) -> PhrasesFound {
        let mut words = FoldedWords::of(block);
        let Some(mut word) = words.next().filter(|_| !self.entries.is_empty()) else {
            return PhrasesFound::default();
        };
        let mut search = Search {
            entries: self.entries,
            block,
            head: word.start,
            found: PhrasesFound::default(),
        };
        search.at(word, self.at_head.rows(word.hash));
        loop {
            let rows = self.anywhere.rows(word.hash);
            // Of most words there are none.
            if !rows.is_empty() {
                search.at(word, rows);
            }
            word = match words.next() {
                Some(next) => next,
                None => return search.found,
            };
        }
    }
}

impl PhraseRow {
    /// Whether `sign` may be what stands before its word, and `letters` one behind it.
    #[inline]
    fn may_stand_between(&self, sign: Option<u8>, letters: Option<[u8; 2]>) -> bool {
        let fits = |wanted: u8, byte: u8| wanted == 0 || wanted == byte;
        let [one, two] = self.behind;
        sign.is_none_or(|sign| fits(self.ahead, sign))
            && letters.is_none_or(|letters| fits(one, letters[0]) && fits(two, letters[1]))
    }
}

/// A search for the phrases of a block under way.
struct Search<'t> {
    entries: &'static [Phrase],
    block: &'t str,
    /// Where the first word begins.
    head: usize,
    found: PhrasesFound,
}

impl Search<'_> {
    /// Looks which of the phrases that have `word` stand where it does.
    fn at(&mut self, word: FoldedWord, rows: &[PhraseRow]) {
        let sign = sign_ahead(self.block, word.start);
        let letters = letters_behind(self.block, word.end);
        for row in rows.iter().filter(|row| row.may_stand_between(sign, letters)) {
            self.look_for(row, word.start);
        }
    }

    /// Looks whether the phrase of `row` stands where its word stands at `word`.
    fn look_for(&mut self, row: &PhraseRow, word: usize) {
        let bit = 1 << (row.class as u8);
        let may_be_label = self.block.len() <= LABEL_BYTES_MAX
            && self.found.labels & bit == 0
            && (row.before > 0 || word == self.head);
        if self.found.found & bit != 0 && !may_be_label {
            return;
        }
        let Some(phrase) = self.entries.get(usize::from(row.entry)) else { return };
        // A label needs no colon.
        let bare = phrase.text.strip_suffix(':').unwrap_or(phrase.text);
        let Some((before, after)) = around(self.block, word, bare, row.before.into()) else {
            return;
        };
        let alone = || ![before, after].iter().any(|text| text.contains(char::is_alphanumeric));
        if may_be_label && alone() {
            self.found.labels |= bit;
        }
        let Some(after) = after.strip_prefix(phrase.text.get(bare.len()..).unwrap_or("")) else {
            return;
        };
        let word_goes_on = !phrase.text.ends_with('\'') && after.starts_with(char::is_alphanumeric);
        if word_goes_on || before.ends_with(char::is_alphanumeric) {
            return;
        }
        let fits = match phrase.place {
            PhrasePlace::Whole => alone(),
            PhrasePlace::Opens => is_line(self.block),
            PhrasePlace::Begins | PhrasePlace::Contains => true,
        };
        self.found.found |= if fits { bit } else { 0 };
    }
}

/// At most eight words without a full stop.
fn is_line(block: &str) -> bool {
    block.split_whitespace().nth(LINE_WORDS_MAX).is_none() && !block.ends_with('.')
}

/// The last byte before the word at `start`, spaces aside, as small letters have it; 0 where there
/// is none, none where a character that is not of ASCII stands there: it may be a space, too.
#[inline]
fn sign_ahead(block: &str, start: usize) -> Option<u8> {
    let before = block.as_bytes().get(..start)?.iter().rev();
    match before.copied().find(|byte| !byte.is_ascii_whitespace() && *byte != 0x0b) {
        Some(byte) => byte.is_ascii().then(|| byte.to_ascii_lowercase()),
        None => Some(0),
    }
}

/// The two letters that stand behind the word that ends at `end` and one more sign; none where
/// something else stands there.
#[inline]
fn letters_behind(block: &str, end: usize) -> Option<[u8; 2]> {
    let [sign, letters @ ..] = block.as_bytes().get(end..)?.first_chunk::<3>()?;
    (sign.is_ascii() && letters.iter().all(u8::is_ascii_alphabetic))
        .then(|| letters.map(|letter| letter.to_ascii_lowercase()))
}

/// What stands around `phrase` in a block, `before` of whose bytes stand before the word at `word`,
/// if it does.
fn around<'t>(
    block: &'t str,
    word: usize,
    phrase: &str,
    before: usize,
) -> Option<(&'t str, &'t str)> {
    let (ahead, behind) = (phrase.get(..before)?, phrase.get(before..)?);
    // What stands before the word is asked first: the word itself is there.
    let before = strip_suffix(block.get(..word)?, ahead)?;
    Some((before, strip_prefix(block.get(word..)?, behind)?))
}

/// `text` behind `wanted`, a part of a phrase, if it begins with it.
fn strip_prefix<'t>(mut text: &'t str, mut wanted: &str) -> Option<&'t str> {
    loop {
        // Most of a phrase is letters of ASCII: these are compared without decoding.
        let pairs = text.bytes().zip(wanted.bytes());
        let letter = |(c, wanted): &(u8, u8)| wanted.is_ascii_lowercase() && c | 0x20 == *wanted;
        let same = pairs.take_while(letter).count();
        (text, wanted) = (text.get(same..)?, wanted.get(same..)?);
        let Some(first) = wanted.chars().next() else { return Some(text) };
        let mut rest = text.chars();
        if !is_written(rest.next()?, first) {
            return None;
        }
        text = match first {
            ' ' => rest.as_str().trim_start(),
            '0' => rest.as_str().trim_start_matches(is_figure),
            _ => rest.as_str(),
        };
        wanted = wanted.get(first.len_utf8()..)?;
    }
}

/// `text` before `wanted`, a part of a phrase, if it ends with it.
fn strip_suffix<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    wanted.chars().rev().try_fold(text, |text, wanted| {
        let mut rest = text.chars();
        is_written(rest.next_back()?, wanted).then(|| match wanted {
            ' ' => rest.as_str().trim_end(),
            '0' => rest.as_str().trim_end_matches(is_figure),
            _ => rest.as_str(),
        })
    })
}

/// Whether phrases have `c` as `wanted`: in small letters, apostrophes straight, 0 for any figure,
/// a space for any white space.
#[inline]
fn is_written(c: char, wanted: char) -> bool {
    match c {
        _ if c == wanted => true,
        '’' => wanted == '\'',
        '0'..='9' => wanted == '0',
        'A'..='Z' => c.to_ascii_lowercase() == wanted,
        _ if c.is_ascii() => wanted == ' ' && c.is_whitespace(),
        _ => wanted == ' ' && c.is_whitespace() || c.to_lowercase().eq([wanted]),
    }
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::{strip_prefix, strip_suffix};

    #[test]
    fn phrases_stand_for_what_is_written_otherwise() {
        let pairs = [
            ("Leggi Anche:", "leggi anche:"),
            ("L’8\u{a0} SETTEMBRE  2023", "l'0 settembre 0"),
            (" \tÈ  \u{2003}\n12,50 ", " è 0,0 "),
            ("a \u{a0}b\u{a0} c", "a b c"),
        ];
        for (text, phrase) in pairs {
            assert_eq!(strip_prefix(text, phrase), Some(""), "{text}");
            assert_eq!(strip_suffix(text, phrase), Some(""), "{text}");
        }
        assert_eq!(strip_prefix("Foto: Ansa", "foto"), Some(": Ansa"));
        assert_eq!(strip_suffix("(L’Ansa", "l'ansa"), Some("("));
        assert_eq!(strip_prefix("fot", "foto"), None);
        assert_eq!(strip_suffix("oto", "foto"), None);
    }
}
