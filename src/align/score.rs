//! What speaks for a bead: its kind, lengths, words and place, as logarithms of likelihood ratios.

use super::bead::{BEAD_KINDS, BeadKind, SEGMENTS_MAX};
use super::grid::Grid;
use super::guide::Places;
use super::length::Lengths;
use super::link::{LinkKind, Links, RELIABILITY_MAX};
use super::search::Step;
use super::words::Side;
use super::{Evidence, Interrupted, Reason};
use std::ops::Range;

/// Words of a sentence are not independent: what they say together counts less than its sum.
const WORDS_WEIGHT: f32 = 0.95;
/// The same for what is missing.
const MISSING_WEIGHT: f32 = 0.6;
/// No single word settles the matter.
const GAIN_MAX: f32 = 6.0;
/// No bead.
pub(super) const NEVER: f32 = f32::NEG_INFINITY;

/// The scores of the kinds of bead that end at one place, in the order of [`BEAD_KINDS`].
type KindScores = [f32; BEAD_KINDS.len()];

/// All that beads are judged by.
pub(super) struct Judge<'a> {
    pub(super) source: &'a Side,
    pub(super) target: &'a Side,
    pub(super) links: &'a Links,
    pub(super) lengths: Lengths,
    pub(super) places: &'a Places,
}

/// For every cell of a grid, the scores of the kinds of bead that end there.
pub(super) struct Scores {
    cells: Vec<KindScores>,
}

impl Scores {
    /// Fails when `go_on` says that nobody waits for the answer; it is asked once a row.
    pub(super) fn new(
        judge: &Judge<'_>,
        grid: &Grid,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Self, Interrupted> {
        let mut cells = vec![[NEVER; BEAD_KINDS.len()]; grid.cells_count()];
        let missing = Missing::new(judge);
        let mut profiles: [Profile; SEGMENTS_MAX] =
            std::array::from_fn(|_| Profile::new(judge.target.words.len()));
        let mut used = Used::new(judge.source.words.len());
        for i in 1..=judge.source.len() {
            if !go_on() {
                return Err(Interrupted);
            }
            for (count, profile) in (1..=i).zip(&mut profiles) {
                profile.fill(i - count..i, judge, &missing);
            }
            for j in grid.columns(i) {
                let cell = grid.cell(i, j).and_then(|cell| cells.get_mut(cell));
                for (score, kind) in cell.into_iter().flatten().zip(&BEAD_KINDS) {
                    if kind.source_count > i || kind.target_count > j {
                        continue;
                    }
                    let Some(profile) = profiles.get(kind.source_count - 1) else { continue };
                    let bead = (i - kind.source_count..i, j - kind.target_count..j);
                    *score = judge.frame(kind, &bead)
                        + profile.words(bead.1, judge.target, &missing, &mut used, |_, _| {});
                }
            }
        }
        Ok(Self { cells })
    }

    pub(super) fn at(&self, cell: usize) -> &KindScores {
        self.cells.get(cell).unwrap_or(&[NEVER; BEAD_KINDS.len()])
    }
}

impl Judge<'_> {
    /// What speaks for a bead beside its words: its kind, the lengths and where it stands.
    fn frame(&self, kind: &BeadKind, bead: &(Range<usize>, Range<usize>)) -> f32 {
        kind.prior + self.length(bead) + self.places.evidence(&bead.0, &bead.1)
    }

    fn length(&self, bead: &(Range<usize>, Range<usize>)) -> f32 {
        self.lengths.evidence(self.source.letters_of(&bead.0), self.target.letters_of(&bead.1))
    }

    /// Why each of these beads was chosen: what each kind of evidence adds to its score.
    pub(super) fn explain(&self, steps: &[Step]) -> Vec<Vec<Evidence>> {
        let missing = Missing::new(self);
        let mut profile = Profile::new(self.target.words.len());
        let mut used = Used::new(self.source.words.len());
        let mut explained = Vec::with_capacity(steps.len());
        for step in steps {
            let bead = (step.source.clone(), step.target.clone());
            let mut evidence = Vec::new();
            let mut add = |reason: Reason, weight: f32| match evidence
                .iter_mut()
                .find(|known: &&mut Evidence| known.reason == reason)
            {
                Some(known) => known.weight += weight,
                None => evidence.push(Evidence { reason, weight }),
            };
            if step.joins() {
                add(Reason::Length, self.length(&bead));
                profile.fill(bead.0.clone(), self, &missing);
                let mut found = 0.0;
                let words = profile.words(
                    bead.1.clone(),
                    self.target,
                    &missing,
                    &mut used,
                    |kind, weight| {
                        found += weight;
                        add(Reason::Words(kind), weight);
                    },
                );
                add(Reason::Missing, words - found);
                let places = self.places.evidence(&bead.0, &bead.1);
                if places != 0.0 {
                    add(Reason::Place, places);
                }
            }
            explained.push(evidence);
        }
        explained
    }
}

