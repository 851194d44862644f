//! `cesura explain`: every place where a sentence may end, with its rule and its reason.

use super::input::read_whole;
use super::table::visible;
use super::{Answer, Failure, exit};
use crate::document::{Event, Unit};
use crate::language::LanguageTag;
use crate::rule::{RuleId, Verdict};
use crate::tailoring::{self, Tailoring};
use crate::text::Charset;
use crate::{Limits, Options, Segmenter};
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
}

pub(super) fn run(args: &Args) -> Answer {
    let wrong = |message: String| Failure::new(exit::INPUT, anyhow::anyhow!(message));
    let language = match &args.language {
        Some(tag) => Some(
            LanguageTag::parse(tag)
                .ok_or_else(|| wrong(format!("--language: {tag:?} is not BCP-47")))?,
        ),
        None => None,
    };
    let charset = Charset::for_label(&args.charset).ok_or_else(|| {
        wrong(format!("--charset: {:?} is no WHATWG encoding label", args.charset))
    })?;
    let bytes = read_whole(&args.file)?;
    let options = Options { language, charset, explain: true, ..Options::default() };
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
    rows.clone().find(|row| row.id == rule).map_or("", |row| row.why)
}
