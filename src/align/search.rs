//! The best path through the grid, and how probable its parts are beside all other paths.

use super::Interrupted;
use super::bead::BEAD_KINDS;
use super::grid::Grid;
use super::score::{Judge, NEVER, Scores};
use std::ops::Range;

/// What it costs to leave segments unaligned: the first of a run, each further one, and to go on
/// with the other side.
struct Gap {
    open: f32,
    extend: f32,
    turn: f32,
}

/// A sentence left out or put in, here and there.
const NEAR: Gap = Gap { open: -4.5, extend: -1.7, turn: -2.0 };
/// A stretch that has no counterpart at all: page furniture, a passage cut, another text.
const FAR: Gap = Gap { open: -9.0, extend: -0.15, turn: -0.5 };
/// Scores are too sure of themselves: probabilities are taken of scores divided by this.
const TEMPERATURE: f32 = 2.0;

/// One step of a path: segments of either side joined, or one left alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) source: Range<usize>,
    pub(super) target: Range<usize>,
    pub(super) score: f32,
    /// 0 to 1.
    pub(super) probability: f32,
}

impl Step {
    pub(super) fn joins(&self) -> bool {
        !self.source.is_empty() && !self.target.is_empty()
    }
}

/// The best path. The probabilities of its steps are 0.
pub(super) fn search(
    judge: &Judge<'_>,
    grid: &Grid,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Step>, Interrupted> {
    let scores = Scores::new(judge, grid, go_on)?;
    best_path(grid, &scores, (judge.source.len(), judge.target.len()), go_on)
}

/// The best path, with the probability of each step.
pub(super) fn search_with_probabilities(
    judge: &Judge<'_>,
    grid: &Grid,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Step>, Interrupted> {
    let (n, m) = (judge.source.len(), judge.target.len());
    let scores = Scores::new(judge, grid, go_on)?;
    let mut steps = best_path(grid, &scores, (n, m), go_on)?;
    let sums = Sums::new(grid, &scores, (n, m), go_on)?;
    let (sources, targets) = sums.alone(grid, n, m);
    for step in &mut steps {
        step.probability = if step.source.is_empty() {
            targets.get(step.target.start).copied().unwrap_or(0.0)
        } else if step.target.is_empty() {
            sources.get(step.source.start).copied().unwrap_or(0.0)
        } else {
            sums.joined(grid, step)
        };
    }
    Ok(steps)
}

/// How a place was reached: by a bead, or by a segment alone, of either side and in either gap.
const JOINED: usize = 0;
const STATES: usize = 5;
/// The states of the two gaps, and the segments of source and target that a step in them leaves
/// alone.
const ALONE: [(usize, usize, usize); 4] = [(1, 1, 0), (2, 0, 1), (3, 1, 0), (4, 0, 1)];

/// What a step alone costs, by how the place before was reached (row) and the state (column).
#[rustfmt::skip]
const GAPS: [[f32; STATES]; STATES] = [
    [NEVER, NEAR.open,   NEAR.open,   FAR.open,   FAR.open],
    [NEVER, NEAR.extend, NEAR.turn,   NEVER,      NEVER],
    [NEVER, NEAR.turn,   NEAR.extend, NEVER,      NEVER],
    [NEVER, NEVER,       NEVER,       FAR.extend, FAR.turn],
    [NEVER, NEVER,       NEVER,       FAR.turn,   FAR.extend],
];

fn gap(from: usize, to: usize) -> f32 {
    GAPS.get(from).and_then(|row| row.get(to)).copied().unwrap_or(NEVER)
}

/// At the beginning, as after a bead.
const START: [f32; STATES] = [0.0, NEVER, NEVER, NEVER, NEVER];

/// Numbers given by their logarithms, summed.
#[derive(Clone, Copy)]
struct LogSum {
    highest: f32,
    /// The sum, by the highest.
    share: f32,
}

impl LogSum {
    const EMPTY: Self = Self { highest: NEVER, share: 0.0 };

    fn add(&mut self, log: f32) {
        if log == NEVER {
            return;
        }
        if log <= self.highest {
            self.share += (log - self.highest).exp();
        } else {
            self.share = self.share * (self.highest - log).exp() + 1.0;
            self.highest = log;
        }
    }

    fn log(self) -> f32 {
        if self.share > 0.0 { self.highest + self.share.ln() } else { NEVER }
    }

    fn of(logs: impl IntoIterator<Item = f32>) -> f32 {
        let mut sum = Self::EMPTY;
        logs.into_iter().for_each(|log| sum.add(log));
        sum.log()
    }
}

/// The steps of the best path, in order.
fn best_path(
    grid: &Grid,
    scores: &Scores,
    (n, m): (usize, usize),
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Step>, Interrupted> {
    let mut values = vec![[NEVER; STATES]; grid.cells_count()];
    // How each way of reaching a cell began: the kind of bead, or how the place before was reached.
    let mut moves = vec![[u8::MAX; STATES]; grid.cells_count()];
    for i in 0..=n {
        if !go_on() {
            return Err(Interrupted);
        }
        for j in grid.columns(i) {
            let Some(cell) = grid.cell(i, j) else { continue };
            if (i, j) == (0, 0) {
                set(&mut values, cell, START);
                continue;
            }
            let mut value = [NEVER; STATES];
            let mut came = [u8::MAX; STATES];
            for (index, (kind, score)) in BEAD_KINDS.iter().zip(scores.at(cell)).enumerate() {
                if *score == NEVER {
                    continue;
                }
                let before = grid.cell(i - kind.source_count, j - kind.target_count);
                let total = score + before.map_or(NEVER, |before| highest(&values, before).0);
                if total > value[JOINED] {
                    value[JOINED] = total;
                    came[JOINED] = index as u8;
                }
            }
            for (state, before) in alone(grid, i, j) {
                for (from, reached) in get(&values, before).into_iter().enumerate() {
                    let total = reached + gap(from, state);
                    if let (Some(best), Some(how)) = (value.get_mut(state), came.get_mut(state))
                        && total > *best
                    {
                        (*best, *how) = (total, from as u8);
                    }
                }
            }
            set(&mut values, cell, value);
            set(&mut moves, cell, came);
        }
    }
    Ok(trace(grid, scores, &values, &moves, n, m))
}

/// The cells before, from which one segment is left alone, by the state that this leads to.
fn alone(grid: &Grid, i: usize, j: usize) -> impl Iterator<Item = (usize, usize)> {
    ALONE.into_iter().filter_map(move |(state, sources, targets)| {
        let before = (i.checked_sub(sources)?, j.checked_sub(targets)?);
        Some((state, grid.cell(before.0, before.1)?))
    })
}

fn get<T: Copy + Default>(values: &[[T; STATES]], cell: usize) -> [T; STATES] {
    values.get(cell).copied().unwrap_or_default()
}

fn set<T>(values: &mut [T], cell: usize, value: T) {
    if let Some(slot) = values.get_mut(cell) {
        *slot = value;
    }
}

fn highest(values: &[[f32; STATES]], cell: usize) -> (f32, usize) {
    let mut best = (NEVER, JOINED);
    for (state, value) in get(values, cell).into_iter().enumerate() {
        if value > best.0 {
            best = (value, state);
        }
    }
    best
}

fn trace(
    grid: &Grid,
    scores: &Scores,
    values: &[[f32; STATES]],
    moves: &[[u8; STATES]],
    n: usize,
    m: usize,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut i, mut j) = (n, m);
    let mut state = grid.cell(n, m).map_or(JOINED, |cell| highest(values, cell).1);
    while (i, j) != (0, 0) {
        let Some(cell) = grid.cell(i, j) else { break };
        let how = get(moves, cell).get(state).copied().unwrap_or(u8::MAX) as usize;
        let (back_i, back_j, score) = match state {
            JOINED => {
                let Some(kind) = BEAD_KINDS.get(how) else { break };
                let score = scores.at(cell).get(how).copied().unwrap_or(NEVER);
                (i - kind.source_count, j - kind.target_count, score)
            }
            _ => {
                let Some((_, sources, targets)) = ALONE.get(state - 1) else { break };
                (i - sources, j - targets, gap(how, state))
            }
        };
        steps.push(Step { source: back_i..i, target: back_j..j, score, probability: 0.0 });
        state = match state {
            JOINED => grid.cell(back_i, back_j).map_or(JOINED, |before| highest(values, before).1),
            _ => how,
        };
        (i, j) = (back_i, back_j);
    }
    steps.reverse();
    steps
}

/// Sums over all paths: to each cell, and from it, by how it is reached.
struct Sums {
    to: Vec<[f32; STATES]>,
    /// The same over all states.
    to_any: Vec<f32>,
    from: Vec<[f32; STATES]>,
    total: f32,
}

impl Sums {
    fn new(
        grid: &Grid,
        scores: &Scores,
        (n, m): (usize, usize),
        go_on: &dyn Fn() -> bool,
    ) -> Result<Self, Interrupted> {
        let mut to = vec![[NEVER; STATES]; grid.cells_count()];
        let mut to_any = vec![NEVER; grid.cells_count()];
        for i in 0..=n {
            if !go_on() {
                return Err(Interrupted);
            }
            for j in grid.columns(i) {
                let Some(cell) = grid.cell(i, j) else { continue };
                let mut value = if (i, j) == (0, 0) { START } else { [NEVER; STATES] };
                let joined = BEAD_KINDS.iter().zip(scores.at(cell)).filter_map(|(kind, score)| {
                    let i = i.checked_sub(kind.source_count)?;
                    let before = grid.cell(i, j.checked_sub(kind.target_count)?)?;
                    Some(to_any.get(before)? + score / TEMPERATURE)
                });
                let joined = LogSum::of(joined);
                if joined > NEVER {
                    value[JOINED] = joined;
                }
                for (state, before) in alone(grid, i, j) {
                    if let Some(slot) = value.get_mut(state) {
                        *slot = reached(&to, before, state);
                    }
                }
                set(&mut to_any, cell, LogSum::of(value));
                set(&mut to, cell, value);
            }
        }
        let from = Self::backwards(grid, scores, (n, m), go_on)?;
        let total = grid.cell(n, m).and_then(|cell| to_any.get(cell)).copied().unwrap_or(NEVER);
        Ok(Self { to, to_any, from, total })
    }

    /// From each cell, reached in each way, to the end.
    fn backwards(
        grid: &Grid,
        scores: &Scores,
        (n, m): (usize, usize),
        go_on: &dyn Fn() -> bool,
    ) -> Result<Vec<[f32; STATES]>, Interrupted> {
        let mut from = vec![[NEVER; STATES]; grid.cells_count()];
        for i in (0..=n).rev() {
            if !go_on() {
                return Err(Interrupted);
            }
            for j in grid.columns(i).rev() {
                let Some(cell) = grid.cell(i, j) else { continue };
                if (i, j) == (n, m) {
                    set(&mut from, cell, [0.0; STATES]);
                    continue;
                }
                let joined = BEAD_KINDS.iter().enumerate().filter_map(|(index, kind)| {
                    let after = grid.cell(i + kind.source_count, j + kind.target_count)?;
                    let [rest, ..] = get(&from, after);
                    Some(rest + scores.at(after).get(index)? / TEMPERATURE)
                });
                let joined = LogSum::of(joined);
                let after = ALONE.map(|(state, sources, targets)| {
                    let after = grid.cell(i + sources, j + targets);
                    let rest = after.and_then(|after| get(&from, after).get(state).copied());
                    (state, rest.unwrap_or(NEVER))
                });
                let value = std::array::from_fn(|state| {
                    let alone = after.iter().map(|(to, rest)| rest + gap(state, *to) / TEMPERATURE);
                    LogSum::of(alone.chain([joined]))
                });
                set(&mut from, cell, value);
            }
        }
        Ok(from)
    }

    /// How probable it is that these segments are one bead.
    fn joined(&self, grid: &Grid, step: &Step) -> f32 {
        let before = grid.cell(step.source.start, step.target.start);
        let after = grid.cell(step.source.end, step.target.end);
        let (Some(before), Some(after)) = (before, after) else { return 0.0 };
        let [rest, ..] = get(&self.from, after);
        let all = self.to_any.get(before).copied().unwrap_or(NEVER);
        (all + step.score / TEMPERATURE + rest - self.total).exp().min(1.0)
    }

    /// How probable it is that each segment of either side is alone.
    fn alone(&self, grid: &Grid, n: usize, m: usize) -> (Vec<f32>, Vec<f32>) {
        let (mut sources, mut targets) = (vec![0.0_f32; n], vec![0.0_f32; m]);
        for i in 0..=n {
            for j in grid.columns(i) {
                let Some(cell) = grid.cell(i, j) else { continue };
                let rest = get(&self.from, cell);
                for (state, before) in alone(grid, i, j) {
                    let rest = rest.get(state).copied().unwrap_or(NEVER);
                    let probability = (reached(&self.to, before, state) + rest - self.total).exp();
                    let of_source = ALONE.iter().any(|row| row.0 == state && row.1 == 1);
                    let slot = if of_source {
                        i.checked_sub(1).and_then(|i| sources.get_mut(i))
                    } else {
                        j.checked_sub(1).and_then(|j| targets.get_mut(j))
                    };
                    if let Some(slot) = slot {
                        *slot = (*slot + probability).min(1.0);
                    }
                }
            }
        }
        (sources, targets)
    }
}

/// The sum over all ways to a cell, gone on with one segment alone.
fn reached(to: &[[f32; STATES]], before: usize, state: usize) -> f32 {
    let ways = get(to, before).into_iter().enumerate();
    LogSum::of(ways.map(|(from, value)| value + gap(from, state) / TEMPERATURE))
}