/// What it costs a bead when a word whose translation the other side knows has none in it.
struct Missing {
    source: Vec<f32>,
    target: Vec<f32>,
    target_segments: Vec<f32>,
}

impl Missing {
    fn new(judge: &Judge<'_>) -> Self {
        let Judge { source, target, links, .. } = judge;
        let cost =
            |expected: f32| MISSING_WEIGHT * 0.5 * (1.0 - expected.min(RELIABILITY_MAX)).ln();
        let of_source =
            (0..source.words.len()).map(|word| cost(links.source_expected(word as u32))).collect();
        let of_target: Vec<f32> =
            (0..target.words.len()).map(|word| cost(links.target_expected(word as u32))).collect();
        let target_segments = target
            .segments
            .iter()
            .map(|words| words.iter().map(|word| at(&of_target, *word)).sum())
            .collect();
        Self { source: of_source, target: of_target, target_segments }
    }
}

fn at(values: &[f32], index: u32) -> f32 {
    values.get(index as usize).copied().unwrap_or(0.0)
}

/// Source words that a bead has found the translation of; a new epoch forgets them.
struct Used {
    epochs: Vec<u32>,
    epoch: u32,
}

impl Used {
    fn new(words_count: usize) -> Self {
        Self { epochs: vec![0; words_count], epoch: 0 }
    }
}

/// What each word of the target side would tell, were it found beside some source segments.
struct Profile {
    slots: Vec<Slot>,
    epoch: u32,
    segments_count: f32,
    missing: f32,
}

#[derive(Clone, Copy)]
struct Slot {
    epoch: u32,
    owner: u32,
    kind: LinkKind,
    gain: f32,
    restored: f32,
}

impl Profile {
    fn new(words_count: usize) -> Self {
        let empty = Slot { epoch: 0, owner: 0, kind: LinkKind::Number, gain: 0.0, restored: 0.0 };
        Self { slots: vec![empty; words_count], epoch: 0, segments_count: 1.0, missing: 0.0 }
    }

    fn fill(&mut self, rows: Range<usize>, judge: &Judge<'_>, missing: &Missing) {
        let Judge { source, target, links, .. } = judge;
        self.epoch += 1;
        self.segments_count = rows.len() as f32;
        self.missing = 0.0;
        for word in rows.flat_map(|row| source.segment(row)) {
            let cost = at(&missing.source, *word);
            self.missing += cost;
            let chance = source.chance(*word);
            for link in links.of_source(*word) {
                let random = (chance * target.chance(link.target)).sqrt();
                let found = link.reliability + (1.0 - link.reliability) * random;
                let gain = (found / random).ln().min(GAIN_MAX);
                let Some(slot) = self.slots.get_mut(link.target as usize) else { continue };
                if slot.epoch != self.epoch || gain > slot.gain {
                    let restored = -cost - at(&missing.target, link.target);
                    *slot =
                        Slot { epoch: self.epoch, owner: *word, kind: link.kind, gain, restored };
                }
            }
        }
    }

    /// What the words of some target segments tell; `found` hears of each pair and its weight.
    fn words(
        &self,
        columns: Range<usize>,
        target: &Side,
        missing: &Missing,
        used: &mut Used,
        mut found: impl FnMut(LinkKind, f32),
    ) -> f32 {
        used.epoch += 1;
        let mut total = self.missing;
        // In two segments a word is found by chance twice as often.
        let chances = 0.5 * (self.segments_count * columns.len() as f32).ln();
        for column in columns {
            total += missing.target_segments.get(column).copied().unwrap_or(0.0);
            for word in target.segment(column) {
                let Some(slot) = self.slots.get(*word as usize) else { continue };
                if slot.epoch != self.epoch {
                    continue;
                }
                let Some(epoch) = used.epochs.get_mut(slot.owner as usize) else { continue };
                if *epoch != used.epoch {
                    *epoch = used.epoch;
                    let weight = WORDS_WEIGHT * (slot.gain - chances).max(0.0);
                    total += weight + slot.restored;
                    found(slot.kind, weight);
                }
            }
        }
        total
    }
}
