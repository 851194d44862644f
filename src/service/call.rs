//! One call, from its admission to its end, and what it counted on the way.

use super::pressure::Place;
use crate::telemetry::{CallRecord, Tally, Telemetry};
use crate::wire::status;
use http::Extensions;
use std::sync::Arc;
use tonic::Status;

/// Counts what a call does and says it when the call ends, however it ends. Never holds text.
/// The layer that saw the call arrive writes its line in the log.
#[derive(Debug)]
pub(super) struct Call {
    telemetry: Arc<Telemetry>,
    record: Arc<CallRecord>,
    pub(super) tally: Tally,
    /// Held until the call ends.
    _place: Option<Place>,
}

impl Call {
    /// A call with the record that its layer gave it, if there is a layer.
    pub(super) fn new(telemetry: Arc<Telemetry>, extensions: &Extensions) -> Call {
        let record = extensions.get::<Arc<CallRecord>>().cloned().unwrap_or_default();
        Call { telemetry, record, tally: Tally::default(), _place: None }
    }

    pub(super) fn with_place(mut self, place: Place) -> Call {
        self._place = Some(place);
        self
    }

    /// A message leaves: a stream of hours is seen while it runs.
    pub(super) fn report(&mut self) {
        self.tally.add_to(&self.telemetry.metrics);
    }

    /// A document was refused within its stream.
    pub(super) fn document_refused(&mut self, status: &Status) {
        self.tally.totals.documents_failed += 1;
        self.tally.refused(status.code(), status::reason(status).as_deref());
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.report();
        self.record.worked(self.tally.totals);
    }
}
