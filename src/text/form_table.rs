//! Where a form stands in a table of forms. The build fills the tables by the same functions, so
//! this file is part of build.rs as well.

/// The place of a form in a table of `mask + 1` places, a power of two, by its hash, where no other
/// form took it; otherwise it stands in the next that was free.
pub(crate) fn slot_of(hash: u32, mask: usize) -> usize {
    (hash ^ hash >> 15) as usize & mask
}

/// Bits of a table by which most forms that are not in another are passed over.
pub(crate) const BITS: usize = 1 << 14;

/// The bit of a form by its hash: the place of its figure of 64 bits, and its place there. Of other
/// bits of the hash than [`slot_of`], so that who shares the one seldom shares the other.
pub(crate) fn bit_of(hash: u32) -> (usize, u32) {
    let bit = hash >> (u32::BITS - BITS.ilog2());
    ((bit / 64) as usize, bit % 64)
}

/// The hash of a form.
pub(crate) fn hash(form: &str) -> u32 {
    let mut hash = Hash::default();
    form.as_bytes().chunks(Hash::BYTES).for_each(|bytes| hash.add(Hash::figure(bytes)));
    hash.value()
}

/// The hash of a form under way: it takes eight bytes at a time, which is the word or most of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hash(u64);

impl Hash {
    /// Bytes that are taken at a time; only the last may be fewer.
    pub(crate) const BYTES: usize = 8;

    /// Takes the next bytes as one figure; none at all is no figure.
    pub(crate) fn add(&mut self, bytes: u64) {
        self.0 = (self.0.rotate_left(5) ^ bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    /// Up to eight bytes as one figure, the first the lowest.
    pub(crate) fn figure(bytes: &[u8]) -> u64 {
        bytes.iter().rev().fold(0, |figure, byte| figure << 8 | u64::from(*byte))
    }

    /// The upper half, in which every bit depends on all bytes.
    pub(crate) fn value(self) -> u32 {
        (self.0 >> 32) as u32
    }
}
