//! Names of units, segments and quotations by what they hold, and what was seen before.
//!
//! Invariants: a name depends on the content and on how often the same content stood before, not on
//! what else the document holds; no name is given twice in a document; what is remembered is
//! bounded.

mod canonical;
mod seen;

pub use canonical::{canonical, content_digest};
pub use seen::{Seen, SeenInStream};
