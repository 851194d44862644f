//! Bitext: which segments of a translation say what which segments of its source say.
//!
//! No translation engine and no vectors: what speaks for a *bead* (segments of the one side that
//! translate segments of the other) is its kind, the lengths of the two texts (Gale & Church 1993),
//! and words that are linked: the same numbers, names and marks, cognates, a small dictionary, and
//! words that a first alignment has shown to occur together (as hunalign does; Varga et al. 2005).
//! All are logarithms of likelihood ratios against chance, so they add up, and nothing at all
//! scores 0.
//!
//! Segments without a counterpart lie in one of two kinds of gap: near ones, dear to open, for a
//! sentence left out; far ones, dearer to open and cheap to go on, for page furniture, passages
//! that were cut, and texts that are no translations of each other at all.
//!
//! The path of the best total is found in a corridor along rare words, so that time and memory grow
//! with the length of the texts and not with its square. Confidences are the probabilities of the
//! beads over all paths in that corridor.

mod bead;
mod cognate;
mod dictionary;
mod grid;
mod guide;
mod learn;
mod length;
mod link;
mod score;
mod search;
mod words;

pub use link::LinkKind;

use crate::document::BlockKind;
use dictionary::Dictionary;
use grid::Grid;
use guide::Places;
use length::Lengths;
use link::Links;
use score::Judge;
use search::{Step, search, search_with_probabilities};
use std::ops::Range;
use words::Side;

/// Texts of which a smaller share is translated are no translations of each other, and what beads
/// they have are chance. `cargo test stay_apart -- --nocapture` prints the share of texts that
/// belong together and of texts that do not.
const PARALLEL_SHARE_MIN: f32 = 0.06;

/// One side of a pair: segments in the order of the text, and the language that they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// BCP-47 tag. Of a language without rules for endings and without dictionary, words are
    /// compared as they are.
    pub language: &'a str,
    /// The segments.
    pub segments: Vec<Passage<'a>>,
}

/// One segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage<'a> {
    /// What it says.
    pub text: &'a str,
    /// Where on its page it stands, if that is known.
    pub place: Option<Place>,
}

/// Where on its page a segment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of its block: different in different blocks.
    pub block: u32,
    /// What the block is.
    pub kind: BlockKind,
    /// Whether the block is to be translated.
    pub translatable: bool,
}

/// A pair of texts, aligned.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// In the order of both texts: every segment of either side is in exactly one.
    pub beads: Vec<Bead>,
    /// How much of the shorter side, by letters, has a counterpart on the other: 0 to 1, each bead
    /// counted as far as it is probable.
    pub parallel_share: f32,
}

impl Alignment {
    /// Whether the texts are translations of each other, in parts at least.
    pub fn is_parallel(&self) -> bool {
        self.parallel_share >= PARALLEL_SHARE_MIN
    }
}

/// Segments of one side that translate segments of the other. One side may be empty: then the
/// other is a single segment without counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct Bead {
    /// Indexes of segments, from 0, half-open.
    pub source: Range<usize>,
    /// The same.
    pub target: Range<usize>,
    /// Natural logarithm of how much more probable it is that these are translations than that they
    /// meet by chance; 0 where a side is empty.
    pub score: f32,
    /// How probable it is that the bead is right as it stands, 0 to 1.
    pub confidence: f32,
    /// What speaks for it and against it; the weights and the commonness of the kind of bead add up
    /// to the score.
    pub evidence: Vec<Evidence>,
}

/// One thing that speaks for a bead, or against it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// What it is.
    pub reason: Reason,
    /// Natural logarithm of a likelihood ratio: above 0 it speaks for the bead.
    pub weight: f32,
}

/// What may speak for a bead, or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The lengths of the two texts.
    Length,
    /// Words that are linked, by kind of link.
    Words(LinkKind),
    /// Words whose counterparts are known, and are not there.
    Missing,
    /// Where the segments stand on their pages.
    Place,
}

/// Nobody waits for the answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("interrupted: nobody waits for the answer")
    }
}

impl std::error::Error for Interrupted {}

