//! Any bytes as SRX rules, and as the expressions of one.
#![no_main]

#[path = "../laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::srx(bytes));
