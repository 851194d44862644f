//! Italian: the cascade of sentence rules, the block rules and the lexicons.
//!
//! The order of the cascade is the order below. Rows that protect (damage, addresses, brackets,
//! abbreviations) come before rows that break, so that the last rows may be simple.

mod abbreviation;
mod blocks;
mod bracket;
mod continuation;
mod default;
mod ellipsis;
mod initial;
mod names;
mod number;
mod quotation;
mod spacing;
mod srx;

use super::{Tailoring, root};
use crate::block::Phrases;
use crate::sentence::Lexicon;

pub use blocks::BLOCKS;
pub use names::is_names_only;

/// Italian news.
pub static TAILORING: Tailoring = Tailoring {
    tag: "it",
    prefix: "it.",
    revision: 1,
    cascade: &[
        root::LAYOUT,
        root::REQUESTED,
        root::CLAUSES,
        spacing::PROTECTED,
        continuation::PUNCTUATION,
        bracket::RULES,
        quotation::NAMES,
        ellipsis::RULES,
        number::RULES,
        abbreviation::SPACED,
        initial::RULES,
        abbreviation::RULES,
        quotation::ATTRIBUTION,
        spacing::DAMAGE,
        continuation::LOWER_CASE,
        default::RULES,
        root::DEFAULT,
    ],
    blocks: BLOCKS,
    names_only: names::is_names_only,
    phrases: &Phrases { entries: generated::PHRASES },
    lexicon: &Lexicon { entries: generated::ENTRIES },
    srx: srx::ROWS,
};

/// The lexicon files as the build made them.
mod generated {
    use crate::block::{Phrase, PhraseClass, PhrasePlace};
    use crate::sentence::{Class, Entry};

    include!(concat!(env!("OUT_DIR"), "/italian_lexicon.rs"));
}
