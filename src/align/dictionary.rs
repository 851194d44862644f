//! Words and their translations: a small dictionary of our own, and the caller's.

use super::words::Side;
use crate::stem::Stemmer;
use std::collections::HashMap;

/// One meaning a line, one language a column; the head names the languages.
const WORDS: &str = include_str!("words.tsv");

/// Pairs of words of two languages, by their stems.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    pairs: Vec<(String, String)>,
}

impl Dictionary {
    /// Ours for the two languages, none where it does not know one of them, and the caller's pairs.
    pub(super) fn new(source: &str, target: &str, own: &[(String, String)]) -> Self {
        let (from, to) = (Stemmer::of(source), Stemmer::of(target));
        let stem = |stemmer: &Stemmer, word: &str| stemmer.stem(word).into_owned();
        let mut pairs: Vec<(String, String)> = own
            .iter()
            .map(|(one, other)| {
                (stem(&from, &one.to_lowercase()), stem(&to, &other.to_lowercase()))
            })
            .collect();
        let mut lines = WORDS.lines();
        let head: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
        let column = |tag: &str| {
            let primary = tag.split('-').next().unwrap_or(tag);
            head.iter().position(|language| *language == primary)
        };
        if let (Some(source), Some(target)) = (column(source), column(target)) {
            for line in lines {
                let cells: Vec<&str> = line.split('\t').collect();
                let words = |column: usize| cells.get(column).copied().unwrap_or("").split(' ');
                for one in words(source).filter(|word| !word.is_empty()) {
                    for other in words(target).filter(|word| !word.is_empty()) {
                        pairs.push((stem(&from, one), stem(&to, other)));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Self { pairs }
    }

    /// Calls `found` with every pair that both vocabularies hold.
    pub(super) fn links(&self, source: &Side, target: &Side, mut found: impl FnMut(u32, u32)) {
        let index = |side: &Side| -> HashMap<String, u32> {
            let keyed = side.words.iter().enumerate();
            keyed.map(|(id, word)| (word.key.clone(), id as u32)).collect()
        };
        let (ours, theirs) = (index(source), index(target));
        for (one, other) in &self.pairs {
            if let (Some(one), Some(other)) = (ours.get(one), theirs.get(other)) {
                found(*one, *other);
            }
        }
    }
}
