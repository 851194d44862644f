//! `cesura explain`: every place where a sentence may end, with its rule and its reason.

use super::choices::Choices;
use super::input::read_whole;
use super::table::visible;
use super::{Answer, Failure, exit};
use crate::document::{Event, Unit};
use crate::rule::{RuleId, Verdict};
use crate::tailoring::{self, Tailoring};
use crate::wire::from_proto::{self, Defaults};
use crate::wire::pb;
use crate::{Limits, Segmenter};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to explain; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,

    /// Language of the file (BCP-47), if you know it
    #[arg(long, short, value_name = "TAG")]
    language: Option<String>,

    /// Character set of the file (WHATWG label)
    #[arg(long, value_name = "LABEL", default_value = "utf-8")]
    charset: String,

    #[command(flatten)]
    choices: Choices,
}

pub(super) fn run(args: &Args) -> Answer {
    let defaults = Defaults { srx: args.choices.srx_file()?.rules(), request_srx_bytes_max: 0 };
    let language_code = args.language.clone().unwrap_or_default();
    let asked = pb::SegmentationOptions { language_code, explain: true, ..args.choices.options() };
    let (mut options, _) = from_proto::options(&asked, &defaults, "options")?;
    options.charset = from_proto::charset(&args.charset, "--charset")?;
    let bytes = read_whole(&args.file)?;
    let limits = Limits { document_bytes_max: Limits::DOCUMENT_BYTES_CEILING, ..Limits::default() };
    let mut segmenter = Segmenter::new(options, limits);
    let refused = |error: crate::Error| Failure::new(exit::INPUT, error);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for chunk in bytes.chunks(limits.chunk_bytes_max as usize) {
        segmenter.push(chunk).map_err(refused)?;
        say(&mut segmenter, &mut out)?;
    }
    segmenter.finish().map_err(refused)?;
    say(&mut segmenter, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn say(segmenter: &mut Segmenter, out: &mut impl Write) -> io::Result<()> {
    while let Some(event) = segmenter.next_event() {
        if let Event::Unit(unit) = event {
            unit_explained(&unit, out)?;
        }
    }
    Ok(())
}

fn unit_explained(unit: &Unit, out: &mut impl Write) -> io::Result<()> {
    let tailoring = tailoring::of(&unit.language);
    writeln!(out, "── {} ({}) {}", unit.kind.name(), unit.language.tag, unit.kind_rule)?;
    let mut at = unit.span.start();
    for decision in &unit.decisions {
        let sign = if decision.verdict == Verdict::Break { '÷' } else { '×' };
        let text = unit.slice(crate::text::Span::new(at, decision.at));
        writeln!(out, "{}{sign}", shown(text))?;
        writeln!(out, "    {sign} {}  {}", decision.rule, why(decision.rule, tailoring))?;
        at = decision.at;
    }
    let text = unit.slice(crate::text::Span::new(at, unit.span.end()));
    writeln!(out, "{}\n", shown(text))
}

/// A stretch of a document on one line, safe for a terminal.
fn shown(text: &str) -> String {
    text.trim_start().chars().map(visible).collect()
}

fn why(rule: RuleId, tailoring: &Tailoring) -> &'static str {
    let rows = tailoring.cascade.iter().copied().flatten();
    let own = rows.clone().find(|row| row.id == rule).map(|row| row.why);
    own.unwrap_or("A rule of the SRX file says so.")
}
