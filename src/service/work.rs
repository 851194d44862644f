//! Work of seconds, on threads of its own, that ends when nobody waits for it.

use super::Segmentation;
use super::call::Call;
use super::limits::RESPONSE_BYTES_TARGET;
use crate::telemetry::Telemetry;
use crate::wire::status;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tonic::Status;

impl Segmentation {
    /// Does work of seconds where no other call waits for it, as much at a time as there are
    /// processors. Dropping the future, or the end of the drain, stops the work.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<Option<T>, Status> + Send + 'static,
    ) -> Result<T, Status> {
        let permit = {
            let _waiting = Waiting::begin(&self.telemetry);
            tokio::select! {
                permit = Arc::clone(&self.workers).acquire_owned() => permit,
                () = self.cut.cancelled() => return Err(status::draining()),
            }
        };
        let abandoned = Abandoned(Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&abandoned.0);
        let busy = Busy::begin(&self.telemetry);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = (permit, busy);
            work(&|| !seen.load(Ordering::Relaxed))
        });
        let done = tokio::select! {
            done = task => done,
            () = self.cut.cancelled() => return Err(status::draining()),
        };
        // A panic of the work is a mistake of ours; the server lives on.
        let done = done.map_err(|_| status::fault())?;
        done?.ok_or_else(status::draining)
    }
}

/// A piece of work in the queue for a thread; what it waited is told when it leaves the queue,
/// with a thread or without.
struct Waiting(Arc<Telemetry>, Instant);

impl Waiting {
    fn begin(telemetry: &Arc<Telemetry>) -> Waiting {
        telemetry.metrics.load.workers_waiting.inc();
        Waiting(Arc::clone(telemetry), Instant::now())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.metrics.load.workers_waiting.dec();
        self.0.metrics.load.worker_wait.observe(self.1.elapsed().as_secs_f64());
    }
}

/// A thread at work.
struct Busy(Arc<Telemetry>);

impl Busy {
    fn begin(telemetry: &Arc<Telemetry>) -> Busy {
        telemetry.metrics.load.workers_busy.inc();
        Busy(Arc::clone(telemetry))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.metrics.load.workers_busy.dec();
    }
}

/// Tells the work, when it is dropped, that nobody waits any more.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Events, as many a message as fit.
pub(super) struct Messages<I: Iterator> {
    events: I,
    /// Bytes that an event takes on the wire.
    bytes_of: fn(&I::Item) -> usize,
    /// The event that did not fit into the message before.
    waiting: Option<I::Item>,
    call: Call,
}

impl<I: Iterator> Messages<I> {
    pub(super) fn new(events: I, bytes_of: fn(&I::Item) -> usize, call: Call) -> Self {
        Messages { events, bytes_of, waiting: None, call }
    }
}

impl<I: Iterator> Iterator for Messages<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut events = Vec::new();
        let mut bytes = 0;
        while let Some(event) = self.waiting.take().or_else(|| self.events.next()) {
            bytes += (self.bytes_of)(&event);
            if bytes > RESPONSE_BYTES_TARGET && !events.is_empty() {
                self.waiting = Some(event);
                break;
            }
            events.push(event);
        }
        if events.is_empty() {
            return None;
        }
        self.call.tally.totals.units += events.len() as u64;
        Some(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::ServiceLimits;
    use crate::telemetry::Telemetry;
    use std::sync::Arc;
    use std::time::{Duration, Instant};
    use tokio::sync::oneshot;
    use tokio_util::sync::CancellationToken;

    #[tokio::test]
    async fn dropping_the_future_ends_the_work_and_frees_the_worker() {
        let telemetry = Arc::new(Telemetry::new());
        let service =
            Segmentation::new(ServiceLimits::default(), None, CancellationToken::new(), telemetry);
        let workers = u32::try_from(service.workers.available_permits()).unwrap_or(1);
        let ((begin, begun), (end, ended)) = (oneshot::channel(), oneshot::channel());
        let work = service.work(move |is_wanted| {
            let _ = begin.send(());
            // Without end, were it not told: it gives up so that a failure is seen.
            let late = Instant::now() + Duration::from_secs(5);
            while is_wanted() && Instant::now() < late {
                std::thread::yield_now();
            }
            let _ = end.send(is_wanted());
            Ok(Some(()))
        });
        tokio::select! {
            done = work => unreachable!("nobody ended it: {done:?}"),
            begun = begun => assert!(begun.is_ok(), "it never began"),
        }
        assert_eq!(ended.await, Ok(false), "the work was never told that nobody waits");
        let all = service.workers.acquire_many(workers);
        let all = tokio::time::timeout(Duration::from_secs(5), all).await;
        assert!(matches!(all, Ok(Ok(_))), "the worker is not free");
    }
}
