//! The answer to one document, whole or in chunks: one code path.

use super::call::Call;
use super::limits::{RESPONSE_BYTES_TARGET, YIELD_BYTES};
use crate::document::Event;
use crate::wire::{Presenter, from_proto::Presentation, pb, status};
use crate::{Limits, Options, Segmenter};
use bytes::Bytes;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;

/// What comes in.
#[derive(Debug)]
pub(super) enum Item {
    /// What to know before the first bytes.
    Start(Box<(Options, Presentation, String)>),
    /// The next bytes.
    Bytes(Bytes),
    /// The document is complete.
    End,
}

/// A whole document, as a stream of its bytes and its end.
#[derive(Debug)]
pub(super) struct WholeDocument {
    bytes: Option<Bytes>,
    ended: bool,
}

impl WholeDocument {
    pub(super) fn new(bytes: Bytes) -> WholeDocument {
        WholeDocument { bytes: Some(bytes), ended: false }
    }
}

impl Stream for WholeDocument {
    type Item = Result<Item, Status>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Item::Bytes(bytes))));
        }
        let ended = std::mem::replace(&mut self.ended, true);
        Poll::Ready((!ended).then_some(Ok(Item::End)))
    }
}

/// Pulls events out of a segmenter, and bytes out of the client when there are none.
pub(super) struct DocumentStream<S> {
    items: S,
    limits: Limits,
    /// Name of the field that the bytes came in, for errors.
    field: &'static str,
    /// Begins with `Start`, or with default options at the first bytes.
    reading: Option<(Segmenter, Presenter)>,
    /// Bytes taken from the client and not yet given to the segmenter.
    pending: Bytes,
    started: bool,
    finished: bool,
    /// The stream has nothing more to say.
    over: bool,
    failure: Option<Status>,
    unit_said: bool,
    /// Source bytes said since tonic was last let to flush.
    unflushed_bytes: usize,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    call: Call,
}

