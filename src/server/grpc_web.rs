//! gRPC-Web: gRPC for pages and for clients that speak HTTP/1.1 only.
//!
//! Layers, outermost first: [`Guard`] refuses what may not call or is no call, so that nothing of
//! it costs work; tower-http's CORS tells browsers what they may send and read; tonic-web
//! translates. Everything within is plain gRPC and does not know of this.

use super::origin::Origins;
use crate::wire::status;
use http::header::{ALLOW, CONTENT_TYPE, ORIGIN};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tonic::body::Body;
use tonic_web::GrpcWebLayer;
use tower::{Layer, Service};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tower_http::timeout::TimeoutBody;

/// How long a browser may remember what it was told; Chromium forgets after this time anyway. The
/// guard is asked at every call, so a page that is no longer allowed does not profit from it.
const PREFLIGHT_AGE: Duration = Duration::from_secs(2 * 3600);

/// What a page may read of a call that failed before its first message, and the id of the call.
const EXPOSED: [HeaderName; 4] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    super::observe::REQUEST_ID,
];

/// The layers, for pages of `origins`. An upload over HTTP/1.1 may pause for `idle_max`.
pub(super) fn layers(
    origins: Origins,
    idle_max: Duration,
) -> (GuardLayer, CorsLayer, GrpcWebLayer) {
    let listed = origins.clone();
    let allowed = match &origins {
        Origins::Any => AllowOrigin::any(),
        Origins::Listed(_) => {
            AllowOrigin::predicate(move |origin: &HeaderValue, _| listed.allow(origin.as_bytes()))
        }
    };
    let cors = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::POST])
        // Metadata is the caller's own: whatever it is, it means nothing to us.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(PREFLIGHT_AGE)
        // A page on the web may call a server on its reader's own machine, if it is named.
        .allow_private_network(matches!(origins, Origins::Listed(_)));
    (GuardLayer { origins, idle_max }, cors, GrpcWebLayer::new())
}

/// Makes a [`Guard`].
#[derive(Clone, Debug)]
pub(super) struct GuardLayer {
    origins: Origins,
    idle_max: Duration,
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard { settings: self.clone(), inner }
    }
}

/// Lets in native gRPC without an origin, gRPC-Web from allowed origins or without one, and
/// preflights from allowed origins.
#[derive(Clone, Debug)]
pub(super) struct Guard<S> {
    settings: GuardLayer,
    inner: S,
}

impl<S> Service<Request<Body>> for Guard<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if let Some(refused) = self.settings.refuse(&request) {
            return Box::pin(std::future::ready(Ok(refused)));
        }
        // HTTP/1.1 has no pings that would tell a peer that is gone from one that is slow.
        let idle_max = self.settings.idle_max;
        let request = match request.version() {
            Version::HTTP_2 => request,
            _ => request.map(|body| Body::new(TimeoutBody::new(idle_max, body))),
        };
        Box::pin(self.inner.call(request))
    }
}

impl GuardLayer {
    /// What the request is refused with, if it is.
    fn refuse(&self, request: &Request<Body>) -> Option<Response<Body>> {
        let headers = request.headers();
        // CORS alone would let the call be made and only keep its answer from the page.
        if let Some(origin) = headers.get(ORIGIN)
            && !self.origins.allow(origin.as_bytes())
        {
            let shown: String =
                String::from_utf8_lossy(origin.as_bytes()).chars().take(80).collect();
            tracing::info!(origin = ?shown, "origin refused");
            return Some(match is_native(request) {
                true => status::origin_refused().into_http(),
                false => refusal(StatusCode::FORBIDDEN, status::origin_refused().message()),
            });
        }
        if request.version() == Version::HTTP_2 || request.method() == Method::OPTIONS {
            return None;
        }
        if request.method() != Method::POST {
            let mut refused = refusal(StatusCode::METHOD_NOT_ALLOWED, HOW);
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("POST, OPTIONS"));
            return Some(refused);
        }
        let grpc_web = media(request).starts_with(GRPC_WEB);
        (!grpc_web).then(|| refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, HOW))
    }
}

/// How the content types of gRPC-Web begin.
const GRPC_WEB: &str = "application/grpc-web";

fn media(request: &Request<Body>) -> &str {
    let media = request.headers().get(CONTENT_TYPE);
    media.and_then(|media| media.to_str().ok()).unwrap_or("")
}

/// Whether the request is gRPC itself, whose refusals are a status.
fn is_native(request: &Request<Body>) -> bool {
    let media = media(request);
    media.starts_with("application/grpc") && !media.starts_with(GRPC_WEB)
}

/// What is said to HTTP/1.1 that is no gRPC-Web.
const HOW: &str = "here are gRPC over HTTP/2 and gRPC-Web: POST with the content type \
                   application/grpc-web or application/grpc-web-text";

fn refusal(code: StatusCode, why: &str) -> Response<Body> {
    let mut response = Response::new(Body::new(format!("{why}\n")));
    *response.status_mut() = code;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
