//! What operators see of a server: metrics, traces and the ids of calls. Never a text.
//!
//! All counters are in one struct, [`Metrics`]; there is no global state. A call counts for
//! itself in a [`Tally`], without locks, and adds that to the metrics now and then. Label values
//! are closed sets that this crate knows: no client can make a series.

mod counters;
mod dimensions;
mod metrics;
mod process;
mod record;
mod tally;
mod trace;

pub use dimensions::{Method, Methods, OTHER, code_name};
pub use metrics::{LoadMetrics, MethodMetrics, Metrics};
pub use record::{CallRecord, RequestIds};
pub use tally::{Tally, Totals};
pub use trace::{CallSpan, TraceError, Tracing};

/// The telemetry of one server.
#[derive(Debug)]
pub struct Telemetry {
    /// Its counters.
    pub metrics: Metrics,
    /// Its spans, where a collector is given.
    pub tracing: Option<Tracing>,
    /// Makes ids for calls that come without one.
    pub request_ids: RequestIds,
}

impl Telemetry {
    /// Telemetry without traces.
    pub fn new() -> Telemetry {
        Telemetry { metrics: Metrics::new(), tracing: None, request_ids: RequestIds::default() }
    }
}

impl Default for Telemetry {
    fn default() -> Telemetry {
        Telemetry::new()
    }
}
