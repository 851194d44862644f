//! Rows and lexicons: what UAX #29 calls a tailoring. The machinery below knows no language;
//! each language here knows the machinery.

mod comparison;
pub mod english;
pub mod french;
pub mod german;
pub mod italian;
mod latin;
mod listing;
pub mod portuguese;
pub mod root;
pub mod spanish;

pub use comparison::comparison_words;
pub use listing::{ListedRow, RowAnswer};

use crate::annotation::{AnnotationRule, NumberFormat};
use crate::block::{BlockRule, Phrases};
use crate::language::{Detection, LanguageTag};
use crate::machine::RepairRule;
use crate::quotation::AttributionRule;
use crate::rule::{RuleId, Verdict};
use crate::sentence::{Lexicon, PlainEnd, Rows, SentenceRule};
use crate::warning::WarningRule;

/// The last segment of a unit ends with its block (policy S2).
pub const BLOCK_END: RuleId = RuleId::new("layout.block-end");

/// The last segment of a unit that was cut at `block_bytes_max`.
pub const BLOCK_CUT: RuleId = RuleId::new("limit.block-cut");

/// The rules of one language.
#[derive(Debug)]
pub struct Tailoring {
    /// BCP-47 tag of the language; `und` for plain UAX #29.
    pub tag: &'static str,
    /// What the ids of the rows begin with whose examples are in this language. Rows that several
    /// languages share are shown in one of them.
    pub prefixes: &'static [&'static str],
    /// Grows whenever an answer on the corpus or the seeds changes.
    pub revision: u32,
    /// Rows of the sentence cascade by theme, in the order in which they are asked.
    pub cascade: &'static [&'static [SentenceRule]],
    /// What answers the plain end of a sentence.
    pub plain_end: Option<PlainEnd>,
    /// Rows of the block rules, in the order in which they are asked.
    pub blocks: &'static [BlockRule],
    /// Whether a byline or caption holds nothing but names (policy B4).
    pub names_only: fn(&str) -> bool,
    /// Phrases that the block rules ask for.
    pub phrases: &'static Phrases,
    /// Words that the sentence rules ask for.
    pub lexicon: &'static Lexicon,
    /// Rows that find typed stretches, in the order in which they are asked.
    pub annotations: &'static [&'static [AnnotationRule]],
    /// How figures are grouped.
    pub numbers: NumberFormat,
    /// Rows that say whose words a quotation holds, in the order in which they are asked.
    pub attributions: &'static [AttributionRule],
    /// Rows that repair text for machines, in the order in which they are asked.
    pub repairs: &'static [&'static [RepairRule]],
    /// Rows that find what may be wrong with a segment; each is asked.
    pub warnings: &'static [&'static [WarningRule]],
    /// The sentence rules as SRX says them.
    pub srx: &'static [SrxRow],
}

/// What SRX can say of a row, or of a part of it.
#[derive(Clone, Copy, Debug)]
pub struct SrxRow {
    /// Id of the row.
    pub rule: &'static str,
    /// `break="yes"` or `break="no"`.
    pub verdict: Verdict,
    /// Expression that ends at the position. `{title}` stands for the forms of that class in the
    /// lexicon, `{Title}` for the same with a capital.
    pub before: &'static str,
    /// Expression that begins there.
    pub after: &'static str,
}

impl Tailoring {
    /// Whether the examples of this row are in this language.
    pub fn shows(&self, id: RuleId) -> bool {
        self.prefixes.iter().any(|prefix| id.name().starts_with(prefix))
    }

    /// What sentence boundaries are decided by.
    pub fn rows(&self) -> Rows<'_> {
        Rows { cascade: self.cascade, lexicon: self.lexicon, plain_end: self.plain_end }
    }
}

/// The tailoring for documents in `tag`; plain UAX #29 where its language has none.
///
/// ```
/// use cesura::{language::LanguageTag, tailoring};
/// assert_eq!(tailoring::for_tag(&LanguageTag::ITALIAN).tag, "it");
/// assert_eq!(tailoring::for_tag(&LanguageTag::parse("de-AT").unwrap()).tag, "de");
/// assert_eq!(tailoring::for_tag(&LanguageTag::parse("zu").unwrap()).tag, "und");
/// ```
pub fn for_tag(tag: &LanguageTag) -> &'static Tailoring {
    ALL.iter().find(|one| one.tag == tag.primary()).copied().unwrap_or(&root::TAILORING)
}

/// The tailoring for text of this language. A guess does not choose the rules: text in Latin
/// letters, or without letters, is taken for Italian unless something else is reliable, for this
/// service reads Italian news and short text is often mistaken.
pub fn of(found: &Detection) -> &'static Tailoring {
    for_tag(&language_of(found))
}

/// The language whose rules text of this language is segmented by: that language, or Italian in
/// place of a guess.
pub fn language_of(found: &Detection) -> LanguageTag {
    let guessed = !found.reliable && matches!(found.script, "Latn" | "Zyyy");
    if guessed { LanguageTag::ITALIAN } else { found.tag.clone() }
}

/// What ends the last segment of a unit; no row decides these, but they are rules with a name.
pub const ENDS: &[(RuleId, &str, &[&str])] = &[
    (BLOCK_END, "The end of its block ends a sentence, full stop or not.", &["Il premier a Mosca"]),
    (BLOCK_CUT, "A block over its limit is cut; the next unit goes on with the text.", &["…"]),
];

/// Every tailoring, for listings.
pub const ALL: &[&Tailoring] = &[
    &italian::TAILORING,
    &english::TAILORING,
    &french::TAILORING,
    &german::TAILORING,
    &portuguese::TAILORING,
    &spanish::TAILORING,
    &root::TAILORING,
];
