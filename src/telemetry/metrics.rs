//! All counters of one server, registered once.

use super::counters::{Closed, Labels, single};
use super::dimensions::{self, CODES, Method, Methods};
use super::process::{Process, Runtime};
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::runtime::Handle;
use tonic::Code;

/// Bounds of the histograms: one of our pages takes milliseconds, a comparison seconds, a stream
/// as long as its client wants.
const SECONDS: [f64; 15] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// The counters of one method. Those of gRPC have the names of go-grpc-prometheus, which
/// dashboards and alerts for gRPC know.
#[derive(Debug)]
pub struct MethodMetrics {
    /// Calls that arrived.
    pub started: Counter,
    /// Calls that ended, by the number of their code.
    handled: Vec<Counter>,
    /// Time from the head of a call to its last byte.
    pub seconds: Histogram,
    /// Calls that did not end yet.
    pub open: Gauge,
    /// Request messages.
    pub received: Counter,
    /// Response messages.
    pub sent: Counter,
    /// Bytes of requests.
    pub received_bytes: Counter,
    /// Bytes of responses.
    pub sent_bytes: Counter,
}

impl MethodMetrics {
    /// A call ended.
    pub fn handled(&self, code: Code) {
        if let Some(counter) = self.handled.get(code as usize) {
            counter.inc();
        }
    }
}

/// What came out of documents.
#[derive(Debug)]
pub(super) struct DocumentMetrics {
    pub(super) documents: Closed,
    pub(super) languages: Closed,
    pub(super) source_bytes: Counter,
    pub(super) units: Closed,
    pub(super) segments: Counter,
    pub(super) rule_hits: Closed,
    pub(super) limit_hits: Closed,
}

impl DocumentMetrics {
    fn register(out: &mut Registry) -> DocumentMetrics {
        DocumentMetrics {
            documents: Closed::register(
                out,
                "cesura_documents",
                "Documents and texts that were answered or refused",
                "outcome",
                ["answered", "refused"],
            ),
            languages: Closed::register(
                out,
                "cesura_document_languages",
                "Segmented documents by their language",
                "language",
                dimensions::languages(),
            ),
            source_bytes: single(out, "cesura_source", "Bytes of documents", Some(Unit::Bytes)),
            units: Closed::register(
                out,
                "cesura_units",
                "Units by the function of their block",
                "kind",
                dimensions::kinds(),
            ),
            segments: single(out, "cesura_segments", "Segments", None),
            rule_hits: Closed::register(
                out,
                "cesura_rule_hits",
                "Segments by the rule that ended them, units by the rule that gave their kind",
                "rule",
                dimensions::rules(),
            ),
            limit_hits: Closed::register(
                out,
                "cesura_limit_hits",
                "Limits that calls or documents ran into",
                "limit",
                dimensions::LIMITS.iter().map(|(_, limit)| *limit).chain(dimensions::NOTICED),
            ),
        }
    }
}

/// How much of its room the server uses.
#[derive(Debug)]
pub struct LoadMetrics {
    /// Calls that were refused because the server had no room.
    pub refusals: Counter,
    /// Calls that have a place.
    pub calls: Gauge,
    /// Places.
    pub calls_max: Gauge,
    /// 1 while the server says that it has no room.
    pub overloaded: Gauge,
    /// 1 from the beginning of the drain.
    pub draining: Gauge,
    /// Threads for work of seconds.
    pub workers: Gauge,
    /// Those of them that work.
    pub workers_busy: Gauge,
    /// Pieces of work that wait for one.
    pub workers_waiting: Gauge,
    /// Time that they waited.
    pub worker_wait: Histogram,
}

impl LoadMetrics {
    fn register(out: &mut Registry) -> LoadMetrics {
        let worker_wait = Histogram::new(SECONDS);
        let help = "Time that work waited for a thread";
        out.register_with_unit("cesura_worker_wait", help, Unit::Seconds, worker_wait.clone());
        let refusals = "Calls refused because the server had no room";
        let overloaded = "1 while health tells balancers that there is no room";
        let waiting = "Pieces of work that wait for a thread";
        LoadMetrics {
            refusals: single(out, "cesura_overload_refusals", refusals, None),
            calls: single(
                out,
                "cesura_calls_working",
                "Calls at work, of those that need a place",
                None,
            ),
            calls_max: single(out, "cesura_calls_working_max", "Places for calls", None),
            overloaded: single(out, "cesura_overloaded", overloaded, None),
            draining: single(out, "cesura_draining", "1 from the beginning of the drain", None),
            workers: single(out, "cesura_workers", "Threads for work of seconds", None),
            workers_busy: single(
                out,
                "cesura_workers_busy",
                "Threads that do work of seconds",
                None,
            ),
            workers_waiting: single(out, "cesura_workers_waiting", waiting, None),
            worker_wait,
        }
    }
}

