//! The process around the service: configuration, listener, layers, health, drain.

pub mod access;
mod admin;
mod admit;
mod aside;
mod compression;
pub mod config;
mod deadline;
mod grpc_web;
mod head;
mod health;
mod incoming;
pub mod kept;
mod observability;
mod observe;
pub mod origin;
mod panics;
pub mod peer;
mod preface;
mod refusal;
pub mod srx_file;
pub mod tls;

pub use config::{Config, Layer as ConfigLayer};
pub use health::{Health, State};

use admit::AdmitLayer;
use incoming::Incoming;
use kept::{Kept, Source};
use peer::Peers;

use crate::service::Segmentation;
use crate::wire::FILE_DESCRIPTOR_SET;
use crate::wire::health::health_server::HealthServer;
use crate::wire::pb::alignment_service_server::AlignmentServiceServer;
use crate::wire::pb::comparison_service_server::ComparisonServiceServer;
use crate::wire::pb::exchange_service_server::ExchangeServiceServer;
use crate::wire::pb::segmentation_service_server::SegmentationServiceServer;
use config::ConfigError;
use observability::Observability;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic::transport::server::Connected;
use tower::util::{MapRequestLayer, MapResponseLayer, option_layer};

/// What keeps a server from serving.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Names under which the services are known to health checks.
pub const SERVICES: [&str; 4] = [
    "cesura.v1.SegmentationService",
    "cesura.v1.AlignmentService",
    "cesura.v1.ComparisonService",
    "cesura.v1.ExchangeService",
];

/// Time that streams get to say UNAVAILABLE once the drain is over.
const CUT_GRACE: Duration = Duration::from_secs(1);

/// Serves on `listener` until `shutdown` completes, then drains: health says NOT_SERVING, no new
/// connection is taken, open calls finish or are cut after `config.drain_max`. The admin endpoint
/// listens where the settings say.
///
/// # Errors
/// A transport that cannot be set up.
pub async fn run(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let admin = match config.admin_listen {
        None => None,
        Some(address) => Some(TcpListener::bind(address).await.map_err(|error| {
            ConfigError::new("admin-listen", format!("cannot bind {address}: {error}"))
        })?),
    };
    run_with_admin(config, listener, admin, shutdown).await
}

/// As [`run`], with the admin endpoint on a listener that is already there.
///
/// # Errors
/// A transport that cannot be set up.
pub async fn run_with_admin(
    config: Config,
    listener: TcpListener,
    admin: Option<TcpListener>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let address = listener.local_addr().ok();
    tracing::info!(
        address = address.map(|a: SocketAddr| a.to_string()),
        tls = config.tls.is_some(),
        access = config.access.is_some(),
        version = env!("CARGO_PKG_VERSION"),
        "serving"
    );
    if config.access.is_some() && config.tls.is_none() && !config.listen.ip().is_loopback() {
        tracing::warn!("tokens arrive in clear: there is an access file and no TLS");
    }
    // HTTP/2 pings find peers that are gone; for HTTP/1.1 the kernel has to.
    let listener = tonic::transport::server::TcpIncoming::from(listener)
        .with_nodelay(Some(true))
        .with_keepalive(Some(config.keepalive_interval))
        .with_keepalive_interval(Some(config.keepalive_timeout))
        .with_keepalive_retries(Some(1));
    let peers = Peers::new(config.peers);
    let incoming =
        Incoming::new(listener, config.tls.clone(), config.tls_handshake_max, Arc::clone(&peers));
    serve(config, incoming, admin, peers, shutdown).await
}

