//! `cesura merge`: a translation in, the translated document out, over real gRPC.

use super::choices::Choices;
use super::connect::Server;
use super::export::{output, source_document};
use super::input::read_whole;
use super::{Answer, Failure, exit};
use crate::wire::pb;
use crate::wire::pb::exchange_service_client::ExchangeServiceClient;
use pb::merge_event::Event;
use pb::merge_request::Translation;
use serde::Deserialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The translation: an XLIFF file with targets; with --source JSON Lines with a text for each
    /// segment, {"segment":3,"text":"…"} or {"id":"s-…","text":"…"}; with --source and --back-map
    /// the translated lines. - is standard input
    #[arg(value_name = "TRANSLATION")]
    translation: PathBuf,

    /// The document that was translated
    #[arg(long, value_name = "FILE")]
    source: Option<PathBuf>,

    /// The way back from the lines, as export wrote it
    #[arg(long, value_name = "FILE", requires = "source")]
    back_map: Option<PathBuf>,

    /// The texts hold placeholders of masked text
    #[arg(long, requires = "source", conflicts_with = "back_map")]
    masked: bool,

    /// How those placeholders look, with an n in braces for their number
    #[arg(long, value_name = "TEXT", requires = "masked")]
    mask_template: Option<String>,

    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Language of the source (BCP-47), as it was given when it was segmented
    #[arg(long, short, value_name = "TAG", requires = "source")]
    language: Option<String>,

    /// Character set of the source (WHATWG label) [default: utf-8]
    #[arg(long, value_name = "LABEL", requires = "source")]
    charset: Option<String>,

    /// What to do where a segment has no target
    #[arg(long, value_enum, value_name = "POLICY", default_value_t = MissingTarget::Source)]
    missing_target: MissingTarget,

    /// What to do where a target lost a placeholder
    #[arg(long, value_enum, value_name = "POLICY", default_value_t = MissingPlaceholder::Append)]
    missing_placeholder: MissingPlaceholder,

    /// Exit with 1 if there is any problem
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    choices: Choices,

    #[command(flatten)]
    server: Server,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum MissingTarget {
    /// Put its source in its place
    Source,
    /// Fail
    Refuse,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum MissingPlaceholder {
    /// Put what it stands for behind the target
    Append,
    /// Leave it out
    LeaveOut,
    /// Put the source of the segment in place of the target
    Source,
}

/// A line of targets.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    segment: Option<u32>,
    id: Option<String>,
    text: String,
}

impl Args {
    fn request(&self, srx: String) -> Result<pb::MergeRequest, Failure> {
        let bytes = read_whole(&self.translation)?;
        let charset = self.charset.as_deref().unwrap_or_default();
        let translation = match (&self.source, &self.back_map) {
            (None, _) => Translation::Xliff(bytes),
            (Some(source), Some(map)) => Translation::Lines(pb::LineTargets {
                document: Some(source_document(source, charset, self.language.as_deref())?),
                back_map: utf8(read_whole(map)?, map)?,
                text: utf8(bytes, &self.translation)?,
                target_language_code: String::new(),
            }),
            (Some(source), None) => Translation::Segments(pb::SegmentTargets {
                document: Some(pb::SegmentDocumentRequest {
                    document: Some(source_document(source, charset, self.language.as_deref())?),
                    options: Some(pb::SegmentationOptions {
                        srx,
                        mask_template: self.mask_template.clone().unwrap_or_default(),
                        ..self.choices.options()
                    }),
                }),
                targets: targets(&bytes, &self.translation)?,
                masked: self.masked,
                target_language_code: String::new(),
            }),
        };
        let missing_target = match self.missing_target {
            MissingTarget::Source => pb::MissingTargetPolicy::Source,
            MissingTarget::Refuse => pb::MissingTargetPolicy::Refuse,
        };
        let missing_placeholder = match self.missing_placeholder {
            MissingPlaceholder::Append => pb::MissingPlaceholderPolicy::Append,
            MissingPlaceholder::LeaveOut => pb::MissingPlaceholderPolicy::LeaveOut,
            MissingPlaceholder::Source => pb::MissingPlaceholderPolicy::Source,
        };
        Ok(pb::MergeRequest {
            translation: Some(translation),
            missing_target_policy: missing_target.into(),
            missing_placeholder_policy: missing_placeholder.into(),
        })
    }
}

/// Targets, one a line.
fn targets(bytes: &[u8], path: &Path) -> Result<Vec<pb::SegmentTarget>, Failure> {
    use pb::segment_target::Segment;
    let mut targets = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let wrong = |why: anyhow::Error| {
            let place = format!("{}:{number}", path.display());
            Failure::new(exit::INPUT, why.context(place))
        };
        let line: Line = serde_json::from_slice(line).map_err(|error| wrong(error.into()))?;
        let segment = match (line.segment, line.id) {
            (Some(number), None) => Segment::SegmentNumber(number),
            (None, Some(id)) => Segment::SegmentId(id),
            _ => return Err(wrong(anyhow::anyhow!("one of segment and id is needed"))),
        };
        targets.push(pb::SegmentTarget { segment: Some(segment), text: line.text });
    }
    Ok(targets)
}

fn utf8(bytes: Vec<u8>, path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        Failure::new(exit::INPUT, anyhow::Error::from(error).context(path.display().to_string()))
    })
}

pub(super) async fn run(args: Args) -> Answer {
    let (srx, own) = args.choices.srx_for(&args.server)?;
    let channel = args.server.channel(own).await?;
    let mut client = ExchangeServiceClient::new(channel).max_decoding_message_size(usize::MAX);
    let mut stream = client.merge(args.request(srx)?).await?.into_inner();
    let mut out = output(args.output.as_deref())?;
    let mut problems = 0;
    while let Some(response) = stream.message().await? {
        for event in response.events.into_iter().filter_map(|event| event.event) {
            match event {
                Event::Content(content) => out.write_all(&content)?,
                Event::Problem(problem) => tell(&problem)?,
                Event::Tail(tail) => {
                    problems = tail.problem_count;
                    writeln!(
                        io::stderr(),
                        "{} of {} segments translated; {problems} problems",
                        tail.target_count,
                        tail.translatable_segment_count
                    )?;
                }
                Event::Head(_) => {}
            }
        }
    }
    out.flush()?;
    let failed = args.strict && problems > 0;
    Ok(if failed { ExitCode::from(exit::NO) } else { ExitCode::SUCCESS })
}

/// Says what is wrong on standard error: the document goes to standard output.
fn tell(problem: &pb::MergeProblem) -> io::Result<()> {
    let kind = problem.kind().as_str_name().trim_start_matches("MERGE_PROBLEM_KIND_");
    let kind = kind.to_lowercase().replace('_', " ");
    let mut place = Vec::new();
    if problem.unit_number > 0 {
        place.push(format!("unit {}", problem.unit_number));
    }
    if problem.segment_number > 0 {
        place.push(format!("segment {}", problem.segment_number));
    } else if !problem.id.is_empty() {
        place.push(problem.id.clone());
    }
    let detail = if problem.detail.is_empty() { "" } else { ": " };
    writeln!(io::stderr(), "{}: {kind}{detail}{}", place.join(", "), problem.detail)
}
