//! Where a form stands in the table of forms. The build fills the table by the same function, so
//! this file is part of build.rs as well.

/// The place of a form in a table of `mask + 1` places, a power of two, where no other form took
/// it; otherwise it stands in the next that was free. FNV-1a.
pub(crate) fn slot(form: &str, mask: usize) -> usize {
    let hash = hash(form);
    (hash ^ hash >> 15) as usize & mask
}

/// A byte by which most forms that are not in a table are told from the one that stands at their
/// place, without looking at it. Never 0.
pub(crate) fn tag(form: &str) -> u8 {
    (hash(form) >> 24) as u8 | 1
}

fn hash(form: &str) -> u32 {
    form.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
