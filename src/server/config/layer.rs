//! The table of settings: where each comes from and how it is called.

use super::values::{LogFormat, LogLevel, Time};
use super::{ConfigError, Origin};
use bytesize::ByteSize;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

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

    /// Time after which a connection takes no new calls [default: 30m; 1s to 24h]
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

impl Layer {
    /// The layer of a TOML file.
    pub(super) fn read(path: &Path) -> Result<Layer, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::new(&name, error.to_string()))?;
        Layer::parse(&name, &text)
    }

    /// The layer of a TOML file that is called `name`.
    pub(super) fn parse(name: &str, text: &str) -> Result<Layer, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::new(name, error.to_string().trim_end()))
    }

    /// This layer, and where it says nothing the one below.
    pub(super) fn or(self, below: Layer) -> Layer {
        // A field that is forgotten here does not compile.
        macro_rules! each {
            ($($field:ident)*) => { Layer { $($field: self.$field.or(below.$field),)* } };
        }
        each! {
            listen allow_public tls_cert tls_key tls_client_ca tls_client_optional
            tls_handshake_max access reload_interval message_bytes_max document_bytes_max
            chunked_document_bytes_max block_bytes_max documents_open_max texts_max
            align_segments_max dictionary_pairs_max compare_documents_max compare_segments_max srx
            request_srx_bytes_max stream_idle_max connections_max peer_connections_max
            peer_calls_max peer_calls_per_second_max connection_age_max call_max
            streams_per_connection_max keepalive_interval keepalive_timeout drain_delay drain_max
            grpc_web grpc_web_origins health reflection admin_listen admin_allow_public
            health_tells_overload otlp_endpoint trace_sampling_ratio log_level log_format
        }
    }
}
