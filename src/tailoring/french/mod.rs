//! French: the shared sentence rules with its own lexicon; blocks by layout alone.

use super::{Tailoring, latin, root};
use crate::annotation::NumberFormat;
use crate::block::Phrases;
use crate::sentence::{Lexicon, PlainEnd, SentenceRule};

const CASCADE: &[&[SentenceRule]] = &latin::cascade(&[]);

/// French, as it is quoted in Italian papers or sent by mistake.
pub static TAILORING: Tailoring = Tailoring {
    tag: "fr",
    prefixes: &["fr."],
    revision: 1,
    cascade: CASCADE,
    plain_end: Some(PlainEnd::of(CASCADE, &latin::default::CAPITAL)),
    blocks: root::blocks::BLOCKS,
    names_only: |_| false,
    phrases: &Phrases::EMPTY,
    lexicon: &Lexicon {
        entries: generated::ENTRIES,
        values: generated::VALUES,
        forms: generated::FORMS,
    },
    srx: latin::srx::ROWS,
    annotations: &[root::annotations::RULES],
    numbers: NumberFormat::POINT_COMMA,
    attributions: &[],
    repairs: &[root::repairs::RULES],
    warnings: &[root::warnings::RULES],
};

/// The lexicon files as the build made them.
mod generated {
    use crate::sentence::{Class, Entry, Form, Value};

    include!(concat!(env!("OUT_DIR"), "/french_lexicon.rs"));
}