/// Aligns two texts.
///
/// `pairs` are words of the source language with words of the target language that may translate
/// them, beside those of our own dictionary. `go_on` is asked at every row of the search whether
/// anybody waits for the answer.
///
/// Swapping source and target swaps the sides of the beads and changes nothing else. The same texts
/// always get the same answer.
///
/// # Errors
///
/// [`Interrupted`] when `go_on` said no.
///
/// ```
/// use cesura::align::{Passage, Text, align};
/// let text = |language, segments: [&'static str; 2]| Text {
///     language,
///     segments: segments.map(|text| Passage { text, place: None }).to_vec(),
/// };
/// let source = text("it", ["Il premier è a Mosca.", "Restano 3 nodi."]);
/// let target = text("en", ["The premier is in Moscow.", "There are 3 open questions."]);
/// let alignment = align(&source, &target, &[], &|| true).unwrap();
/// assert_eq!(alignment.beads.len(), 2);
/// assert_eq!(alignment.beads[0].target, 0..1);
/// ```
pub fn align(
    source: &Text<'_>,
    target: &Text<'_>,
    pairs: &[(String, String)],
    go_on: &dyn Fn() -> bool,
) -> Result<Alignment, Interrupted> {
    // Floating-point sums depend on their order: one order for both directions gives both the same.
    let order = (source.segments.len(), source.language)
        .cmp(&(target.segments.len(), target.language))
        .then_with(|| source.texts().cmp(target.texts()));
    if order.is_le() {
        return align_in_order(source, target, pairs, go_on);
    }
    let mirrored: Vec<(String, String)> =
        pairs.iter().map(|(one, other)| (other.clone(), one.clone())).collect();
    let mut alignment = align_in_order(target, source, &mirrored, go_on)?;
    for bead in &mut alignment.beads {
        std::mem::swap(&mut bead.source, &mut bead.target);
    }
    Ok(alignment)
}

/// Pairs of places that the first round of the search would look at: what time and memory are
/// proportional to. For tests and benches.
#[doc(hidden)]
pub fn cells_count(source: &Text<'_>, target: &Text<'_>) -> usize {
    let dictionary = Dictionary::new(source.language, target.language, &[]);
    let source = Side::new(source.texts(), source.language);
    let target = Side::new(target.texts(), target.language);
    let links = Links::new(&source, &target, &dictionary);
    Grid::new(&source, &target, &links).cells_count()
}

impl<'a> Text<'a> {
    fn texts(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.segments.iter().map(|passage| passage.text)
    }

    fn places(&self) -> Vec<Option<Place>> {
        self.segments.iter().map(|passage| passage.place).collect()
    }
}

fn align_in_order(
    source: &Text<'_>,
    target: &Text<'_>,
    pairs: &[(String, String)],
    go_on: &dyn Fn() -> bool,
) -> Result<Alignment, Interrupted> {
    let dictionary = Dictionary::new(source.language, target.language, pairs);
    let places = Places { source: source.places(), target: target.places() };
    let source = &Side::new(source.texts(), source.language);
    let target = &Side::new(target.texts(), target.language);
    let known = Links::new(source, target, &dictionary);
    let grid = Grid::new(source, target, &known);
    let lengths = Lengths::new(&source.letters, &target.letters, 0.0);
    let judge = Judge { source, target, links: &known, lengths, places: &places };
    let first = search(&judge, &grid, go_on)?;

    let learnt = learn::learn(source, target, &known, &first);
    let grid = grid.beside(&first, source.len(), target.len());
    let ratio_log = length::ratio_log(source, target, &first);
    let lengths = Lengths::new(&source.letters, &target.letters, ratio_log);
    let judge = Judge { source, target, links: &learnt, lengths, places: &places };
    let steps = search_with_probabilities(&judge, &grid, go_on)?;
    Ok(finished(&judge, steps))
}

/// Every segment alone: those of the source, then those of the target.
fn parted(n: usize, m: usize, probability: f32) -> Vec<Step> {
    let alone = |source, target| Step { source, target, score: 0.0, probability };
    let sources = (0..n).map(|i| alone(i..i + 1, 0..0));
    sources.chain((0..m).map(|j| alone(n..n, j..j + 1))).collect()
}

fn finished(judge: &Judge<'_>, steps: Vec<Step>) -> Alignment {
    let all = |side: &Side| side.letters_of(&(0..side.len())).max(1.0);
    let (mut ours, mut theirs) = (0.0, 0.0);
    for step in steps.iter().filter(|step| step.joins()) {
        ours += step.probability * judge.source.letters_of(&step.source);
        theirs += step.probability * judge.target.letters_of(&step.target);
    }
    let parallel_share = (ours / all(judge.source)).max(theirs / all(judge.target)).min(1.0);
    let steps = if parallel_share < PARALLEL_SHARE_MIN {
        parted(judge.source.len(), judge.target.len(), 1.0 - parallel_share)
    } else {
        steps
    };
    let evidence = judge.explain(&steps);
    let beads = steps
        .into_iter()
        .zip(evidence)
        .map(|(step, evidence)| Bead {
            score: if step.joins() { step.score } else { 0.0 },
            source: step.source,
            target: step.target,
            confidence: step.probability,
            evidence,
        })
        .collect();
    Alignment { beads, parallel_share }
}
