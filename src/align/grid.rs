//! Where the search looks: for each number of source segments, an interval of target segments.

use super::link::Links;
use super::search::Step;
use super::words::Side;
use std::ops::{Range, RangeInclusive};

/// Pairs of texts up to this many cells are searched whole.
const CELLS_WHOLE_MAX: usize = 90_000;
/// Cells of a corridor, about: what memory and time are bounded by.
const CELLS_MAX: usize = 6_000_000;
/// The shorter side of a rectangle between anchors that is searched whole, in segments. What it may
/// be follows from [`CELLS_MAX`]; a larger rectangle is searched along its diagonal only.
const RECTANGLE: RangeInclusive<usize> = 12..=500;
/// Half the width of the band along such a diagonal, in segments.
const BAND: RangeInclusive<usize> = 12..=100;
/// Cells beside an anchor that are looked at in any case.
const ANCHOR_MARGIN: usize = 8;
/// Cells beside the path of the first round that the second looks at.
const PATH_MARGIN: usize = 5;
/// Anchors in a row that span one rectangle: a false one among them cuts nothing off.
const ANCHORS_SPANNED: usize = 3;
/// Segments that hold a rare word at most: it is an anchor wherever its counterpart stands.
const RARE_MAX: usize = 3;
/// Segments that hold an uncommon word at most: it is an anchor near where it is expected.
const UNCOMMON_MAX: usize = 400;
/// What a word must tell to be an anchor: natural logarithm of how rare it is.
const RARITY_MIN: f32 = 3.0;
/// What a pair of segments must gather to be an anchor.
const WEIGHT_MIN: f32 = 4.5;

/// For each row, the columns from `first` to `last`, both inclusive; neither ever decreases.
#[derive(Debug)]
pub(super) struct Grid {
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    first: u32,
    last: u32,
    /// Cells in the rows before.
    offset: usize,
}

impl Grid {
    /// Every pair of places, or a corridor along what rare words show.
    pub(super) fn new(source: &Side, target: &Side, links: &Links) -> Self {
        let (n, m) = (source.len(), target.len());
        if n * m <= CELLS_WHOLE_MAX {
            return Self::of(vec![(0, m); n + 1], m);
        }
        // Rare words first: they show where the others are to be expected.
        let places = (Places::new(source), Places::new(target));
        let mut points = vec![(0, 0), (n, m)];
        for rare in [true, false] {
            let found = anchors(source, target, links, &places, |here, there| match rare {
                true if here.len().max(there.len()) > RARE_MAX => Vec::new(),
                true => product(here, there),
                false => nearest(here, there, &points),
            });
            let between = chain(&found, m).into_iter().filter(|point| *point < (n, m));
            points = std::iter::once((0, 0)).chain(between).chain([(n, m)]).collect();
        }
        Self::along(&points, n, m)
    }

    /// A corridor beside a path, or the same grid where it is small.
    pub(super) fn beside(self, steps: &[Step], n: usize, m: usize) -> Self {
        if n * m <= CELLS_WHOLE_MAX {
            return self;
        }
        let mut rows = vec![(usize::MAX, 0); n + 1];
        for step in steps {
            let from = (step.source.start, step.target.start);
            widen(&mut rows, from, (step.source.end, step.target.end), PATH_MARGIN);
        }
        Self::of(rows, m)
    }

    fn along(points: &[(usize, usize)], n: usize, m: usize) -> Self {
        let mut rows = vec![(usize::MAX, 0); n + 1];
        let within =
            |range: RangeInclusive<usize>, size: usize| size.clamp(*range.start(), *range.end());
        // Every row is in as many rectangles as anchors are spanned.
        let shorter_max = within(RECTANGLE, CELLS_MAX / (n + m) / ANCHORS_SPANNED);
        let band = within(BAND, CELLS_MAX / (n + m) / 2);
        let fits = |from: &(usize, usize), to: &(usize, usize)| {
            (to.0 - from.0).min(to.1 - from.1) <= shorter_max
        };
        for (at, from) in points.iter().enumerate() {
            let last = (at + ANCHORS_SPANNED).min(points.len() - 1);
            let (Some(next), Some(to)) = (points.get(at + 1), points.get(last)) else { continue };
            if fits(from, to) {
                widen(&mut rows, *from, *to, ANCHOR_MARGIN);
            } else if fits(from, next) {
                widen(&mut rows, *from, *next, ANCHOR_MARGIN);
            } else {
                diagonal(&mut rows, *from, *next, band);
            }
        }
        Self::of(rows, m)
    }

