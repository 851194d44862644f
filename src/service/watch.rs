//! What ends a stream from outside: a client that falls silent, a drain that is over.

use crate::wire::status;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;

/// The clocks of one stream.
pub(super) struct Watch {
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    idle: Pin<Box<Sleep>>,
    stream_idle_max: Duration,
}

impl Watch {
    /// Ends the stream when `cut` is cancelled, or nothing is heard for `stream_idle_max`.
    pub(super) fn new(cut: CancellationToken, stream_idle_max: Duration) -> Watch {
        Watch {
            cut: Box::pin(cut.cancelled_owned()),
            idle: Box::pin(tokio::time::sleep(stream_idle_max)),
            stream_idle_max,
        }
    }

    /// The client said something.
    pub(super) fn heard(&mut self) {
        self.idle.as_mut().reset(Instant::now() + self.stream_idle_max);
    }

    /// Ready, with the status that says so, once the client was silent for too long. To be asked
    /// only while the client is waited for.
    pub(super) fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<Status> {
        self.idle.as_mut().poll(cx).map(|()| status::idle(self.stream_idle_max))
    }

    /// Ready once the drain is over.
    pub(super) fn poll_cut(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.cut.as_mut().poll(cx)
    }
}
