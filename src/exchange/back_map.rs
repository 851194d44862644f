//! The way back from plain lines to the document they were taken from.
//!
//! ```text
//! # cesura back-map 1, source 8d1f0a33c2b4e771, language it
//! line  segment  id                     start  end  kind       placeholders
//! 1     1        s-0f3c9f1d2b7a4c55-1   0      15   headline
//! 2     2        s-77aa0d10c4e6b2f0-1   17     58   paragraph  {1}=30-44
//! ```
//!
//! Fields are separated by tabs. `start` (inclusive) and `end` (exclusive) are bytes of the source
//! in UTF-8, as are the places that placeholders stand for.

use super::DocumentWriter;
use super::outline::{Outline, hexadecimal};
use super::plain::PlainChoices;
use crate::document::{Event, Segment, Unit};
use crate::text::Span;
use std::fmt;
use std::io::{self, Write};

/// What the first line begins with. The number grows when older readers cannot read it.
const MAGIC: &str = "# cesura back-map 1, source ";

/// Names of the fields.
const FIELDS: [&str; 7] = ["line", "segment", "id", "start", "end", "kind", "placeholders"];

/// Writes the back-map of one document, beside [`super::PlainWriter`] with the same choices.
#[derive(Debug)]
pub struct BackMapWriter {
    choices: PlainChoices,
    outline: Outline,
    lines: u32,
}

impl BackMapWriter {
    /// A writer of the document whose first reading gave this outline.
    pub fn new(choices: PlainChoices, outline: Outline) -> BackMapWriter {
        BackMapWriter { choices, outline, lines: 0 }
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
            // A token may hold spaces and signs, but no control character: the place comes last.
            write!(out, "{comma}{}={}-{}", one.token, one.source.start(), one.source.end())?;
        }
        writeln!(out)
    }
}

impl DocumentWriter for BackMapWriter {
    fn write(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Head(head) => {
                let digest = self.outline.source_digest();
                writeln!(out, "{MAGIC}{digest}, language {}", head.language.tag.as_str())?;
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
    /// Placeholders on the line, with the places they stand for.
    pub placeholders: Vec<(String, Span)>,
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
    /// let text = format!("# cesura back-map 1, source 00ff, language it\n{fields}\n1\t1\ts-1\t0\t9\tparagraph\t{{1}}=2-4\n");
    /// let map = BackMap::parse(&text)?;
    /// assert_eq!(map.source_digest, "00ff");
    /// assert_eq!(map.lines[0].placeholders[0].0, "{1}");
    /// assert_eq!(BackMap::parse("line\n").unwrap_err().line, 1);
    /// # Ok::<(), cesura::exchange::BackMapError>(())
    /// ```
    pub fn parse(text: &str) -> Result<BackMap, BackMapError> {
        let wrong = |line, message| BackMapError { line, message };
        let mut lines = text.lines();
        let first = lines.next().and_then(|line| line.strip_prefix(MAGIC));
        let head = first.and_then(|rest| rest.split_once(", language "));
        let (digest, language) = head.ok_or(wrong(1, "not the first line of a back-map"))?;
        if lines.next() != Some(FIELDS.join("\t").as_str()) {
            return Err(wrong(2, "not the names of the fields"));
        }
        let mut map = BackMap {
            source_digest: digest.to_owned(),
            language: language.to_owned(),
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

/// `{1}=2-4 {2}=7-9`. Tokens may hold spaces and equals signs; the places tell where each ends.
fn placeholders(field: &str) -> Option<Vec<(String, Span)>> {
    let mut found = Vec::new();
    let mut rest = field;
    while !rest.is_empty() {
        let places = rest.match_indices('=').filter_map(|(at, _)| {
            let place = rest.get(at + 1..)?;
            let end = place.find(' ').unwrap_or(place.len());
            let (start, stop) = place.get(..end)?.split_once('-')?;
            Some((at, at + 1 + end, span(start, stop)?))
        });
        let (token_end, end, span) = { places }.next()?;
        found.push((rest.get(..token_end)?.to_owned(), span));
        rest = rest.get(end..)?.strip_prefix(' ').unwrap_or("");
    }
    Some(found)
}