impl<S> DocumentStream<S>
where
    S: Stream<Item = Result<Item, Status>> + Unpin,
{
    pub(super) fn new(
        items: S,
        limits: Limits,
        cut: CancellationToken,
        call: Call,
        field: &'static str,
    ) -> DocumentStream<S> {
        DocumentStream {
            items,
            limits,
            field,
            reading: None,
            pending: Bytes::new(),
            started: false,
            finished: false,
            over: false,
            failure: None,
            unit_said: false,
            unflushed_bytes: 0,
            cut: Box::pin(cut.cancelled_owned()),
            call,
        }
    }

    /// The same, with what to know before the first bytes already known.
    pub(super) fn started(
        mut self,
        options: Options,
        presentation: Presentation,
        id: String,
    ) -> Self {
        self.start(options, presentation, id);
        self
    }

    fn start(&mut self, options: Options, presentation: Presentation, id: String) {
        self.started = true;
        let segmenter = Segmenter::new(options, self.limits);
        self.reading = Some((segmenter, Presenter::new(presentation, id)));
    }

    /// Takes the next thing that the client says.
    fn take(&mut self, item: Item) -> Result<(), Status> {
        if self.finished {
            return Err(status::invalid_field(
                "item",
                "AFTER_END",
                "something was sent after `end`; the document was complete, nothing may follow",
                &[],
            ));
        }
        match item {
            Item::Start(_) if self.started => Err(status::invalid_field(
                "start",
                if self.call.source_bytes > 0 { "START_AFTER_CHUNK" } else { "START_REPEATED" },
                "`start` may be sent once at most, and before the first chunk",
                &[],
            )),
            Item::Start(start) => {
                let (options, presentation, id) = *start;
                self.start(options, presentation, id);
                Ok(())
            }
            Item::Bytes(bytes) => {
                self.started = true;
                self.call.source_bytes += bytes.len() as u64;
                self.pending = bytes;
                Ok(())
            }
            Item::End => {
                self.finished = true;
                Ok(())
            }
        }
    }

    /// The next events, up to a message full; `Pending` while the client has to say more. What
    /// fails is kept for after the events that were settled before.
    fn poll_events(&mut self, cx: &mut Context<'_>) -> Poll<Vec<pb::DocumentEvent>> {
        let mut events = Vec::new();
        let (mut bytes, mut taken) = (0, 0);
        while !self.over && self.failure.is_none() && bytes < RESPONSE_BYTES_TARGET {
            let reading = self.reading.get_or_insert_with(|| {
                let segmenter = Segmenter::new(Options::default(), self.limits);
                (segmenter, Presenter::new(Presentation::default(), String::new()))
            });
            let (segmenter, presenter) = reading;
            if presenter
                .presentation()
                .events_per_message_max
                .is_some_and(|max| events.len() >= max)
            {
                break;
            }
            if let Some(event) = segmenter.next_event() {
                bytes += size_of_event(&event);
                self.over = matches!(event, Event::Tail(_));
                self.call.units += u64::from(matches!(event, Event::Unit(_)));
                // The first unit leaves at once: somebody is waiting to translate it.
                let first = matches!(event, Event::Unit(_)) && !self.unit_said;
                self.unit_said |= first;
                events.push(presenter.event(event));
                if first {
                    self.unflushed_bytes += YIELD_BYTES;
                    break;
                }
            } else if !self.pending.is_empty() {
                let slice = self.pending.len().min(self.limits.chunk_bytes_max as usize);
                let slice = self.pending.split_to(slice);
                taken += slice.len();
                let pushed = segmenter.push(&slice);
                self.failure = pushed.err().map(|error| status::of_document(self.field, &error));
                if taken > RESPONSE_BYTES_TARGET && events.is_empty() {
                    // A long stretch without events must not hold the worker.
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            } else if self.finished {
                let finished = segmenter.finish();
                self.failure = finished.err().map(|error| status::of_document(self.field, &error));
            } else {
                match Pin::new(&mut self.items).poll_next(cx) {
                    Poll::Ready(Some(Ok(item))) => self.failure = self.take(item).err(),
                    Poll::Ready(Some(Err(status))) => self.failure = Some(status),
                    Poll::Ready(None) => self.failure = Some(status::abandoned()),
                    Poll::Pending if events.is_empty() => return Poll::Pending,
                    Poll::Pending => break,
                }
            }
        }
        self.unflushed_bytes += bytes;
        Poll::Ready(events)
    }
}

impl<S> Stream for DocumentStream<S>
where
    S: Stream<Item = Result<Item, Status>> + Unpin,
{
    type Item = Result<Vec<pb::DocumentEvent>, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.over && this.failure.is_none() {
            return Poll::Ready(None);
        }
        if this.unflushed_bytes >= YIELD_BYTES {
            // tonic keeps polling a ready stream until it has 32 KiB: one Pending makes it flush,
            // and lets other streams run.
            this.unflushed_bytes = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.failure.is_none() && this.cut.as_mut().poll(cx).is_ready() {
            this.failure = Some(status::draining());
        }
        if this.failure.is_none() {
            let events = ready!(this.poll_events(cx));
            if this.over {
                this.call.documents = 1;
                this.call.done();
            }
            if !events.is_empty() {
                return Poll::Ready(Some(Ok(events)));
            }
        }
        this.over = true;
        let failure = this.failure.take();
        if let Some(status) = &failure {
            this.call.documents_failed = 1;
            this.call.failed(status);
        }
        Poll::Ready(failure.map(Err))
    }
}

/// Source bytes an event carries, which its message is about three times as long as.
pub(super) fn size_of_event(event: &Event) -> usize {
    match event {
        Event::Unit(unit) => {
            unit.text.len() + unit.segments.len() * 64 + unit.decisions.len() * 64 + 64
        }
        Event::Skeleton(skeleton) => skeleton.text.len() + 16,
        Event::Head(_) | Event::Notice(_) | Event::Tail(_) => 64,
    }
}
