//! How long a call may take: its own deadline, `grpc-timeout`, and the bounds of the server.
//!
//! tonic's own bounds only the time to the response's head, and says CANCELLED, outside of every
//! layer, so that a page cannot read it. Ours is asked first and wins.
//!
//! An answer whose reader has stopped is polled by nobody, so no timer within it would ever be
//! looked at: a reader of 256 answers could keep everybody else out. So beside each answer stands a
//! timer that takes away what makes it.

use crate::wire::status;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::{Instant, Sleep};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

/// A call that is meant to stay open as long as its client likes, and costs nothing.
const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// Ends calls at the deadline that their caller gave, and at the bounds of the server.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeadlineLayer {
    /// Time a call may take.
    pub(super) call_max: Duration,
    /// Time a caller may neither send what is waited for nor read what is there.
    pub(super) idle_max: Duration,
}

impl<S> Layer<S> for DeadlineLayer {
    type Service = Deadline<S>;

    fn layer(&self, inner: S) -> Deadline<S> {
        Deadline { bounds: *self, inner }
    }
}

/// A service whose calls end at their deadline.
#[derive(Clone, Debug)]
pub(super) struct Deadline<S> {
    bounds: DeadlineLayer,
    inner: S,
}

impl<S> Service<Request<Body>> for Deadline<S>
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
        let idle_max = self.bounds.idle_max;
        let bound = (request.uri().path() != WATCH).then_some(self.bounds.call_max);
        let late = Late::of(timeout(request.headers()), bound);
        // What is late already does no work.
        if let Some(late) = late.filter(|late| late.at <= Instant::now()) {
            return Box::pin(std::future::ready(Ok(late.status().into_http())));
        }
        let request = request.map(|body| Body::new(Upload { body, idle_max, sleep: None }));
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = match &late {
                None => answer.await?,
                Some(late) => tokio::select! {
                    biased;
                    () = tokio::time::sleep_until(late.at) => {
                        return Ok(late.status().into_http());
                    }
                    answered = answer => answered?,
                },
            };
            // A refusal is all there already.
            if http_body::Body::is_end_stream(response.body()) {
                return Ok(response);
            }
            Ok(response.map(|body| Body::new(Bounded::new(body, late, idle_max))))
        })
    }
}

/// When a call is over, whatever it does.
#[derive(Clone, Copy, Debug)]
struct Late {
    at: Instant,
    /// The bound of the server; none: the deadline is the caller's own.
    call_max: Option<Duration>,
}

/// tonic times the head of a call by the same deadline, begins a little earlier, counts in
/// milliseconds and says CANCELLED: ours comes before it.
const AHEAD: Duration = Duration::from_millis(2);

impl Late {
    fn of(timeout: Option<Duration>, bound: Option<Duration>) -> Option<Late> {
        let now = Instant::now();
        let (after, call_max) = match (timeout, bound) {
            (Some(timeout), Some(bound)) if bound < timeout => (bound, Some(bound)),
            (Some(timeout), _) => (timeout.saturating_sub(AHEAD), None),
            (None, Some(bound)) => (bound, Some(bound)),
            (None, None) => return None,
        };
        // A deadline in thousands of years is none.
        now.checked_add(after).map(|at| Late { at, call_max })
    }

    fn status(&self) -> Status {
        self.call_max.map_or_else(status::deadline_exceeded, status::call_too_long)
    }
}

/// Whether there is a deadline that cannot be read. Taken for none, it would keep the work going
/// after the caller has left.
pub(super) fn is_malformed(headers: &HeaderMap) -> bool {
    headers.contains_key("grpc-timeout") && timeout(headers).is_none()
}

/// What is left of the deadline when the call arrives: at most eight digits and a unit.
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

/// The messages of a call until its time is over, then the status that says so.
#[derive(Debug)]
struct Bounded {
    call: Arc<Mutex<Answer>>,
    timer: AbortHandle,
}

/// An answer under way.
#[derive(Debug)]
struct Answer {
    /// Taken when the time is over: what is dropped stops its work and frees its place.
    body: Option<Body>,
    /// What it ends with, once its time is over.
    ended: Option<Status>,
    /// Since when the reader has not asked for more; none while it waits for us.
    unread: Option<Instant>,
    reader: Option<Waker>,
}

fn locked(answer: &Mutex<Answer>) -> MutexGuard<'_, Answer> {
    // A body that panicked is gone with its stream; what is left here is sound.
    answer.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bounded {
    fn new(body: Body, late: Option<Late>, idle_max: Duration) -> Bounded {
        let unread = Some(Instant::now());
        let answer = Answer { body: Some(body), ended: None, unread, reader: None };
        let call = Arc::new(Mutex::new(answer));
        let timer = tokio::spawn(bound(Arc::downgrade(&call), late, idle_max)).abort_handle();
        Bounded { call, timer }
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        self.timer.abort();
    }
}

/// Ends the answer when it is late, or not read for `idle_max`.
async fn bound(call: Weak<Mutex<Answer>>, late: Option<Late>, idle_max: Duration) {
    loop {
        let Some(next) = call.upgrade().map(|call| {
            let since = locked(&call).unread.unwrap_or_else(Instant::now);
            late.map_or(since + idle_max, |late| late.at.min(since + idle_max))
        }) else {
            return;
        };
        tokio::time::sleep_until(next).await;
        let Some(call) = call.upgrade() else { return };
        let mut answer = locked(&call);
        let now = Instant::now();
        let status = match (late, answer.unread) {
            (Some(late), _) if late.at <= now => late.status(),
            (_, Some(since)) if since + idle_max <= now => {
                tracing::info!("an answer was not read and is given up");
                status::unread(idle_max)
            }
            _ => continue,
        };
        answer.ended = Some(status);
        let (body, reader) = (answer.body.take(), answer.reader.take());
        drop(answer);
        drop(body);
        if let Some(reader) = reader {
            reader.wake();
        }
        return;
    }
}

impl http_body::Body for Bounded {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let mut answer = locked(&self.call);
        if let Some(status) = answer.ended.take() {
            let mut trailers = HeaderMap::new();
            let written = status.add_header(&mut trailers);
            return Poll::Ready(Some(written.map(|()| Frame::trailers(trailers))));
        }
        let Some(body) = &mut answer.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(cx);
        match &polled {
            Poll::Pending => {
                answer.unread = None;
                answer.reader = Some(cx.waker().clone());
            }
            Poll::Ready(_) => answer.unread = Some(Instant::now()),
        }
        polled
    }

    // Without these a refusal would be a head and an empty body in place of a head alone.
    fn is_end_stream(&self) -> bool {
        let answer = locked(&self.call);
        answer.ended.is_none() && answer.body.as_ref().is_none_or(|body| body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        locked(&self.call).body.as_ref().map_or_else(SizeHint::default, |body| body.size_hint())
    }
}

/// The messages of a caller, who may pause for `idle_max` while they are waited for. Handlers of
/// streams look at the time themselves; here it holds for a message that began and does not go on.
struct Upload {
    body: Body,
    idle_max: Duration,
    /// None while nothing is waited for.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl http_body::Body for Upload {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.sleep = None;
            return Poll::Ready(frame);
        }
        let idle_max = this.idle_max;
        let sleep = this.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(idle_max)));
        sleep.as_mut().poll(cx).map(|()| Some(Err(status::stalled())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
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
