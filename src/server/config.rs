//! Settings: flag before environment before file before default, read whole before a port is
//! bound.
//!
//! There is one table, [`Layer`]: clap makes flags and `CESURA_*` variables of its fields, serde
//! makes keys of the TOML file of them, and the documentation is generated from it.

use super::observability;
use super::origin::{Origin, Origins};
use super::srx_file::SrxFile;
use crate::Limits;
use crate::service::ServiceLimits;
use bytesize::ByteSize;
use serde::Deserialize;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One source of settings; what it leaves open the next one decides.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[command(next_help_heading = "Server settings")]
pub struct Layer {
    /// Address and port to listen on [default: 127.0.0.1:50051]
    #[arg(long, env = "CESURA_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// Allow an address that is not loopback, without TLS [default: false]
    #[arg(long, env = "CESURA_ALLOW_PUBLIC", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub allow_public: Option<bool>,

    /// Bytes of one request message [default: 4 MiB; 128 KiB to 64 MiB]
    #[arg(long, env = "CESURA_MESSAGE_BYTES_MAX", value_name = "SIZE")]
    pub message_bytes_max: Option<ByteSize>,

    /// Bytes of a document sent whole, below those of a message [default: 2 MiB; 1 KiB to 64 MiB]
    #[arg(long, env = "CESURA_DOCUMENT_BYTES_MAX", value_name = "SIZE")]
    pub document_bytes_max: Option<ByteSize>,

    /// Bytes of a document sent in chunks [default: 1 GiB; 1 KiB to 4094 MiB]
    #[arg(long, env = "CESURA_CHUNKED_DOCUMENT_BYTES_MAX", value_name = "SIZE")]
    pub chunked_document_bytes_max: Option<ByteSize>,

    /// Bytes of one block; longer ones are cut [default: 64 KiB; 1 KiB to 64 KiB]
    #[arg(long, env = "CESURA_BLOCK_BYTES_MAX", value_name = "SIZE")]
    pub block_bytes_max: Option<ByteSize>,

    /// Calls that work at the same time; more are refused [default: 256; 1 to 65536]
    #[arg(long, env = "CESURA_DOCUMENTS_OPEN_MAX", value_name = "COUNT")]
    pub documents_open_max: Option<u32>,

    /// Texts in one DetectLanguage request [default: 1000; 1 to 100000]
    #[arg(long, env = "CESURA_TEXTS_MAX", value_name = "COUNT")]
    pub texts_max: Option<u32>,

    /// Segments of one side of an alignment [default: 20000; 1 to 200000]
    #[arg(long, env = "CESURA_ALIGN_SEGMENTS_MAX", value_name = "COUNT")]
    pub align_segments_max: Option<u32>,

    /// Pairs of words in the dictionary of an alignment [default: 10000; 1 to 100000]
    #[arg(long, env = "CESURA_DICTIONARY_PAIRS_MAX", value_name = "COUNT")]
    pub dictionary_pairs_max: Option<u32>,

    /// Documents of one comparison [default: 256; 1 to 512]
    #[arg(long, env = "CESURA_COMPARE_DOCUMENTS_MAX", value_name = "COUNT")]
    pub compare_documents_max: Option<u32>,

    /// Segments of all documents of one comparison [default: 10000; 1 to 16384]
    #[arg(long, env = "CESURA_COMPARE_SEGMENTS_MAX", value_name = "COUNT")]
    pub compare_segments_max: Option<u32>,

    /// SRX 2.0 file with rules of your own, asked before those of cesura [default: none]
    #[arg(long, env = "CESURA_SRX", value_name = "FILE")]
    pub srx: Option<PathBuf>,

    /// Bytes of SRX rules in one request; 0 takes none [default: 64 KiB; 0 to 1 MiB]
    #[arg(long, env = "CESURA_REQUEST_SRX_BYTES_MAX", value_name = "SIZE")]
    pub request_srx_bytes_max: Option<ByteSize>,

    /// Time a stream may be silent while it is waited for [default: 60s; 100ms to 1h]
    #[arg(long, env = "CESURA_STREAM_IDLE_MAX", value_name = "TIME")]
    pub stream_idle_max: Option<Time>,

