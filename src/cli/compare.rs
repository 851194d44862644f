//! `cesura compare`: articles in, what they have in common out, over real gRPC.

use super::Answer;
use super::choices::Choices;
use super::connect::Server;
use super::input::read_whole;
use super::table::{Listing, visible};
use crate::export::comparison_jsonl::{self, kind_name};
use crate::export::comparison_report::Report;
use crate::wire::pb;
use crate::wire::pb::comparison_service_client::ComparisonServiceClient;
use pb::comparison_event::Event;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Score from which two documents are shown as telling of one event.
const SHOWN_TIE_MIN: f32 = 0.5;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The articles, at least two
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What to print
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Language of the files (BCP-47), if you know it
    #[arg(long, short, value_name = "TAG")]
    language: Option<String>,

    /// Also print the pairs that groups are made of (JSON Lines)
    #[arg(long)]
    pairs: bool,

    /// Leave the texts out: positions and spans only (JSON Lines)
    #[arg(long)]
    omit_text: bool,

    #[command(flatten)]
    choices: Choices,

    #[command(flatten)]
    server: Server,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Format {
    /// Groups to read, each with the words of every article
    Table,
    /// JSON Lines: one event a line
    Jsonl,
    /// One HTML page, the articles side by side
    Html,
}

pub(super) async fn run(args: Args) -> Answer {
    let (srx, own) = args.choices.srx_for(&args.server)?;
    let mut documents = Vec::with_capacity(args.files.len());
    for path in &args.files {
        let document = pb::SourceDocument {
            document_id: path.display().to_string(),
            language_code: args.language.clone().unwrap_or_default(),
            source: Some(pb::source_document::Source::Content(read_whole(path)?)),
            ..pb::SourceDocument::default()
        };
        let text = Some(pb::given_text::Text::Document(document));
        documents.push(pb::GivenText { text });
    }
    let request = pb::CompareDocumentsRequest {
        documents,
        options: Some(pb::ComparisonOptions {
            segmentation: Some(pb::SegmentationOptions {
                omit_text: args.omit_text && args.format == Format::Jsonl,
                srx,
                ..args.choices.options()
            }),
            pairs: args.pairs && args.format == Format::Jsonl,
            ..pb::ComparisonOptions::default()
        }),
    };
    let channel = args.server.channel(own).await?;
    let mut client = ComparisonServiceClient::new(channel).max_decoding_message_size(usize::MAX);
    let mut stream = client.compare_documents(request).await?.into_inner();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut report = match args.format {
        Format::Html => Some(Report::begin(&mut out)?),
        Format::Table | Format::Jsonl => None,
    };
    let mut names = Vec::new();
    while let Some(response) = stream.message().await? {
        for event in &response.events {
            match &mut report {
                Some(report) => report.write(&mut out, event)?,
                None if args.format == Format::Jsonl => comparison_jsonl::write(&mut out, event)?,
                None => row(&mut out, &mut names, event)?,
            }
        }
    }
    if let Some(report) = report {
        report.end(&mut out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one event for a person; `names` are those of the documents, which the head tells.
fn row(
    out: &mut impl Write,
    names: &mut Vec<String>,
    event: &pb::ComparisonEvent,
) -> io::Result<()> {
    let listing = Listing::new();
    match event.event.as_ref() {
        Some(Event::Head(head)) => {
            let documents = head.documents.iter();
            *names = documents.map(|one| one.document_id.chars().map(visible).collect()).collect();
            Ok(())
        }
        // Of documents that hardly tell of one event there is nothing to read.
        Some(Event::Tie(tie)) if tie.score < SHOWN_TIE_MIN => Ok(()),
        Some(Event::Tie(tie)) => {
            let name = |number: u32| names.get(number as usize).map_or("", String::as_str);
            writeln!(out, "{:.2} one event: {}, {}", tie.score, name(tie.a), name(tie.b))
        }
        Some(Event::Group(group)) => {
            let differs = if group.differs { ", other figures or dates" } else { "" };
            let kind = kind_name(group.kind()).replace('_', " ");
            let title = format!("{}. {kind} {:.2}{differs}", group.number, group.score);
            writeln!(out)?;
            listing.title(out, &title)?;
            for member in &group.members {
                let name = names.get(member.document as usize).map_or("", String::as_str);
                listing.entry(out, &format!("{name}:{}", member.segment), &member.text)?;
            }
            Ok(())
        }
        Some(Event::Share(share)) => {
            let name = names.get(share.document as usize).map_or("", String::as_str);
            let (shared, own) = (share.shared_segments.len(), share.own_segments.len());
            if share.document == 0 {
                writeln!(out)?;
            }
            writeln!(out, "{name}: {shared} segments shared, {own} of its own")
        }
        Some(Event::Tail(tail)) => {
            writeln!(out, "{} documents, {} groups", tail.document_count, tail.group_count)
        }
        Some(Event::Pair(_)) | None => Ok(()),
    }
}
