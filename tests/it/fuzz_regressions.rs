//! What fuzzing once found, and seeds of its corpus, run by the same laws.

#[path = "../../fuzz/laws.rs"]
mod laws;

#[cfg(feature = "server")]
#[path = "../../fuzz/server_laws.rs"]
mod server_laws;

use std::fs;
use std::path::Path;

fn replay(target: &str, law: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions").join(target);
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        law(&fs::read(entry.expect("a readable entry").path()).expect("a readable file"));
        count += 1;
    }
    assert!(count > 0, "{folder:?} is empty");
}

#[test]
fn documents_that_once_failed_hold() {
    replay("document", laws::document);
}

#[test]
fn srx_that_once_failed_holds() {
    replay("srx", laws::srx);
}

#[test]
fn files_that_once_failed_hold() {
    replay("exchange", laws::exchange);
}

#[cfg(feature = "server")]
#[test]
fn settings_that_once_failed_hold() {
    replay("config", server_laws::config);
}

#[cfg(feature = "server")]
#[test]
fn requests_that_once_failed_hold() {
    replay("request", server_laws::request);
}
