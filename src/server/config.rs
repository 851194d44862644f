//! Settings: flag before environment before file before default, read whole before a port is
//! bound.
//!
//! There is one table, [`Layer`]: clap makes flags and `CESURA_*` variables of its fields, serde
//! makes keys of the TOML file of them, and the documentation is generated from it.

use super::access::AccessFile;
use super::kept::Kept;
use super::limits::count;
use super::origin::{Origin, Origins};
use super::peer::PeerLimits;
use super::srx_file::SrxFile;
use super::tls::TlsFiles;
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

    /// Allow an address that is not loopback without TLS [default: false]
    #[arg(long, env = "CESURA_ALLOW_PUBLIC", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub allow_public: Option<bool>,

    /// Certificate of the server with its chain, PEM; with it there is TLS only [default: none]
    #[arg(long, env = "CESURA_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of that certificate, PEM [default: none]
    #[arg(long, env = "CESURA_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// Authorities, PEM; one of them has to have signed a client's own (mTLS) [default: none]
    #[arg(long, env = "CESURA_TLS_CLIENT_CA", value_name = "FILE")]
    pub tls_client_ca: Option<PathBuf>,

    /// Let in clients without a certificate as well [default: false]
    #[arg(long, env = "CESURA_TLS_CLIENT_OPTIONAL", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub tls_client_optional: Option<bool>,

    /// Time a TLS handshake may take [default: 10s; 100ms to 5m]
    #[arg(long, env = "CESURA_TLS_HANDSHAKE_MAX", value_name = "TIME")]
    pub tls_handshake_max: Option<Time>,

    /// TOML file that says who may call what; without it everybody may [default: none]
    #[arg(long, env = "CESURA_ACCESS", value_name = "FILE")]
    pub access: Option<PathBuf>,

    /// Time between looks at the files of TLS and of access [default: 5s; 100ms to 1h]
    #[arg(long, env = "CESURA_RELOAD_INTERVAL", value_name = "TIME")]
    pub reload_interval: Option<Time>,

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

    /// Connections at the same time; more are closed at once [default: 1000; 1 to 65536]
    #[arg(long, env = "CESURA_CONNECTIONS_MAX", value_name = "COUNT")]
    pub connections_max: Option<u32>,

    /// Connections of one peer, an IPv4 address or an IPv6 /64 [default: 250; 1 to 65536]
    #[arg(long, env = "CESURA_PEER_CONNECTIONS_MAX", value_name = "COUNT")]
    pub peer_connections_max: Option<u32>,

    /// Open calls of one peer; a proxy is one peer [default: none; 1 to 65536]
    #[arg(long, env = "CESURA_PEER_CALLS_MAX", value_name = "COUNT")]
    pub peer_calls_max: Option<u32>,

    /// Calls of one peer in a second, as many at once [default: none; 1 to 1000000]
    #[arg(long, env = "CESURA_PEER_CALLS_PER_SECOND_MAX", value_name = "COUNT")]
    pub peer_calls_per_second_max: Option<u32>,

    /// Time after which a connection takes no new calls [default: 1h; 1s to 24h]
    #[arg(long, env = "CESURA_CONNECTION_AGE_MAX", value_name = "TIME")]
    pub connection_age_max: Option<Time>,

    /// Time a call may take, whatever its own deadline [default: 1h; 100ms to 24h]
    #[arg(long, env = "CESURA_CALL_MAX", value_name = "TIME")]
    pub call_max: Option<Time>,

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

    /// Offer grpc.health.v1.Health, which balancers and probes ask [default: true]
    #[arg(long, env = "CESURA_HEALTH", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub health: Option<bool>,

    /// Offer server reflection, which grpcurl needs [default: true]
    #[arg(long, env = "CESURA_REFLECTION", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub reflection: Option<bool>,

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

