//! Quotations of a unit: where they open and close, how deep they stand, whose words they are.
//!
//! Invariants: what is found is a function of the unit and of the one quotation that the units
//! before left open; an unclosed quotation ends with its unit at the latest, and is open at most
//! [`UNITS_OPEN_MAX`] units.

mod attribution;
mod find;
mod single;

pub use attribution::{AttributionFound, AttributionRows, AttributionRule, QuotationSite, Stretch};
pub use find::{OpenQuotation, QuotationWords, UNITS_OPEN_MAX, find};
