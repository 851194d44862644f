//! A panic is a fault of ours: it ends its call with INTERNAL, and nothing else.
//!
//! Without this the stream would be reset, which clients take for their own cancellation.

use crate::wire::status;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

/// Makes a [`Guard`].
#[derive(Clone, Copy, Debug)]
pub(super) struct PanicLayer;

impl<S> Layer<S> for PanicLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard { inner }
    }
}

/// A service whose panics are answers.
#[derive(Clone, Debug)]
pub(super) struct Guard<S> {
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
        // What a panic leaves behind is dropped with its call, and looked at by nobody.
        let Ok(answer) = catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) else {
            return Box::pin(std::future::ready(Ok(status::fault().into_http())));
        };
        let mut answer = Some(Box::pin(answer));
        Box::pin(std::future::poll_fn(move |cx| {
            let Some(future) = &mut answer else { return Poll::Pending };
            let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
            let answered = match polled {
                Ok(polled) => ready!(polled),
                Err(_) => Ok(status::fault().into_http()),
            };
            answer = None;
            Poll::Ready(answered.map(|response| {
                // A refusal is all there already.
                if http_body::Body::is_end_stream(response.body()) {
                    return response;
                }
                response.map(|body| Body::new(Guarded { body: Some(body) }))
            }))
        }))
    }
}

/// The messages of an answer, behind a panic the status that says so.
struct Guarded {
    /// None once it panicked.
    body: Option<Body>,
}

impl http_body::Body for Guarded {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(body).poll_frame(cx)));
        polled.unwrap_or_else(|_| {
            self.body = None;
            let mut trailers = HeaderMap::new();
            let written = status::fault().add_header(&mut trailers);
            Poll::Ready(Some(written.map(|()| Frame::trailers(trailers))))
        })
    }

    // Without these a refusal would be a head and an empty body in place of a head alone.
    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, |body| body.size_hint())
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "that is what is tested")]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http_body_util::{BodyExt, StreamBody};
    use std::convert::Infallible;
    use tonic::Code;
    use tower::{ServiceExt, service_fn};

    type Answer = Result<Response<Body>, Infallible>;

    async fn answered<F>(handler: fn(Request<Body>) -> F) -> Response<Body>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let guard = PanicLayer.layer(service_fn(handler));
        let Ok(answer) = guard.oneshot(Request::new(Body::empty())).await;
        answer
    }

    async fn panics_at_once(_: Request<Body>) -> Answer {
        panic!("a text")
    }

    async fn panics_behind_a_message(_: Request<Body>) -> Answer {
        let mut said = false;
        let frames = tokio_stream::iter(std::iter::from_fn(move || {
            assert!(!std::mem::replace(&mut said, true), "a text");
            Some(Ok::<_, Status>(Frame::data(Bytes::from_static(b"message"))))
        }));
        Ok(Response::new(Body::new(StreamBody::new(frames))))
    }

    #[tokio::test]
    async fn a_panic_before_the_head_is_an_internal_error() {
        let answer = answered(panics_at_once).await;
        let found = Status::from_header_map(answer.headers()).map(|found| found.code());
        assert_eq!(found, Some(Code::Internal));
    }

    #[tokio::test]
    async fn a_panic_behind_messages_is_an_internal_error_behind_them() {
        let mut answer = answered(panics_behind_a_message).await;
        let body = answer.body_mut();
        let first = body.frame().await.and_then(Result::ok).and_then(|one| one.into_data().ok());
        assert_eq!(first.as_deref(), Some(&b"message"[..]));
        let last = body.frame().await.and_then(Result::ok).and_then(|one| one.into_trailers().ok());
        let found = last.as_ref().and_then(Status::from_header_map).map(|found| found.code());
        assert_eq!(found, Some(Code::Internal));
        assert!(body.frame().await.is_none(), "nothing follows");
    }
}
