//! Pages guide beads: a headline is translated by a headline, and paragraphs keep their ends.

use super::Place;
use std::ops::Range;

/// What the places of the segments of a bead tell, as logarithms of likelihood ratios.
struct Guidance {
    /// Both sides begin with a block of the same kind.
    same_kind: f32,
    /// They begin with blocks of different kinds.
    other_kind: f32,
    /// One side is matter of the article, the other furniture of the page.
    furniture: f32,
    /// Both or neither begin a block.
    same_start: f32,
    /// One side begins a block and the other does not.
    other_start: f32,
    /// A side goes over the end of a block.
    across: f32,
}

const GUIDANCE: Guidance = Guidance {
    same_kind: 0.4,
    other_kind: -1.0,
    furniture: -3.0,
    same_start: 0.4,
    other_start: -0.8,
    across: -2.5,
};

/// Where the segments of both sides stand on their pages, where that is known.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) source: Vec<Option<Place>>,
    pub(super) target: Vec<Option<Place>>,
}

impl Places {
    /// Nothing, where one side has no places.
    pub(super) fn evidence(&self, source: &Range<usize>, target: &Range<usize>) -> f32 {
        let (Some(ours), Some(theirs)) =
            (Stretch::of(&self.source, source), Stretch::of(&self.target, target))
        else {
            return 0.0;
        };
        let mut total = 0.0;
        total += if ours.place.kind == theirs.place.kind {
            GUIDANCE.same_kind
        } else if ours.place.translatable != theirs.place.translatable {
            GUIDANCE.furniture
        } else {
            GUIDANCE.other_kind
        };
        total +=
            if ours.starts == theirs.starts { GUIDANCE.same_start } else { GUIDANCE.other_start };
        for stretch in [ours, theirs] {
            if stretch.across {
                total += GUIDANCE.across;
            }
        }
        total
    }
}

/// Some segments in a row.
struct Stretch {
    place: Place,
    /// The first of them begins its block.
    starts: bool,
    /// They are of more than one block.
    across: bool,
}

impl Stretch {
    fn of(places: &[Option<Place>], range: &Range<usize>) -> Option<Self> {
        let at = |index: usize| places.get(index).copied().flatten();
        let place = at(range.start)?;
        let last = at(range.end.checked_sub(1)?)?;
        let before = range.start.checked_sub(1).and_then(at);
        let starts = before.is_none_or(|before| before.block != place.block);
        Some(Self { place, starts, across: last.block != place.block })
    }
}
