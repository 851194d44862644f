//! What a first alignment teaches about the words of this very pair of texts.

use super::link::{Link, LinkKind, Links, RELIABILITY_MAX};
use super::search::Step;
use super::words::Side;
use std::collections::HashMap;
use std::ops::Range;

/// Beads that are learnt from at most, evenly taken: more teach little.
const BEADS_MAX: usize = 20_000;
/// A bead is learnt from if it scores at least this.
const SCORE_MIN: f32 = 2.0;
/// What was believed of a link before counts as much as this many occurrences.
const PRIOR_COUNT: f32 = 4.5;
/// How much more two words must occur together than by chance: twice a logarithm of likelihoods
/// (Dunning 1993), about one in a thousand.
const ASSOCIATION_MIN: f32 = 11.0;
/// Words in more than this share of the segments are in too many beads to learn from.
const SHARE_MAX: f32 = 0.3;

/// Beads that teach, as ranges of segments.
struct Lessons {
    beads: Vec<Step>,
}

/// The links with the reliability that the beads show, and new ones.
pub(super) fn learn(source: &Side, target: &Side, links: &Links, steps: &[Step]) -> Links {
    let lessons = Lessons::new(steps);
    let (ours, theirs) = lessons.counts(source, target);
    let mut together: HashMap<(u32, u32), u32> = HashMap::new();
    let mut pairs: Vec<u64> = Vec::new();
    for bead in &lessons.beads {
        let sources = words(source, bead.source.clone());
        let targets = words(target, bead.target.clone());
        let mut explained_source = vec![false; sources.len()];
        let mut explained_target = vec![false; targets.len()];
        for (word, explained) in sources.iter().zip(&mut explained_source) {
            for link in links.of_source(*word) {
                if let Ok(at) = targets.binary_search(&link.target) {
                    *together.entry((*word, link.target)).or_default() += 1;
                    if link.reliability >= 0.5 && link.kind != LinkKind::Mark {
                        *explained = true;
                        if let Some(other) = explained_target.get_mut(at) {
                            *other = true;
                        }
                    }
                }
            }
        }
        let free = |words: &[u32], explained: &[bool], counts: &[u32]| -> Vec<u32> {
            let most = (SHARE_MAX * lessons.beads.len() as f32) as u32;
            words
                .iter()
                .zip(explained)
                .filter(|(word, explained)| {
                    let count = counts.get(**word as usize).copied().unwrap_or(0);
                    !**explained && count >= 2 && count <= most
                })
                .map(|(word, _)| *word)
                .collect()
        };
        let targets = free(&targets, &explained_target, &theirs);
        for one in free(&sources, &explained_source, &ours) {
            pairs.extend(targets.iter().map(|other| u64::from(one) << 32 | u64::from(*other)));
        }
    }
    let mut found = Vec::new();
    for (word, link) in links.iter() {
        let seen = together.get(&(word, link.target)).copied().unwrap_or(0) as f32;
        let count = |counts: &[u32], word: u32| counts.get(word as usize).copied().unwrap_or(0);
        let chances = count(&ours, word).min(count(&theirs, link.target)) as f32;
        // The bead that is to be judged must not speak for itself: one occurrence is taken off.
        let shown = (seen - 1.0).max(0.0) + PRIOR_COUNT * link.reliability;
        let reliability = shown / ((chances - 1.0).max(0.0) + PRIOR_COUNT);
        found.push((word, Link { reliability: reliability.min(RELIABILITY_MAX), ..link }));
    }
    associations(pairs, &ours, &theirs, lessons.beads.len() as f32, &mut found);
    Links::of(source, target, found)
}

/// Words that are found together more often than by chance.
fn associations(
    mut pairs: Vec<u64>,
    ours: &[u32],
    theirs: &[u32],
    beads: f32,
    found: &mut Vec<(u32, Link)>,
) {
    pairs.sort_unstable();
    for run in pairs.chunk_by(|one, other| one == other) {
        let (together, Some(pair)) = (run.len() as f32, run.first()) else { continue };
        if together < 2.0 {
            continue;
        }
        let (one, other) = ((pair >> 32) as u32, *pair as u32);
        let count =
            |counts: &[u32], word: u32| counts.get(word as usize).copied().unwrap_or(1) as f32;
        let (a, b) = (count(ours, one), count(theirs, other));
        if together * beads <= a * b || association(together, a, b, beads) < ASSOCIATION_MIN {
            continue;
        }
        let reliability = (together - 1.0) / a.max(b).max(2.0);
        let link = Link { target: other, kind: LinkKind::Learnt, reliability };
        found.push((one, link));
    }
}

/// Dunning's log-likelihood ratio, doubled, of two words in `together` of `all` beads, the one in
/// `a` of them and the other in `b`.
fn association(together: f32, a: f32, b: f32, all: f32) -> f32 {
    let term = |count: f32, expected: f32| {
        if count > 0.0 && expected > 0.0 { count * (count / expected).ln() } else { 0.0 }
    };
    2.0 * (term(together, a * b / all)
        + term(a - together, a * (all - b) / all)
        + term(b - together, (all - a) * b / all)
        + term(all - a - b + together, (all - a) * (all - b) / all))
}

impl Lessons {
    fn new(steps: &[Step]) -> Self {
        let sure = |step: &&Step| step.joins() && step.score >= SCORE_MIN;
        let count = steps.iter().filter(sure).count();
        let every = count.div_ceil(BEADS_MAX).max(1);
        Self { beads: steps.iter().filter(sure).step_by(every).cloned().collect() }
    }

    /// For each word of either side, the beads that hold it.
    fn counts(&self, source: &Side, target: &Side) -> (Vec<u32>, Vec<u32>) {
        let mut ours = vec![0; source.words.len()];
        let mut theirs = vec![0; target.words.len()];
        for bead in &self.beads {
            for (side, counts, range) in [
                (source, &mut ours, bead.source.clone()),
                (target, &mut theirs, bead.target.clone()),
            ] {
                for word in words(side, range) {
                    if let Some(count) = counts.get_mut(word as usize) {
                        *count += 1;
                    }
                }
            }
        }
        (ours, theirs)
    }
}

/// The words of some segments, each once, in ascending order.
fn words(side: &Side, range: Range<usize>) -> Vec<u32> {
    let mut words: Vec<u32> = range.flat_map(|at| side.segment(at).iter().copied()).collect();
    words.sort_unstable();
    words.dedup();
    words
}
