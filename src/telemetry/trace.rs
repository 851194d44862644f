//! Spans of calls, sent to a collector over OTLP.
//!
//! A call never waits for this: a span goes into a queue that is bounded, a thread of its own
//! takes batches from it, and what does not fit or cannot be sent is counted and forgotten.

use super::metrics::SpanCounters;
use super::{CallRecord, Metrics, code_name};
use http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, SpanData,
    SpanExporter,
};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tonic::Code;
use tonic::transport::Endpoint;

/// Spans that wait to be sent; more are dropped.
const QUEUE_SPANS_MAX: usize = 2048;

/// Spans of one message to the collector.
const BATCH_SPANS_MAX: usize = 512;

/// Time that the collector has for one batch, and for the last one when the server stops.
const EXPORT_MAX: Duration = Duration::from_secs(5);

/// Why traces cannot be sent.
#[derive(Debug)]
pub struct TraceError(String);

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TraceError {}

/// Makes spans and sends them.
#[derive(Clone, Debug)]
pub struct Tracing {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    sampled: prometheus_client::metrics::counter::Counter,
}

impl Tracing {
    /// Spans for the collector at `endpoint`, of which nothing is asked yet; of calls whose
    /// caller does not say whether they are sampled, this share is. The connection lives on the
    /// runtime that this is called on.
    ///
    /// # Errors
    /// An endpoint that is no `http://` URL.
    pub fn start(
        endpoint: &str,
        sampling_ratio: f64,
        metrics: &Metrics,
    ) -> Result<Tracing, TraceError> {
        let refused = |error: &dyn fmt::Display| TraceError(error.to_string());
        let channel = Endpoint::from_shared(endpoint.to_owned())
            .map_err(|error| refused(&error))?
            .connect_timeout(EXPORT_MAX)
            .connect_lazy();
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_tonic()
            .with_channel(channel)
            .with_timeout(EXPORT_MAX)
            .build()
            .map_err(|error| refused(&error))?;
        let spans = metrics.spans.clone();
        let sampled = spans.sampled.clone();
        let exporter = Counting { inner: exporter, spans, failing: AtomicBool::new(false) };
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE_SPANS_MAX)
            .with_max_export_batch_size(BATCH_SPANS_MAX)
            .build();
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        let resource = Resource::builder()
            .with_service_name("cesura")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(sampling_ratio)));
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        let tracer = provider.tracer("cesura");
        Ok(Tracing { provider, tracer, sampled })
    }

    /// Sends what is left, for as long as one batch may take. Blocks: for a thread that may.
    pub fn stop(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(EXPORT_MAX) {
            tracing::warn!(error = %error, "the last spans could not be sent");
        }
    }

    fn begin(&self, name: String, parent: &Context) -> opentelemetry_sdk::trace::Span {
        let span = SpanBuilder::from_name(name).with_kind(SpanKind::Server);
        let span = self.tracer.build_with_context(span, parent);
        if span.span_context().is_sampled() {
            self.sampled.inc();
        }
        span
    }
}

/// The span of one call, or at least the id of the trace that its caller is in.
#[derive(Debug)]
pub struct CallSpan {
    span: Option<opentelemetry_sdk::trace::Span>,
    context: SpanContext,
}

impl CallSpan {
    /// The call `service/method` that came with these headers.
    pub fn begin(tracing: Option<&Tracing>, name: String, headers: &HeaderMap) -> CallSpan {
        let parent = TraceContextPropagator::new().extract(&Headers(headers));
        let span = tracing.map(|tracing| tracing.begin(name, &parent));
        let context = match &span {
            Some(span) => span.span_context().clone(),
            None => parent.span().span_context().clone(),
        };
        CallSpan { span, context }
    }

    /// The trace that the call belongs to.
    pub fn trace_id(&self) -> Option<String> {
        self.context.is_valid().then(|| self.context.trace_id().to_string())
    }

    /// The call ended so. Numbers and ids only, never a text.
    pub fn end(&mut self, method: &str, code: Code, record: &CallRecord) {
        let Some(mut span) = self.span.take().filter(Span::is_recording) else { return };
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let totals = record.totals().unwrap_or_default();
        span.set_attributes([
            KeyValue::new("rpc.system.name", "grpc"),
            KeyValue::new("rpc.method", method.to_owned()),
            KeyValue::new("rpc.response.status_code", code_name(code)),
            KeyValue::new("cesura.request_id", record.request_id.clone()),
            KeyValue::new("cesura.documents", number(totals.documents)),
            KeyValue::new("cesura.documents_failed", number(totals.documents_failed)),
            KeyValue::new("cesura.source_bytes", number(totals.source_bytes)),
            KeyValue::new("cesura.units", number(totals.units)),
            KeyValue::new("cesura.segments", number(totals.segments)),
        ]);
        // What the conventions of OpenTelemetry count as the server's own fault.
        if matches!(
            code,
            Code::Unknown
                | Code::DeadlineExceeded
                | Code::Unimplemented
                | Code::Internal
                | Code::Unavailable
                | Code::DataLoss
        ) {
            span.set_status(Status::error(code_name(code)));
        }
        span.end();
    }
}

/// `traceparent` and `tracestate` of a request.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// An exporter that is counted, and whose state is said when it changes.
#[derive(Debug)]
struct Counting {
    inner: opentelemetry_otlp::SpanExporter,
    spans: SpanCounters,
    failing: AtomicBool,
}

impl SpanExporter for Counting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len() as u64;
        let done = self.inner.export(batch).await;
        let failed = done.is_err();
        if failed { &self.spans.failed } else { &self.spans.exported }.inc_by(count);
        match (&done, self.failing.swap(failed, Ordering::Relaxed)) {
            (Err(error), false) => {
                tracing::warn!(error = %error, "spans cannot be sent; calls go on without them");
            }
            (Ok(()), true) => tracing::info!("spans are sent again"),
            _ => {}
        }
        done
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
