//! What a segment is compared by: its words, numbers and marks, as numbers of a vocabulary.

use crate::stem::Stemmer;
use std::collections::HashMap;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Words of a segment that are looked at. A segment of more is a paragraph or a table, and the
/// first thousand tell what it is.
const SEGMENT_WORDS_MAX: usize = 1_000;

/// A word of up to this many letters is likely one without meaning of its own: `il`, `und`.
const FUNCTION_LETTERS_MAX: usize = 3;
/// How probable such a word or a mark is in a sentence, and any other: rough figures of prose.
const FUNCTION_CHANCE: f32 = 0.2;
const CONTENT_CHANCE: f32 = 0.01;
/// Segments that this knowledge counts as much as.
const CHANCE_COUNT: f32 = 60.0;

/// Marks that a translator keeps, whatever their shape in the two languages.
const MARKS: [(&str, &str); 9] = [
    ("?", "?"),
    ("!", "!"),
    (":", ":"),
    (";", ";"),
    ("(", "()"),
    ("%", "%"),
    ("«", "«»“”„\""),
    ("…", "…"),
    ("&", "&"),
];

/// What a word is, for the links that it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// Letters.
    Plain,
    /// Letters, with a capital where no sentence begins.
    Name,
    /// Begins with a digit, or is a Roman numeral.
    Number,
    /// One of [`MARKS`].
    Mark,
}

/// One entry of a vocabulary.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// What tells it from other entries: stem, digits or mark.
    pub(super) key: String,
    /// Its first form in the text, in plain small letters: compared for cognates.
    pub(super) folded: String,
    pub(super) kind: WordKind,
    /// Segments that hold it.
    pub(super) segments_count: u32,
}

/// One side of a pair of texts.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub(super) words: Vec<Word>,
    /// For each segment, its words, each once, in ascending order.
    pub(super) segments: Vec<Vec<u32>>,
    /// For each segment, its letters and digits: what length is measured in.
    pub(super) letters: Vec<f32>,
    index: HashMap<String, u32>,
}

impl Side {
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>, language: &str) -> Self {
        let stemmer = Stemmer::of(language);
        let mut side = Self::default();
        for text in texts {
            side.add(text, &stemmer);
        }
        side.index = HashMap::new();
        side
    }

    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Letters and digits of some segments.
    pub(super) fn letters_of(&self, range: &Range<usize>) -> f32 {
        self.letters.get(range.clone()).unwrap_or(&[]).iter().sum()
    }

    pub(super) fn segment(&self, at: usize) -> &[u32] {
        self.segments.get(at).map_or(&[], Vec::as_slice)
    }

    pub(super) fn word(&self, id: u32) -> Option<&Word> {
        self.words.get(id as usize)
    }

    /// How probable it is that a segment taken at random holds the word: what the text shows, and
    /// what is known of such words before it shows anything.
    pub(super) fn chance(&self, id: u32) -> f32 {
        let (count, before) = self.word(id).map_or((0, CONTENT_CHANCE), |word| {
            let short = word.kind == WordKind::Mark
                || word.kind != WordKind::Number && word.key.len() <= FUNCTION_LETTERS_MAX;
            (word.segments_count, if short { FUNCTION_CHANCE } else { CONTENT_CHANCE })
        });
        (count as f32 + CHANCE_COUNT * before) / (self.len() as f32 + CHANCE_COUNT)
    }

    fn add(&mut self, text: &str, stemmer: &Stemmer) {
        let mut ids = Vec::new();
        let mut first = true;
        for token in text.split_word_bounds().filter(|token| !token.trim().is_empty()) {
            if ids.len() >= SEGMENT_WORDS_MAX {
                break;
            }
            for part in token.split(['\'', '’']).filter(|part| !part.is_empty()) {
                if let Some((key, folded, kind)) = entry(part, first, stemmer) {
                    ids.push(self.intern(key, folded, kind));
                    first = first && kind == WordKind::Mark;
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            if let Some(word) = self.words.get_mut(*id as usize) {
                word.segments_count += 1;
            }
        }
        self.segments.push(ids);
        let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count();
        self.letters.push(letters.max(1) as f32);
    }

    fn intern(&mut self, key: String, folded: String, kind: WordKind) -> u32 {
        if let Some(id) = self.index.get(&key) {
            if let Some(word) = self.words.get_mut(*id as usize)
                && word.kind == WordKind::Name
                && kind == WordKind::Plain
            {
                word.kind = kind;
            }
            return *id;
        }
        let id = self.words.len() as u32;
        self.words.push(Word { key: key.clone(), folded, kind, segments_count: 0 });
        self.index.insert(key, id);
        id
    }
}

fn entry(token: &str, first: bool, stemmer: &Stemmer) -> Option<(String, String, WordKind)> {
    let initial = token.chars().next()?;
    if !initial.is_alphanumeric() {
        let (mark, _) = MARKS.iter().find(|(_, shapes)| shapes.contains(initial))?;
        return Some(((*mark).to_owned(), String::new(), WordKind::Mark));
    }
    if initial.is_numeric() {
        let digits: String = token.chars().filter(|letter| letter.is_numeric()).collect();
        return Some((digits, String::new(), WordKind::Number));
    }
    if let Some(value) = roman(token) {
        return Some((value.to_string(), String::new(), WordKind::Number));
    }
    let lower = token.to_lowercase();
    let folded = fold(&lower);
    let kind = if initial.is_uppercase() && !first { WordKind::Name } else { WordKind::Plain };
    Some((stemmer.stem(&lower).into_owned(), folded, kind))
}

/// The value of a Roman numeral of two letters or more in capitals: `XX`, `XIV`.
fn roman(token: &str) -> Option<u32> {
    if token.len() < 2 || token.len() > 8 {
        return None;
    }
    let mut value: u32 = 0;
    let mut before = 0;
    for letter in token.chars().rev() {
        let digit = match letter {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            'D' => 500,
            'M' => 1_000,
            _ => return None,
        };
        value = if digit < before { value.checked_sub(digit)? } else { value + digit };
        before = before.max(digit);
    }
    Some(value)
}

/// Small letters without marks.
pub(super) fn fold(lower: &str) -> String {
    lower.nfd().filter(|letter| !is_combining_mark(*letter)).collect::<String>().replace('ß', "ss")
}
