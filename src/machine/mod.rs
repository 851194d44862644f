//! Text for machines: a segment repaired by rows, and masked.
//!
//! Invariant: outside its edits the repaired text is the source, byte for byte; every edit names
//! the row that made it; stretches that are to be kept as they are stay as they are.

mod mask;
mod repair;
mod restore;
mod site;

pub use mask::{MaskTemplate, mask};
pub use repair::{Repair, RepairBegins, RepairRows, RepairRule, repair};
pub use restore::{Restored, restore};
pub use site::Site;
