//! Types of single settings.

use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// A length of time with its unit: `500ms`, `30s`, `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Time(Duration);

impl Time {
    /// The time itself.
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl std::str::FromStr for Time {
    type Err = humantime::DurationError;

    fn from_str(text: &str) -> Result<Time, Self::Err> {
        humantime::parse_duration(text).map(Time)
    }
}

impl TryFrom<String> for Time {
    type Error = humantime::DurationError;

    fn try_from(text: String) -> Result<Time, Self::Error> {
        text.parse()
    }
}

/// Lowest level that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Only what is broken.
    Error,
    /// And what may break.
    Warn,
    /// And one line a call.
    Info,
    /// And what the transport does.
    Debug,
    /// Everything.
    Trace,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where the file is, as the command line names it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigFile {
    /// TOML file with settings, named as the flags below without the dashes in front
    #[arg(long, env = "CESURA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}
