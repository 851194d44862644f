//! Settings: flag before environment before file before default, read whole before a port is
//! bound.
//!
//! There is one table, [`Layer`]: clap makes flags and `CESURA_*` variables of its fields, serde
//! makes keys of the TOML file of them, and the documentation is generated from it.

mod layer;
mod limits;
mod values;

pub use layer::Layer;
pub use values::{ConfigFile, LogFormat, LogLevel, Time};

use super::access::AccessFile;
use super::kept::Kept;
use super::observability;
use super::origin::{Origin, Origins};
use super::peer::PeerLimits;
use super::srx_file::SrxFile;
use super::tls::TlsFiles;
use crate::service::ServiceLimits;
use bytesize::ByteSize;
use limits::count;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

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

    /// As [`Config::load`], with the text of a file that is called `name`.
    ///
    /// # Errors
    /// As those of [`Config::load`].
    pub fn load_text(flags: Layer, name: &str, text: &str) -> Result<Config, ConfigError> {
        flags.or(Layer::parse(name, text)?).check()
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
            // Balancers in clients learn of a new server when they connect again.
            connection_age_max: Duration::from_secs(1800),
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
            admin_listen: observability::admin_listen(self.admin_listen, self.admin_allow_public)?,
            health_tells_overload: self
                .health_tells_overload
                .unwrap_or(default.health_tells_overload),
            otlp_endpoint: observability::otlp_endpoint(self.otlp_endpoint)?,
            trace_sampling_ratio: observability::ratio(self.trace_sampling_ratio)?
                .unwrap_or(default.trace_sampling_ratio),
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
