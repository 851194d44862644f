//! The machinery of sentence boundaries: candidates, what stands around them, and the cascade of
//! rules that answers. It knows no Italian: rows and lexicon are handed to it.
//!
//! Invariants: candidates ascend and are each answered by exactly one row; rows are pure
//! functions of a [`Context`]; the work is linear in the block.

mod after;
mod candidate;
mod cascade;
mod context;
mod evidence;
mod fact;
mod lexicon;
mod next;
mod plain;
mod preferences;
mod rule;
mod uax29;
mod word;

pub use candidate::{Candidate, Candidates, ClauseMarks, Origin};
pub use cascade::{Judged, Rows, judge};
pub use context::Context;
pub use evidence::Evidence;
pub use fact::{Fact, Facts};
pub use lexicon::{Class, Entry, Form, Lexicon, Value, ValueClass};
pub use next::Next;
pub use plain::PlainEnd;
pub use preferences::{Forms, Preferences};
pub use rule::SentenceRule;
pub use uax29::breaks as uax29_breaks;
pub use word::Word;
