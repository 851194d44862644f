//! Layout and role: lines → runs → blocks.
//!
//! Two steps kept apart. *Layout* ([`Layout`]) says which lines belong together; *role*
//! ([`BlockRule`]) says what a run of lines is for. Invariants: runs are trimmed, do not overlap
//! and ascend; a run never spans a blank line; neither step depends on how the text was cut into
//! chunks.

mod context;
mod layout;
mod line;
mod phrase;
mod rule;

pub use context::{AskedOnce, BlockContext, BlockShape, Neighbour, without_site};
pub use layout::{Layout, Newlines, Run, RunEnd, begins_item};
pub use line::{Line, LineCutter};
pub use phrase::{
    Phrase, PhraseClass, PhraseIndex, PhrasePlace, PhraseRow, PhraseWord, Phrases, PhrasesFound,
};
pub use rule::{BlockRule, Role, classify};
