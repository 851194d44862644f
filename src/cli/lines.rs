//! `cesura lines`: texts in, one sentence a line out, as pipelines of translation engines want it.

use super::bulk::{
    self, Answered, Batch, Counts, Cut, End, Job, Output, Record, Refused, base64, json,
};
use super::choices::Choices;
use super::input::unreadable;
use super::{Answer, Failure, exit};
use crate::document::Event;
use crate::exchange::on_one_line;
use crate::wire::from_proto::{self, Defaults};
use crate::wire::pb;
use crate::{Error, Limits, Options, Segmenter};
use ::base64::Engine;
use serde::Serialize;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes given to the segmenter at a time.
const READ_BYTES: usize = 64 << 10;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files to read, one after the other; none or - is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How documents and sentences stand in their files
    #[arg(long, short, value_enum, default_value_t = Framing::Plain)]
    framing: Framing,

    /// What of plain text is a document of its own [default: file; paragraph with -b or -P]
    #[arg(long, value_enum)]
    each: Option<Each>,

    /// Language of the texts (BCP-47), if you know it
    #[arg(long, short, value_name = "TAG")]
    language: Option<String>,

    /// Character set of plain text and of what base64 holds (WHATWG label)
    #[arg(long, value_name = "LABEL", default_value = "utf-8")]
    charset: String,

    /// Put U+FFFD in place of bytes that mean nothing, instead of refusing the document
    #[arg(long)]
    replace_malformed: bool,

    /// Only sentences that are to be translated: no menus, captions of pictures, notes on rights
    #[arg(long)]
    translatable: bool,

    /// Write <P> after each paragraph that a blank line ends; lines that are one tag stay as
    /// they are
    #[arg(long, short = 'P')]
    paragraph_marks: bool,

    /// Write no <P>, as it is anyway; for command lines made for Moses
    #[arg(long, short = 'n', conflicts_with = "paragraph_marks")]
    no_paragraph_marks: bool,

    /// Every line is a document of its own; the same as --each line
    #[arg(long, short, conflicts_with = "each")]
    keep_lines: bool,

    /// Answer each document as soon as it ends: for programs that wait for the answer
    #[arg(long, short = 'b')]
    unbuffered: bool,

    #[command(flatten)]
    job: Job,

    #[command(flatten)]
    choices: Choices,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Framing {
    /// Text in, one sentence a line out
    Plain,
    /// One document in base64 a line in; its sentences, one a line, in base64 on one line out
    Base64,
    /// {"id","text"} in; {"id","segment","text"} for each sentence out, or {"id","line","error","message"}
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Each {
    /// All of a file
    File,
    /// Lines up to a blank one
    Paragraph,
    /// A line
    Line,
}

/// One sentence, or what is wrong with a record.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a serde_json::value::RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// Texts to sentences.
#[derive(Clone, Debug)]
struct Splitter {
    options: Options,
    limits: Limits,
    translatable: bool,
}

impl Splitter {
    fn new(args: &Args, limits: Limits) -> Result<Splitter, Failure> {
        let given = pb::SegmentationOptions {
            language_code: args.language.clone().unwrap_or_default(),
            ..args.choices.options()
        };
        let defaults = Defaults { srx: args.choices.srx_file()?.rules(), ..Defaults::default() };
        let (mut options, _) = from_proto::options(&given, &defaults, "options")?;
        options.charset = from_proto::charset(&args.charset, "--charset")?;
        if args.replace_malformed {
            options.malformed = crate::text::MalformedPolicy::Replace;
        }
        Ok(Splitter { options, limits, translatable: args.translatable })
    }

    /// Gives each sentence of a document, on one line, with its number.
    fn split(&self, text: &[u8], mut to: impl FnMut(u32, &str)) -> Result<u64, Error> {
        let mut segmenter = Segmenter::new(self.options.clone(), self.limits);
        let mut count = 0;
        for chunk in text.chunks(READ_BYTES) {
            segmenter.push(chunk)?;
            count += self.drain(&mut segmenter, &mut to);
        }
        segmenter.finish()?;
        Ok(count + self.drain(&mut segmenter, &mut to))
    }

    fn drain(&self, segmenter: &mut Segmenter, to: &mut impl FnMut(u32, &str)) -> u64 {
        let mut count = 0;
        while let Some(event) = segmenter.next_event() {
            let Event::Unit(unit) = event else { continue };
            if self.translatable && !unit.translatable() {
                continue;
            }
            for segment in &unit.segments {
                to(segment.number, &on_one_line(unit.slice(segment.span)));
            }
            count += unit.segments.len() as u64;
        }
        count
    }

    /// Sentences of a document, one a line; none of them where it is refused.
    fn lines(&self, text: &[u8], out: &mut Vec<u8>) -> Result<u64, Refused> {
        let before = out.len();
        let split = self.split(text, |_, sentence| {
            out.extend_from_slice(sentence.as_bytes());
            out.push(b'\n');
        });
        split.map_err(|error| {
            out.truncate(before);
            Refused::from(error)
        })
    }
}

pub(super) fn run(args: &Args) -> Answer {
    let each = match (args.each, args.keep_lines) {
        (_, true) => Each::Line,
        (Some(each), _) => each,
        (None, _) if args.unbuffered || args.paragraph_marks => Each::Paragraph,
        (None, _) => Each::File,
    };
    let plain = args.framing == Framing::Plain;
    if !plain && (args.paragraph_marks || args.keep_lines || args.each.is_some()) {
        return Err(bulk::usage("-P, -k and --each are for plain text"));
    }
    if args.paragraph_marks && each == Each::File {
        return Err(bulk::usage("-P goes with --each paragraph or line"));
    }
    let files = match args.files.is_empty() {
        true => vec![PathBuf::from("-")],
        false => args.files.clone(),
    };
    if plain && each == Each::File {
        return whole_files(args, &files);
    }
    let cut = match (plain, each) {
        (true, Each::Paragraph) => Cut::Paragraph { at_tags: args.paragraph_marks },
        _ => Cut::Line,
    };
    let splitter = Splitter::new(args, Limits::default())?;
    let (framing, marks) = (args.framing, args.paragraph_marks);
    let answer = move |batch: &Batch| match framing {
        Framing::Plain => plain_lines(&splitter, batch, marks),
        Framing::Base64 => base64_lines(&splitter, batch),
        Framing::Jsonl => json_lines(&splitter, batch),
    };
    let settings = format!(
        "lines {files:?} {framing:?} {each:?} {:?} {:?} {} {} {marks} {:?}",
        args.language, args.charset, args.replace_malformed, args.translatable, args.choices
    );
    args.job.run(files, cut, args.unbuffered, settings, answer)
}

/// Files that are one document each, read and answered in pieces.
fn whole_files(args: &Args, files: &[PathBuf]) -> Answer {
    let limits = Limits { document_bytes_max: Limits::DOCUMENT_BYTES_CEILING, ..Limits::default() };
    let splitter = Splitter::new(args, limits)?;
    // Nothing to go on with inside a document: it is begun anew.
    let (mut output, ..) = Output::open(&args.job, String::new())?;
    if let Output::Complete = output {
        return Ok(std::process::ExitCode::SUCCESS);
    }
    let mut counts = Counts::default();
    for path in files {
        counts.documents += 1;
        let answered = whole_file(&splitter, path, &mut output);
        match answered {
            Ok(segments) => counts.segments += segments,
            Err(failure) if failure.error.is::<Error>() => {
                counts.refused += 1;
                let error = failure.error.context(path.display().to_string());
                Failure { error, ..failure }.tell();
            }
            Err(failure) => return Err(failure),
        }
    }
    output.complete()?;
    Ok(args.job.sum_up(counts))
}

fn whole_file(splitter: &Splitter, path: &Path, output: &mut Output) -> Result<u64, Failure> {
    let mut input: Box<dyn Read> = match path == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => Box::new(std::fs::File::open(path).map_err(|error| unreadable(path, error))?),
    };
    let mut segmenter = Segmenter::new(splitter.options.clone(), splitter.limits);
    let mut chunk = vec![0; READ_BYTES];
    let mut count = 0;
    loop {
        let read = match input.read(&mut chunk) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(path, error)),
        };
        let pushed = match read {
            0 => segmenter.finish(),
            _ => segmenter.push(chunk.get(..read).unwrap_or_default()),
        };
        let mut out = Vec::new();
        count += splitter.drain(&mut segmenter, &mut |_, sentence| {
            out.extend_from_slice(sentence.as_bytes());
            out.push(b'\n');
        });
        output.write(&out, None)?;
        pushed.map_err(|error| Failure::new(exit::INPUT, error))?;
        if read == 0 {
            return Ok(count);
        }
    }
}

