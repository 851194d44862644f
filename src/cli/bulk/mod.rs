//! Corpora in this process: records in, answers in their order out, on all processors.
//!
//! Memory is bounded whatever the length of the input: as many batches are under way as the pool
//! has room for, and a batch is [`BATCH_BYTES`] or one record.

mod output;
mod pool;
mod records;
mod source;

use super::{Answer, Failure, exit};
use indicatif::{ProgressBar, ProgressStyle};
pub(super) use output::Output;
pub(super) use records::{Batch, Cut, End, RECORD_BYTES_MAX, Record};
use records::{Progress, Records};
use serde::{Deserialize, Serialize};
pub(super) use source::{BASE64, Refused, base64, json, text_missing, too_long};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Bytes of input that are done in one go: enough that handing them over costs nothing.
const BATCH_BYTES: usize = 64 << 10;

/// How a corpus is worked through.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Long jobs")]
pub(super) struct Job {
    /// Threads that segment; all processors unless given
    #[arg(long, short, value_name = "THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Write to this file; until it is complete, to FILE.part
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Go on where an earlier run of the same command with --output was ended
    #[arg(long, requires = "output")]
    resume: bool,

    /// Nothing on standard error but errors: no progress, no summary
    #[arg(long, short)]
    quiet: bool,
}

/// What was done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Documents, those that were refused among them.
    pub(super) documents: u64,
    /// Segments written.
    pub(super) segments: u64,
    /// Documents that were refused.
    pub(super) refused: u64,
}

/// The answer to a batch.
#[derive(Debug, Default)]
pub(super) struct Answered {
    /// What is written.
    pub(super) out: Vec<u8>,
    /// What is told on standard error, in lines: refusals that the output has no place for.
    pub(super) told: Vec<u8>,
    /// Counts of the batch.
    pub(super) counts: Counts,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.documents += other.documents;
        self.segments += other.segments;
        self.refused += other.refused;
    }
}

impl Job {
    /// Whether any of the flags was given.
    pub(super) fn is_given(&self) -> bool {
        self.jobs.is_some() || self.output.is_some() || self.resume || self.quiet
    }

    /// Answers all records of the files. `settings` are what the answer depends on: a job is gone
    /// on with only where they are the same. Unbuffered, each record is answered by itself.
    ///
    /// # Errors
    /// Input or output that fails. Records that are refused are none, but the exit code tells of
    /// them.
    pub(super) fn run(
        &self,
        files: Vec<PathBuf>,
        cut: Cut,
        unbuffered: bool,
        settings: String,
        answer: impl Fn(&Batch) -> Answered + Send + Sync + 'static,
    ) -> Answer {
        let (mut output, at, mut counts) = Output::open(self, settings)?;
        if let Output::Complete = output {
            self.say("the output is complete already");
            return Ok(ExitCode::SUCCESS);
        }
        let mut records = Records::open(files, cut)?;
        let bar = self.bar(records.bytes());
        if at != Progress::default() {
            records.go_on(at)?;
            bar.set_position(at.total);
            self.say(&format!("going on behind {} documents", counts.documents));
        }
        let bytes_wanted = if unbuffered { 0 } else { BATCH_BYTES };
        let threads = self.jobs.map_or_else(pool::processors, usize::from);
        let done = pool::run(
            threads,
            move || records.batch(bytes_wanted),
            move |batch: Batch| {
                let answered = answer(&batch);
                (answered, batch.next)
            },
            |(answered, next): (Answered, Progress)| {
                counts.add(answered.counts);
                output.write(&answered.out, Some((next, counts)))?;
                if !answered.told.is_empty() {
                    // Nothing is left to tell of a standard error that cannot be written to.
                    bar.suspend(|| io::stderr().write_all(&answered.told).ok());
                }
                bar.set_position(next.total);
                Ok(())
            },
        );
        bar.finish_and_clear();
        done?;
        output.complete()?;
        Ok(self.sum_up(counts))
    }

    /// Tells what was done, where somebody looks on or something was refused.
    pub(super) fn sum_up(&self, counts: Counts) -> ExitCode {
        let Counts { documents, segments, refused } = counts;
        if refused > 0 || io::stderr().is_terminal() {
            self.say(&format!("{documents} documents, {refused} refused, {segments} segments"));
        }
        if refused > 0 { ExitCode::from(exit::INPUT) } else { ExitCode::SUCCESS }
    }

    fn say(&self, what: &str) {
        if !self.quiet {
            // As above.
            let _ = writeln!(io::stderr(), "cesura: {what}");
        }
    }

    /// Progress on standard error, where a person looks on.
    fn bar(&self, bytes: Option<u64>) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let template = match bytes {
            Some(_) => "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            None => "{spinner} {bytes} {bytes_per_sec} {elapsed}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        bytes.map_or_else(ProgressBar::new_spinner, ProgressBar::new).with_style(style)
    }
}

impl Answered {
    /// Counts a document that is refused, and tells of it on standard error.
    pub(super) fn refuse(&mut self, batch: &Batch, record: &Record<'_>, refused: &Refused) {
        self.counts.refused += 1;
        let Refused { reason, message } = refused;
        let line = format!("cesura: {}:{}: {reason}: {message}\n", batch.file, record.line);
        self.told.extend_from_slice(line.as_bytes());
    }
}

/// A wrong combination of flags.
pub(super) fn usage(message: &str) -> Failure {
    Failure::new(exit::USAGE, anyhow::anyhow!(message.to_owned()))
}
