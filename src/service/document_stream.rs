//! The answer to one document, whole or in chunks: one code path.

use super::call::Call;
use super::limits::{RESPONSE_BYTES_TARGET, YIELD_BYTES};
use super::pause::Pause;
use super::reading::{Next, Reading};
use super::watch::Watch;
use crate::wire::{from_proto::Presentation, pb, status};
use crate::{Limits, Options};
use bytes::Bytes;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_stream::Stream;
use tonic::Status;

/// What comes in.
pub(super) enum Item {
    /// What to know before the first bytes.
    Start(Box<(Options, Presentation, String)>),
    /// The next bytes.
    Bytes(Bytes),
    /// The document is complete.
    End,
}

/// A whole document, as a stream of its bytes and its end.
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

/// Pulls events out of a document, and bytes out of the client when there are none.
pub(super) struct DocumentStream<S> {
    items: S,
    limits: Limits,
    /// Options of a client that says none.
    defaults: Options,
    /// Name of the field that the bytes came in, for errors.
    field: &'static str,
    /// Begins with `Start`, or with default options at the first bytes.
    reading: Option<Reading>,
    /// A chunk was sent: it is too late for `start`.
    chunked: bool,
    ended: bool,
    /// The stream has nothing more to say but its failure.
    over: bool,
    failure: Option<Status>,
    unit_said: bool,
    /// Bytes said since the last pause.
    unflushed_bytes: usize,
    pause: Pause,
    watch: Watch,
    call: Call,
}

impl<S> DocumentStream<S>
where
    S: Stream<Item = Result<Item, Status>> + Unpin,
{
    pub(super) fn new(
        items: S,
        limits: Limits,
        watch: Watch,
        call: Call,
        field: &'static str,
    ) -> DocumentStream<S> {
        DocumentStream {
            items,
            limits,
            defaults: Options::default(),
            field,
            reading: None,
            chunked: false,
            ended: false,
            over: false,
            failure: None,
            unit_said: false,
            unflushed_bytes: 0,
            pause: Pause::default(),
            watch,
            call,
        }
    }

    /// The same, with options for a client that says none.
    pub(super) fn with_defaults(mut self, options: Options) -> Self {
        self.defaults = options;
        self
    }

    /// The same, with what to know before the first bytes already known.
    pub(super) fn started(
        mut self,
        options: Options,
        presentation: Presentation,
        id: String,
    ) -> Self {
        self.reading = Some(Reading::new(options, presentation, id, self.limits));
        self
    }

    /// Takes the next thing that the client says.
    fn take(&mut self, item: Item) -> Result<(), Status> {
        let out_of_order =
            |reason: &str, message: &str| Err(status::invalid_field("item", reason, message, &[]));
        match item {
            _ if self.ended => out_of_order(
                "AFTER_END",
                "something was sent after `end`; the document was complete, nothing may follow",
            ),
            Item::Start(_) if self.chunked => out_of_order(
                "START_AFTER_CHUNK",
                "`start` was sent after a chunk; it may be sent once at most, and first",
            ),
            Item::Start(_) if self.reading.is_some() => out_of_order(
                "START_REPEATED",
                "`start` was sent a second time; it may be sent once at most, and first",
            ),
            Item::Start(start) => {
                let (options, presentation, id) = *start;
                self.reading = Some(Reading::new(options, presentation, id, self.limits));
                Ok(())
            }
            Item::Bytes(bytes) => {
                self.chunked = true;
                self.call.tally.totals.source_bytes += bytes.len() as u64;
                self.reading().feed(bytes);
                Ok(())
            }
            Item::End => {
                self.ended = true;
                self.reading().complete();
                Ok(())
            }
        }
    }

    /// The document under way; with default options where the client said none.
    fn reading(&mut self) -> &mut Reading {
        let (limits, options) = (self.limits, &self.defaults);
        self.reading.get_or_insert_with(|| {
            Reading::new(options.clone(), Presentation::default(), String::new(), limits)
        })
    }

    /// Listens to the client, who may fall silent, go away, or say something.
    fn listen(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match Pin::new(&mut self.items).poll_next(cx) {
            Poll::Ready(Some(item)) => {
                self.watch.heard();
                self.failure = item.and_then(|item| self.take(item)).err();
            }
            Poll::Ready(None) if self.ended => {}
            Poll::Ready(None) => self.failure = Some(status::abandoned()),
            Poll::Pending => {
                self.failure = Some(ready!(self.watch.poll_idle(cx)));
            }
        }
        Poll::Ready(())
    }

    /// The next events, up to a message full; `Pending` while the client has to say more. What
    /// fails is kept for after the events that were settled before.
    fn poll_events(&mut self, cx: &mut Context<'_>) -> Poll<Vec<pb::DocumentEvent>> {
        let mut events = Vec::new();
        let (mut said, mut taken) = (0, 0);
        while !self.over && self.failure.is_none() && said < RESPONSE_BYTES_TARGET {
            let Some(reading) = &mut self.reading else {
                ready!(self.listen(cx));
                continue;
            };
            if events.len() >= reading.events_per_message_max() {
                break;
            }
            match reading.next(&mut self.call.tally) {
                Next::Event { event, bytes, unit, last } => {
                    events.push(event);
                    said += bytes;
                    self.over = last;
                    // The first unit leaves at once: somebody is waiting to translate it.
                    if unit && !std::mem::replace(&mut self.unit_said, true) {
                        self.unflushed_bytes += YIELD_BYTES;
                        break;
                    }
                }
                Next::Failed(error) => self.failure = Some(status::of_document(self.field, &error)),
                Next::Taken(bytes) => {
                    taken += bytes;
                    if taken > RESPONSE_BYTES_TARGET && events.is_empty() {
                        // A long stretch without events must not hold the worker.
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                }
                Next::Hungry if events.is_empty() => ready!(self.listen(cx)),
                Next::Hungry => {
                    if self.listen(cx).is_pending() {
                        break;
                    }
                }
            }
            if self.ended && !self.over && self.failure.is_none() && self.chunked {
                self.refuse_what_follows(cx);
            }
        }
        self.unflushed_bytes += said;
        if self.unflushed_bytes >= YIELD_BYTES {
            self.unflushed_bytes = 0;
            self.pause.begin();
        }
        Poll::Ready(events)
    }

    /// What has already come after `end` is refused.
    fn refuse_what_follows(&mut self, cx: &mut Context<'_>) {
        if let Poll::Ready(Some(item)) = Pin::new(&mut self.items).poll_next(cx) {
            self.failure = item.and_then(|item| self.take(item)).err();
        }
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
        ready!(this.pause.poll(cx));
        if this.failure.is_none() && this.watch.poll_cut(cx).is_ready() {
            this.failure = Some(status::draining());
        }
        if this.failure.is_none() {
            let events = ready!(this.poll_events(cx));
            if this.over {
                this.call.tally.totals.documents = 1;
            }
            this.call.report();
            if !events.is_empty() {
                return Poll::Ready(Some(Ok(events)));
            }
        }
        this.over = true;
        let failure = this.failure.take();
        this.call.tally.totals.documents_failed = u64::from(failure.is_some());
        Poll::Ready(failure.map(Err))
    }
}
