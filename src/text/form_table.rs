//! Where a form stands in the table of forms. The build fills the table by the same function, so
//! this file is part of build.rs as well.

/// The place of a form in a table of `mask + 1` places, a power of two, where no other form took
/// it; otherwise it stands in the next that was free.
pub(crate) fn slot(form: &str, mask: usize) -> usize {
    slot_of(hash(form), mask)
}

/// [`slot`] by the hash of a form.
pub(crate) fn slot_of(hash: u32, mask: usize) -> usize {
    (hash ^ hash >> 15) as usize & mask
}

/// A byte by which most forms that are not in a table are told from the one that stands at their
/// place, without looking at it: of the hash of the form. Never 0.
pub(crate) fn tag_of(hash: u32) -> u8 {
    (hash >> 24) as u8 | 1
}

/// FNV-1a.
pub(crate) fn hash(form: &str) -> u32 {
    form.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
