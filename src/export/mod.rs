//! Events → formats for other programs. Each writer takes one event at a time and never holds a
//! document.

pub mod jsonl;
