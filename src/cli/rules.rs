//! `cesura rules`: the tables, and whether their examples hold.

use super::{Answer, Failure, exit};
use crate::export::srx;
use crate::language::LanguageTag;
use crate::pipeline::check_examples;
use crate::rule::RuleId;
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
    let mut table = "";
    for row in tailoring.listing().into_iter().filter(|row| listed.insert(row.id)) {
        if table != row.answer.table() {
            let gap = if table.is_empty() { "" } else { "\n" };
            table = row.answer.table();
            writeln!(out, "{gap}{}, revision {}: {table}\n", tailoring.tag, tailoring.revision)?;
        }
        let word = row.answer.word();
        let gap = if word.is_empty() { "" } else { " " };
        writeln!(out, "{word}{gap}{}\n  {}", row.id, row.why)?;
        for example in row.examples {
            writeln!(out, "    {}", example.replace('\n', "⏎"))?;
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
    let rows: BTreeSet<RuleId> =
        tailoring::ALL.iter().flat_map(|one| one.listing()).map(|row| row.id).collect();
    let rows = rows.len();
    let forms: usize = tailoring::ALL.iter().map(|tailoring| tailoring.lexicon.entries.len()).sum();
    writeln!(out, "{rows} rules, {forms} forms, {} examples fail", failures.len())?;
    out.flush()?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::NO) })
}
