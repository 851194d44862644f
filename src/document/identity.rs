//! Names that do not change when other parts of the document do.

use std::fmt;

/// What an identity names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityScope {
    /// A unit: `u-…`.
    Unit,
    /// A segment: `s-…`.
    Segment,
    /// A quotation: `q-…`.
    Quotation,
}

/// The name of a unit, segment or quotation: what it holds, and which of those that hold the same
/// it is.
///
/// Shown, it is an NMTOKEN: `s-` (or `u-`, `q-`), the first 16 digits of [`Identity::digest`], `-`
/// and the occurrence from 1.
///
/// ```
/// use cesura::document::{Identity, IdentityScope};
/// let scope = IdentityScope::Segment;
/// let first = Identity { scope, digest: 0xcafe << 64, occurrence: 1, numbered: false };
/// assert_eq!(first.to_string(), "s-000000000000cafe-1");
/// assert_eq!(first.first_occurrence(), None);
/// let third = Identity { occurrence: 3, ..first };
/// assert_eq!(third.first_occurrence(), Some(first));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// What it names.
    pub scope: IdentityScope,
    /// XXH3-128 of the content in canonical form: see [`crate::identity::canonical`].
    pub digest: u128,
    /// 1-based among those of the same content in this document, in source order.
    pub occurrence: u32,
    /// The document has too many to remember: `occurrence` is the number of the segment or unit,
    /// and the name shows it as `n17`.
    pub numbered: bool,
}

impl Identity {
    /// The name of the first of those with the same content, where this is a later one.
    pub fn first_occurrence(self) -> Option<Identity> {
        (self.occurrence > 1 && !self.numbered).then_some(Identity { occurrence: 1, ..self })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.scope {
            IdentityScope::Unit => 'u',
            IdentityScope::Segment => 's',
            IdentityScope::Quotation => 'q',
        };
        let sign = if self.numbered { "n" } else { "" };
        write!(f, "{prefix}-{:016x}-{sign}{}", self.digest >> 64, self.occurrence)
    }
}
