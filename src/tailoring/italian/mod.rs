//! Italian: its own sentence rules beside the shared ones, the block rules and the lexicons.

mod annotations;
mod attributions;
mod blocks;
pub(in crate::tailoring) mod comparison;
mod names;
mod repairs;
mod sentence;
mod warnings;

use super::{Tailoring, latin, root};
use crate::annotation::NumberFormat;
use crate::block::Phrases;
use crate::sentence::{Lexicon, PlainEnd, SentenceRule};

pub use blocks::BLOCKS;
pub use names::is_names_only;

const CASCADE: &[&[SentenceRule]] = &latin::cascade(sentence::RULES);

/// Italian news.
pub static TAILORING: Tailoring = Tailoring {
    tag: "it",
    prefixes: &["it.", "latin."],
    revision: 4,
    cascade: CASCADE,
    plain_end: Some(PlainEnd::of(CASCADE, &latin::default::CAPITAL)),
    blocks: BLOCKS,
    names_only: names::is_names_only,
    phrases: &Phrases {
        entries: generated::PHRASES,
        anywhere: generated::PHRASES_ANYWHERE,
        at_head: generated::PHRASES_AT_HEAD,
    },
    lexicon: &Lexicon {
        entries: generated::ENTRIES,
        values: generated::VALUES,
        forms: generated::FORMS,
    },
    srx: latin::srx::ROWS,
    annotations: &[root::annotations::RULES, annotations::RULES],
    numbers: NumberFormat::POINT_COMMA,
    attributions: attributions::RULES,
    repairs: &[root::repairs::RULES, repairs::RULES],
    warnings: &[root::warnings::RULES, warnings::RULES],
};

/// The lexicon files as the build made them.
mod generated {
    use crate::block::{Phrase, PhraseClass, PhraseIndex, PhrasePlace, PhraseRow, PhraseWord};
    use crate::sentence::{Class, Entry, Form, Value, ValueClass};

    include!(concat!(env!("OUT_DIR"), "/italian_lexicon.rs"));
}
