//! Words and their translations: a small dictionary of our own, and the caller's.

use super::words::Side;
use crate::stem::Stemmer;
use std::collections::HashMap;

/// One meaning a line, one language a column; the head names the languages.
const WORDS: &str = include_str!("words.tsv");

/// Words that may translate each other: ours for two languages, none where it does not know one of
/// them, and the caller's.
pub(super) struct Dictionary<'a> {
    source_language: &'a str,
    target_language: &'a str,
    own: &'a [(String, String)],
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(
        source_language: &'a str,
        target_language: &'a str,
        own: &'a [(String, String)],
    ) -> Self {
        Self { source_language, target_language, own }
    }

    /// Calls `found` with every pair that both vocabularies hold; some come twice. Words are looked
    /// up by their stems, those of the target side only where the source has the meaning: most
    /// texts use a small part of a dictionary.
    pub(super) fn links(&self, source: &Side, target: &Side, mut found: impl FnMut(u32, u32)) {
        let ours = Vocabulary::new(source, self.source_language);
        let theirs = Vocabulary::new(target, self.target_language);
        for (one, other) in self.own {
            let pair = (ours.id(&one.to_lowercase()), theirs.id(&other.to_lowercase()));
            if let (Some(one), Some(other)) = pair {
                found(one, other);
            }
        }
        let mut lines = WORDS.lines();
        let head = lines.next().unwrap_or("");
        let column = |tag: &str| {
            let primary = tag.split('-').next().unwrap_or(tag);
            head.split('\t').position(|language| language == primary)
        };
        let columns = (column(self.source_language), column(self.target_language));
        let (Some(from), Some(to)) = columns else { return };
        for line in lines {
            let words = |column: usize| line.split('\t').nth(column).unwrap_or("").split(' ');
            let sources: Vec<u32> = words(from).filter_map(|word| ours.id(word)).collect();
            if sources.is_empty() {
                continue;
            }
            for other in words(to).filter_map(|word| theirs.id(word)) {
                sources.iter().for_each(|one| found(*one, other));
            }
        }
    }
}

/// The words of one side, to be found by any of their forms.
struct Vocabulary<'s> {
    ids: HashMap<&'s str, u32>,
    stemmer: Stemmer,
}

impl<'s> Vocabulary<'s> {
    fn new(side: &'s Side, language: &str) -> Self {
        let keyed = side.words.iter().enumerate();
        let ids = keyed.map(|(id, word)| (word.key.as_str(), id as u32)).collect();
        Self { ids, stemmer: Stemmer::of(language) }
    }

    fn id(&self, lower: &str) -> Option<u32> {
        self.ids.get(self.stemmer.stem(lower).as_ref()).copied()
    }
}
