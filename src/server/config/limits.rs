//! The ranges of settings.

use super::{Config, ConfigError, Layer, Time};
use crate::Limits;
use crate::server::peer::PeerLimits;
use crate::service::ServiceLimits;
use bytesize::ByteSize;
use std::fmt;
use std::time::Duration;

const MIB: u64 = 1 << 20;

impl Layer {
    /// The limits of the calls.
    pub(super) fn limits(&self, limits: ServiceLimits) -> Result<ServiceLimits, ConfigError> {
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

    /// The times.
    pub(super) fn times(&self, default: Config) -> Result<Config, ConfigError> {
        let second = Duration::from_secs(1);
        let (minute, hour) = (second * 60, second * 3600);
        Ok(Config {
            tls_handshake_max: time(
                "tls-handshake-max",
                self.tls_handshake_max,
                default.tls_handshake_max,
                second / 10,
                minute * 5,
            )?,
            reload_interval: time(
                "reload-interval",
                self.reload_interval,
                default.reload_interval,
                second / 10,
                hour,
            )?,
            connection_age_max: time(
                "connection-age-max",
                self.connection_age_max,
                default.connection_age_max,
                second,
                hour * 24,
            )?,
            call_max: time("call-max", self.call_max, default.call_max, second / 10, hour * 24)?,
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
                minute * 10,
            )?,
            drain_max: time("drain-max", self.drain_max, default.drain_max, Duration::ZERO, hour)?,
            ..default
        })
    }

    /// What one peer, and all together, may have open.
    pub(super) fn peers(&self, limits: PeerLimits) -> Result<PeerLimits, ConfigError> {
        let connections_max =
            count("connections-max", self.connections_max, limits.connections_max, 65_536)?;
        let optional = |key, given: Option<u32>, max| {
            given.map(|given| count(key, Some(given), given, max)).transpose()
        };
        Ok(PeerLimits {
            connections_max,
            peer_connections_max: count(
                "peer-connections-max",
                self.peer_connections_max,
                limits.peer_connections_max,
                65_536,
            )?,
            peer_calls_max: optional("peer-calls-max", self.peer_calls_max, 65_536)?,
            peer_calls_per_second_max: optional(
                "peer-calls-per-second-max",
                self.peer_calls_per_second_max,
                1_000_000,
            )?,
        })
    }
}

pub(super) fn size(
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

pub(super) fn count(
    key: &str,
    given: Option<u32>,
    default: u32,
    max: u32,
) -> Result<u32, ConfigError> {
    let given = given.unwrap_or(default);
    if (1..=max).contains(&given) { Ok(given) } else { Err(outside(key, &given, &1, &max)) }
}

pub(super) fn time(
    key: &str,
    given: Option<Time>,
    default: Duration,
    min: Duration,
    max: Duration,
) -> Result<Duration, ConfigError> {
    let given = given.map_or(default, |time| time.duration());
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
    ConfigError::new(key, format!("{given} is outside {min} to {max}"))
}