    /// Streams on one connection [default: 100; 1 to 10000]
    #[arg(long, env = "CESURA_STREAMS_PER_CONNECTION_MAX", value_name = "COUNT")]
    pub streams_per_connection_max: Option<u32>,

    /// Time between pings on a silent connection [default: 60s; 1s to 1h]
    #[arg(long, env = "CESURA_KEEPALIVE_INTERVAL", value_name = "TIME")]
    pub keepalive_interval: Option<Time>,

    /// Time after which an unanswered ping closes the connection [default: 20s; 1s to 1h]
    #[arg(long, env = "CESURA_KEEPALIVE_TIMEOUT", value_name = "TIME")]
    pub keepalive_timeout: Option<Time>,

    /// Time between NOT_SERVING and the end of the listener [default: 0s; 0s to 10m]
    #[arg(long, env = "CESURA_DRAIN_DELAY", value_name = "TIME")]
    pub drain_delay: Option<Time>,

    /// Time open calls get to finish when the server stops [default: 20s; 0s to 1h]
    #[arg(long, env = "CESURA_DRAIN_MAX", value_name = "TIME")]
    pub drain_max: Option<Time>,

    /// Answer gRPC-Web as well, and with it HTTP/1.1 [default: false]
    #[arg(long, env = "CESURA_GRPC_WEB", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub grpc_web: Option<bool>,

    /// Origins whose pages may call: `https://a.example,https://b.example`, or `*` [default: none]
    #[arg(long, env = "CESURA_GRPC_WEB_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    pub grpc_web_origins: Option<Vec<Origin>>,

    /// Offer server reflection, which grpcurl needs [default: true]
    #[arg(long, env = "CESURA_REFLECTION", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub reflection: Option<bool>,

    /// Address and port of /metrics, /livez and /readyz [default: none]
    #[arg(long, env = "CESURA_ADMIN_LISTEN", value_name = "ADDRESS")]
    pub admin_listen: Option<SocketAddr>,

    /// Allow an admin address that is not loopback: it asks for no password [default: false]
    #[arg(long, env = "CESURA_ADMIN_ALLOW_PUBLIC", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub admin_allow_public: Option<bool>,

    /// Say by health and /readyz when calls are refused for want of room [default: true]
    #[arg(long, env = "CESURA_HEALTH_TELLS_OVERLOAD", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub health_tells_overload: Option<bool>,

    /// Collector that traces are sent to by OTLP over gRPC: `http://127.0.0.1:4317` [default: none]
    #[arg(long, env = "CESURA_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// Share of calls that are traced where their caller does not decide it [default: 1; 0 to 1]
    #[arg(long, env = "CESURA_TRACE_SAMPLING_RATIO", value_name = "RATIO")]
    pub trace_sampling_ratio: Option<f64>,

    /// Lowest level that is logged: error, warn, info, debug, trace [default: info]
    #[arg(long, env = "CESURA_LOG_LEVEL", value_name = "LEVEL")]
    pub log_level: Option<LogLevel>,

    /// Form of the log: auto (text on a terminal, JSON elsewhere), text, json [default: auto]
    #[arg(long, env = "CESURA_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// A length of time with its unit: `500ms`, `30s`, `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Time(Duration);

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

/// All settings, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Limits of the calls.
    pub limits: ServiceLimits,
    /// Segmentation rules asked before our own.
    pub srx: SrxFile,
    /// Streams on one connection.
    pub streams_per_connection_max: u32,
    /// Time between pings on a silent connection.
    pub keepalive_interval: Duration,
    /// Time after which an unanswered ping closes the connection.
    pub keepalive_timeout: Duration,
    /// Time between NOT_SERVING and the end of the listener.
    pub drain_delay: Duration,
    /// Time open calls get to finish.
    pub drain_max: Duration,
    /// Whose pages may call by gRPC-Web; none: there is no gRPC-Web, and no HTTP/1.1.
    pub grpc_web: Option<Origins>,
    /// Whether server reflection is offered.
    pub reflection: bool,
    /// Where the admin endpoint listens; none: there is none.
    pub admin_listen: Option<SocketAddr>,
    /// Whether health tells balancers of an overload.
    pub health_tells_overload: bool,
    /// Collector that traces are sent to; none: there are no traces.
    pub otlp_endpoint: Option<String>,
    /// Share of calls that are traced where their caller does not decide it.
    pub trace_sampling_ratio: f64,
    /// Lowest level that is logged.
    pub log_level: LogLevel,
    /// Form of the log.
    pub log_format: LogFormat,
}

