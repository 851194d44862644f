//! What a file has to say before its first unit, though it is known only behind the last.

use super::Skeleton;
use crate::document::{Event, Tail};

/// A document's order and totals, from a first reading of all its events.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Units and what stands between them.
    pub skeleton: Skeleton,
    /// Totals.
    pub tail: Tail,
}

impl Outline {
    /// Adds what an event brings.
    pub fn add(&mut self, event: &Event) {
        self.skeleton.add(event);
        if let Event::Tail(tail) = event {
            self.tail = *tail;
        }
    }

    /// The digest of the source as 16 digits of hexadecimal.
    pub fn source_digest(&self) -> String {
        hexadecimal(self.tail.source_digest)
    }
}

/// A digest as messages and files show it.
pub(super) fn hexadecimal(digest: u64) -> String {
    format!("{digest:016x}")
}
