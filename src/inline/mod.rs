//! One pass over a block: which marks open and close what, and which stretches are addresses.
//!
//! Invariants: a mark is judged by what stands around it, not by its shape alone (policy S8); an
//! unclosed mark pairs with nothing, so it can never swallow the rest; spans are relative to the
//! block, ascending and inside it.

mod address;
mod mark;

pub use mark::{Pair, PairKind};

use crate::text::Span;

/// Deepest nesting of quotations or brackets that is followed; deeper marks stay unpaired.
pub const MARK_DEPTH_MAX: usize = 8;

/// What one pass found in a block.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Quotations and brackets that open and close, by the place where they open.
    pub pairs: Vec<Pair>,
    /// Double quotation marks that open something, paired or not.
    pub openers: Vec<u32>,
    /// Double quotation marks that close and have no fellow in the block.
    pub loose_closers: Vec<Span>,
    /// URLs, mail addresses and domains with path.
    pub addresses: Vec<Span>,
}

impl Marks {
    /// The innermost pair that holds `at` strictly between its marks.
    pub fn innermost(&self, at: u32, kind: PairKind) -> Option<&Pair> {
        let after = self.pairs.partition_point(|pair| pair.open.start() < at);
        self.pairs
            .get(..after)?
            .iter()
            .rev()
            .take(PAIRS_LOOKED_AT_MAX)
            .find(|pair| pair.kind == kind && pair.open.end() <= at && at <= pair.close.start())
    }

    /// The pair whose closing mark begins at `at`.
    pub fn closing_at(&self, at: u32) -> Option<&Pair> {
        let after = self.pairs.partition_point(|pair| pair.open.start() < at);
        self.pairs
            .get(..after)?
            .iter()
            .rev()
            .take(PAIRS_LOOKED_AT_MAX)
            .find(|pair| pair.close.start() == at)
    }

    /// Whether the mark at `at` opens a quotation.
    pub fn is_opener(&self, at: u32) -> bool {
        self.openers.binary_search(&at).is_ok()
    }

    /// The address that `at` lies strictly inside of.
    pub fn address_around(&self, at: u32) -> Option<Span> {
        let after = self.addresses.partition_point(|span| span.start() < at);
        let span = *self.addresses.get(after.checked_sub(1)?)?;
        (at < span.end()).then_some(span)
    }
}

/// Pairs looked at backwards for the one around a place: keeps a block of a thousand brackets
/// linear.
const PAIRS_LOOKED_AT_MAX: usize = 32;

/// Scans one block. Linear in its length.
///
/// ```
/// let marks = cesura::inline::scan("Ha detto: «Vado (forse)». Leggi https://esempio.it/a?b=C.");
/// assert_eq!(marks.pairs.len(), 2);
/// assert_eq!(marks.addresses.len(), 1);
/// ```
pub fn scan(text: &str) -> Marks {
    let (pairs, openers, loose_closers) = mark::pairs(text);
    Marks { pairs, openers, loose_closers, addresses: address::find(text) }
}
