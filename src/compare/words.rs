//! Text → words: what they are kept as, what they count for.

use crate::sentence::{Class, Lexicon, ValueClass};
use crate::stem::Stemmer;
use crate::text::Span;
use std::borrow::Cow;
use std::collections::HashMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use xxhash_rust::xxh3::xxh3_64;

/// What a comparison knows of a language. Lists are words with spaces between them.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The words of the sentence rules: function words, verbs of saying, months, scales.
    pub lexicon: &'static Lexicon,
    /// Reads the number in figures at the head of a text: the figures without groups and with a
    /// point before the decimals, and how many bytes were read.
    pub number: fn(&str) -> Option<(String, usize)>,
    /// Words that say nothing of what a segment is about, beside those of the lexicon.
    pub empty: &'static [&'static str],
    /// Words of who reports and how, beside the verbs of saying of the lexicon.
    pub reporting: &'static [&'static str],
    /// Each line holds words that stand for one another in news.
    pub meanings: &'static [&'static str],
    /// Words of which one denies the other: condannare, assolvere.
    pub opposites: &'static [(&'static str, &'static str)],
    /// Number words with their value.
    pub numerals: &'static [(&'static str, u64)],
    /// Prepositions before where something happens.
    pub locatives: &'static str,
    /// Prepositions before who or what acts on nothing: with them a name is no subject.
    pub obliques: &'static str,
    /// BCP-47 tag of the language, by which endings are cut off.
    pub language: &'static str,
}

/// What a word is for the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Article, preposition, auxiliary: counts in runs of words only.
    Function,
    /// Verb of saying: what is said matters, not that it is.
    Saying,
    /// Any other.
    Content,
    /// With a capital inside a sentence: whoever or whatever it is.
    Name,
    /// A number, in figures or words.
    Number,
    /// A number that counts on the fingers: many things are four.
    Few,
    /// A year or the name of a month.
    Date,
}

/// One word of a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Digest of its meaning, number or stem: what is compared.
    pub(super) key: u64,
    /// Digest of its stem, or the same as `key`: what somebody said is said with the same words.
    pub(super) stem: u64,
    /// Digest of its letters, without case and accents.
    pub(super) form: u64,
    /// Digest of its first letters, 0 for a short word: forms of one root that the stemmer keeps
    /// apart.
    pub(super) root: u64,
    /// What it is.
    pub(super) role: Role,
    /// Where it stands in the segment.
    pub(super) span: Span,
    /// Whether it stands behind a preposition of place.
    pub(super) placed: bool,
    /// Whether it stands behind another preposition.
    pub(super) oblique: bool,
    /// Whether it has a capital where every word has one.
    pub(super) maybe_name: bool,
}

/// Largest number that is counted on the fingers.
const FEW_MAX: u32 = 10;

/// Letters of a root: words that share so many at their beginning are mostly of one family.
const ROOT_LETTERS: usize = 6;

/// The words of a language, ready to be asked.
pub(super) struct Reader {
    words: Words,
    stemmer: Stemmer,
    meanings: HashMap<u64, u64>,
    empty: Vec<u64>,
    reporting: Vec<u64>,
    numerals: Vec<(&'static str, u64)>,
    /// By the key of each word the key of its opposite.
    opposites: HashMap<u64, u64>,
}

impl Reader {
    pub(super) fn new(words: Words) -> Reader {
        let mut reader = Reader {
            words,
            stemmer: Stemmer::of(words.language),
            meanings: HashMap::new(),
            empty: forms(words.empty),
            reporting: forms(words.reporting),
            numerals: words.numerals.to_vec(),
            opposites: HashMap::new(),
        };
        for line in words.meanings {
            let stems: Vec<u64> =
                line.split(' ').map(|word| digest(&reader.stem(&folded(word)))).collect();
            let Some(first) = stems.first().copied() else { continue };
            for stem in stems {
                reader.meanings.entry(stem).or_insert(first);
            }
        }
        for (one, other) in words.opposites {
            let (one, other) = (reader.key(one), reader.key(other));
            reader.opposites.insert(one, other);
            reader.opposites.insert(other, one);
        }
        // The longest part of a number word is read first: quattordici before quattro.
        reader.numerals.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        reader
    }

