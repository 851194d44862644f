//! What a caller may ask of one document.

use crate::block::Newlines;
use crate::language::LanguageTag;
use crate::sentence::Preferences;
use crate::text::{Charset, MalformedPolicy};

/// Choices for one document. The default detects the language and explains nothing.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The document's language, where the caller knows it; otherwise it is detected.
    pub language: Option<LanguageTag>,
    /// What the bytes are encoded in.
    pub charset: Charset,
    /// What to do with bytes that mean nothing in that charset.
    pub malformed: MalformedPolicy,
    /// Whether units list every candidate with the rule that decided it.
    pub explain: bool,
    /// Whether units list their typed stretches.
    pub annotate: bool,
    /// What a line end means.
    pub newlines: Newlines,
    /// What is wanted otherwise than the policy has it.
    pub preferences: Preferences,
    /// Whether malformed bytes will be replaced, where the caller has the whole document at hand
    /// and looked ([`Charset::has_malformed`]). Goes into the head as it is.
    pub replaced: Option<bool>,
}
