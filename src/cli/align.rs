//! `cesura align`: a text and its translation in, beads out, over real gRPC.

use super::choices::Choices;
use super::connect::Server;
use super::input::read_whole;
use super::table::{SideBySide, visible};
use super::{Answer, Failure, exit};
use crate::export::{alignment_jsonl, alignment_report};
use crate::wire::pb;
use crate::wire::pb::alignment_service_client::AlignmentServiceClient;
use pb::alignment_event::Event;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The text that was translated; - is standard input
    #[arg(value_name = "SOURCE")]
    source: PathBuf,

    /// Its translation
    #[arg(value_name = "TARGET")]
    target: PathBuf,

    /// What to print
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Language of the source (BCP-47), if you know it
    #[arg(long, value_name = "TAG")]
    source_language: Option<String>,

    /// Language of the target
    #[arg(long, value_name = "TAG")]
    target_language: Option<String>,

    /// The files hold segments that are ready, one a line
    #[arg(long)]
    segments: bool,

    /// Words and their translations, beside our own: one pair a line, separated by a tab
    #[arg(long, value_name = "FILE")]
    dictionary: Option<PathBuf>,

    /// Leave the texts out: positions and spans only
    #[arg(long)]
    omit_text: bool,

    #[command(flatten)]
    choices: Choices,

    #[command(flatten)]
    server: Server,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Format {
    /// Both texts side by side
    Table,
    /// JSON Lines: one event a line
    Jsonl,
    /// One HTML page, side by side, with what speaks for each bead
    Html,
}

pub(super) async fn run(args: Args) -> Answer {
    let (srx, own) = args.choices.srx_for(&args.server)?;
    let request = pb::AlignTextsRequest {
        source: Some(text(&args.source, args.source_language.as_deref(), args.segments)?),
        target: Some(text(&args.target, args.target_language.as_deref(), args.segments)?),
        options: Some(pb::AlignmentOptions {
            segmentation: Some(pb::SegmentationOptions {
                omit_text: args.omit_text && args.format == Format::Jsonl,
                srx,
                ..args.choices.options()
            }),
            dictionary: args.dictionary.as_deref().map(dictionary).transpose()?.unwrap_or_default(),
        }),
    };
    let channel = args.server.channel(own).await?;
    let mut client = AlignmentServiceClient::new(channel).max_decoding_message_size(usize::MAX);
    let mut stream = client.align_texts(request).await?.into_inner();
    let mut out = BufWriter::new(io::stdout().lock());
    let table = SideBySide::new();
    if args.format == Format::Html {
        alignment_report::begin(&mut out)?;
    }
    while let Some(response) = stream.message().await? {
        for event in &response.events {
            match args.format {
                Format::Table => row(&mut out, &table, event)?,
                Format::Jsonl => alignment_jsonl::write(&mut out, event)?,
                Format::Html => alignment_report::write(&mut out, event)?,
            }
        }
    }
    if args.format == Format::Html {
        alignment_report::end(&mut out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// One side of the request.
fn text(path: &Path, language: Option<&str>, ready: bool) -> Result<pb::GivenText, Failure> {
    let bytes = read_whole(path)?;
    let document_id = path.display().to_string();
    let language_code = language.unwrap_or_default().to_owned();
    let text = if ready {
        let kind = pb::BlockKind::Unspecified.into();
        let segment = |text: &str| pb::ReadySegment { text: text.to_owned(), kind, unit_number: 0 };
        let segments = utf8(bytes, path)?.lines().map(segment).collect();
        pb::given_text::Text::Segments(pb::ReadySegments { document_id, language_code, segments })
    } else {
        pb::given_text::Text::Document(pb::SourceDocument {
            document_id,
            language_code,
            source: Some(pb::source_document::Source::Content(bytes)),
            ..pb::SourceDocument::default()
        })
    };
    Ok(pb::GivenText { text: Some(text) })
}

fn utf8(bytes: Vec<u8>, path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        Failure::new(exit::INPUT, anyhow::Error::from(error).context(path.display().to_string()))
    })
}

fn dictionary(path: &Path) -> Result<Vec<pb::WordPair>, Failure> {
    let text = utf8(read_whole(path)?, path)?;
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((source, target)) = line.split_once('\t') else {
            let place = format!("{}:{number}", path.display());
            let why = "no tab between the two words";
            return Err(Failure::new(exit::INPUT, anyhow::anyhow!("{place}: {why}")));
        };
        pairs.push(pb::WordPair { source: source.to_owned(), target: target.to_owned() });
    }
    Ok(pairs)
}

fn row(out: &mut impl Write, table: &SideBySide, event: &pb::AlignmentEvent) -> io::Result<()> {
    match event.event.as_ref() {
        Some(Event::Head(head)) => {
            let title = |side: &Option<pb::TextSummary>| {
                let side = side.clone().unwrap_or_default();
                let language = side.language.unwrap_or_default().language_code;
                let id: String = side.document_id.chars().map(visible).collect();
                vec![format!("{id}  {language}, {} segments", side.segment_count)]
            };
            table.write(out, "", &title(&head.source), &title(&head.target), true)
        }
        Some(Event::Bead(bead)) => {
            let texts = |side: &Option<pb::BeadSide>| {
                side.as_ref().map_or(Vec::new(), |side| side.texts.clone())
            };
            let (source, target) = (texts(&bead.source), texts(&bead.target));
            let joins = !source.is_empty() && !target.is_empty();
            let about = format!("{:.2}", bead.confidence);
            table.write(out, &about, &source, &target, joins)
        }
        Some(Event::Tail(tail)) => {
            let parallel = if tail.parallel { "" } else { "; no translation of each other" };
            writeln!(
                out,
                "{} beads, {} with both sides; {:.0} % of the shorter text has a counterpart{parallel}",
                tail.bead_count,
                tail.joined_bead_count,
                tail.parallel_share * 100.0
            )
        }
        None => Ok(()),
    }
}
