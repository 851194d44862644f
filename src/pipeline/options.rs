//! What a caller may ask of one document.

use crate::block::Newlines;
use crate::language::LanguageTag;
use crate::machine::MaskTemplate;
use crate::pack::Packing;
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
    /// What units and segments carry beside their place.
    pub details: Details,
    /// Words from which a segment is called overlong; `None`: [`Options::SEGMENT_WORDS_MAX`].
    pub segment_words_max: Option<u32>,
    /// How placeholders of masked text look.
    pub mask: MaskTemplate,
    /// How segments are packed for a model, if they are.
    pub packing: Option<Packing>,
    /// What a line end means.
    pub newlines: Newlines,
    /// What is wanted otherwise than the policy has it.
    pub preferences: Preferences,
    /// Whether malformed bytes will be replaced, where the caller has the whole document at hand
    /// and looked ([`Charset::has_malformed`]). Goes into the head as it is.
    pub replaced: Option<bool>,
}

impl Options {
    /// Words from which translation engines begin to lose text: OPUS-CAT cuts at 60.
    pub const SEGMENT_WORDS_MAX: u32 = 60;
}

/// What units and segments carry beside their place. Nothing is worked out that was not asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Typed stretches of units.
    pub annotations: bool,
    /// Quotations of units.
    pub quotations: bool,
    /// Names and content digests of units and segments.
    pub identities: bool,
    /// Language of each segment.
    pub segment_languages: bool,
    /// Text repaired for machines.
    pub normal_text: bool,
    /// That text with placeholders.
    pub masked_text: bool,
    /// Lengths of units and segments.
    pub counts: bool,
    /// What segments are as sentences.
    pub segment_types: bool,
    /// What may be wrong with segments.
    pub warnings: bool,
    /// Where in the article units stand.
    pub positions: bool,
}

impl Details {
    /// Everything there is.
    pub const ALL: Details = Details {
        annotations: true,
        quotations: true,
        identities: true,
        segment_languages: true,
        normal_text: true,
        masked_text: true,
        counts: true,
        segment_types: true,
        warnings: true,
        positions: true,
    };

    /// Whether segments carry anything.
    pub(super) fn of_segments(self) -> bool {
        self != Details {
            annotations: self.annotations,
            quotations: self.quotations,
            positions: self.positions,
            ..Details::default()
        }
    }
}