fn plain_lines(splitter: &Splitter, batch: &Batch, marks: bool) -> Answered {
    let mut answered = Answered::default();
    for record in batch.records() {
        let blank = record.text.trim_ascii().is_empty();
        if !blank {
            answered.counts.documents += 1;
            match checked(&record).and_then(|text| splitter.lines(text, &mut answered.out)) {
                Ok(count) => answered.counts.segments += count,
                Err(refused) => answered.refuse(batch, &record, &refused),
            }
        }
        if marks && !blank && record.end == End::Blank {
            answered.out.extend_from_slice(b"<P>\n");
        }
        if marks && record.end == End::Tag {
            answered.out.extend_from_slice(record.tag);
            answered.out.push(b'\n');
        }
    }
    answered
}

/// One line for each, so that other columns of the corpus still fit: that of a document that is
/// refused is empty.
fn base64_lines(splitter: &Splitter, batch: &Batch) -> Answered {
    let mut answered = Answered::default();
    let mut text = Vec::new();
    for record in batch.records() {
        answered.counts.documents += 1;
        text.clear();
        let split = checked(&record)
            .and_then(base64)
            .and_then(|document| splitter.lines(&document, &mut text));
        match split {
            Ok(count) => answered.counts.segments += count,
            Err(refused) => answered.refuse(batch, &record, &refused),
        }
        answered.out.extend_from_slice(bulk::BASE64.encode(&text).as_bytes());
        answered.out.push(b'\n');
    }
    answered
}

