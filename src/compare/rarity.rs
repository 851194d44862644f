//! How much a word says: the fewer segments have it, the more.

use super::profile::{Key, KeyKind, Profile};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Share of its weight that a verb of saying counts for.
const SAYING_SHARE: f32 = 0.25;

/// Number of segments and documents that have each key, and the weights that follow.
///
/// The weight is the inverse frequency of Spärck Jones (1972), `ln(1 + S / s)` for a key that `s`
/// of `S` segments have, divided by its maximum, so that it lies between 0 and 1 whatever the
/// number of documents.
pub(super) struct Rarity {
    weights: HashMap<u64, Weights, BuildHasherDefault<Digested>>,
    /// Of a key that nobody counted.
    unknown: Weights,
}

#[derive(Clone, Copy, Default)]
struct Count {
    segments: u32,
    documents: u32,
    last: u32,
}

/// What a key weighs: asked for every word of every pair, so made once.
#[derive(Clone, Copy)]
struct Weights {
    segments: u32,
    weight: f32,
    document: f32,
    telling: f32,
}

impl Weights {
    fn new(count: Count, segments: f32, documents: f32) -> Weights {
        let ratio = |all: f32, some: u32, more: f32| {
            (more + all / some as f32).ln() / (1.0 + all).ln().max(f32::MIN_POSITIVE)
        };
        let more = documents + 0.5;
        Weights {
            segments: count.segments,
            weight: ratio(segments, count.segments, 1.0),
            document: ratio(documents, count.documents, 1.0),
            telling: (more / count.documents as f32).ln() / more.ln(),
        }
    }
}

impl Rarity {
    /// Counts over all segments; documents by their number, ascending.
    pub(super) fn new<'p>(all: impl Iterator<Item = (u32, &'p Profile)>) -> Rarity {
        let mut counts: HashMap<u64, Count, BuildHasherDefault<Digested>> = HashMap::default();
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
        let (segments, documents) = (segments as f32, documents as f32);
        let weighed = |count| Weights::new(count, segments, documents);
        let weights = counts.into_iter().map(|(key, count)| (key, weighed(count))).collect();
        Rarity { weights, unknown: weighed(Count { segments: 1, documents: 1, last: 0 }) }
    }

    fn of(&self, key: u64) -> &Weights {
        self.weights.get(&key).unwrap_or(&self.unknown)
    }

    /// Segments that have `key`.
    pub(super) fn segments_with(&self, key: u64) -> u32 {
        self.of(key).segments
    }

    /// Weight of a key among segments, 0 to 1.
    pub(super) fn weight(&self, key: &Key) -> f32 {
        self.of(key.key).weight * share(key)
    }

    /// Weight of a key among documents, 0 to 1.
    pub(super) fn document_weight(&self, key: &Key) -> f32 {
        self.of(key.key).document * share(key)
    }

    /// The same, but next to nothing for what stands in all documents: it tells no events apart.
    pub(super) fn telling_weight(&self, key: &Key) -> f32 {
        self.of(key.key).telling * share(key)
    }
}

fn share(key: &Key) -> f32 {
    if key.kind == KeyKind::Saying { SAYING_SHARE } else { 1.0 }
}

/// Keys are digests: what spreads them is done already.
#[derive(Default)]
struct Digested(u64);

impl Hasher for Digested {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
