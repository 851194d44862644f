//! The layer that sees every call arrive and end, whoever ends it: counts, span, id and the one
//! line in the log. What a layer below refuses counts too; only gRPC-Web stands above, so that
//! everything here is plain gRPC.

use crate::telemetry::{CallRecord, CallSpan, Method, MethodMetrics, Telemetry};
use crate::wire::status;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::{Frame, SizeHint};
use prometheus_client::metrics::counter::Counter;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};

/// The id of a call, as a caller gives it and reads it.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Observes calls.
#[derive(Clone, Debug)]
pub(super) struct ObserveLayer(pub(super) Arc<Telemetry>);

impl<S> Layer<S> for ObserveLayer {
    type Service = Observe<S>;

    fn layer(&self, inner: S) -> Observe<S> {
        Observe { telemetry: Arc::clone(&self.0), inner }
    }
}

/// A service whose calls are observed.
#[derive(Clone, Debug)]
pub(super) struct Observe<S> {
    telemetry: Arc<Telemetry>,
    inner: S,
}

impl<S> Service<Request<Body>> for Observe<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let mut observation = Observation::begin(Arc::clone(&self.telemetry), &request);
        request.extensions_mut().insert(Arc::clone(&observation.record));
        let request = request.map(|body| match observation.counters() {
            Some((_, of)) => {
                let counted = Counted::new(of.received.clone(), of.received_bytes.clone());
                Body::new(Received { body, counted })
            }
            None => body,
        });
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            if let Ok(id) = HeaderValue::from_str(&observation.record.request_id) {
                response.headers_mut().insert(REQUEST_ID, id);
            }
            if let Some(status) = Status::from_header_map(response.headers()) {
                // A refusal: the head says all.
                observation.end(&status);
                return Ok(response);
            }
            Ok(response.map(|body| Body::new(Answered::new(body, observation))))
        })
    }
}

/// One call, until its end is told.
#[derive(Debug)]
struct Observation {
    telemetry: Arc<Telemetry>,
    method: usize,
    begun: Instant,
    record: Arc<CallRecord>,
    span: CallSpan,
    ended: bool,
}

impl Observation {
    fn begin(telemetry: Arc<Telemetry>, request: &Request<Body>) -> Observation {
        let method = telemetry.metrics.method_index(request.uri().path());
        let headers = request.headers();
        let given = headers.get(REQUEST_ID).map(HeaderValue::as_bytes);
        let record = Arc::new(CallRecord::new(telemetry.request_ids.take_or_make(given)));
        let found = telemetry.metrics.method(method);
        // Probes come every second: they would drown what is worth reading.
        let traced = found.filter(|(method, _)| method.own);
        let tracing = telemetry.tracing.as_ref().filter(|_| traced.is_some());
        let name = |(method, _): (&Method, _)| format!("{}/{}", method.service, method.name);
        let span = CallSpan::begin(tracing, traced.map(name).unwrap_or_default(), headers);
        if let Some((_, counters)) = found {
            counters.started.inc();
            counters.open.inc();
        }
        Observation { telemetry, method, begun: Instant::now(), record, span, ended: false }
    }

    fn counters(&self) -> Option<(&Method, &MethodMetrics)> {
        self.telemetry.metrics.method(self.method)
    }

    /// The call ended so; the first end counts.
    fn end(&mut self, status: &Status) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let (code, elapsed) = (status.code(), self.begun.elapsed());
        let Some((method, counters)) = self.telemetry.metrics.method(self.method) else { return };
        counters.open.dec();
        counters.handled(code);
        counters.seconds.observe(elapsed.as_secs_f64());
        let reason = if code == Code::Ok { None } else { status::reason(status) };
        self.telemetry.metrics.ended(code, reason.as_deref());
        let trace_id = self.span.trace_id();
        self.span.end(&format!("{}/{}", method.service, method.name), code, &self.record);
        let totals = self.record.totals().unwrap_or_default();
        macro_rules! say {
            ($level:ident) => {
                tracing::$level!(
                    rpc.service = method.service.as_str(),
                    rpc.method = method.name.as_str(),
                    rpc.code = ?code,
                    request_id = self.record.request_id.as_str(),
                    trace_id = trace_id.as_deref(),
                    documents = totals.documents,
                    documents_failed = totals.documents_failed,
                    source_bytes = totals.source_bytes,
                    units = totals.units,
                    segments = totals.segments,
                    elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
                    "call"
                )
            };
        }
        if method.own { say!(info) } else { say!(debug) }
    }
}

