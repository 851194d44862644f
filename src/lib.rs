//! Translation-ready segmentation of Italian news.
//!
//! The way of one document: bytes become text in [`text::Intake`]; lines become blocks in
//! [`block`]; the language is told once for the document and weighed again for every block in
//! [`language`]; quotation marks, brackets and addresses of one block are found in [`inline`];
//! [`sentence`] asks the rows of a [`tailoring`] at every place where a sentence may end; and what
//! comes out are the [`document::Event`]s of [`pipeline::Segmenter`], which holds all the state
//! there is. [`align`] aligns the segments of a text with those of its translation. The shell
//! around this core (`wire`, `service`, `server`, `cli`) stands behind the default feature
//! `server`.
//!
//! ```
//! let text = "Kim a Mosca\n\nLo ha detto il dott. Peskov.Kim è arrivato ieri. È in treno.\n";
//! let document = cesura::segment(text, &cesura::Options::default())?;
//! let segments: Vec<&str> = document.segments().collect();
//! assert_eq!(segments, [
//!     "Kim a Mosca",
//!     "Lo ha detto il dott. Peskov.",
//!     "Kim è arrivato ieri.",
//!     "È in treno.",
//! ]);
//! # Ok::<(), cesura::Error>(())
//! ```

pub mod align;
pub mod annotation;
pub mod block;
#[cfg(feature = "server")]
pub mod cli;
pub mod compare;
pub mod count;
pub mod document;
mod error;
pub mod exchange;
#[cfg(feature = "server")]
pub mod export;
pub mod identity;
pub mod inline;
pub mod language;
pub mod machine;
pub mod pack;
pub mod pipeline;
pub mod quotation;
pub mod rule;
pub mod sentence;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod service;
pub mod split;
pub mod srx;
pub mod stem;
pub mod tailoring;
#[cfg(feature = "server")]
pub mod telemetry;
pub mod text;
pub mod warning;
#[cfg(feature = "server")]
pub mod wire;

pub use error::Error;
pub use pipeline::{Details, Document, Limits, Options, Segmenter, segment};

/// The README's Rust block, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
