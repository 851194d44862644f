//! Events and rules → formats for other programs. Each writer of events takes one at a time and
//! never holds a document.

pub mod alignment_jsonl;
pub mod alignment_report;
pub mod comparison_jsonl;
pub mod comparison_report;
pub mod file;
mod json_detail;
pub mod jsonl;
pub mod report;
pub mod srx;