/// All settings, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificates; none: the port speaks no TLS.
    pub tls: Option<Kept<TlsFiles>>,
    /// Time a TLS handshake may take.
    pub tls_handshake_max: Duration,
    /// Who may call what; none: everybody everything.
    pub access: Option<Kept<AccessFile>>,
    /// Time between looks at the files of TLS and of access.
    pub reload_interval: Duration,
    /// Limits of the calls.
    pub limits: ServiceLimits,
    /// What one peer, and all together, may have open.
    pub peers: PeerLimits,
    /// Time after which a connection takes no new calls.
    pub connection_age_max: Duration,
    /// Time a call may take.
    pub call_max: Duration,
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
    /// Whether the health service is offered.
    pub health: bool,
    /// Whether server reflection is offered.
    pub reflection: bool,
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
            tls: None,
            tls_handshake_max: Duration::from_secs(10),
            access: None,
            reload_interval: Duration::from_secs(5),
            limits: ServiceLimits::default(),
            peers: PeerLimits::default(),
            connection_age_max: Duration::from_secs(3600),
            call_max: Duration::from_secs(3600),
            srx: SrxFile::default(),
            streams_per_connection_max: 100,
            keepalive_interval: Duration::from_secs(60),
            keepalive_timeout: Duration::from_secs(20),
            drain_delay: Duration::ZERO,
            drain_max: Duration::from_secs(20),
            // Without HTTP/1.1 no page reaches the port, not even one that takes the name of this
            // machine for its own; most servers are called by programs only.
            grpc_web: None,
            health: true,
            reflection: true,
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
            tls_cert: self.tls_cert.or(below.tls_cert),
            tls_key: self.tls_key.or(below.tls_key),
            tls_client_ca: self.tls_client_ca.or(below.tls_client_ca),
            tls_client_optional: self.tls_client_optional.or(below.tls_client_optional),
            tls_handshake_max: self.tls_handshake_max.or(below.tls_handshake_max),
            access: self.access.or(below.access),
            reload_interval: self.reload_interval.or(below.reload_interval),
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
            connections_max: self.connections_max.or(below.connections_max),
            peer_connections_max: self.peer_connections_max.or(below.peer_connections_max),
            peer_calls_max: self.peer_calls_max.or(below.peer_calls_max),
            peer_calls_per_second_max: self
                .peer_calls_per_second_max
                .or(below.peer_calls_per_second_max),
            connection_age_max: self.connection_age_max.or(below.connection_age_max),
            call_max: self.call_max.or(below.call_max),
            streams_per_connection_max: self
                .streams_per_connection_max
                .or(below.streams_per_connection_max),
            keepalive_interval: self.keepalive_interval.or(below.keepalive_interval),
            keepalive_timeout: self.keepalive_timeout.or(below.keepalive_timeout),
            drain_delay: self.drain_delay.or(below.drain_delay),
            drain_max: self.drain_max.or(below.drain_max),
            grpc_web: self.grpc_web.or(below.grpc_web),
            grpc_web_origins: self.grpc_web_origins.or(below.grpc_web_origins),
            health: self.health.or(below.health),
            reflection: self.reflection.or(below.reflection),
            log_level: self.log_level.or(below.log_level),
            log_format: self.log_format.or(below.log_format),
        }
    }

    /// Fills in the defaults and checks the ranges.
    fn check(self) -> Result<Config, ConfigError> {
        let default = Config::default();
        let listen = self.listen.unwrap_or(default.listen);
        let tls = self.tls()?;
        if !listen.ip().is_loopback() && tls.is_none() && !self.allow_public.unwrap_or(false) {
            let message = format!(
                "{listen} is reachable from outside and there is no TLS; give tls-cert and tls-key, \
                 or a loopback address, or say allow-public"
            );
            return Err(ConfigError::new("listen", message));
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
        let default = self.times(default)?;
        Ok(Config {
            listen,
            tls,
            access: self
                .access
                .clone()
                .map(|path| Kept::read(AccessFile::new(path)))
                .transpose()?,
            limits,
            peers: self.peers(default.peers)?,
            srx: SrxFile::read(self.srx)?,
            streams_per_connection_max: count(
                "streams-per-connection-max",
                self.streams_per_connection_max,
                default.streams_per_connection_max,
                10_000,
            )?,
            grpc_web: grpc_web(self.grpc_web, self.grpc_web_origins)?,
            health: self.health.unwrap_or(default.health),
            reflection: self.reflection.unwrap_or(default.reflection),
            log_level: self.log_level.unwrap_or(default.log_level),
            log_format: self.log_format.unwrap_or(default.log_format),
            ..default
        })
    }
}

impl Layer {
    /// Certificates, where they are given, whole.
    fn tls(&self) -> Result<Option<Kept<TlsFiles>>, ConfigError> {
        let (cert, key) = match (self.tls_cert.clone(), self.tls_key.clone()) {
            (Some(cert), Some(key)) => (cert, key),
            (Some(_), None) => return Err(ConfigError::new("tls-key", "tls-cert needs it")),
            (None, Some(_)) => return Err(ConfigError::new("tls-cert", "tls-key needs it")),
            (None, None) => {
                let needs = |key| Err(ConfigError::new(key, "needs tls-cert and tls-key"));
                return match (&self.tls_client_ca, self.tls_client_optional) {
                    (Some(_), _) => needs("tls-client-ca"),
                    (None, Some(true)) => needs("tls-client-optional"),
                    (None, _) => Ok(None),
                };
            }
        };
        let client_optional = self.tls_client_optional.unwrap_or(false);
        if client_optional && self.tls_client_ca.is_none() {
            return Err(ConfigError::new("tls-client-optional", "needs tls-client-ca"));
        }
        let http1 = self.grpc_web.unwrap_or(false);
        let client_ca = self.tls_client_ca.clone();
        Kept::read(TlsFiles { cert, key, client_ca, client_optional, http1 }).map(Some)
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

/// Where the file is, as the command line names it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigFile {
    /// TOML file with settings, named as the flags below without the dashes in front
    #[arg(long, env = "CESURA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}
