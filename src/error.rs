//! What can go wrong in the core: bad bytes and passed limits, nothing else.

use std::fmt;

/// Why a document could not be segmented.
///
/// Opaque on purpose: read [`Error::reason`] to branch, [`fmt::Display`] to tell a person. Every
/// message names what was given and what is allowed, and never quotes the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(ErrorKind);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    Malformed { charset: &'static str, offset_bytes: u64 },
    DocumentTooLarge { given_bytes: u64, bytes_max: u32 },
    AlreadyFinished,
}

impl Error {
    /// Stable word for programs, in upper snake case: `MALFORMED_TEXT`, `DOCUMENT_TOO_LARGE`,
    /// `DOCUMENT_ALREADY_FINISHED`.
    pub fn reason(&self) -> &'static str {
        match self.0 {
            ErrorKind::Malformed { .. } => "MALFORMED_TEXT",
            ErrorKind::DocumentTooLarge { .. } => "DOCUMENT_TOO_LARGE",
            ErrorKind::AlreadyFinished => "DOCUMENT_ALREADY_FINISHED",
        }
    }

    /// What was given and what is allowed, as pairs of name and value.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        match &self.0 {
            ErrorKind::Malformed { charset, offset_bytes } => {
                vec![("charset", (*charset).to_owned()), ("offset_bytes", offset_bytes.to_string())]
            }
            ErrorKind::DocumentTooLarge { given_bytes, bytes_max } => vec![
                ("given_bytes_min", given_bytes.to_string()),
                ("document_bytes_max", bytes_max.to_string()),
            ],
            ErrorKind::AlreadyFinished => Vec::new(),
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Error {
        Error(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ErrorKind::Malformed { charset, offset_bytes } => write!(
                f,
                "the bytes at offset {offset_bytes} are not {charset}: declare the right charset, \
                 or allow replacement"
            ),
            ErrorKind::DocumentTooLarge { given_bytes, bytes_max } => write!(
                f,
                "the document has at least {given_bytes} bytes of UTF-8; at most {bytes_max} are \
                 allowed"
            ),
            ErrorKind::AlreadyFinished => {
                f.write_str("the document was already finished; nothing can follow its end")
            }
        }
    }
}

impl std::error::Error for Error {}
