//! Kinds of bead, as readable rows.

/// How many segments of each side a bead joins, and how common such beads are.
#[derive(Clone, Copy, Debug)]
pub(super) struct BeadKind {
    pub(super) source_count: usize,
    pub(super) target_count: usize,
    /// Natural logarithm of how probable the kind is, beside the other kinds.
    pub(super) prior: f32,
}

const fn row(source_count: usize, target_count: usize, prior: f32) -> BeadKind {
    BeadKind { source_count, target_count, prior }
}

/// Every kind that joins something, the commonest first. Each has its mirror.
pub(super) const BEAD_KINDS: [BeadKind; 10] = [
    row(1, 1, -0.1),
    row(1, 2, -3.0),
    row(2, 1, -3.0),
    row(2, 2, -2.4),
    row(1, 3, -5.0),
    row(3, 1, -5.0),
    row(2, 3, -7.0),
    row(3, 2, -7.0),
    row(1, 4, -6.5),
    row(4, 1, -6.5),
];

/// Segments of one side that a bead joins at most.
pub(super) const SEGMENTS_MAX: usize = 4;