/// A setting that is not allowed. Names the key.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    key: String,
    message: String,
}

impl ConfigError {
    pub(super) fn new(key: &str, message: impl Into<String>) -> ConfigError {
        ConfigError { key: key.to_owned(), message: message.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl std::error::Error for ConfigError {}

const MIB: u64 = 1 << 20;

impl Config {
    /// Flags and environment, then the file, then the defaults.
    ///
    /// # Errors
    /// A file that cannot be read or has an unknown key; a value outside its range; an address
    /// that is not loopback without `allow-public`. The error names the key.
    pub fn load(flags: Layer, file: Option<&Path>) -> Result<Config, ConfigError> {
        let file = match file {
            Some(path) => Layer::read(path)?,
            None => Layer::default(),
        };
        flags.or(file).check()
    }
}

impl Default for Config {
    /// The defaults. They pass every check, which a test holds.
    fn default() -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 50051)),
            limits: ServiceLimits::default(),
            srx: SrxFile::default(),
            streams_per_connection_max: 100,
            keepalive_interval: Duration::from_secs(60),
            keepalive_timeout: Duration::from_secs(20),
            drain_delay: Duration::ZERO,
            drain_max: Duration::from_secs(20),
            // Without HTTP/1.1 no page reaches the port, not even one that takes the name of this
            // machine for its own; most servers are called by programs only.
            grpc_web: None,
            reflection: true,
            // Metrics tell how much a customer sends and which rules are in use: for operators.
            admin_listen: None,
            health_tells_overload: true,
            otlp_endpoint: None,
            trace_sampling_ratio: 1.0,
            log_level: LogLevel::Info,
            log_format: LogFormat::Auto,
        }
    }
}

impl Layer {
    fn read(path: &Path) -> Result<Layer, ConfigError> {
        let refused = |message: String| ConfigError { key: path.display().to_string(), message };
        let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        toml::from_str(&text).map_err(|error| refused(error.to_string().trim_end().to_owned()))
    }

    /// This layer, and where it says nothing the one below.
    fn or(self, below: Layer) -> Layer {
        Layer {
            listen: self.listen.or(below.listen),
            allow_public: self.allow_public.or(below.allow_public),
            message_bytes_max: self.message_bytes_max.or(below.message_bytes_max),
            document_bytes_max: self.document_bytes_max.or(below.document_bytes_max),
            chunked_document_bytes_max: self
                .chunked_document_bytes_max
                .or(below.chunked_document_bytes_max),
            block_bytes_max: self.block_bytes_max.or(below.block_bytes_max),
            documents_open_max: self.documents_open_max.or(below.documents_open_max),
            texts_max: self.texts_max.or(below.texts_max),
            align_segments_max: self.align_segments_max.or(below.align_segments_max),
            dictionary_pairs_max: self.dictionary_pairs_max.or(below.dictionary_pairs_max),
            compare_documents_max: self.compare_documents_max.or(below.compare_documents_max),
            compare_segments_max: self.compare_segments_max.or(below.compare_segments_max),
            srx: self.srx.or(below.srx),
            request_srx_bytes_max: self.request_srx_bytes_max.or(below.request_srx_bytes_max),
            stream_idle_max: self.stream_idle_max.or(below.stream_idle_max),
            streams_per_connection_max: self
                .streams_per_connection_max
                .or(below.streams_per_connection_max),
            keepalive_interval: self.keepalive_interval.or(below.keepalive_interval),
            keepalive_timeout: self.keepalive_timeout.or(below.keepalive_timeout),
            drain_delay: self.drain_delay.or(below.drain_delay),
            drain_max: self.drain_max.or(below.drain_max),
            grpc_web: self.grpc_web.or(below.grpc_web),
            grpc_web_origins: self.grpc_web_origins.or(below.grpc_web_origins),
            reflection: self.reflection.or(below.reflection),
            admin_listen: self.admin_listen.or(below.admin_listen),
            admin_allow_public: self.admin_allow_public.or(below.admin_allow_public),
            health_tells_overload: self.health_tells_overload.or(below.health_tells_overload),
            otlp_endpoint: self.otlp_endpoint.or(below.otlp_endpoint),
            trace_sampling_ratio: self.trace_sampling_ratio.or(below.trace_sampling_ratio),
            log_level: self.log_level.or(below.log_level),
            log_format: self.log_format.or(below.log_format),
        }
    }

