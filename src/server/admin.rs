//! The admin endpoint: `/metrics`, `/livez` and `/readyz` over HTTP/1.1, for operators only.
//!
//! Everything is bounded: connections, the head of a request, and the time that one may take. No
//! body is read, and no connection is kept.

use super::health::{Health, State};
use crate::telemetry::Telemetry;
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections at the same time; more wait.
const CONNECTIONS_MAX: usize = 32;

/// Bytes and fields of the head of a request.
const HEAD_BYTES_MAX: usize = 8 << 10;
const HEAD_FIELDS_MAX: usize = 64;

/// Time for the head of a request to arrive, and for all of one connection.
const HEAD_MAX: Duration = Duration::from_secs(5);
const CONNECTION_MAX: Duration = Duration::from_secs(15);

/// Pause after a connection that could not be taken: there may be no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

/// What the endpoint speaks of.
#[derive(Clone, Debug)]
pub(super) struct Admin {
    pub(super) telemetry: Arc<Telemetry>,
    pub(super) health: Health,
}

impl Admin {
    /// Answers on `listener` for ever.
    pub(super) async fn serve(self, listener: TcpListener) {
        let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let admin = self.clone();
            tokio::spawn(async move {
                let _permit = permit;
                let _ = tokio::time::timeout(CONNECTION_MAX, admin.answer_one(stream)).await;
            });
        }
    }

    async fn answer_one(self, stream: TcpStream) {
        let service = service_fn(move |request: Request<Incoming>| {
            std::future::ready(Ok::<_, Infallible>(self.answer(&request)))
        });
        // What a client does wrong is its own affair.
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_MAX)
            .max_buf_size(HEAD_BYTES_MAX)
            .max_headers(HEAD_FIELDS_MAX)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), service)
            .await;
    }

    fn answer<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refused;
        }
        match request.uri().path() {
            "/metrics" => {
                response(StatusCode::OK, OPENMETRICS, self.telemetry.metrics.exposition())
            }
            "/livez" => plain(StatusCode::OK, "alive\n"),
            "/readyz" => match self.health.state() {
                State::Ready => plain(StatusCode::OK, "ready\n"),
                State::Overloaded => plain(StatusCode::SERVICE_UNAVAILABLE, "overloaded\n"),
                State::Draining => plain(StatusCode::SERVICE_UNAVAILABLE, "draining\n"),
            },
            _ => plain(StatusCode::NOT_FOUND, "here are /metrics, /livez and /readyz\n"),
        }
    }
}

fn plain(code: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    response(code, PLAIN, text.to_owned())
}

fn response(code: StatusCode, media: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
