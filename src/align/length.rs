//! Length statistics: how probable it is that two stretches of these lengths are translations.
//!
//! After Gale & Church 1993, with the logarithm of the ratio in place of the difference, so that
//! the measure is the same when the sides are swapped.

use super::search::Step;
use super::words::Side;

/// Variance of the difference for a letter. Gale & Church 1993, section 3, found 6.8 for parliament
/// and law; with a floor under the evidence a little less serves better.
const VARIANCE_PER_LETTER: f32 = 5.3;
/// What the ratio varies in any case, however long the texts.
const VARIANCE_MIN: f32 = 0.009;
/// Neither an odd ratio nor a perfect one settles the matter alone.
const EVIDENCE_MIN: f32 = -2.75;

/// How the lengths of two texts are distributed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    /// Natural logarithm of target by source, for translations.
    ratio_log: f32,
    /// Mean and variance of that logarithm for segments taken at random.
    random: (f32, f32),
}

impl Lengths {
    /// From all lengths of the two sides, and the ratio that translations have.
    pub(super) fn new(source: &[f32], target: &[f32], ratio_log: f32) -> Self {
        let (source_mean, source_variance) = moments(source);
        let (target_mean, target_variance) = moments(target);
        let variance = (source_variance + target_variance).max(0.1);
        Self { ratio_log, random: (target_mean - source_mean, variance) }
    }

    /// Logarithm of how much more probable the lengths are for a translation than by chance.
    pub(super) fn evidence(&self, source: f32, target: f32) -> f32 {
        let log = (target / source).ln();
        let letters = (source + target) / 2.0;
        let variance = VARIANCE_PER_LETTER / letters + VARIANCE_MIN;
        let aligned = normal(log - self.ratio_log, variance);
        let random = normal(log - self.random.0, self.random.1);
        (aligned - random).max(EVIDENCE_MIN)
    }
}

/// The ratio that most of these beads have: the median of its logarithms.
pub(super) fn ratio_log(source: &Side, target: &Side, steps: &[Step]) -> f32 {
    let mut ratios: Vec<f32> = steps
        .iter()
        .filter(|step| step.joins() && step.score > 0.0)
        .map(|step| (target.letters_of(&step.target) / source.letters_of(&step.source)).ln())
        .collect();
    ratios.sort_unstable_by(f32::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(0.0)
}

/// Logarithm of the normal density, without the constant.
fn normal(distance: f32, variance: f32) -> f32 {
    -0.5 * (distance * distance / variance + variance.ln())
}

/// Mean and variance of the logarithms.
fn moments(lengths: &[f32]) -> (f32, f32) {
    let count = lengths.len().max(1) as f32;
    let mean = lengths.iter().map(|length| length.ln()).sum::<f32>() / count;
    let variance = lengths.iter().map(|length| (length.ln() - mean).powi(2)).sum::<f32>() / count;
    (mean, variance)
}
