//! `cesura segment --input`: corpora with one document a line, in this process.
//!
//! The lines are those of a server's answers, made by the same code. What a stream knows of its
//! earlier documents is missing: they are done at the same time.

use super::Answer;
use super::bulk::{self, Answered, Batch, Cut, Job, Record, Refused, base64, json};
use super::segment::Input;
use crate::export::jsonl;
use crate::server::srx_file::SrxFile;
use crate::text::{Charset, MalformedPolicy};
use crate::wire::from_proto::{self, Defaults, Presentation};
use crate::wire::{Presenter, pb};
use crate::{Limits, Options, Segmenter};
use serde::Serialize;
use std::borrow::Cow;
use std::path::PathBuf;

/// Bytes given to the segmenter at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// What is asked of every document.
struct Asked {
    input: Input,
    options: Options,
    presentation: Presentation,
    /// Of what base64 holds; JSON is UTF-8.
    charset: Charset,
}

/// A document that is refused, in its place among the others.
#[derive(Serialize)]
struct RefusedLine<'a> {
    event: &'static str,
    document_id: &'a str,
    line: u64,
    reason: &'a str,
    message: &'a str,
}

pub(super) fn run(
    job: &Job,
    files: Vec<PathBuf>,
    input: Input,
    start: &pb::DocumentStart,
    srx: &SrxFile,
) -> Answer {
    let defaults = Defaults { srx: srx.rules(), ..Defaults::default() };
    let given = start.options.clone().unwrap_or_default();
    let (options, presentation) = from_proto::options(&given, &defaults, "options")?;
    let charset = from_proto::charset(&start.charset, "--charset")?;
    let settings = format!("segment {files:?} {input:?} {start:?} {srx:?}");
    let asked = Asked { input, options, presentation, charset };
    job.run(files, Cut::Line, false, settings, move |batch| asked.answer(batch))
}

impl Asked {
    fn answer(&self, batch: &Batch) -> Answered {
        let mut answered = Answered::default();
        for record in batch.records() {
            // Of base64 an empty line is an empty document.
            if self.input == Input::Jsonl && record.text.trim_ascii().is_empty() {
                continue;
            }
            answered.counts.documents += 1;
            let before = answered.out.len();
            let mut id = record.line.to_string();
            match self.document(&record, &mut id, &mut answered.out) {
                Ok(segments) => answered.counts.segments += segments,
                Err(refused) => {
                    answered.counts.refused += 1;
                    answered.out.truncate(before);
                    let (reason, message) = (refused.reason, &*refused.message);
                    let (event, document_id, line) = ("refused", &*id, record.line);
                    let line = RefusedLine { event, document_id, line, reason, message };
                    // Writing to memory and strings as values do not fail.
                    let _ = serde_json::to_writer(&mut answered.out, &line);
                    answered.out.push(b'\n');
                }
            }
        }
        answered
    }

    /// Writes the events of a document; the number of its segments.
    fn document(
        &self,
        record: &Record<'_>,
        id: &mut String,
        out: &mut Vec<u8>,
    ) -> Result<u64, Refused> {
        if record.too_long {
            return Err(bulk::too_long());
        }
        let mut options = self.options.clone();
        let text: Cow<'_, [u8]> = match self.input {
            Input::Base64 => {
                let bytes = base64(record.text)?;
                options.charset = self.charset;
                // The whole document is at hand, so its head can say this.
                options.replaced = (options.malformed == MalformedPolicy::Replace)
                    .then(|| self.charset.has_malformed(&bytes));
                Cow::Owned(bytes)
            }
            Input::Jsonl => {
                let document = json(record.text)?;
                *id = document.id_text(record.line);
                options.replaced = Some(false);
                match document.text.ok_or_else(bulk::text_missing)? {
                    Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                    Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                }
            }
        };
        let mut segmenter = Segmenter::new(options, Limits::default());
        let mut presenter = Presenter::new(self.presentation.clone(), id.clone());
        let mut segments = 0;
        for chunk in text.chunks(CHUNK_BYTES) {
            segmenter.push(chunk)?;
            segments += say(&mut segmenter, &mut presenter, out);
        }
        segmenter.finish()?;
        Ok(segments + say(&mut segmenter, &mut presenter, out))
    }
}

fn say(segmenter: &mut Segmenter, presenter: &mut Presenter, out: &mut Vec<u8>) -> u64 {
    let mut segments = 0;
    while let Some(event) = segmenter.next_event() {
        if let crate::document::Event::Unit(unit) = &event {
            segments += unit.segments.len() as u64;
        }
        // As above.
        let _ = jsonl::write(out, &presenter.event(event));
    }
    segments
}
