//! Character sets of incoming bytes, by their WHATWG labels.

use std::fmt;

/// A character set that bytes can be decoded from.
///
/// Names and labels are those of the WHATWG Encoding Standard, as browsers have them: the label
/// `iso-8859-1` therefore means windows-1252.
///
/// ```
/// use cesura::text::Charset;
/// assert_eq!(Charset::for_label("latin1").unwrap().name(), "windows-1252");
/// assert!(Charset::for_label("klingon").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Charset(&'static encoding_rs::Encoding);

/// What to do with bytes that mean nothing in the declared character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MalformedPolicy {
    /// Refuse the document, naming the offset of the first such byte.
    #[default]
    Reject,
    /// Put U+FFFD in their place and count.
    Replace,
}

impl Charset {
    /// UTF-8, the default.
    pub const UTF_8: Charset = Charset(encoding_rs::UTF_8);

    /// The character set that a label names, in any case and with white space around it; `None`
    /// for an unknown label, and for `replacement`, which decodes nothing.
    pub fn for_label(label: &str) -> Option<Charset> {
        encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Charset)
    }

    /// Canonical name, for example `UTF-8` or `windows-1252`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Whether `bytes`, taken as a whole document, hold anything that would be replaced.
    /// Linear, and without keeping the decoded text.
    pub fn has_malformed(self, bytes: &[u8]) -> bool {
        if self == Charset::UTF_8 {
            return std::str::from_utf8(bytes).is_err();
        }
        self.0.decode_without_bom_handling(bytes).1
    }

    /// The text of a whole document, U+FFFD in place of what is malformed.
    pub fn decode(self, bytes: &[u8]) -> String {
        self.0.decode_without_bom_handling(bytes).0.into_owned()
    }

    /// An incremental decoder that keeps a byte order mark as U+FEFF: nothing is dropped.
    pub(crate) fn decoder(self) -> encoding_rs::Decoder {
        self.0.new_decoder_without_bom_handling()
    }
}

impl Default for Charset {
    fn default() -> Charset {
        Charset::UTF_8
    }
}

impl fmt::Debug for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