    /// Rows made to grow, and to touch.
    fn of(mut rows: Vec<(usize, usize)>, m: usize) -> Self {
        let mut least = m;
        for (first, _) in rows.iter_mut().rev() {
            least = least.min(*first);
            *first = least;
        }
        let mut most = 0;
        let mut offset = 0;
        let end = rows.len().saturating_sub(1);
        let mut out = Vec::with_capacity(rows.len());
        for (at, (first, last)) in rows.into_iter().enumerate() {
            let first = if at == 0 { 0 } else { first.min(most) };
            most = if at == end { m } else { last.max(most).min(m) };
            out.push(Row { first: first as u32, last: most as u32, offset });
            offset += most - first + 1;
        }
        Self { rows: out }
    }

    pub(super) fn cells_count(&self) -> usize {
        self.rows.last().map_or(0, |row| row.offset + (row.last - row.first) as usize + 1)
    }

    pub(super) fn columns(&self, i: usize) -> Range<usize> {
        self.rows.get(i).map_or(0..0, |row| row.first as usize..row.last as usize + 1)
    }

    /// The number of a cell, if the search looks there.
    pub(super) fn cell(&self, i: usize, j: usize) -> Option<usize> {
        let row = self.rows.get(i)?;
        let (first, last) = (row.first as usize, row.last as usize);
        (first..=last).contains(&j).then(|| row.offset + j - first)
    }
}

/// The rectangle between two places, with its margin.
fn widen(rows: &mut [(usize, usize)], from: (usize, usize), to: (usize, usize), margin: usize) {
    let end = (to.0 + margin + 1).min(rows.len());
    let (low, high) = (from.1.saturating_sub(margin), to.1 + margin);
    for (first, last) in rows.iter_mut().take(end).skip(from.0.saturating_sub(margin)) {
        *first = (*first).min(low);
        *last = (*last).max(high);
    }
}

/// A band along the diagonal between two places, half as wide as `band`.
fn diagonal(rows: &mut [(usize, usize)], from: (usize, usize), to: (usize, usize), band: usize) {
    let height = (to.0 - from.0).max(1);
    let step = (to.1 - from.1) / height + 1;
    let end = (to.0 + 1).min(rows.len());
    for (at, (first, last)) in rows.iter_mut().take(end).skip(from.0).enumerate() {
        let middle = from.1 + at * (to.1 - from.1) / height;
        *first = (*first).min(middle.saturating_sub(band + step));
        *last = (*last).max(middle + band + step);
    }
}

/// Pairs of segments that share words, with what these tell together. `pairs` says which of the
/// places of a word and of its counterpart may belong together.
fn anchors(
    source: &Side,
    target: &Side,
    links: &Links,
    places: &(Places, Places),
    pairs: impl Fn(&[u32], &[u32]) -> Vec<(u32, u32)>,
) -> Vec<(u32, u32, f32)> {
    let mut found = Vec::new();
    for (word, link) in links.iter() {
        let rarity = -0.5 * (source.chance(word) * target.chance(link.target)).ln();
        if rarity >= RARITY_MIN {
            let (here, there) = (places.0.of(word), places.1.of(link.target));
            let weight = rarity * link.reliability;
            found.extend(pairs(here, there).into_iter().map(|(i, j)| (i, j, weight)));
        }
    }
    found.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    let mut summed: Vec<(u32, u32, f32)> = Vec::new();
    for (i, j, weight) in found {
        match summed.last_mut() {
            Some(last) if (last.0, last.1) == (i, j) => last.2 += weight,
            _ => summed.push((i, j, weight)),
        }
    }
    summed.retain(|(_, _, weight)| *weight >= WEIGHT_MIN);
    summed
}

