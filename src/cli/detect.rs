//! `cesura detect`: the language of files or lines.

use super::connect::Server;
use super::input::read_whole;
use super::{Answer, Failure};
use crate::server::srx_file::SrxFile;
use crate::text::Charset;
use crate::wire::pb;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Texts in one request.
const TEXTS_PER_REQUEST: usize = 500;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files to look at; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Take every line for a text of its own
    #[arg(long)]
    lines: bool,

    /// Character set of the files (WHATWG label)
    #[arg(long, value_name = "LABEL", default_value = "utf-8")]
    charset: String,

    #[command(flatten)]
    server: Server,
}

pub(super) async fn run(args: Args) -> Answer {
    let charset = Charset::for_label(&args.charset).ok_or_else(|| {
        let message = format!("--charset: {:?} is no WHATWG encoding label", args.charset);
        Failure::new(super::exit::INPUT, anyhow::anyhow!(message))
    })?;
    let mut client = args.server.client(SrxFile::default()).await?;
    let mut out = io::stdout().lock();
    for path in &args.files {
        let text = charset.decode(&read_whole(path)?);
        let named: Vec<(String, String)> = if args.lines {
            let lines = text.lines().enumerate();
            lines
                .map(|(index, line)| (format!("{}:{}", path.display(), index + 1), line.to_owned()))
                .collect()
        } else {
            vec![(path.display().to_string(), text)]
        };
        for batch in named.chunks(TEXTS_PER_REQUEST) {
            let texts = batch.iter().map(|(_, text)| head(text)).collect();
            let answer = client.detect_language(pb::DetectLanguageRequest { texts }).await?;
            for ((name, _), found) in batch.iter().zip(answer.into_inner().detections) {
                let reliable = if found.reliable { "reliable" } else { "unreliable" };
                writeln!(
                    out,
                    "{name}\t{}\t{}\t{:.2}\t{reliable}",
                    found.language_code, found.script_code, found.confidence
                )?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// As much of a text as the server looks at.
fn head(text: &str) -> String {
    text.get(..text.floor_char_boundary(4096)).unwrap_or("").to_owned()
}
