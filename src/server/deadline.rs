//! The deadline of a call, `grpc-timeout`: it bounds the whole call and ends it with a status.
//!
//! tonic's own bounds only the time to the response's head, and says CANCELLED, outside of every
//! layer, so that a page cannot read it. Ours is asked first and always wins.

use crate::wire::status;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

/// Ends calls at the deadline that their caller gave.
#[derive(Clone, Debug)]
pub(super) struct DeadlineLayer;

impl<S> Layer<S> for DeadlineLayer {
    type Service = Deadline<S>;

    fn layer(&self, inner: S) -> Deadline<S> {
        Deadline(inner)
    }
}

/// A service whose calls end at their deadline.
#[derive(Clone, Debug)]
pub(super) struct Deadline<S>(S);

impl<S> Service<Request<Body>> for Deadline<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let sleep = timeout(request.headers()).map(|left| Box::pin(tokio::time::sleep(left)));
        let answer = self.0.call(request);
        Box::pin(async move {
            let Some(mut sleep) = sleep else { return answer.await };
            tokio::select! {
                biased;
                () = &mut sleep => Ok(status::deadline_exceeded().into_http()),
                answered = answer => answered.map(|response| {
                    response.map(|body| Body::new(Bounded { body: Some(body), sleep }))
                }),
            }
        })
    }
}

/// What is left of the deadline when the call arrives: at most eight digits and a unit. What is
/// none is ignored, as tonic does.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

/// The messages of a call until its deadline, then the status that says so.
#[derive(Debug)]
struct Bounded {
    /// Taken at the deadline: what is dropped stops its work.
    body: Option<Body>,
    sleep: Pin<Box<Sleep>>,
}

impl http_body::Body for Bounded {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let late = self.sleep.as_mut().poll(cx).is_ready();
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        if !late || body.is_end_stream() {
            return Pin::new(body).poll_frame(cx);
        }
        self.body = None;
        let mut trailers = HeaderMap::new();
        let written = status::deadline_exceeded().add_header(&mut trailers);
        Poll::Ready(Some(written.map(|()| Frame::trailers(trailers))))
    }

    // Without these a refusal would be a head and an empty body in place of a head alone.
    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(SizeHint::with_exact(0), |body| body.size_hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_digits_and_a_unit() {
        let read = |text: &'static str| {
            let value = http::HeaderValue::from_static(text);
            timeout(&HeaderMap::from_iter([(http::HeaderName::from_static("grpc-timeout"), value)]))
        };
        assert_eq!(read("700m"), Some(Duration::from_millis(700)));
        assert_eq!(read("99999999H"), Some(Duration::from_secs(99_999_999 * 3600)));
        assert_eq!(read("5u"), Some(Duration::from_micros(5)));
        for none in ["", "5", "m", "-5m", "999999999m", "5 m", "5s"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