/// Every place of a word with every place of its counterpart.
fn product(here: &[u32], there: &[u32]) -> Vec<(u32, u32)> {
    here.iter().flat_map(|i| there.iter().map(move |j| (*i, *j))).collect()
}

/// Every place of a word with the places of its counterpart before and behind where it is expected.
fn nearest(here: &[u32], there: &[u32], points: &[(usize, usize)]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for i in here {
        let after = points.partition_point(|point| point.0 <= *i as usize);
        let before = after.checked_sub(1).and_then(|at| points.get(at)).copied().unwrap_or((0, 0));
        let next = points.get(after).copied().unwrap_or(before);
        let height = next.0.saturating_sub(before.0).max(1);
        let expected = before.1 + (*i as usize - before.0) * (next.1 - before.1) / height;
        let at = there.partition_point(|j| (*j as usize) < expected);
        let around = at.saturating_sub(1)..(at + 1).min(there.len());
        pairs.extend(there.get(around).unwrap_or(&[]).iter().map(|j| (*i, *j)));
    }
    pairs
}

/// For each word that is not common, the segments that hold it, in ascending order.
struct Places(Vec<Vec<u32>>);

impl Places {
    fn new(side: &Side) -> Self {
        let mut places = vec![Vec::new(); side.words.len()];
        for at in 0..side.len() {
            for word in side.segment(at) {
                let count = side.word(*word).map_or(0, |word| word.segments_count as usize);
                if count <= UNCOMMON_MAX
                    && let Some(of_word) = places.get_mut(*word as usize)
                {
                    of_word.push(at as u32);
                }
            }
        }
        Self(places)
    }

    fn of(&self, word: u32) -> &[u32] {
        self.0.get(word as usize).map_or(&[], Vec::as_slice)
    }
}

/// The heaviest chain of anchors that grows on both sides: a Fenwick tree of maxima over columns.
fn chain(anchors: &[(u32, u32, f32)], m: usize) -> Vec<(usize, usize)> {
    let mut tree: Vec<(f32, usize)> = vec![(0.0, usize::MAX); m + 2];
    let mut before = vec![usize::MAX; anchors.len()];
    let mut weights = vec![0.0_f32; anchors.len()];
    let mut at = 0;
    while at < anchors.len() {
        // Anchors of one row do not follow each other: all ask first, then all are entered.
        let row = anchors.get(at).map_or(0, |anchor| anchor.0);
        let end = at + anchors.iter().skip(at).take_while(|anchor| anchor.0 == row).count();
        for (index, (_, j, weight)) in anchors.iter().enumerate().take(end).skip(at) {
            let mut column = *j as usize;
            let mut best = (0.0, usize::MAX);
            while column > 0 {
                if let Some(entry) = tree.get(column)
                    && entry.0 > best.0
                {
                    best = *entry;
                }
                column &= column - 1;
            }
            if let (Some(b), Some(w)) = (before.get_mut(index), weights.get_mut(index)) {
                (*b, *w) = (best.1, best.0 + weight);
            }
        }
        for index in at..end {
            let (Some(weight), Some(anchor)) = (weights.get(index), anchors.get(index)) else {
                continue;
            };
            let mut column = anchor.1 as usize + 1;
            while let Some(entry) = tree.get_mut(column) {
                if *weight > entry.0 {
                    *entry = (*weight, index);
                }
                column += column & column.wrapping_neg();
            }
        }
        at = end;
    }
    let last = (0..anchors.len()).max_by(|a, b| {
        let weight = |index: usize| weights.get(index).copied().unwrap_or(0.0);
        weight(*a).total_cmp(&weight(*b)).then(b.cmp(a))
    });
    let mut points = Vec::new();
    let mut next = last.unwrap_or(usize::MAX);
    while let Some((i, j, _)) = anchors.get(next) {
        points.push((*i as usize, *j as usize));
        next = before.get(next).copied().unwrap_or(usize::MAX);
    }
    points.reverse();
    points
}
