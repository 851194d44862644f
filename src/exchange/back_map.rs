//! The way back from plain lines to the document they were taken from.
//!
//! ```text
//! # cesura back-map 1, source 8d1f0a33c2b4e771, language it, mask {n}
//! line  segment  id                     start  end  kind       placeholders
//! 1     1        s-0f3c9f1d2b7a4c55-1   0      15   headline
//! 2     2        s-77aa0d10c4e6b2f0-1   17     58   paragraph  1=30-44
//! ```
//!
//! Fields are separated by tabs. `start` (inclusive) and `end` (exclusive) are bytes of the source
//! in UTF-8, as are the places that placeholders stand for, each behind its number. `mask`, which
//! is there only for masked lines, says how they look.

use super::DocumentWriter;
use super::outline::{Outline, hexadecimal};
use super::plain::{PlainChoices, SegmentForm};
use crate::document::{Event, Segment, Unit};
use crate::machine::MaskTemplate;
use crate::text::Span;
use std::fmt;
use std::io::{self, Write};

/// What the first line begins with. The number grows when older readers cannot read it.
const MAGIC: &str = "# cesura back-map 1, source ";

/// What the template of masked lines follows, at the end of the first line.
const MASK: &str = ", mask ";

/// Names of the fields.
const FIELDS: [&str; 7] = ["line", "segment", "id", "start", "end", "kind", "placeholders"];

/// Writes the back-map of one document, beside [`super::PlainWriter`] with the same choices.
#[derive(Debug)]
pub struct BackMapWriter {
    choices: PlainChoices,
    /// How placeholders of masked lines look.
    mask: MaskTemplate,
    outline: Outline,
    lines: u32,
}

impl BackMapWriter {
    /// A writer of the document whose first reading gave this outline. `mask` is how its
    /// placeholders look ([`crate::Options::mask`]).
    pub fn new(choices: PlainChoices, mask: MaskTemplate, outline: Outline) -> BackMapWriter {
        BackMapWriter { choices, mask, outline, lines: 0 }
    }

    fn line(&mut self, unit: &Unit, segment: &Segment, out: &mut dyn Write) -> io::Result<()> {
        self.lines += 1;
        let identity = segment.details.as_ref().and_then(|details| details.identity);
        let id = identity.map_or_else(String::new, |identity| identity.to_string());
        let (start, end) = (segment.span.start(), segment.span.end());
        let kind = unit.kind.name();
        write!(out, "{}\t{}\t{id}\t{start}\t{end}\t{kind}\t", self.lines, segment.number)?;
        for (index, one) in self.choices.placeholders(segment).iter().enumerate() {
            let comma = if index > 0 { " " } else { "" };
            let number = self.mask.number(&one.token).unwrap_or(0);
            write!(out, "{comma}{number}={}-{}", one.source.start(), one.source.end())?;
        }
        writeln!(out)
    }
}

impl DocumentWriter for BackMapWriter {
    fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Head(head) => {
                let digest = self.outline.source_digest();
                write!(out, "{MAGIC}{digest}, language {}", head.language.tag.as_str())?;
                if self.choices.form == SegmentForm::Masked {
                    write!(out, "{MASK}{}", self.mask)?;
                }
                writeln!(out)?;
                writeln!(out, "{}", FIELDS.join("\t"))
            }
            Event::Unit(unit) if self.choices.takes(unit) => {
                unit.segments.iter().try_for_each(|segment| self.line(unit, segment, out))
            }
            _ => Ok(()),
        }
    }
}

/// A back-map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackMap {
    /// Digest of the source: 16 digits of lower-case hexadecimal.
    pub source_digest: String,
    /// BCP-47 tag of its language.
    pub language: String,
    /// How the placeholders of its lines look, if they are masked.
    pub mask: Option<MaskTemplate>,
    /// Its lines, in order.
    pub lines: Vec<BackMapLine>,
}