impl Drop for Observation {
    /// What is dropped before it ended was cancelled by its client.
    fn drop(&mut self) {
        self.end(&Status::new(Code::Cancelled, ""));
    }
}

/// Counts messages in the bytes of a body: each has five bytes before it, of which the last four
/// are its length.
#[derive(Debug)]
struct Counted {
    messages: Counter,
    bytes: Counter,
    /// Bytes of the head seen, and the length as far as it is known.
    head_bytes: u8,
    length: u32,
    /// Bytes of the message still to come.
    rest: usize,
}

impl Counted {
    fn new(messages: Counter, bytes: Counter) -> Counted {
        Counted { messages, bytes, head_bytes: 0, length: 0, rest: 0 }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.bytes.inc_by(bytes.len() as u64);
        let mut bytes = bytes;
        while let Some((first, tail)) = bytes.split_first() {
            if self.rest > 0 {
                let skipped = self.rest.min(bytes.len());
                self.rest -= skipped;
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            // The first byte is a flag; shifting it out of the length is what we want.
            self.length = self.length << 8 | u32::from(*first);
            self.head_bytes += 1;
            bytes = tail;
            if self.head_bytes == 5 {
                self.messages.inc();
                self.rest = self.length as usize;
                (self.head_bytes, self.length) = (0, 0);
            }
        }
    }
}

/// The body of a request, counted.
struct Received {
    body: Body,
    counted: Counted,
}

impl http_body::Body for Received {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            self.counted.count(bytes);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a response, counted; its end is the end of the call.
struct Answered {
    /// None once it ended: its work is over before the call's end is told.
    body: Option<Body>,
    counted: Option<Counted>,
    observation: Observation,
}

impl Answered {
    fn new(body: Body, observation: Observation) -> Answered {
        let counted = observation
            .counters()
            .map(|(_, of)| Counted::new(of.sent.clone(), of.sent_bytes.clone()));
        Answered { body: Some(body), counted, observation }
    }

    fn end(&mut self, trailers: &HeaderMap) {
        self.body = None;
        let unknown = || Status::new(Code::Unknown, "");
        let status = Status::from_header_map(trailers).unwrap_or_else(unknown);
        self.observation.end(&status);
    }
}

impl http_body::Body for Answered {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => match (frame.data_ref(), &mut this.counted) {
                (Some(bytes), Some(counted)) => counted.count(bytes),
                (Some(_), None) => {}
                (None, _) => this.end(frame.trailers_ref().unwrap_or(&HeaderMap::new())),
            },
            Some(Err(status)) => {
                let status = status.clone();
                this.body = None;
                this.observation.end(&status);
            }
            None => this.end(&HeaderMap::new()),
        }
        Poll::Ready(frame)
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
    fn messages_are_counted_however_their_bytes_are_cut() {
        let message = |length: u32| {
            let mut bytes = vec![1];
            bytes.extend(length.to_be_bytes());
            bytes.extend(std::iter::repeat_n(7, length as usize));
            bytes
        };
        let body = [message(3), message(0), message(70_000), message(5)].concat();
        for piece in [1, 2, 5, 4096, body.len()] {
            let mut counted = Counted::new(Counter::default(), Counter::default());
            for bytes in body.chunks(piece) {
                counted.count(bytes);
            }
            let found = (counted.messages.get(), counted.bytes.get());
            assert_eq!(found, (4, body.len() as u64), "in pieces of {piece}");
        }
    }
}
