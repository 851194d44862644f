//! Where a form stands in the table of forms. The build fills the table by the same function, so
//! this file is part of build.rs as well.

/// The place of a form in a table of `mask + 1` places, a power of two, where no other form took
/// it; otherwise it stands in the next that was free. FNV-1a.
pub(crate) fn slot(form: &str, mask: usize) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in form.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ hash >> 15) as usize & mask
}
