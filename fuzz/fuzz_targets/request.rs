//! Any bytes as what a client sends in a call.
#![no_main]

#[path = "../server_laws.rs"]
mod server_laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| server_laws::request(bytes));
