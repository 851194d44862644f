//! Typed stretches of a block: what a translator keeps, and what a program can read.
//!
//! Invariants: spans lie inside the block, ascend, and do not overlap, bracketed asides apart,
//! which may hold others; every stretch names its row; the work is linear.

mod decimal;
mod place;
mod rule;
mod scan;

pub use decimal::{Decimal, NumberFormat};
pub use place::Place;
pub use rule::{ASIDE, AnnotationRule, Begins, FOREIGN_PASSAGE, Found, WITHOUT_ROW};
pub use scan::annotate;
