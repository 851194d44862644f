//! Input of any length, cut into records: lines, or paragraphs.

use crate::cli::Failure;
use crate::cli::input::unreadable;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Bytes of one record. A line of JSON may take several times the bytes of its document.
pub(in crate::cli) const RECORD_BYTES_MAX: usize = 32 << 20;

/// Bytes read at a time.
const READ_BYTES: usize = 256 << 10;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Cut {
    /// A line.
    Line,
    /// Lines up to a blank one.
    Paragraph {
        /// Lines that are one tag, `<P>`, end it as well.
        at_tags: bool,
    },
}

/// Records that are done in one go.
#[derive(Debug)]
pub(in crate::cli) struct Batch {
    bytes: Vec<u8>,
    records: Vec<Place>,
    /// Name of the file.
    pub(in crate::cli) file: String,
    /// Where the input goes on behind it.
    pub(super) next: Progress,
}

#[derive(Debug)]
struct Place {
    line: u64,
    text: Range<usize>,
    tag: Range<usize>,
    end: End,
    too_long: bool,
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Record<'a> {
    /// Number of its first line in its file, from 1.
    pub(in crate::cli) line: u64,
    /// Its bytes, without the end of its last line.
    pub(in crate::cli) text: &'a [u8],
    /// The tag that ended it.
    pub(in crate::cli) tag: &'a [u8],
    /// What ended it.
    pub(in crate::cli) end: End,
    /// It has more than [`RECORD_BYTES_MAX`], of which only so many are here.
    pub(in crate::cli) too_long: bool,
}

/// What ends a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum End {
    /// The end of its line, or of the input.
    Line,
    /// A blank line.
    Blank,
    /// A line that is one tag.
    Tag,
}

/// How far the input was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Progress {
    /// Files read to their end.
    files: usize,
    /// Bytes of the file under way.
    bytes: u64,
    /// Lines of it.
    lines: u64,
    /// Bytes of all files.
    pub(super) total: u64,
}

impl Batch {
    /// The records, in order.
    pub(in crate::cli) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.records.iter().map(|place| Record {
            line: place.line,
            text: self.bytes.get(place.text.clone()).unwrap_or_default(),
            tag: self.bytes.get(place.tag.clone()).unwrap_or_default(),
            end: place.end,
            too_long: place.too_long,
        })
    }
}

/// Files one after the other, or standard input for `-`.
pub(super) struct Records {
    files: Vec<PathBuf>,
    cut: Cut,
    reader: Option<BufReader<Box<dyn Read + Send>>>,
    at: Progress,
}

impl Records {
    /// # Errors
    /// A file that is not there, named, before any work is done.
    pub(super) fn open(files: Vec<PathBuf>, cut: Cut) -> Result<Records, Failure> {
        for path in files.iter().filter(|path| *path != Path::new("-")) {
            File::open(path).map_err(|error| unreadable(path, error))?;
        }
        Ok(Records { files, cut, reader: None, at: Progress::default() })
    }

    /// Bytes of all files; `None` where one is not a file.
    pub(super) fn bytes(&self) -> Option<u64> {
        let length = |path: &PathBuf| {
            let found = std::fs::metadata(path).ok()?;
            (found.is_file() && path != Path::new("-")).then_some(found.len())
        };
        self.files.iter().map(length).sum()
    }