fn json_lines(splitter: &Splitter, batch: &Batch) -> Answered {
    let mut answered = Answered::default();
    for record in batch.records().filter(|record| !record.text.trim_ascii().is_empty()) {
        answered.counts.documents += 1;
        let before = answered.out.len();
        let document = checked(&record).and_then(json);
        let id = document.as_ref().map_or_else(|_| "null".to_owned(), |it| it.id(record.line));
        let Ok(id) = serde_json::value::RawValue::from_string(id) else { continue };
        let empty =
            Line { id: &id, segment: None, text: None, line: None, error: None, message: None };
        let out = &mut answered.out;
        let split = document.and_then(|document| {
            let text = document.text.ok_or_else(bulk::text_missing)?;
            let split = splitter.split(text.as_bytes(), |number, sentence| {
                write(out, &Line { segment: Some(number), text: Some(sentence), ..empty });
            });
            split.map_err(Refused::from)
        });
        match split {
            Ok(count) => answered.counts.segments += count,
            Err(Refused { reason, message }) => {
                answered.counts.refused += 1;
                answered.out.truncate(before);
                let (error, message) = (Some(reason), Some(message.as_str()));
                write(
                    &mut answered.out,
                    &Line { line: Some(record.line), error, message, ..empty },
                );
            }
        }
    }
    answered
}

fn checked<'a>(record: &Record<'a>) -> Result<&'a [u8], Refused> {
    if record.too_long { Err(bulk::too_long()) } else { Ok(record.text) }
}

fn write(out: &mut Vec<u8>, line: &Line<'_>) {
    // Writing to memory and strings as values do not fail.
    let _ = serde_json::to_writer(&mut *out, line);
    out.push(b'\n');
}
