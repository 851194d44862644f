//! Any bytes as what merging reads: XLIFF, a skeleton, a back-map with its lines.
#![no_main]

#[path = "../laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::exchange(bytes));
