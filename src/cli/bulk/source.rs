//! Documents in the lines of a corpus.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A document that cannot be answered: a stable word, and what is wrong.
#[derive(Debug)]
pub(in crate::cli) struct Refused {
    pub(in crate::cli) reason: &'static str,
    pub(in crate::cli) message: String,
}

impl From<crate::Error> for Refused {
    fn from(error: crate::Error) -> Refused {
        Refused { reason: error.reason(), message: error.to_string() }
    }
}

/// One line of JSON Lines. What else it holds is passed over.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct JsonDocument<'a> {
    /// As it was written.
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in crate::cli) text: Option<Cow<'a, str>>,
}

/// Padding may be missing: some writers leave it out.
pub(in crate::cli) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl JsonDocument<'_> {
    /// The id as JSON; the number of the line where there is none.
    pub(in crate::cli) fn id(&self, line: u64) -> String {
        self.id.map_or_else(|| line.to_string(), |id| id.get().to_owned())
    }

    /// The id as text: without quotation marks where it is a string.
    pub(in crate::cli) fn id_text(&self, line: u64) -> String {
        let id = self.id(line);
        serde_json::from_str(&id).unwrap_or(id)
    }
}

/// Reads a line of JSON Lines.
pub(in crate::cli) fn json(line: &[u8]) -> Result<JsonDocument<'_>, Refused> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    // serde would take an array for an object without names.
    if line.trim_ascii_start().first() != Some(&b'{') {
        let message = "the record is no JSON object".to_owned();
        return Err(Refused { reason: "MALFORMED_RECORD", message });
    }
    // The message of serde names the field and the column, and quotes no text.
    serde_json::from_slice(line)
        .map_err(|error| Refused { reason: "MALFORMED_RECORD", message: error.to_string() })
}

/// Reads a line of base64.
pub(in crate::cli) fn base64(line: &[u8]) -> Result<Vec<u8>, Refused> {
    BASE64
        .decode(line.trim_ascii())
        .map_err(|error| Refused { reason: "MALFORMED_RECORD", message: error.to_string() })
}

/// A record that is longer than any may be.
pub(in crate::cli) fn too_long() -> Refused {
    let message = format!("the record has over {} bytes", super::RECORD_BYTES_MAX);
    Refused { reason: "RECORD_TOO_LARGE", message }
}

/// A record without text.
pub(in crate::cli) fn text_missing() -> Refused {
    let message = "the record has no `text`, or null".to_owned();
    Refused { reason: "TEXT_MISSING", message }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_as_they_were_written() {
        for (line, id, text) in [
            (r#"{"id":"a\u00e8","text":"x","more":[1]}"#, r#""a\u00e8""#, "aè"),
            (
                r#"{"text":"x","id":12345678901234567890123}"#,
                "12345678901234567890123",
                "12345678901234567890123",
            ),
            (r#"{"text":"x"}"#, "7", "7"),
            ("\u{feff}{\"id\":null,\"text\":\"x\"}", "7", "7"),
        ] {
            let document = json(line.as_bytes()).expect("a record");
            assert_eq!((document.id(7).as_str(), document.id_text(7).as_str()), (id, text));
        }
        for line in
            ["", "{", "[]", r#"["a","b"]"#, r#"{"id":1,"text":2}"#, r#"{"id":1,"text":"\ud800"}"#]
        {
            assert_eq!(json(line.as_bytes()).expect_err("no record").reason, "MALFORMED_RECORD");
        }
    }

    #[test]
    fn base64_needs_no_padding() {
        for line in ["w6g=", "w6g", " w6g=\r"] {
            assert_eq!(base64(line.as_bytes()).expect("base64"), "è".as_bytes());
        }
        assert!(base64(b"w6\xff").is_err());
    }
}
