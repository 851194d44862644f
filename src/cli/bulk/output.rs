//! Where a long job writes to: standard output, or a file that a later run can go on with.
//!
//! A file is written beside its name, as `FILE.part`, with `FILE.part.json` saying how far the
//! input is answered in it. What was written after the last word of that is cut off when the job
//! is gone on with, so every record is there once. Only the complete file gets the name.

use super::records::Progress;
use super::{Counts, Job};
use crate::cli::{Failure, exit};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time between two words of how far the job is: what a kill costs at most, beside what is ahead.
const NOTE_EVERY: Duration = Duration::from_secs(2);

/// How far a job is.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    /// Another version may answer otherwise.
    version: String,
    /// What was asked for.
    settings: String,
    input: Progress,
    output_bytes: u64,
    counts: Counts,
}

pub(in crate::cli) enum Output {
    Stdout(io::Stdout),
    File(Box<PartFile>),
    /// The file was complete before.
    Complete,
}

pub(in crate::cli) struct PartFile {
    file: File,
    path: PathBuf,
    settings: String,
    written: u64,
    /// `None`: not yet. The first batch is noted at once, which shows that it can be.
    noted: Option<Instant>,
}

impl Output {
    /// Standard output, or the file of the job; with what of the input is in it already.
    ///
    /// # Errors
    /// A file that cannot be written, is being written by another process, or was begun otherwise.
    pub(in crate::cli) fn open(
        job: &Job,
        settings: String,
    ) -> Result<(Output, Progress, Counts), Failure> {
        let nothing = (Progress::default(), Counts::default());
        let Some(path) = &job.output else {
            return Ok((Output::Stdout(io::stdout()), nothing.0, nothing.1));
        };
        let part = beside(path, ".part");
        if job.resume && path.exists() && !part.exists() {
            return Ok((Output::Complete, nothing.0, nothing.1));
        }
        let named = |error: io::Error| {
            let error = anyhow::Error::from(error).context(part.display().to_string());
            Failure::new(exit::CONFIG, error)
        };
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(false).open(&part).map_err(named)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("{} is being written by another process", part.display());
                return Err(Failure::new(exit::CONFIG, anyhow::anyhow!(message)));
            }
            Err(TryLockError::Error(error)) => return Err(named(error)),
        }
        let (input, written, counts) = match job.resume {
            true => begun(path, &settings, file.metadata().map_err(named)?.len())?,
            false => (nothing.0, 0, nothing.1),
        };
        file.set_len(written).map_err(named)?;
        file.seek(SeekFrom::Start(written)).map_err(named)?;
        let path = path.clone();
        let part = PartFile { file, path, settings, written, noted: None };
        Ok((Output::File(Box::new(part)), input, counts))
    }

    /// Writes the answer to all of the input up to a place, where that is one to go on from.
    pub(in crate::cli) fn write(
        &mut self,
        bytes: &[u8],
        upto: Option<(Progress, Counts)>,
    ) -> io::Result<()> {
        match self {
            Output::Stdout(out) => {
                let mut out = out.lock();
                out.write_all(bytes)?;
                out.flush()
            }
            Output::File(file) => {
                file.file.write_all(bytes)?;
                file.written += bytes.len() as u64;
                match upto {
                    Some((input, counts))
                        if file.noted.is_none_or(|at| at.elapsed() >= NOTE_EVERY) =>
                    {
                        file.note(input, counts)
                    }
                    _ => Ok(()),
                }
            }
            Output::Complete => Ok(()),
        }
    }

    /// All of the input is answered.
    pub(in crate::cli) fn complete(self) -> io::Result<()> {
        let Output::File(file) = self else { return Ok(()) };
        file.file.sync_all()?;
        fs::rename(beside(&file.path, ".part"), &file.path)?;
        match fs::remove_file(beside(&file.path, ".part.json")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl PartFile {
    fn note(&mut self, input: Progress, counts: Counts) -> io::Result<()> {
        // What the note says is written must be, even when the machine stops.
        self.file.sync_data()?;
        let note = Note {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: self.settings.clone(),
            input,
            output_bytes: self.written,
            counts,
        };
        let (path, new) = (beside(&self.path, ".part.json"), beside(&self.path, ".part.json.new"));
        let mut file = File::create(&new)?;
        serde_json::to_writer(&mut file, &note)?;
        file.sync_all()?;
        fs::rename(new, path)?;
        self.noted = Some(Instant::now());
        Ok(())
    }
}

/// How far the file is; the beginning, where nothing can be gone on with.
fn begun(path: &Path, settings: &str, bytes: u64) -> Result<(Progress, u64, Counts), Failure> {
    let nothing = (Progress::default(), 0, Counts::default());
    let note = beside(path, ".part.json");
    let Ok(text) = fs::read(&note) else { return Ok(nothing) };
    let other = |what: String| {
        let message = format!("{}: {what}; remove it to begin anew", note.display());
        Failure::new(exit::CONFIG, anyhow::anyhow!(message))
    };
    let note: Note = serde_json::from_slice(&text).map_err(|error| other(error.to_string()))?;
    if note.settings != settings {
        return Err(other(format!("begun with other settings ({})", note.settings)));
    }
    if note.version != env!("CARGO_PKG_VERSION") {
        return Err(other(format!("begun by version {}", note.version)));
    }
    if note.output_bytes > bytes {
        return Err(other(format!("says {} bytes were written, {bytes} are", note.output_bytes)));
    }
    Ok((note.input, note.output_bytes, note.counts))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
