//! The SRX file of a server: read and compiled before a port is bound.

use super::config::ConfigError;
use crate::srx::{Srx, SrxLimits, SrxSource};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of SRX rules, or none.
#[derive(Clone, Default)]
pub struct SrxFile {
    read: Option<(PathBuf, Arc<Srx>)>,
}

impl SrxFile {
    /// Reads and compiles the file.
    ///
    /// # Errors
    /// A file that cannot be read, or rules that are not supported, with their line.
    pub fn read(path: Option<PathBuf>) -> Result<SrxFile, ConfigError> {
        let Some(path) = path else { return Ok(SrxFile::default()) };
        let rules = compile(&path)
            .map_err(|message| ConfigError::new("srx", format!("{}: {message}", path.display())))?;
        Ok(SrxFile { read: Some((path, Arc::new(rules))) })
    }

    /// The compiled rules.
    pub fn rules(&self) -> Option<Arc<Srx>> {
        self.read.as_ref().map(|(_, rules)| Arc::clone(rules))
    }
}

fn compile(path: &Path) -> Result<Srx, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    Srx::parse(&text, SrxSource::Server, SrxLimits::SERVER).map_err(|error| error.to_string())
}

impl PartialEq for SrxFile {
    /// Two settings are the same where they name the same file.
    fn eq(&self, other: &SrxFile) -> bool {
        let path = |file: &SrxFile| file.read.as_ref().map(|(path, _)| path.clone());
        path(self) == path(other)
    }
}

impl fmt::Debug for SrxFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.read {
            None => f.write_str("none"),
            Some((path, rules)) => write!(f, "{} ({} rules)", path.display(), rules.rules_count()),
        }
    }
}
