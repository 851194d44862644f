//! AlignTexts: work of seconds, on a thread of its own, that ends when nobody waits for it.

use super::call::Call;
use super::limits::RESPONSE_BYTES_TARGET;
use super::{Answers, Segmentation};
use crate::wire::alignment::{self, AlignmentLimits};
use crate::wire::given_text::TextLimits;
use crate::wire::pb;
use crate::wire::pb::alignment_service_server::AlignmentService;
use crate::wire::{encoded_bytes, status};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl AlignmentService for Segmentation {
    type AlignTextsStream = Answers<pb::AlignTextsResponse>;

    async fn align_texts(
        &self,
        request: Request<pb::AlignTextsRequest>,
    ) -> Result<Response<Self::AlignTextsStream>, Status> {
        let mut call = self.admit("AlignTexts")?;
        let limits = AlignmentLimits {
            text: TextLimits {
                core: self.limits.core(self.limits.document_bytes_max),
                segments_max: self.limits.align_segments_max as usize,
                segments_max_name: "align_segments_max",
            },
            pairs_max: self.limits.dictionary_pairs_max as usize,
        };
        let job = alignment::job(request.into_inner(), &self.defaults, limits);
        let job = call.check(job)?;
        call.documents = 2;
        call.source_bytes = job.source_bytes();
        let aligned = self.work(move |go_on| job.run(go_on)).await;
        let aligned = call.check(aligned)?;
        let messages = Messages { events: aligned.into_events(), waiting: None, call };
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }
}

impl Segmentation {
    /// Does work of seconds where no other call waits for it, as much at a time as there are
    /// processors. Dropping the future, or the end of the drain, stops the work.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<Option<T>, Status> + Send + 'static,
    ) -> Result<T, Status> {
        let permit = tokio::select! {
            permit = Arc::clone(&self.workers).acquire_owned() => permit,
            () = self.cut.cancelled() => return Err(status::draining()),
        };
        let abandoned = Abandoned(Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&abandoned.0);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&|| !seen.load(Ordering::Relaxed))
        });
        let done = tokio::select! {
            done = task => done,
            () = self.cut.cancelled() => return Err(status::draining()),
        };
        // A panic of the work is a mistake of ours; the server lives on.
        let done =
            done.map_err(|_| Status::internal("the work failed; nothing was lost but this call"))?;
        done?.ok_or_else(status::draining)
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
struct Messages<I> {
    events: I,
    /// The event that did not fit into the message before.
    waiting: Option<pb::AlignmentEvent>,
    call: Call,
}

impl<I: Iterator<Item = pb::AlignmentEvent>> Iterator for Messages<I> {
    type Item = Result<pb::AlignTextsResponse, Status>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut events = Vec::new();
        let mut bytes = 0;
        while let Some(event) = self.waiting.take().or_else(|| self.events.next()) {
            bytes += encoded_bytes(&event);
            if bytes > RESPONSE_BYTES_TARGET && !events.is_empty() {
                self.waiting = Some(event);
                break;
            }
            events.push(event);
        }
        if events.is_empty() {
            self.call.done();
            return None;
        }
        self.call.units += events.len() as u64;
        Some(Ok(pb::AlignTextsResponse { events }))
    }
}
