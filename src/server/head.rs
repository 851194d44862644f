//! The head of a call: what is no gRPC, or says what cannot be understood, goes no further.
//!
//! tonic looks at none of this: it answers a page's form as if it were a call, and takes a deadline
//! that it cannot read for none.

use super::deadline;
use crate::wire::status;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use std::future::{Future, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use tonic::body::Body;
use tower::{Layer, Service};

/// Makes a [`Head`].
#[derive(Clone, Copy, Debug)]
pub(super) struct HeadLayer;

impl<S> Layer<S> for HeadLayer {
    type Service = Head<S>;

    fn layer(&self, inner: S) -> Head<S> {
        Head { inner }
    }
}

/// Lets through calls whose head makes sense.
#[derive(Clone, Debug)]
pub(super) struct Head<S> {
    inner: S,
}

impl<S> Service<Request<Body>> for Head<S>
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
        match refusal(&request) {
            Some(refused) => Box::pin(ready(Ok(refused))),
            None => Box::pin(self.inner.call(request)),
        }
    }
}

/// What a head without sense is answered with. The codes of HTTP are those that the specification
/// of gRPC wants: what is no client of gRPC must not take a refusal for success.
fn refusal(request: &Request<Body>) -> Option<Response<Body>> {
    if request.method() != Method::POST {
        let mut refused = status::method_not_post().into_http();
        *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return Some(refused);
    }
    if !request.headers().get(CONTENT_TYPE).is_some_and(is_grpc) {
        let mut refused = status::content_type_unknown().into_http();
        *refused.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Some(refused);
    }
    deadline::is_malformed(request.headers()).then(|| status::malformed_timeout().into_http())
}

/// `application/grpc`, with or without the one form of message that there is here.
fn is_grpc(media: &HeaderValue) -> bool {
    let name = media.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    let name = name.trim_ascii();
    let is = |one: &str| name.eq_ignore_ascii_case(one.as_bytes());
    is("application/grpc") || is("application/grpc+proto")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_of_grpc_are_told_from_others() {
        let is = |text: &'static str| is_grpc(&HeaderValue::from_static(text));
        for good in ["application/grpc", "application/grpc+proto", "Application/gRPC ; a=b"] {
            assert!(is(good), "{good}");
        }
        for bad in
            ["", "text/plain", "application/grpcs", "application/grpc-web", "application/grpc+json"]
        {
            assert!(!is(bad), "{bad}");
        }
    }
}
