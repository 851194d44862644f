//! One call, from its admission to its one line in the log.

use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Code, Status};

/// Counts what a call does and says it when the call ends, however it ends. Never holds text.
#[derive(Debug)]
pub(super) struct Call {
    method: &'static str,
    begun: Instant,
    code: Option<Code>,
    pub(super) documents: u64,
    pub(super) documents_failed: u64,
    pub(super) source_bytes: u64,
    pub(super) units: u64,
    /// Held until the call ends.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Call {
    pub(super) fn new(method: &'static str) -> Call {
        Call {
            method,
            begun: Instant::now(),
            code: None,
            documents: 0,
            documents_failed: 0,
            source_bytes: 0,
            units: 0,
            _permit: None,
        }
    }

    pub(super) fn with_permit(mut self, permit: OwnedSemaphorePermit) -> Call {
        self._permit = Some(permit);
        self
    }

    /// Notes what a step of the call was refused with, if it was.
    pub(super) fn check<T>(&mut self, step: Result<T, Status>) -> Result<T, Status> {
        if let Err(status) = &step {
            self.failed(status);
        }
        step
    }

    /// The call ended well.
    pub(super) fn done(&mut self) {
        self.code = Some(Code::Ok);
    }

    /// The call ended with `status`.
    pub(super) fn failed(&mut self, status: &Status) {
        self.code = Some(status.code());
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // A stream that is dropped before it ended was cancelled by its client.
        let code = self.code.unwrap_or(Code::Cancelled);
        tracing::info!(
            rpc.method = self.method,
            rpc.code = ?code,
            documents = self.documents,
            documents_failed = self.documents_failed,
            source_bytes = self.source_bytes,
            units = self.units,
            elapsed_us = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            "call"
        );
    }
}