    fn limits(&self, limits: ServiceLimits) -> Result<ServiceLimits, ConfigError> {
        let ceiling = u64::from(Limits::DOCUMENT_BYTES_CEILING) / MIB * MIB;
        let limits = self.counts(limits)?;
        Ok(ServiceLimits {
            message_bytes_max: size(
                "message-bytes-max",
                self.message_bytes_max,
                limits.message_bytes_max,
                128 << 10,
                64 * MIB,
            )?,
            document_bytes_max: size(
                "document-bytes-max",
                self.document_bytes_max,
                limits.document_bytes_max,
                1 << 10,
                64 * MIB,
            )?,
            chunked_document_bytes_max: size(
                "chunked-document-bytes-max",
                self.chunked_document_bytes_max,
                limits.chunked_document_bytes_max,
                1 << 10,
                ceiling,
            )?,
            block_bytes_max: size(
                "block-bytes-max",
                self.block_bytes_max,
                limits.block_bytes_max,
                1 << 10,
                64 << 10,
            )?,
            request_srx_bytes_max: size(
                "request-srx-bytes-max",
                self.request_srx_bytes_max,
                limits.request_srx_bytes_max,
                0,
                MIB,
            )?,
            stream_idle_max: time(
                "stream-idle-max",
                self.stream_idle_max,
                limits.stream_idle_max,
                Duration::from_millis(100),
                Duration::from_secs(3600),
            )?,
            ..limits
        })
    }

    /// Those limits that are counts.
    fn counts(&self, limits: ServiceLimits) -> Result<ServiceLimits, ConfigError> {
        Ok(ServiceLimits {
            documents_open_max: count(
                "documents-open-max",
                self.documents_open_max,
                limits.documents_open_max,
                65_536,
            )?,
            texts_max: count("texts-max", self.texts_max, limits.texts_max, 100_000)?,
            align_segments_max: count(
                "align-segments-max",
                self.align_segments_max,
                limits.align_segments_max,
                200_000,
            )?,
            dictionary_pairs_max: count(
                "dictionary-pairs-max",
                self.dictionary_pairs_max,
                limits.dictionary_pairs_max,
                100_000,
            )?,
            compare_documents_max: count(
                "compare-documents-max",
                self.compare_documents_max,
                limits.compare_documents_max,
                512,
            )?,
            compare_segments_max: count(
                "compare-segments-max",
                self.compare_segments_max,
                limits.compare_segments_max,
                16_384,
            )?,
            ..limits
        })
    }