    /// Goes on where the input was read to before.
    ///
    /// # Errors
    /// A file that is shorter than what was read of it.
    pub(super) fn go_on(&mut self, at: Progress) -> io::Result<()> {
        self.at = at;
        let Some(path) = self.files.get(at.files) else { return Ok(()) };
        let mut file: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            let mut file = File::open(path)?;
            if file.metadata()?.is_file() {
                if file.seek(SeekFrom::End(0))? < at.bytes {
                    return Err(io::Error::other("shorter than what was read of it before"));
                }
                file.seek(SeekFrom::Start(at.bytes))?;
                self.reader = Some(BufReader::with_capacity(READ_BYTES, Box::new(file)));
                return Ok(());
            }
            Box::new(file)
        };
        // A pipe has to be read again to there.
        if io::copy(&mut (&mut file).take(at.bytes), &mut io::sink())? < at.bytes {
            return Err(io::Error::other("shorter than what was read of it before"));
        }
        self.reader = Some(BufReader::with_capacity(READ_BYTES, file));
        Ok(())
    }

    /// The next records, with as many bytes as wanted, about; one record where that is 0.
    pub(super) fn batch(&mut self, bytes_wanted: usize) -> io::Result<Option<Batch>> {
        loop {
            let Some(path) = self.files.get(self.at.files).cloned() else { return Ok(None) };
            let named = |error: io::Error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            };
            if self.reader.is_none() {
                self.go_on(self.at).map_err(named)?;
            }
            let mut batch = Batch {
                bytes: Vec::new(),
                records: Vec::new(),
                file: path.display().to_string(),
                next: self.at,
            };
            let more = self.fill(&mut batch, bytes_wanted).map_err(named)?;
            if !more {
                self.reader = None;
                self.at = Progress {
                    files: self.at.files + 1,
                    total: self.at.total,
                    ..Progress::default()
                };
            }
            if !batch.records.is_empty() {
                batch.next = self.at;
                return Ok(Some(batch));
            }
        }
    }

    /// Whether there may be more in this file.
    fn fill(&mut self, batch: &mut Batch, bytes_wanted: usize) -> io::Result<bool> {
        let mut begun: Option<Place> = None;
        loop {
            let from = batch.bytes.len();
            let room =
                RECORD_BYTES_MAX.saturating_sub(begun.as_ref().map_or(0, |it| it.text.len()));
            let Some(whole) = self.line(&mut batch.bytes, room)? else {
                batch.records.extend(begun);
                return Ok(false);
            };
            let line = from..batch.bytes.len();
            let text = batch.bytes.get(line.clone()).unwrap_or_default();
            // Of a line that is cut off nobody knows whether it is blank.
            let end = if whole { self.end_of(text) } else { End::Line };
            let number = self.at.lines;
            let place = begun.get_or_insert(Place {
                line: number,
                text: from..from,
                tag: 0..0,
                end,
                too_long: false,
            });
            place.end = end;
            place.too_long |= !whole;
            match end {
                End::Tag => place.tag = trimmed(text, line),
                End::Blank if self.cut != Cut::Line => {}
                _ => place.text.end = without_line_end(text, line).end,
            }
            let over = self.cut == Cut::Line || end != End::Line;
            if over {
                batch.records.extend(begun.take());
                if batch.bytes.len() >= bytes_wanted {
                    return Ok(true);
                }
            }
        }
    }

    /// What a line means for the record that it belongs to.
    fn end_of(&self, text: &[u8]) -> End {
        let text = text.trim_ascii();
        match self.cut {
            Cut::Line => End::Line,
            Cut::Paragraph { .. } if text.is_empty() => End::Blank,
            Cut::Paragraph { at_tags: true } if text.starts_with(b"<") && text.ends_with(b">") => {
                End::Tag
            }
            Cut::Paragraph { .. } => End::Line,
        }
    }

    /// Appends the next line with its end, but no more than there is room for. Whether that was all
    /// of it; `None` at the end of the file.
    fn line(&mut self, into: &mut Vec<u8>, mut room: usize) -> io::Result<Option<bool>> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let (mut whole, mut any) = (true, false);
        loop {
            let read = match reader.fill_buf() {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if read.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', read);
            let length = end.map_or(read.len(), |at| at + 1);
            let kept = length.min(room);
            into.extend_from_slice(read.get(..kept).unwrap_or_default());
            whole &= kept == length;
            room -= kept;
            reader.consume(length);
            self.at.bytes += length as u64;
            self.at.total += length as u64;
            if end.is_some() {
                break;
            }
        }
        self.at.lines += u64::from(any);
        Ok(any.then_some(whole))
    }
}

/// The place of a line without white space around it.
fn trimmed(text: &[u8], line: Range<usize>) -> Range<usize> {
    let start = line.start + (text.len() - text.trim_ascii_start().len());
    start..start + text.trim_ascii().len()
}

fn without_line_end(text: &[u8], line: Range<usize>) -> Range<usize> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    line.start..line.start + text.len()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn cut(input: &str, cut: Cut, bytes_wanted: usize) -> Vec<(u64, String, End, String)> {
        let reader: Box<dyn Read + Send> = Box::new(io::Cursor::new(input.to_owned()));
        let mut records = Records {
            files: vec![PathBuf::from("a")],
            cut,
            reader: Some(BufReader::with_capacity(7, reader)),
            at: Progress::default(),
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut found = Vec::new();
        while let Ok(Some(batch)) = records.batch(bytes_wanted) {
            let all = batch.records();
            found.extend(all.map(|it| (it.line, text(it.text), it.end, text(it.tag))));
        }
        assert_eq!(records.at.total, input.len() as u64);
        found
    }

    #[test]
    fn records_do_not_depend_on_batches() {
        let input = "uno\r\ndue\n\n  \n<P>\ntre\n<p>\nquattro";
        for bytes in [0, 5, 1000] {
            let lines = cut(input, Cut::Line, bytes);
            let texts: Vec<&str> = lines.iter().map(|(_, text, ..)| &**text).collect();
            assert_eq!(texts, ["uno", "due", "", "  ", "<P>", "tre", "<p>", "quattro"]);
            let found = cut(input, Cut::Paragraph { at_tags: true }, bytes);
            let of =
                |line, text: &str, end, tag: &str| (line, text.to_owned(), end, tag.to_owned());
            assert_eq!(
                found,
                [
                    of(1, "uno\r\ndue", End::Blank, ""),
                    of(4, "", End::Blank, ""),
                    of(5, "", End::Tag, "<P>"),
                    of(6, "tre", End::Tag, "<p>"),
                    of(8, "quattro", End::Line, ""),
                ]
            );
            let found = cut(input, Cut::Paragraph { at_tags: false }, bytes);
            assert_eq!(found.last(), Some(&of(5, "<P>\ntre\n<p>\nquattro", End::Line, "")));
        }
    }

    #[test]
    fn a_line_without_end_takes_no_more_memory_than_a_record_may() {
        let mut input = vec![b'a'; RECORD_BYTES_MAX + 10];
        input.extend_from_slice(b"\nb\n");
        let mut records = Records {
            files: vec![PathBuf::from("a")],
            cut: Cut::Line,
            reader: Some(BufReader::new(Box::new(io::Cursor::new(input)))),
            at: Progress::default(),
        };
        let batch = records.batch(0).ok().flatten().expect("a batch");
        let first = batch.records().next().expect("a record");
        assert!(first.too_long && first.text.len() == RECORD_BYTES_MAX);
        let batch = records.batch(0).ok().flatten().expect("a batch");
        let second = batch.records().next().expect("a record");
        assert_eq!((second.line, second.text, second.too_long), (2, &b"b"[..], false));
    }
}