    /// The words of a segment, `words_max` of them at most.
    pub(super) fn words(&self, text: &str, words_max: usize) -> Vec<Word> {
        let mut found: Vec<Word> = Vec::new();
        let mut at = 0;
        // A word begins a sentence at the head, behind a stop, and behind marks that open.
        let mut begins = true;
        let mut prepositions = (false, false);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if found.len() >= words_max {
                break;
            }
            let length = word_length(rest);
            let Some(word) = rest.get(..length).filter(|word| !word.is_empty()) else {
                let c = rest.chars().next().unwrap_or(' ');
                // A preposition does not reach over a comma: `of Korea, Kim came`.
                if !c.is_whitespace() && !matches!(c, '-' | '\'' | '’') {
                    prepositions = (false, false);
                }
                begins |= matches!(c, '.' | '!' | '?' | ':' | '«' | '“' | '"' | '„' | '\n' | '‘');
                at += c.len_utf8();
                continue;
            };
            if word.starts_with(|c: char| c.is_ascii_digit())
                && let Some((key, role, length)) = self.number(rest)
            {
                found.push(number_word(key, role, Span::of(at..at + length)));
                (begins, prepositions) = (false, (false, false));
                at += length;
                continue;
            }
            let span = Span::of(at..at + length);
            at += length;
            let mut one = self.word(word, span, begins);
            // `per cento` is a sign, not a number.
            if one.key == number_key(100) && prepositions.1 {
                one.role = Role::Function;
            }
            let capital = word.starts_with(char::is_uppercase);
            (one.placed, one.oblique) = prepositions;
            if one.role == Role::Function && !capital {
                let has = |list: &str| list.split(' ').any(|form| form == word);
                let placed = has(self.words.locatives);
                prepositions = (placed, has(self.words.obliques));
            } else if one.role != Role::Function {
                // A preposition reaches over a name of several words, and over what it stands for.
                prepositions = match capital {
                    true => prepositions,
                    false => (false, false),
                };
            }
            begins = false;
            found.push(one);
        }
        found
    }

    /// The key of what denies what has this key.
    pub(super) fn opposite(&self, key: u64) -> Option<u64> {
        self.opposites.get(&key).copied()
    }

    fn key(&self, word: &str) -> u64 {
        let stem = digest(&self.stem(&folded(word)));
        self.meanings.get(&stem).copied().unwrap_or(stem)
    }

    fn word(&self, word: &str, span: Span, begins: bool) -> Word {
        let folded = folded(word);
        let form = digest(&folded);
        let capital = word.starts_with(char::is_uppercase);
        if let Some(value) = self.numeral(&folded).filter(|_| !capital || begins) {
            let role = if value <= FEW_MAX { Role::Few } else { Role::Number };
            return Word { form, ..number_word(number_key(value.into()), role, span) };
        }
        let lower = word.to_lowercase();
        let lexicon = self.words.lexicon;
        if lexicon.value(&lower, ValueClass::Month).is_some() && folded.len() > 3 {
            return Word { form, ..number_word(form, Role::Date, span) };
        }
        let has = |class: Class| lexicon.has(&lower, class);
        let function = self.empty.binary_search(&form).is_ok()
            || has(Class::Incomplete)
            || has(Class::Preposition)
            || has(Class::Clitic)
            || has(Class::Auxiliary)
            || has(Class::Determiner)
            || has(Class::Clause)
            || folded.chars().nth(1).is_none();
        let reporting = self.reporting.binary_search(&form).is_ok()
            || lexicon.value(word, ValueClass::Agency).is_some();
        let stem = self.stem(&folded);
        let stemmed = digest(&stem);
        let role = match () {
            () if function && (!capital || begins) => Role::Function,
            () if has(Class::Said) || has(Class::Saying) || reporting => Role::Saying,
            () if capital && !begins => Role::Name,
            () => Role::Content,
        };
        let key = match role {
            Role::Name | Role::Function => stemmed,
            _ => self.meanings.get(&stemmed).copied().unwrap_or(stemmed),
        };
        let mut letters = folded.char_indices();
        let root = letters
            .nth(ROOT_LETTERS)
            .and_then(|(end, _)| folded.get(..end))
            .filter(|_| matches!(role, Role::Content | Role::Name))
            .map_or(0, digest);
        let maybe_name = capital && begins;
        Word {
            key,
            stem: stemmed,
            form,
            root,
            role,
            span,
            placed: false,
            oblique: false,
            maybe_name,
        }
    }

