//! The order of the steps, and the only state there is.
//!
//! Invariant: all that is known of a document being read lives in [`Segmenter`], which does no
//! I/O and knows no clock; everything it calls is a function of one block and of
//! what the document has shown before.

mod check;
mod collect;
mod describe;
mod limits;
mod options;
mod page;
mod segmenter;
mod unit;
mod words;

pub use check::{ExampleFailure, SignedText, check_examples, judge_block};
pub use collect::{Document, segment};
pub use limits::Limits;
pub use options::{Details, Options};
pub use segmenter::Segmenter;
