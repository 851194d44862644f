//! `cesura segment`: files in, units and segments out, over real gRPC.

use super::bulk::Job;
use super::choices::Choices;
use super::connect::{Link, Server};
use super::input::{self, unreadable};
use super::packing::PackingArgs;
use super::table::Table;
use super::{Answer, Failure, bulk, segment_corpus};
use crate::export::{jsonl, report};
use crate::wire::pb;
use crate::wire::pb::segmentation_service_client::SegmentationServiceClient;
use clap::builder::ArgPredicate;
use indicatif::{ProgressBar, ProgressStyle};
use pb::segment_chunks_request::Item;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Files longer than this are worth a progress bar.
const PROGRESS_BYTES_MIN: u64 = 4 << 20;

/// Chunks on their way to the server.
const CHUNKS_WAITING_MAX: usize = 4;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files to segment; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What to print
    #[arg(long, short, value_enum, default_value_t = Format::Table, default_value_if("input", ArgPredicate::IsPresent, "jsonl"))]
    format: Format,

    /// The files are corpora with one document a line: they are segmented in this process, on all
    /// processors
    #[arg(long, value_enum, conflicts_with = "endpoint")]
    input: Option<Input>,

    /// Language of the files (BCP-47), if you know it
    #[arg(long, short, value_name = "TAG")]
    language: Option<String>,

    /// Character set of the files (WHATWG label)
    #[arg(long, value_name = "LABEL", default_value = "utf-8")]
    charset: String,

    /// Put U+FFFD in place of bytes that mean nothing, instead of refusing the file
    #[arg(long)]
    replace_malformed: bool,

    /// What offsets count
    #[arg(long, value_enum, default_value_t = Offsets::Utf8)]
    offsets: Offsets,

    /// Leave the texts out: spans only
    #[arg(long)]
    omit_text: bool,

    /// Say which rule decided each boundary
    #[arg(long)]
    explain: bool,

    /// What units and segments are to carry beside their place (JSON Lines)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "DETAILS")]
    details: Vec<Detail>,

    /// Words above which a segment is warned of as overlong; 0 is 60
    #[arg(long, value_name = "WORDS", default_value_t = 0)]
    segment_words_max: u32,

    /// How placeholders of masked text look, with an n in braces for their number
    #[arg(long, value_name = "TEXT", default_value = "{{n}}")]
    mask_template: String,

    #[command(flatten)]
    packing: PackingArgs,

    #[command(flatten)]
    choices: Choices,

    #[command(flatten)]
    job: Job,

    #[command(flatten)]
    server: Server,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Format {
    /// A table to read: kind, language, span, segment
    Table,
    /// JSON Lines: one event a line
    Jsonl,
    /// One HTML page to look at, with all details
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(super) enum Input {
    /// {"id","text"} a line
    Jsonl,
    /// One document in base64 a line; its number is its id
    Base64,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(super) enum Detail {
    /// Typed stretches: dates, sums, addresses, passages in other languages
    Annotations,
    /// Quotations, with who is quoted
    Quotations,
    /// Names that stay when other parts change, digests for translation memories, repetitions
    Identities,
    /// Language of each segment
    SegmentLanguages,
    /// Text repaired for machines, with the way back to the source
    MachineText,
    /// That text with placeholders for what no translation may touch
    MaskedText,
    /// Bytes, characters, graphemes, words, estimated tokens
    Counts,
    /// Question, exclamation, fragment …
    SegmentTypes,
    /// Missing spaces, odd quotation marks, mojibake, debris, overlong segments …
    Warnings,
    /// Paragraph number, lead, section path
    Positions,
    /// All of these
    All,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Offsets {
    /// Bytes of UTF-8
    Utf8,
    /// Code units of UTF-16
    Utf16,
    /// Unicode scalar values
    Utf32,
}

impl Detail {
    pub(super) fn to_proto(self) -> pb::Detail {
        match self {
            Detail::Annotations => pb::Detail::Annotations,
            Detail::Quotations => pb::Detail::Quotations,
            Detail::Identities => pb::Detail::Identities,
            Detail::SegmentLanguages => pb::Detail::SegmentLanguages,
            Detail::MachineText => pb::Detail::MachineText,
            Detail::MaskedText => pb::Detail::MaskedText,
            Detail::Counts => pb::Detail::Counts,
            Detail::SegmentTypes => pb::Detail::SegmentTypes,
            Detail::Warnings => pb::Detail::Warnings,
            Detail::Positions => pb::Detail::Positions,
            Detail::All => pb::Detail::All,
        }
    }
}

impl Args {
    /// What a file begins with; `srx` are rules for somebody else's server.
    fn start(&self, path: &Path, srx: &str) -> pb::DocumentStart {
        let offset_encoding = match self.offsets {
            Offsets::Utf8 => pb::OffsetEncoding::Utf8,
            Offsets::Utf16 => pb::OffsetEncoding::Utf16,
            Offsets::Utf32 => pb::OffsetEncoding::Utf32,
        };
        let malformed_policy = if self.replace_malformed {
            pb::MalformedPolicy::Replace
        } else {
            pb::MalformedPolicy::Reject
        };
        // The report shows all there is.
        let html = self.format == Format::Html;
        let offset_encoding = if html { pb::OffsetEncoding::Utf8 } else { offset_encoding };
        let mut details: Vec<i32> =
            self.details.iter().map(|detail| detail.to_proto().into()).collect();
        if html {
            details = vec![pb::Detail::All.into()];
        }
        pb::DocumentStart {
            document_id: path.display().to_string(),
            charset: self.charset.clone(),
            options: Some(pb::SegmentationOptions {
                language_code: self.language.clone().unwrap_or_default(),
                offset_encoding: offset_encoding.into(),
                omit_text: self.omit_text && !html,
                explain: self.explain || html,
                malformed_policy: malformed_policy.into(),
                srx: srx.to_owned(),
                details,
                segment_words_max: self.segment_words_max,
                mask_template: self.mask_template.clone(),
                packing: self.packing.options(),
                ..self.choices.options()
            }),
        }
    }
}

pub(super) async fn run(args: Args) -> Answer {
    if let Some(input) = args.input {
        if args.format != Format::Jsonl {
            return Err(bulk::usage("--input goes with --format jsonl"));
        }
        let (start, srx) = (args.start(Path::new(""), ""), args.choices.srx_file()?);
        return segment_corpus::run(&args.job, args.files.clone(), input, &start, &srx);
    }
    if args.job.is_given() {
        return Err(bulk::usage("--jobs, --output, --resume and --quiet go with --input"));
    }
    let (srx, own) = args.choices.srx_for(&args.server)?;
    let mut client = args.server.client(own).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    let html = args.format == Format::Html;
    if html {
        report::begin(&mut out)?;
    }
    for path in &args.files {
        // A file that fails does not keep the others from their answer.
        if let Err(failure) = one(args.start(path, &srx), &args, path, &mut client, &mut out).await
        {
            if super::is_broken_pipe(&failure.error) {
                return Err(failure);
            }
            out.flush()?;
            code = failure.tell();
        }
    }
    if html {
        report::end(&mut out)?;
    }
    out.flush()?;
    Ok(code)
}

async fn one(
    start: pb::DocumentStart,
    args: &Args,
    path: &Path,
    client: &mut SegmentationServiceClient<Link>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let input = input::Input::open(path).await?;
    let progress = progress(input.bytes);
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
    let reading = tokio::spawn(send(input, start, sender, progress.clone()));
    let answered = answer(args, ReceiverStream::new(receiver), client, out).await;
    progress.finish_and_clear();
    let refused = match answered {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => return Err(error.into()),
        Err(status) => status,
    };
    // A file that could not be read was abandoned: its own error is the better reason. Otherwise
    // the reader may still wait for input that nobody wants.
    if reading.is_finished() || refused.code() == tonic::Code::Cancelled {
        let read = reading.await.map_err(|error| Failure::new(super::exit::INPUT, error))?;
        read.map_err(|error| unreadable(path, error))?;
    }
    let failure = Failure::from(refused);
    Err(Failure { error: failure.error.context(path.display().to_string()), ..failure })
}

/// Writes the answer to one document. The status is the server's, the error inside that of writing.
async fn answer(
    args: &Args,
    requests: ReceiverStream<pb::SegmentChunksRequest>,
    client: &mut SegmentationServiceClient<Link>,
    out: &mut impl Write,
) -> Result<io::Result<()>, tonic::Status> {
    let mut table = Table::new();
    let mut stream = client.segment_chunks(requests).await?.into_inner();
    while let Some(response) = stream.message().await? {
        for event in &response.events {
            let written = match args.format {
                Format::Jsonl => jsonl::write(out, event),
                Format::Html => report::write(out, event),
                Format::Table => table.write(out, event),
            };
            if written.is_err() {
                return Ok(written);
            }
        }
        // Somebody may be reading along.
        if let Err(error) = out.flush() {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Sends a file in pieces. An answer that ends early (an error) ends the sending.
async fn send(
    mut input: input::Input,
    start: pb::DocumentStart,
    to: mpsc::Sender<pb::SegmentChunksRequest>,
    progress: ProgressBar,
) -> io::Result<()> {
    let message = |item| pb::SegmentChunksRequest { item: Some(item) };
    if to.send(message(Item::Start(start))).await.is_err() {
        return Ok(());
    }
    while let Some(chunk) = input.chunk().await? {
        progress.inc(chunk.len() as u64);
        if to.send(message(Item::Chunk(chunk))).await.is_err() {
            return Ok(());
        }
    }
    // The receiver may be gone by now, with an error that is told elsewhere.
    let _ = to.send(message(Item::End(pb::DocumentEnd {}))).await;
    Ok(())
}

/// A bar on standard error for long files, where a person looks on.
fn progress(bytes: Option<u64>) -> ProgressBar {
    let shown =
        io::stderr().is_terminal() && bytes.is_some_and(|bytes| bytes >= PROGRESS_BYTES_MIN);
    let (Some(bytes), true) = (bytes, shown) else { return ProgressBar::hidden() };
    let style =
        ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