/// Where a line belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackMapLine {
    /// Number of the segment.
    pub segment_number: u32,
    /// Its `Identity`, shown.
    pub id: String,
    /// Its place in the document.
    pub span: Span,
    /// Numbers of the placeholders on the line, with the places they stand for.
    pub placeholders: Vec<(u32, Span)>,
}

/// A text that is no back-map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackMapError {
    /// 1-based line.
    pub line: usize,
    /// What is wrong with it.
    pub message: &'static str,
}

impl fmt::Display for BackMapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for BackMapError {}

impl BackMap {
    /// Reads what [`BackMapWriter`] wrote.
    ///
    /// # Errors
    /// The first line that is not of a back-map, or whose places are not ascending.
    ///
    /// ```
    /// use cesura::exchange::BackMap;
    /// let fields = "line\tsegment\tid\tstart\tend\tkind\tplaceholders";
    /// let head = "# cesura back-map 1, source 00ff, language it, mask {n}";
    /// let text = format!("{head}\n{fields}\n1\t1\ts-1\t0\t9\tparagraph\t1=2-4\n");
    /// let map = BackMap::parse(&text)?;
    /// assert_eq!(map.source_digest, "00ff");
    /// assert_eq!(map.lines[0].placeholders[0].0, 1);
    /// assert_eq!(BackMap::parse("line\n").unwrap_err().line, 1);
    /// # Ok::<(), cesura::exchange::BackMapError>(())
    /// ```
    pub fn parse(text: &str) -> Result<BackMap, BackMapError> {
        let wrong = |line, message| BackMapError { line, message };
        let mut lines = text.lines();
        let first = lines.next().and_then(|line| line.strip_prefix(MAGIC));
        let head = first.and_then(|rest| rest.split_once(", language "));
        let (digest, language) = head.ok_or(wrong(1, "not the first line of a back-map"))?;
        let (language, mask) = match language.split_once(MASK) {
            None => (language, None),
            Some((language, mask)) => {
                let mask = MaskTemplate::parse(mask);
                (language, Some(mask.ok_or(wrong(1, "`mask` is not how placeholders may look"))?))
            }
        };
        if lines.next() != Some(FIELDS.join("\t").as_str()) {
            return Err(wrong(2, "not the names of the fields"));
        }
        let mut map = BackMap {
            source_digest: digest.to_owned(),
            language: language.to_owned(),
            mask,
            lines: Vec::new(),
        };
        let mut behind = 0;
        for (number, line) in (3..).zip(lines) {
            let one = BackMapLine::parse(line)
                .ok_or(wrong(number, "not seven fields as the names say"))?;
            if one.span.start() < behind {
                return Err(wrong(number, "it begins before the line above it ends"));
            }
            behind = one.span.end();
            map.lines.push(one);
        }
        Ok(map)
    }

    /// Whether it was made of this text.
    pub fn is_of(&self, source: &str) -> bool {
        hexadecimal(crate::text::digest(source)) == self.source_digest
    }
}

impl BackMapLine {
    fn parse(line: &str) -> Option<BackMapLine> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [_, segment, id, start, end, _, placeholders] = fields.as_slice() else { return None };
        Some(BackMapLine {
            segment_number: segment.parse().ok()?,
            id: (*id).to_owned(),
            span: span(start, end)?,
            placeholders: self::placeholders(placeholders)?,
        })
    }
}

fn span(start: &str, end: &str) -> Option<Span> {
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start <= end).then(|| Span::new(start, end))
}

/// `1=2-4 2=7-9`.
fn placeholders(field: &str) -> Option<Vec<(u32, Span)>> {
    let one = |one: &str| {
        let (number, place) = one.split_once('=')?;
        let (start, end) = place.split_once('-')?;
        Some((number.parse().ok()?, span(start, end)?))
    };
    field.split(' ').filter(|one| !one.is_empty()).map(one).collect()
}