    fn stem<'w>(&self, folded: &'w str) -> Cow<'w, str> {
        self.stemmer.stem(folded)
    }

    /// The number or year in figures at the head of `text`, with what it is and its length.
    fn number(&self, text: &str) -> Option<(u64, Role, usize)> {
        let (mut written, mut length) = (self.words.number)(text)?;
        let rest = text.get(length..).unwrap_or("");
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
        let next = rest.get(gap..).unwrap_or("");
        let word = next.get(..word_length(next)).unwrap_or("");
        if let Some(zeros) = self.words.lexicon.value(word, ValueClass::Scale)
            && let Some(scaled) = scaled(&written, zeros.parse().unwrap_or(0))
        {
            written = scaled;
            length += gap + word.len();
        }
        // 2h03 is one thing, as 52enne is.
        let glued = word_length(text.get(length..).unwrap_or(""));
        if glued > 0 {
            let whole = text.get(..length + glued).unwrap_or("");
            return Some((digest(&format!("#{whole}")), Role::Number, length + glued));
        }
        let plain = text.get(..length).is_some_and(|figures| figures.len() == 4);
        let year = plain && matches!(written.as_bytes(), [b'1', b'9', ..] | [b'2', b'0', ..]);
        let role = match () {
            () if year && written.len() == 4 => Role::Date,
            () if written.len() == 1 || written == "10" => Role::Few,
            () => Role::Number,
        };
        Some((digest(&format!("#{written}")), role, length))
    }

    /// The value of a number word: `diciottomila` is 18 times 1000.
    fn numeral(&self, folded: &str) -> Option<u32> {
        let (mut whole, mut part, mut rest) = (0_u64, 0_u64, folded);
        let mut read = 0;
        while !rest.is_empty() && read < 8 {
            let (word, value) =
                self.numerals.iter().find(|(word, _)| rest.starts_with(word)).copied()?;
            match value {
                1000 => (whole, part) = (whole + part.max(1) * 1000, 0),
                100 => part = part.max(1) * 100,
                value => part += value,
            }
            rest = rest.get(word.len()..)?;
            read += 1;
        }
        let value = whole + part;
        (rest.is_empty() && value > 2).then(|| u32::try_from(value).ok())?
    }
}

/// Digests of the words of some lines, ascending.
fn forms(lines: &[&str]) -> Vec<u64> {
    let words = lines.iter().flat_map(|line| line.split(' '));
    let mut forms: Vec<u64> = words.map(|word| digest(&folded(word))).collect();
    forms.sort_unstable();
    forms
}

/// Shifts the point of a decimal number: `3.2` by 9 is `3200000000`.
fn scaled(written: &str, zeros: usize) -> Option<String> {
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let zeros = zeros.checked_sub(part.len())?;
    let digits = format!("{whole}{part}{}", "0".repeat(zeros));
    Some(digits.trim_start_matches('0').to_owned())
}

fn number_key(value: u64) -> u64 {
    digest(&format!("#{value}"))
}

fn number_word(key: u64, role: Role, span: Span) -> Word {
    let (placed, oblique, maybe_name) = (false, false, false);
    Word { key, stem: key, form: key, root: 0, role, span, placed, oblique, maybe_name }
}

/// Bytes of the word at the head of `text`, 0 if there is none. An apostrophe ends a word: what
/// is elided before it is no part of the next.
fn word_length(text: &str) -> usize {
    let inside = |c: char| c.is_alphanumeric() || is_combining_mark(c) || c == '\u{ad}';
    text.char_indices().find(|(_, c)| !inside(*c)).map_or(text.len(), |(end, _)| end)
}

/// Small letters without accents: `Perché` and `perche'` are one word.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let letters = word.nfd().filter(|c| !is_combining_mark(*c) && *c != '\u{ad}');
    letters.flat_map(char::to_lowercase).collect()
}

pub(super) fn digest(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}
