//! What was seen before, in a document and in a stream of documents.

use super::content_digest;
use crate::document::{Identity, IdentityScope};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

/// Different contents that are remembered of a document. Of news, that is a book of a thousand
/// pages.
const CONTENTS_MAX: usize = 1 << 16;

/// The contents of one document so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// How often each stood, by scope and digest.
    counts: HashMap<(IdentityScope, u128), u32>,
    full: bool,
}

impl Seen {
    /// The name of the next unit, segment or quotation with this text. `number` is its number in
    /// the document, by which it is told apart where there are too many to remember.
    pub fn name(&mut self, scope: IdentityScope, text: &str, number: u32) -> Identity {
        let digest = content_digest(text);
        let room = self.counts.len() < CONTENTS_MAX;
        match self.counts.entry((scope, digest)) {
            Entry::Occupied(mut known) => {
                let occurrence = known.get().saturating_add(1);
                known.insert(occurrence);
                Identity { scope, digest, occurrence, numbered: false }
            }
            Entry::Vacant(place) if room => {
                place.insert(1);
                Identity { scope, digest, occurrence: 1, numbered: false }
            }
            Entry::Vacant(_) => {
                self.full = true;
                Identity { scope, digest, occurrence: number, numbered: true }
            }
        }
    }

    /// Whether some content could not be remembered.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.counts.capacity() * size_of::<((IdentityScope, u128), u32)>()
    }
}

/// Contents that are remembered of a stream of documents.
const STREAM_CONTENTS_MAX: usize = 1 << 16;

/// In which document of a stream each content stood first, for the contents seen last.
#[derive(Debug, Default)]
pub struct SeenInStream {
    first: HashMap<(IdentityScope, u128), u32>,
    /// In the order in which they came.
    order: VecDeque<(IdentityScope, u128)>,
}

impl SeenInStream {
    /// The document in which this content stood first, if that is an earlier one than `document`.
    /// Contents that came longest ago are forgotten first.
    ///
    /// ```
    /// use cesura::document::{Identity, IdentityScope};
    /// use cesura::identity::SeenInStream;
    /// let scope = IdentityScope::Segment;
    /// let name = Identity { scope, digest: 7, occurrence: 1, numbered: false };
    /// let mut seen = SeenInStream::default();
    /// assert_eq!(seen.earlier_document(name, 0), None);
    /// assert_eq!(seen.earlier_document(name, 0), None);
    /// assert_eq!(seen.earlier_document(name, 3), Some(0));
    /// ```
    pub fn earlier_document(&mut self, name: Identity, document: u32) -> Option<u32> {
        let key = (name.scope, name.digest);
        if let Some(first) = self.first.get(&key) {
            return (*first != document).then_some(*first);
        }
        if self.order.len() >= STREAM_CONTENTS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.order.push_back(key);
        self.first.insert(key, document);
        None
    }
}
