//! The name of one call, and what became of it: shared by the layer that sees its ends and the
//! service that does its work.

use super::Totals;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Characters of an id that a caller may choose.
const REQUEST_ID_CHARS_MAX: usize = 128;

/// One call, as the log names it.
#[derive(Debug, Default)]
pub struct CallRecord {
    /// The caller's own id, or one that we made.
    pub request_id: String,
    /// Said by the service when its work is over; a call that never came to it has none.
    totals: OnceLock<Totals>,
}

impl CallRecord {
    /// A call with this id.
    pub fn new(request_id: String) -> CallRecord {
        CallRecord { request_id, totals: OnceLock::new() }
    }

    /// The work is over, and this is what it came to.
    pub fn worked(&self, totals: Totals) {
        // The first answer stands: there is one piece of work a call.
        let _ = self.totals.set(totals);
    }

    /// What the work came to.
    pub fn totals(&self) -> Option<Totals> {
        self.totals.get().copied()
    }
}

/// Makes ids that nobody else makes: 128 bits of a keyed hash over a counter.
#[derive(Debug, Default)]
pub struct RequestIds {
    key: RandomState,
    made: AtomicU64,
}

impl RequestIds {
    /// The caller's id if it is sane, else a new one. Letters, digits and the signs of the usual
    /// ids; a line of the log stays one line.
    pub fn take_or_make(&self, given: Option<&[u8]>) -> String {
        let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
        let given = given
            .filter(|id| (1..=REQUEST_ID_CHARS_MAX).contains(&id.len()))
            .filter(|id| id.iter().copied().all(sane))
            .and_then(|id| std::str::from_utf8(id).ok());
        given.map_or_else(|| self.make(), str::to_owned)
    }

    fn make(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let half = |half: u8| self.key.hash_one((number, half));
        format!("{:016x}{:016x}", half(0), half(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_any_other_replaced() {
        let ids = RequestIds::default();
        for kept in ["a", "7f3c-11:22/33+44==", &"x".repeat(128)] {
            assert_eq!(ids.take_or_make(Some(kept.as_bytes())), kept);
        }
        let mut made = std::collections::HashSet::new();
        for given in ["", "two words", "à", "a\nb", "\"", &"x".repeat(129)] {
            let id = ids.take_or_make(Some(given.as_bytes()));
            assert!(id.len() == 32 && made.insert(id));
        }
        assert!(made.insert(ids.take_or_make(None)));
    }
}