/// The counters of a server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    methods: Methods,
    by_method: Vec<MethodMetrics>,
    pub(super) documents: DocumentMetrics,
    /// Its room.
    pub load: LoadMetrics,
    pub(super) spans: SpanCounters,
}

impl Metrics {
    /// All counters, at zero. Those of the runtime are there if this is called on one.
    pub fn new() -> Metrics {
        let mut registry = Registry::default();
        let out = &mut registry;
        let build = vec![
            ("version", env!("CARGO_PKG_VERSION")),
            ("profile", if cfg!(debug_assertions) { "debug" } else { "release" }),
        ];
        out.register("cesura_build", "What is running here; always 1", Info::new(build));
        out.register_collector(Box::new(Process::starting()));
        if let Ok(runtime) = Handle::try_current() {
            out.register_collector(Box::new(Runtime(runtime.metrics())));
        }
        let methods = Methods::new();
        let by_method = of_methods(out, &methods);
        let documents = DocumentMetrics::register(out);
        let load = LoadMetrics::register(out);
        let spans = SpanCounters::register(out);
        Metrics { registry, methods, by_method, documents, load, spans }
    }

    /// Place of the method with this path in [`Metrics::method`].
    pub fn method_index(&self, path: &str) -> usize {
        self.methods.index(path)
    }

    /// A method and its counters.
    pub fn method(&self, index: usize) -> Option<(&Method, &MethodMetrics)> {
        Some((self.methods.all().get(index)?, self.by_method.get(index)?))
    }

    /// A call ended so; a limit it ran into is counted.
    pub fn ended(&self, code: Code, reason: Option<&str>) {
        if let Some(limit) = dimensions::limit(code, reason) {
            self.documents.limit_hits.add(limit, 1);
        }
    }

    /// Everything in the text form of OpenMetrics.
    pub fn exposition(&self) -> String {
        let mut text = String::new();
        // Memory takes all that is written to it.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

fn of_methods(out: &mut Registry, methods: &Methods) -> Vec<MethodMetrics> {
    type Counters = Family<Labels, Counter>;
    let started = Counters::default();
    out.register("grpc_server_started", "Calls that arrived", started.clone());
    let handled = Counters::default();
    out.register("grpc_server_handled", "Calls that ended", handled.clone());
    let seconds: Family<Labels, Histogram> =
        Family::new_with_constructor(|| Histogram::new(SECONDS));
    let help = "Time from the head of a call to its last byte";
    out.register_with_unit("grpc_server_handling", help, Unit::Seconds, seconds.clone());
    let open = Family::<Labels, Gauge>::default();
    out.register("grpc_server_in_flight", "Calls that did not end yet", open.clone());
    let received = Counters::default();
    out.register("grpc_server_msg_received", "Request messages", received.clone());
    let sent = Counters::default();
    out.register("grpc_server_msg_sent", "Response messages", sent.clone());
    let received_bytes = Counters::default();
    let help = "Bytes of request messages with their frames, as they came";
    out.register_with_unit("grpc_server_received", help, Unit::Bytes, received_bytes.clone());
    let sent_bytes = Counters::default();
    let help = "Bytes of response messages with their frames, as they left";
    out.register_with_unit("grpc_server_sent", help, Unit::Bytes, sent_bytes.clone());
    let of = |method: &Method| {
        let labels = vec![
            ("grpc_type", method.kind.to_owned()),
            ("grpc_service", method.service.clone()),
            ("grpc_method", method.name.clone()),
        ];
        let with_code = |code: &&str| {
            let code = ("grpc_code", (*code).to_owned());
            handled.get_or_create_owned(&labels.iter().cloned().chain([code]).collect())
        };
        MethodMetrics {
            started: started.get_or_create_owned(&labels),
            handled: CODES.iter().map(with_code).collect(),
            seconds: seconds.get_or_create_owned(&labels),
            open: open.get_or_create_owned(&labels),
            received: received.get_or_create_owned(&labels),
            sent: sent.get_or_create_owned(&labels),
            received_bytes: received_bytes.get_or_create_owned(&labels),
            sent_bytes: sent_bytes.get_or_create_owned(&labels),
        }
    };
    methods.all().iter().map(of).collect()
}

/// Spans by what became of them. Those that are neither exported nor failed wait, or found the
/// queue full.
#[derive(Clone, Debug)]
pub(super) struct SpanCounters {
    pub(super) sampled: Counter,
    pub(super) exported: Counter,
    pub(super) failed: Counter,
}

impl SpanCounters {
    fn register(out: &mut Registry) -> SpanCounters {
        let family = Family::<Labels, Counter>::default();
        out.register("cesura_trace_spans", "Spans by what became of them", family.clone());
        let one =
            |outcome: &str| family.get_or_create_owned(&vec![("outcome", outcome.to_owned())]);
        SpanCounters { sampled: one("sampled"), exported: one("exported"), failed: one("failed") }
    }
}
