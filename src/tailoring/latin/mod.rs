//! Rows for languages in Latin letters that bring a lexicon: what they say of titles, initials,
//! quotations and damage holds from Lisbon to Berlin; what differs are the words.
//!
//! The order of a cascade is that of `cascade`, into which a language puts its own rows. Rows
//! that protect (addresses, brackets, abbreviations) come before rows that break, so that the last
//! rows may be simple.

pub(super) mod abbreviation;
pub(super) mod bracket;
pub(super) mod continuation;
pub(super) mod default;
pub(super) mod ellipsis;
pub(super) mod initial;
pub(super) mod number;
pub(super) mod quotation;
pub(super) mod spacing;
pub(super) mod srx;

use super::root;
use crate::sentence::SentenceRule;

/// The rows of every such language around `own`, the rows of one of them.
pub(super) const fn cascade(own: &'static [SentenceRule]) -> [&'static [SentenceRule]; 18] {
    [
        root::LAYOUT,
        root::REQUESTED,
        root::CLAUSES,
        spacing::PROTECTED,
        continuation::PUNCTUATION,
        bracket::RULES,
        quotation::NAMES,
        ellipsis::RULES,
        own,
        number::RULES,
        abbreviation::SPACED,
        initial::RULES,
        abbreviation::RULES,
        quotation::ATTRIBUTION,
        spacing::DAMAGE,
        continuation::LOWER_CASE,
        default::RULES,
        root::DEFAULT,
    ]
}
