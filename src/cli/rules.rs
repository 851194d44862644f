//! `cesura rules`: the tables, and whether their examples hold.

use super::{Answer, Failure, exit};
use crate::export::srx;
use crate::language::LanguageTag;
use crate::pipeline::check_examples;
use crate::rule::{RuleId, Verdict};
use crate::tailoring::{self, Tailoring};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Run every example of every rule and abbreviation; exit 1 if one fails
    #[arg(long)]
    check: bool,

    /// Print the sentence rules that SRX 2.0 can say as an SRX file, for other tools
    #[arg(long, conflicts_with = "check")]
    srx: bool,

    /// Only the rules for this language (BCP-47)
    #[arg(long, short, value_name = "TAG")]
    language: Option<String>,
}

pub(super) fn run(args: &Args) -> Answer {
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.check {
        return check(&mut out);
    }
    let one = match &args.language {
        Some(tag) => {
            let parsed = LanguageTag::parse(tag).ok_or_else(|| {
                Failure::new(exit::INPUT, anyhow::anyhow!("--language: {tag:?} is not BCP-47"))
            })?;
            Some([tailoring::for_tag(&parsed)])
        }
        None => None,
    };
    let tailorings = one.as_ref().map_or(tailoring::ALL, <[_; 1]>::as_slice);
    if args.srx {
        srx::write(&mut out, tailorings)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut listed = BTreeSet::new();
    for tailoring in tailorings {
        list(tailoring, &mut listed, &mut out)?;
    }
    writeln!(out, "ends of units\n")?;
    for (id, why, _) in tailoring::ENDS {
        writeln!(out, "÷ {id}\n  {why}")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Rows that several languages share are listed once, with the first.
fn list(
    tailoring: &Tailoring,
    listed: &mut BTreeSet<RuleId>,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{}, revision {}: function of blocks\n", tailoring.tag, tailoring.revision)?;
    for row in tailoring.blocks.iter().filter(|row| listed.insert(row.id)) {
        writeln!(out, "{:13} {}\n              {}", row.kind.name(), row.id, row.why)?;
    }
    writeln!(out, "\n{}, revision {}: sentence boundaries\n", tailoring.tag, tailoring.revision)?;
    let rows = tailoring.cascade.iter().copied().flatten();
    for row in rows.filter(|row| listed.insert(row.id)) {
        let sign = if row.verdict == Verdict::Break { '÷' } else { '×' };
        writeln!(out, "{sign} {}\n  {}", row.id, row.why)?;
        for example in row.examples {
            writeln!(out, "    {}", example.replace('\n', "⏎"))?;
        }
    }
    let rows = tailoring.annotations.iter().copied().flatten();
    let rows: Vec<_> = rows.filter(|row| listed.insert(row.id)).collect();
    if !rows.is_empty() {
        writeln!(out, "\n{}: typed stretches\n", tailoring.tag)?;
    }
    for row in rows {
        writeln!(out, "{:15} {}\n                {}", row.kind.name(), row.id, row.why)?;
        for (example, value) in row.examples {
            let value = if value.is_empty() { String::new() } else { format!(" = {value}") };
            writeln!(out, "    {example}{value}")?;
        }
    }
    writeln!(out)
}

fn check(out: &mut impl Write) -> Answer {
    let failures = check_examples();
    for failure in &failures {
        writeln!(
            out,
            "{}: {}\n    written {}\n    found   {}",
            failure.of, failure.problem, failure.example, failure.found
        )?;
    }
    let rows: BTreeSet<RuleId> = tailoring::ALL
        .iter()
        .flat_map(|tailoring| {
            let sentence = tailoring.cascade.iter().copied().flatten().map(|row| row.id);
            let annotation = tailoring.annotations.iter().copied().flatten().map(|row| row.id);
            tailoring.blocks.iter().map(|row| row.id).chain(sentence).chain(annotation)
        })
        .collect();
    let rows = rows.len();
    let forms: usize = tailoring::ALL.iter().map(|tailoring| tailoring.lexicon.entries.len()).sum();
    writeln!(out, "{rows} rules, {forms} forms, {} examples fail", failures.len())?;
    out.flush()?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::NO) })
}
