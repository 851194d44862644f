//! Rows and lexicons: what UAX #29 calls a tailoring. The machinery below knows no language;
//! each language here knows the machinery.

pub mod italian;
pub mod root;

use crate::block::{BlockRule, Phrases};
use crate::language::LanguageTag;
use crate::rule::RuleId;
use crate::sentence::{Lexicon, SentenceRule};

/// The last segment of a unit ends with its block (policy S2).
pub const BLOCK_END: RuleId = RuleId::new("layout.block-end");

/// The last segment of a unit that was cut at `block_bytes_max`.
pub const BLOCK_CUT: RuleId = RuleId::new("limit.block-cut");

/// The rules of one language.
#[derive(Debug)]
pub struct Tailoring {
    /// BCP-47 tag of the language; `und` for plain UAX #29.
    pub tag: &'static str,
    /// What the ids of its own rows begin with.
    pub prefix: &'static str,
    /// Grows whenever an answer on the corpus or the seeds changes.
    pub revision: u32,
    /// Rows of the sentence cascade by theme, in the order in which they are asked.
    pub cascade: &'static [&'static [SentenceRule]],
    /// Rows of the block rules, in the order in which they are asked.
    pub blocks: &'static [BlockRule],
    /// Phrases that the block rules ask for.
    pub phrases: &'static Phrases,
    /// Words that the sentence rules ask for.
    pub lexicon: &'static Lexicon,
}

/// The tailoring for documents in `tag`: Italian for Italian, plain UAX #29 for all else.
///
/// ```
/// use cesura::{language::LanguageTag, tailoring};
/// assert_eq!(tailoring::of(&LanguageTag::ITALIAN).tag, "it");
/// assert_eq!(tailoring::of(&LanguageTag::parse("zu").unwrap()).tag, "und");
/// ```
pub fn of(tag: &LanguageTag) -> &'static Tailoring {
    if tag.is_italian() { &italian::TAILORING } else { &root::TAILORING }
}

/// Every tailoring, for listings.
pub const ALL: &[&Tailoring] = &[&italian::TAILORING, &root::TAILORING];
