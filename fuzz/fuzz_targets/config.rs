//! Any bytes as settings: a file and flags.
#![no_main]

#[path = "../server_laws.rs"]
mod server_laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| server_laws::config(bytes));