/// As [`run`], on any connections, sockets or pipes in memory, and without admin endpoint.
///
/// # Errors
/// A transport that cannot be set up.
pub async fn run_on<I, IO, E>(
    config: Config,
    incoming: I,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error>
where
    I: Stream<Item = Result<IO, E>>,
    IO: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
    E: Into<Error>,
{
    let peers = Peers::new(config.peers);
    serve(config, incoming, None, peers, shutdown).await
}

async fn serve<I, IO, E>(
    config: Config,
    incoming: I,
    admin: Option<TcpListener>,
    peers: Arc<Peers>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error>
where
    I: Stream<Item = Result<IO, E>>,
    IO: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
    E: Into<Error>,
{
    let observability = Observability::start(&config, admin)?;
    let (telemetry, health) = (&observability.telemetry, &observability.health);
    let cut = CancellationToken::new();
    let srx = config.srx.rules();
    let services = Segmentation::new(config.limits, srx, cut.clone(), Arc::clone(telemetry));
    if config.health_tells_overload {
        tokio::spawn(health.clone().follow(services.overloaded()));
    }
    let draining = CancellationToken::new();
    let (announced, drained) = (draining.clone(), draining.clone());
    let announce = health.clone();
    let (drain_max, delay) = (config.drain_max, config.drain_delay);
    let stop = async move {
        shutdown.await;
        tracing::info!(
            drain_delay_ms = delay.as_millis() as u64,
            drain_max_ms = drain_max.as_millis() as u64,
            "draining"
        );
        announce.drain();
        tokio::time::sleep(delay).await;
        announced.cancel();
    };
    let web = config.grpc_web.clone();
    let idle_max = config.limits.stream_idle_max;
    let incoming = incoming.map(|io| io.map(preface::Preface::awaited));
    let serving = transport(&config)
        // Outermost first: gRPC-Web becomes gRPC, then what sees every call, then what is no call
        // at all, then deadlines, panics, what mends tonic's own refusals, whether the answer is
        // compressed, then who may call.
        .layer(option_layer(web.map(|origins| grpc_web::layers(origins, idle_max))))
        .layer(observe::ObserveLayer(Arc::clone(telemetry)))
        .layer(head::HeadLayer)
        .layer(deadline::DeadlineLayer { call_max: config.call_max, idle_max })
        .layer(panics::PanicLayer)
        .layer(MapResponseLayer::new(refusal::mend))
        .layer(MapRequestLayer::new(compression::as_its_request))
        .layer(AdmitLayer { peers: Arc::clone(&peers), access: config.access.clone() })
        .add_routes(routes(&config, health, services)?)
        .serve_with_incoming_shutdown(incoming, stop);
    let deadline = async {
        drained.cancelled().await;
        tokio::time::sleep(drain_max).await;
        tracing::warn!("the drain took too long: open calls are cut");
        cut.cancel();
        tokio::time::sleep(CUT_GRACE).await;
    };
    let served = tokio::select! {
        served = serving => Ok(served?),
        () = deadline => Ok(()),
        never = follow(config.tls.clone(), config.reload_interval) => match never {},
        never = follow(config.access.clone(), config.reload_interval) => match never {},
        never = peers.forget() => match never {},
    };
    observability.stop().await;
    served
}

/// Takes new files of a setting as they come.
async fn follow<S: Source>(files: Option<Kept<S>>, interval: Duration) -> Infallible {
    match files {
        Some(files) => files.follow(interval).await,
        None => std::future::pending().await,
    }
}

/// All services.
fn routes(config: &Config, health: &Health, services: Segmentation) -> Result<Routes, Error> {
    // Each generated server has its settings on its own type.
    macro_rules! with_limits {
        ($server:expr) => {
            $server
                .max_decoding_message_size(config.limits.message_bytes_max as usize)
                .accept_compressed(CompressionEncoding::Gzip)
                .send_compressed(CompressionEncoding::Gzip)
        };
    }
    let alignment = with_limits!(AlignmentServiceServer::new(services.clone()));
    let comparison = with_limits!(ComparisonServiceServer::new(services.clone()));
    let exchange = with_limits!(ExchangeServiceServer::new(services.clone()));
    let segmentation = with_limits!(SegmentationServiceServer::new(services));
    let mut routes = Routes::builder();
    routes
        .add_service(segmentation)
        .add_service(alignment)
        .add_service(comparison)
        .add_service(exchange);
    if config.health {
        routes.add_service(HealthServer::new(health.clone()));
    }
    if config.reflection {
        // Both versions: older grpcurl, Python and Postman know only v1alpha. The descriptor set
        // holds the error details too, so that clients print them in clear.
        let builder = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
        };
        routes.add_service(builder().build_v1()?).add_service(builder().build_v1alpha()?);
    }
    Ok(routes.routes())
}

/// The transport and its limits.
fn transport(config: &Config) -> tonic::transport::Server {
    tonic::transport::Server::builder()
        // tonic switches hyper's own defaults off: without these a client may open streams
        // without end and make the server reset them without end (CVE-2025-8671).
        .max_concurrent_streams(Some(config.streams_per_connection_max))
        .http2_max_local_error_reset_streams(Some(256))
        // Those of hyper and h2, said here because tests/it/abuse.rs counts on them.
        .http2_max_pending_accept_reset_streams(Some(20))
        .http2_max_header_list_size(16 << 10)
        .max_frame_size(16 << 10)
        // Without tonic's grace, with which no client would ever be told to go.
        .max_connection_age(config.connection_age_max)
        // h2 counts small DATA frames against the connection window: with its default a client
        // that sends many small messages is thrown out.
        .initial_connection_window_size(Some(8 << 20))
        .initial_stream_window_size(Some(256 << 10))
        .http2_keepalive_interval(Some(config.keepalive_interval))
        .http2_keepalive_timeout(Some(config.keepalive_timeout))
        // Heads have hyper's 30 seconds; a silent connection is closed after as much.
        .accept_http1(config.grpc_web.is_some())
}
