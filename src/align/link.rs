//! Links: which word of one side may stand for which of the other, and how far that can be relied
//! on.

use super::cognate;
use super::dictionary::Dictionary;
use super::words::{Side, Word, WordKind};
use std::collections::HashMap;

/// Links of one word at most: the most reliable.
const LINKS_OF_WORD_MAX: usize = 12;
/// Pairs of words that begin alike, compared for one beginning at most; commoner beginnings say
/// little.
const COGNATE_PAIRS_MAX: usize = 40_000;
/// Below this, likeness is chance.
const COGNATE_SIMILARITY_MIN: f32 = 0.76;
/// Letters that a word must have to be told as a cognate.
const COGNATE_LETTERS_MIN: usize = 4;
/// Never certain of a word.
pub(super) const RELIABILITY_MAX: f32 = 0.95;

/// Why two words are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// The same number: `2024`, `1.000` and `1,000`, `XX` and `20`.
    Number,
    /// The same name: `Pyongyang`.
    Name,
    /// Alike, for they are of one origin: `nazione`, `nation`.
    Cognate,
    /// The same mark: `?`, `%`, quotation marks.
    Mark,
    /// In the dictionary, ours or the caller's: `guerra`, `war`.
    Dictionary,
    /// Learnt from this very pair of texts.
    Learnt,
}

/// One pair of words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) target: u32,
    pub(super) kind: LinkKind,
    /// How probable it is that a translation of a segment with the one word holds the other.
    pub(super) reliability: f32,
}

/// All links between two vocabularies.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By word of the source side, the most reliable first.
    of_source: Vec<Vec<Link>>,
    /// For each word of either side, how probable it is that some link of it is found.
    source_expected: Vec<f32>,
    target_expected: Vec<f32>,
}

/// How far a link of its kind can be relied on before the texts have shown it.
const NUMBER: f32 = 0.85;
const NAME: f32 = 0.8;
const IDENTICAL: f32 = 0.6;
const MARK: f32 = 0.6;
const DICTIONARY: f32 = 0.55;

impl Links {
    /// What can be known before the texts are aligned.
    pub(super) fn new(source: &Side, target: &Side, dictionary: &Dictionary<'_>) -> Self {
        let mut found: Vec<(u32, Link)> = Vec::new();
        same(source, target, &mut found);
        cognates(source, target, &mut found);
        dictionary.links(source, target, |one, other| {
            let link = Link { target: other, kind: LinkKind::Dictionary, reliability: DICTIONARY };
            found.push((one, link));
        });
        Self::of(source, target, found)
    }

    /// Sorted and cut to the most reliable of each word.
    pub(super) fn of(source: &Side, target: &Side, mut found: Vec<(u32, Link)>) -> Self {
        found.sort_unstable_by(|(a, one), (b, other)| {
            a.cmp(b)
                .then(one.target.cmp(&other.target))
                .then(other.reliability.total_cmp(&one.reliability))
                .then(one.kind.cmp(&other.kind))
        });
        found.dedup_by_key(|(word, link)| (*word, link.target));
        let mut links = Self {
            of_source: vec![Vec::new(); source.words.len()],
            source_expected: vec![0.0; source.words.len()],
            target_expected: vec![0.0; target.words.len()],
        };
        for (word, link) in found {
            if let Some(of_word) = links.of_source.get_mut(word as usize) {
                of_word.push(link);
            }
        }
        for (of_word, expected) in links.of_source.iter_mut().zip(&mut links.source_expected) {
            of_word.sort_by(|one, other| other.reliability.total_cmp(&one.reliability));
            of_word.truncate(LINKS_OF_WORD_MAX);
            for link in of_word {
                *expected = expected.max(link.reliability);
                if let Some(other) = links.target_expected.get_mut(link.target as usize) {
                    *other = other.max(link.reliability);
                }
            }
        }
        links
    }

    pub(super) fn of_source(&self, word: u32) -> &[Link] {
        self.of_source.get(word as usize).map_or(&[], Vec::as_slice)
    }

    /// All links with the word of the source side.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Link)> + '_ {
        self.of_source
            .iter()
            .enumerate()
            .flat_map(|(word, links)| links.iter().map(move |link| (word as u32, *link)))
    }

    pub(super) fn source_expected(&self, word: u32) -> f32 {
        self.source_expected.get(word as usize).copied().unwrap_or(0.0)
    }

    pub(super) fn target_expected(&self, word: u32) -> f32 {
        self.target_expected.get(word as usize).copied().unwrap_or(0.0)
    }
}

/// The same number, mark or form on both sides.
fn same(source: &Side, target: &Side, found: &mut Vec<(u32, Link)>) {
    let text = |word: &Word| match word.kind {
        WordKind::Plain | WordKind::Name => (true, word.folded.clone()),
        WordKind::Number | WordKind::Mark => (false, word.key.clone()),
    };
    let mut index: HashMap<(bool, String), Vec<u32>> = HashMap::new();
    for (id, word) in target.words.iter().enumerate() {
        index.entry(text(word)).or_default().push(id as u32);
    }
    for (id, word) in source.words.iter().enumerate() {
        for other in index.get(&text(word)).into_iter().flatten() {
            let Some(theirs) = target.word(*other) else { continue };
            let names = word.kind == WordKind::Name && theirs.kind == WordKind::Name;
            let (kind, reliability) = match word.kind {
                WordKind::Number => (LinkKind::Number, NUMBER),
                WordKind::Mark => (LinkKind::Mark, MARK),
                _ if names => (LinkKind::Name, NAME),
                _ if word.folded.len() < COGNATE_LETTERS_MIN => continue,
                _ => (LinkKind::Cognate, IDENTICAL),
            };
            found.push((id as u32, Link { target: *other, kind, reliability }));
        }
    }
}

/// Words that begin with the same three letters and look alike.
fn cognates(source: &Side, target: &Side, found: &mut Vec<(u32, Link)>) {
    let skeletons = |side: &Side| {
        let mut by_start: HashMap<[char; 3], Vec<(u32, Vec<char>)>> = HashMap::new();
        for (id, word) in side.words.iter().enumerate() {
            if word.folded.chars().count() < COGNATE_LETTERS_MIN {
                continue;
            }
            let skeleton = cognate::skeleton(&word.folded);
            if let Some(start) = skeleton.first_chunk::<3>() {
                by_start.entry(*start).or_default().push((id as u32, skeleton));
            }
        }
        by_start
    };
    let theirs = skeletons(target);
    for (start, words) in skeletons(source) {
        let Some(others) = theirs.get(&start) else { continue };
        if words.len() * others.len() > COGNATE_PAIRS_MAX {
            continue;
        }
        for (id, one) in &words {
            for (other_id, other) in others {
                let similarity = cognate::similarity(one, other);
                if similarity >= COGNATE_SIMILARITY_MIN {
                    // From 0.25 at the threshold to 0.6 for the same skeleton.
                    let share =
                        (similarity - COGNATE_SIMILARITY_MIN) / (1.0 - COGNATE_SIMILARITY_MIN);
                    let reliability = 0.25 + share * (IDENTICAL - 0.25);
                    found.push((
                        *id,
                        Link { target: *other_id, kind: LinkKind::Cognate, reliability },
                    ));
                }
            }
        }
    }
}