    /// Fills in the defaults and checks the ranges.
    fn check(self) -> Result<Config, ConfigError> {
        let default = Config::default();
        let second = Duration::from_secs(1);
        let hour = Duration::from_secs(3600);
        let listen = self.listen.unwrap_or(default.listen);
        if !listen.ip().is_loopback() && !self.allow_public.unwrap_or(false) {
            return Err(ConfigError {
                key: "listen".to_owned(),
                message: format!(
                    "{listen} is reachable from outside and there is no TLS; give a loopback address, \
                     or say allow-public"
                ),
            });
        }
        let limits = self.limits(default.limits)?;
        if limits.document_bytes_max >= limits.message_bytes_max {
            return Err(ConfigError {
                key: "document-bytes-max".to_owned(),
                message: format!(
                    "{} has to be less than message-bytes-max, {}: a whole document comes in one message",
                    ByteSize(limits.document_bytes_max.into()),
                    ByteSize(limits.message_bytes_max.into()),
                ),
            });
        }
        Ok(Config {
            listen,
            limits,
            srx: SrxFile::read(self.srx)?,
            streams_per_connection_max: count(
                "streams-per-connection-max",
                self.streams_per_connection_max,
                default.streams_per_connection_max,
                10_000,
            )?,
            keepalive_interval: time(
                "keepalive-interval",
                self.keepalive_interval,
                default.keepalive_interval,
                second,
                hour,
            )?,
            keepalive_timeout: time(
                "keepalive-timeout",
                self.keepalive_timeout,
                default.keepalive_timeout,
                second,
                hour,
            )?,
            drain_delay: time(
                "drain-delay",
                self.drain_delay,
                default.drain_delay,
                Duration::ZERO,
                second * 600,
            )?,
            drain_max: time("drain-max", self.drain_max, default.drain_max, Duration::ZERO, hour)?,
            grpc_web: grpc_web(self.grpc_web, self.grpc_web_origins)?,
            reflection: self.reflection.unwrap_or(default.reflection),
            admin_listen: observability::admin_listen(self.admin_listen, self.admin_allow_public)?,
            health_tells_overload: self
                .health_tells_overload
                .unwrap_or(default.health_tells_overload),
            otlp_endpoint: observability::otlp_endpoint(self.otlp_endpoint)?,
            trace_sampling_ratio: observability::ratio(self.trace_sampling_ratio)?
                .unwrap_or(default.trace_sampling_ratio),
            log_level: self.log_level.unwrap_or(default.log_level),
            log_format: self.log_format.unwrap_or(default.log_format),
        })
    }
}

fn grpc_web(
    on: Option<bool>,
    origins: Option<Vec<Origin>>,
) -> Result<Option<Origins>, ConfigError> {
    const KEY: &str = "grpc-web-origins";
    match (on.unwrap_or(false), origins) {
        (true, origins) => Origins::new(origins.unwrap_or_default())
            .map(Some)
            .map_err(|error| ConfigError::new(KEY, error.to_string())),
        (false, Some(_)) => {
            Err(ConfigError::new(KEY, "has no effect as long as grpc-web is not true"))
        }
        (false, None) => Ok(None),
    }
}

fn size(
    key: &str,
    given: Option<ByteSize>,
    default: u32,
    min: u64,
    max: u64,
) -> Result<u32, ConfigError> {
    let Some(ByteSize(bytes)) = given else { return Ok(default) };
    let in_range = (min..=max).contains(&bytes).then(|| u32::try_from(bytes).ok()).flatten();
    in_range.ok_or_else(|| outside(key, &ByteSize(bytes), &ByteSize(min), &ByteSize(max)))
}

fn count(key: &str, given: Option<u32>, default: u32, max: u32) -> Result<u32, ConfigError> {
    let given = given.unwrap_or(default);
    if (1..=max).contains(&given) { Ok(given) } else { Err(outside(key, &given, &1, &max)) }
}

fn time(
    key: &str,
    given: Option<Time>,
    default: Duration,
    min: Duration,
    max: Duration,
) -> Result<Duration, ConfigError> {
    let given = given.map_or(default, |time| time.0);
    let shown = humantime::format_duration;
    if (min..=max).contains(&given) {
        Ok(given)
    } else {
        Err(outside(key, &shown(given), &shown(min), &shown(max)))
    }
}

fn outside(
    key: &str,
    given: &dyn fmt::Display,
    min: &dyn fmt::Display,
    max: &dyn fmt::Display,
) -> ConfigError {
    ConfigError { key: key.to_owned(), message: format!("{given} is outside {min} to {max}") }
}

/// Where the file is, as the command line names it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigFile {
    /// TOML file with settings, named as the flags below without the dashes in front
    #[arg(long, env = "CESURA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}
