//! Bytes in pieces → valid text in a window.
//!
//! Invariants: the window is valid UTF-8; what a cut character leaves over (at most a few bytes)
//! waits in the decoder; the text decoded does not depend on where the pieces were cut.

use super::{Charset, MalformedPolicy, Span};
use crate::error::{Error, ErrorKind};
use xxhash_rust::xxh3::Xxh3;

/// The window of a document that has been decoded but not yet handed out.
pub struct Intake {
    charset: Charset,
    malformed: MalformedPolicy,
    document_bytes_max: u32,
    /// Used for every charset but UTF-8, which needs only `carry`.
    decoder: encoding_rs::Decoder,
    /// Up to three bytes of a UTF-8 character whose rest has not arrived.
    carry: Vec<u8>,
    /// Decoded text; `window[consumed..]` is what is still needed.
    window: String,
    /// Bytes at the head of `window` that were released.
    consumed: usize,
    /// Offset of `window[0]` in the document.
    base: u32,
    /// Bytes decoded so far, in the source's own encoding: the offset of an error.
    taken: u64,
    replaced_count: u32,
    digest: Xxh3,
}

impl Intake {
    /// An empty window for a document in `charset` of at most `document_bytes_max` decoded bytes.
    pub fn new(charset: Charset, malformed: MalformedPolicy, document_bytes_max: u32) -> Intake {
        Intake {
            charset,
            malformed,
            document_bytes_max,
            decoder: charset.decoder(),
            carry: Vec::new(),
            window: String::new(),
            consumed: 0,
            base: 0,
            taken: 0,
            replaced_count: 0,
            digest: Xxh3::new(),
        }
    }

    /// Decodes the next bytes; `last` says that none will follow.
    ///
    /// # Errors
    /// Malformed bytes under [`MalformedPolicy::Reject`]; a document over its limit.
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Result<(), Error> {
        self.compact();
        let before = self.window.len();
        if self.charset == Charset::UTF_8 {
            self.push_utf8(bytes, last)?;
        } else {
            self.push_other(bytes, last)?;
        }
        self.digest.update(self.window.as_bytes().get(before..).unwrap_or_default());
        let given = u64::from(self.base) + self.window.len() as u64;
        if given > u64::from(self.document_bytes_max) {
            return Err(ErrorKind::DocumentTooLarge {
                given_bytes: given,
                bytes_max: self.document_bytes_max,
            }
            .into());
        }
        Ok(())
    }

    fn push_utf8(&mut self, mut bytes: &[u8], last: bool) -> Result<(), Error> {
        while let (false, Some((&first, rest))) = (self.carry.is_empty(), bytes.split_first()) {
            self.carry.push(first);
            match std::str::from_utf8(&self.carry) {
                Ok(character) => {
                    self.window.push_str(character);
                    self.taken += self.carry.len() as u64;
                    self.carry.clear();
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => {
                    // The byte just added does not continue the character: it is looked at again.
                    self.carry.pop();
                    let length = self.carry.len();
                    self.carry.clear();
                    self.malformed(length)?;
                    continue;
                }
            }
            bytes = rest;
        }
        // Nearly always all is well; which byte is not, the loop finds.
        if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
            self.window.push_str(text);
            self.taken += bytes.len() as u64;
            bytes = &[];
        }
        loop {
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.window.push_str(text);
                    self.taken += bytes.len() as u64;
                    break;
                }
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    self.window.push_str(std::str::from_utf8(valid).unwrap_or(""));
                    self.taken += valid.len() as u64;
                    let Some(length) = error.error_len() else {
                        self.carry.extend_from_slice(rest);
                        break;
                    };
                    self.malformed(length)?;
                    bytes = rest.get(length..).unwrap_or_default();
                }
            }
        }
        if last && !self.carry.is_empty() {
            let length = self.carry.len();
            self.carry.clear();
            self.malformed(length)?;
        }
        Ok(())
    }

    fn push_other(&mut self, mut bytes: &[u8], last: bool) -> Result<(), Error> {
        loop {
            let room = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            self.window.reserve(room.unwrap_or(bytes.len()).max(16));
            let (result, read) =
                self.decoder.decode_to_string_without_replacement(bytes, &mut self.window, last);
            bytes = bytes.get(read..).unwrap_or_default();
            self.taken += read as u64;
            match result {
                encoding_rs::DecoderResult::InputEmpty => return Ok(()),
                encoding_rs::DecoderResult::OutputFull => {}
                encoding_rs::DecoderResult::Malformed(length, after) => {
                    // The decoder has already read the bad bytes and `after` more behind them.
                    let length = usize::from(length) + usize::from(after);
                    self.taken = self.taken.saturating_sub(length as u64);
                    self.malformed(length)?;
                }
            }
        }
    }

    /// The next `length` bytes mean nothing.
    fn malformed(&mut self, length: usize) -> Result<(), Error> {
        match self.malformed {
            MalformedPolicy::Reject => {
                Err(ErrorKind::Malformed { charset: self.charset.name(), offset_bytes: self.taken }
                    .into())
            }
            MalformedPolicy::Replace => {
                self.taken += length as u64;
                self.window.push(char::REPLACEMENT_CHARACTER);
                self.replaced_count = self.replaced_count.saturating_add(1);
                Ok(())
            }
        }
    }

    /// The text not yet released.
    pub fn text(&self) -> &str {
        self.window.get(self.consumed..).unwrap_or("")
    }

    /// Offset of the first byte of [`Intake::text`] in the document.
    pub fn start(&self) -> u32 {
        self.base.saturating_add(u32::try_from(self.consumed).unwrap_or(u32::MAX))
    }

    /// Offset after the last byte decoded so far.
    pub fn end(&self) -> u32 {
        self.base.saturating_add(u32::try_from(self.window.len()).unwrap_or(u32::MAX))
    }

    /// The text of `span` of the document, empty where it was already released.
    pub fn slice(&self, span: Span) -> &str {
        let (Some(start), Some(end)) =
            (span.start().checked_sub(self.base), span.end().checked_sub(self.base))
        else {
            return "";
        };
        self.window.get(start as usize..end as usize).unwrap_or("")
    }

    /// Gives up the text before `offset` of the document.
    pub fn release_until(&mut self, offset: u32) {
        let target = offset.saturating_sub(self.base) as usize;
        self.consumed = self.consumed.max(target.min(self.window.len()));
    }

    /// Characters put in place of malformed bytes so far.
    pub fn replaced_count(&self) -> u32 {
        self.replaced_count
    }

    /// XXH3-64 of the text decoded so far.
    pub fn digest(&self) -> u64 {
        self.digest.digest()
    }

    /// Memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.window.capacity()
    }

    /// Moves the needed text to the front; done once a push, so releasing is free.
    fn compact(&mut self) {
        if self.consumed > 0 {
            self.window.drain(..self.consumed);
            self.base = self.base.saturating_add(u32::try_from(self.consumed).unwrap_or(u32::MAX));
            self.consumed = 0;
        }
    }
}

impl std::fmt::Debug for Intake {
    /// Lengths only: the text of a user never reaches a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake")
            .field("charset", &self.charset)
            .field("window_bytes", &self.window.len())
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
