//! What a person may want otherwise, the same for every verb that segments.

use super::connect::Server;
use super::{Failure, exit};
use crate::server::srx_file::SrxFile;
use crate::wire::pb;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Choices")]
pub(super) struct Choices {
    /// End segments at these marks as well
    #[arg(long, value_enum, value_delimiter = ',', value_name = "MARKS")]
    break_after: Vec<Mark>,

    /// What a line end means
    #[arg(long, value_enum, value_name = "MEANING", default_value_t = Newlines::Layout)]
    newlines: Newlines,

    /// End no segment inside a quotation
    #[arg(long)]
    whole_quotations: bool,

    /// Words whose full stop never ends a segment, for example fraz.
    #[arg(long, value_delimiter = ',', value_name = "WORDS")]
    no_break: Vec<String>,

    /// Words whose full stop always ends a segment, for example ecc.
    #[arg(long, value_delimiter = ',', value_name = "WORDS")]
    always_break: Vec<String>,

    /// SRX 2.0 file with rules of your own, asked before those of cesura
    #[arg(long, value_name = "FILE")]
    srx: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Mark {
    /// : before white space
    Colon,
    /// ; before white space
    Semicolon,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, clap::ValueEnum)]
enum Newlines {
    /// The end of a block, unless the sentence plainly runs over it
    #[default]
    Layout,
    /// Always the end of a block
    BlockEnd,
    /// A space: only a blank line ends a block
    Space,
}

impl Choices {
    /// The choices as options of a request; the SRX file is left to the caller.
    pub(super) fn options(&self) -> pb::SegmentationOptions {
        let newline_policy = match self.newlines {
            Newlines::Layout => pb::NewlinePolicy::Layout,
            Newlines::BlockEnd => pb::NewlinePolicy::BlockEnd,
            Newlines::Space => pb::NewlinePolicy::Space,
        };
        pb::SegmentationOptions {
            break_after_colon: self.break_after.contains(&Mark::Colon),
            break_after_semicolon: self.break_after.contains(&Mark::Semicolon),
            newline_policy: newline_policy.into(),
            whole_quotations: self.whole_quotations,
            no_break_forms: self.no_break.clone(),
            break_forms: self.always_break.clone(),
            ..Default::default()
        }
    }

    /// The SRX file twice: as the request is to carry it, and as a server of our own is to have it.
    pub(super) fn srx_for(&self, server: &Server) -> Result<(String, SrxFile), Failure> {
        // A server of our own takes the rules as its own, so that the limits of requests do not
        // apply.
        match server.is_remote() {
            true => Ok((self.srx_text()?, SrxFile::default())),
            false => Ok((String::new(), self.srx_file()?)),
        }
    }

    /// The SRX file, compiled: for a server or segmenter of one's own.
    pub(super) fn srx_file(&self) -> Result<SrxFile, Failure> {
        Ok(SrxFile::read(self.srx.clone())?)
    }

    /// The SRX file as it stands: for somebody else's server.
    fn srx_text(&self) -> Result<String, Failure> {
        let Some(path) = &self.srx else { return Ok(String::new()) };
        std::fs::read_to_string(path).map_err(|error| {
            let error = anyhow::Error::from(error).context(format!("--srx {}", path.display()));
            Failure::new(exit::CONFIG, error)
        })
    }
}
