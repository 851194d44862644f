//! How much a word says: the fewer segments have it, the more.

use super::profile::{Key, KeyKind, Profile};
use std::collections::HashMap;

/// Share of its weight that a verb of saying counts for.
const SAYING_SHARE: f32 = 0.25;

/// Number of segments and documents that have each key, and the weights that follow.
///
/// The weight is the inverse frequency of Spärck Jones (1972), `ln(1 + S / s)` for a key that `s`
/// of `S` segments have, divided by its maximum, so that it lies between 0 and 1 whatever the
/// number of documents.
pub(super) struct Rarity {
    counts: HashMap<u64, Count>,
    segments: f32,
    documents: f32,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    segments: u32,
    documents: u32,
    last: u32,
}

impl Rarity {
    /// Counts over all segments; documents by their number.
    pub(super) fn new<'p>(all: impl Iterator<Item = (u32, &'p Profile)>) -> Rarity {
        let mut counts: HashMap<u64, Count> = HashMap::new();
        let (mut segments, mut last) = (0_u32, None);
        let mut documents = 0_u32;
        for (document, profile) in all {
            segments += 1;
            documents += u32::from(last != Some(document));
            last = Some(document);
            for key in &profile.keys {
                let count = counts.entry(key.key).or_default();
                count.segments += 1;
                count.documents += u32::from(count.last != document + 1);
                count.last = document + 1;
            }
        }
        Rarity { counts, segments: segments as f32, documents: documents as f32 }
    }

    /// Segments that have `key`.
    pub(super) fn segments_with(&self, key: u64) -> u32 {
        self.counts.get(&key).map_or(1, |count| count.segments)
    }

    /// Weight of a key among segments, 0 to 1.
    pub(super) fn weight(&self, key: &Key) -> f32 {
        let count = self.segments_with(key.key) as f32;
        let weight = (1.0 + self.segments / count).ln() / (1.0 + self.segments).ln();
        match key.kind {
            KeyKind::Saying => weight * SAYING_SHARE,
            _ => weight,
        }
    }

    /// Weight of a key among documents, 0 to 1.
    pub(super) fn document_weight(&self, key: &Key) -> f32 {
        let count = self.counts.get(&key.key).map_or(1, |count| count.documents) as f32;
        let weight = (1.0 + self.documents / count).ln() / (1.0 + self.documents).ln();
        match key.kind {
            KeyKind::Saying => weight * SAYING_SHARE,
            _ => weight,
        }
    }

    /// The same, but next to nothing for what stands in all documents: it tells no events apart.
    pub(super) fn telling_weight(&self, key: &Key) -> f32 {
        let count = self.counts.get(&key.key).map_or(1, |count| count.documents) as f32;
        let weight = ((self.documents + 0.5) / count).ln() / (self.documents + 0.5).ln();
        match key.kind {
            KeyKind::Saying => weight * SAYING_SHARE,
            _ => weight,
        }
    }
}
