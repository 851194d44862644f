//! Text in; language, confidence and the ground it stands on out.
//!
//! Invariant: pure functions of the text; short text is never called reliable on its own.

mod detect;
mod features;
mod runs;
mod sampler;
mod switch;
mod tag;

pub use detect::{Basis, Detection, detect, detect_within};
pub use sampler::Sampler;
pub use switch::{Passage, Spoken, passages};
pub use tag::LanguageTag;
