//! The answers to many documents over one stream.

use super::call::Call;
use super::limits::{DOCUMENTS_PER_MESSAGE_MAX, RESPONSE_BYTES_TARGET};
use super::pause::Pause;
use super::reading::{Next, Reading};
use super::watch::Watch;
use crate::identity::SeenInStream;
use crate::wire::from_proto::{self, Defaults, Presentation};
use crate::wire::{encoded_bytes, pb, status};
use crate::{Limits, Options};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio_stream::Stream;
use tonic::{Status, Streaming};

/// Pulls results out of the documents at hand, and messages out of the client when there are none.
pub(super) struct DocumentsStream {
    requests: Streaming<pb::SegmentDocumentsRequest>,
    limits: Limits,
    defaults: Arc<Defaults>,
    options: (Options, Presentation),
    /// The documents of one message: nothing more is read until they are answered.
    waiting: VecDeque<pb::SourceDocument>,
    /// Long documents that fill messages of their own, the next to go on with first: one, or with
    /// `any_order` also others that gave way.
    under_way: VecDeque<Answering>,
    /// Whether the client lets short documents overtake long ones.
    any_order: bool,
    next_index: u32,
    /// Contents of the documents so far, where identities are asked for.
    seen: SeenInStream,
    /// Results to be sent, and the bytes they take.
    results: Vec<pb::DocumentResult>,
    result_bytes: usize,
    pause: Pause,
    ended: bool,
    failure: Option<Status>,
    over: bool,
    watch: Watch,
    call: Call,
}

/// A document under way, with its result so far and the bytes that takes.
type Answering = (Reading, pb::DocumentResult, usize);

/// Bytes that the frame of a result takes, its id aside.
const RESULT_FRAME_BYTES: usize = 32;

/// Documents under way at most. Each holds a segmenter: a few are enough for short ones to pass.
const UNDER_WAY_MAX: usize = 4;

impl DocumentsStream {
    pub(super) fn new(
        requests: Streaming<pb::SegmentDocumentsRequest>,
        limits: Limits,
        defaults: Arc<Defaults>,
        watch: Watch,
        call: Call,
    ) -> DocumentsStream {
        DocumentsStream {
            requests,
            limits,
            options: (defaults.options(), Presentation::default()),
            defaults,
            waiting: VecDeque::new(),
            under_way: VecDeque::new(),
            any_order: false,
            next_index: 0,
            seen: SeenInStream::default(),
            results: Vec::new(),
            result_bytes: 0,
            pause: Pause::default(),
            ended: false,
            failure: None,
            over: false,
            watch,
            call,
        }
    }

    fn take(&mut self, request: pb::SegmentDocumentsRequest) -> Result<(), Status> {
        self.any_order = request.any_order;
        if let Some(options) = &request.options {
            self.options = from_proto::options(options, &self.defaults, "options")?;
        }
        let given = request.documents.len();
        if given > DOCUMENTS_PER_MESSAGE_MAX {
            return Err(status::invalid_field(
                "documents",
                "TOO_MANY_DOCUMENTS_IN_MESSAGE",
                &format!(
                    "{given} documents given, at most {DOCUMENTS_PER_MESSAGE_MAX} are allowed in one message"
                ),
                &[("given", given.to_string())],
            ));
        }
        self.waiting.extend(request.documents);
        Ok(())
    }

    /// Begins a document, as far as it goes without giving way; one whose fields are not allowed is
    /// answered right away.
    fn begin(&mut self, document: pb::SourceDocument) {
        let index = self.next_index;
        self.next_index = self.next_index.wrapping_add(1);
        let id = document.document_id.clone();
        let result = pb::DocumentResult { document_id: id.clone(), index, ..Default::default() };
        let (options, presentation) = &self.options;
        let bytes_max = self.limits.document_bytes_max;
        match from_proto::document(document, options, bytes_max, "documents[]") {
            Ok((bytes, options)) => {
                self.call.tally.totals.source_bytes += bytes.len() as u64;
                let mut reading = Reading::new(options, presentation.clone(), id, self.limits);
                reading.feed(bytes);
                reading.complete();
                let frame = RESULT_FRAME_BYTES + result.document_id.len();
                self.go_on((reading, result, frame));
            }
            Err(status) => self.fail(result, &status, 0),
        }
    }

    fn fail(&mut self, mut result: pb::DocumentResult, status: &Status, bytes: usize) {
        self.call.document_refused(status);
        let status = status::in_band(status);
        let bytes = bytes + encoded_bytes(&status) + result.document_id.len();
        result.status = Some(status);
        self.finish(result, bytes);
    }

    fn finish(&mut self, mut result: pb::DocumentResult, bytes: usize) {
        result.last = true;
        self.call.tally.totals.documents += 1;
        self.result_bytes += bytes + RESULT_FRAME_BYTES;
        self.results.push(result);
    }

    /// Goes on with a document until it is done, or by itself longer than a message.
    fn go_on(&mut self, (mut reading, mut result, mut bytes): Answering) {
        loop {
            if bytes >= RESPONSE_BYTES_TARGET {
                let document_id = result.document_id.clone();
                let rest =
                    pb::DocumentResult { document_id, index: result.index, ..Default::default() };
                self.result_bytes += bytes;
                self.results.push(std::mem::replace(&mut result, rest));
                // Others may go first.
                return self.under_way.push_back((reading, result, RESULT_FRAME_BYTES));
            }
            match reading.next_in(&mut self.call.tally, Some((&mut self.seen, result.index))) {
                Next::Event { event, bytes: more, last, .. } => {
                    bytes += more;
                    result.events.push(event);
                    if last {
                        return self.finish(result, bytes);
                    }
                }
                Next::Taken(_) => {}
                Next::Failed(error) => {
                    let status = status::of_document("documents[].source", &error);
                    return self.fail(result, &status, bytes);
                }
                // It was complete from the beginning.
                Next::Hungry => return self.finish(result, bytes),
            }
        }
    }

    /// The next document that waits, if it is to be begun before others go on.
    fn next_to_begin(&mut self) -> Option<pb::SourceDocument> {
        let under_way_max = if self.any_order { UNDER_WAY_MAX } else { 1 };
        if self.under_way.len() >= under_way_max {
            return None;
        }
        self.waiting.pop_front()
    }

    /// Listens to the client; `Pending` while there is nothing to hear and nothing to say.
    fn listen(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match Pin::new(&mut self.requests).poll_next(cx) {
            Poll::Ready(Some(request)) => {
                self.watch.heard();
                let request = request.map_err(status::of_request_stream);
                self.failure = request.and_then(|request| self.take(request)).err();
            }
            Poll::Ready(None) => self.ended = true,
            Poll::Pending => match self.watch.poll_idle(cx) {
                Poll::Ready(status) => self.failure = Some(status),
                Poll::Pending => return Poll::Pending,
            },
        }
        Poll::Ready(())
    }

    fn message(&mut self) -> pb::SegmentDocumentsResponse {
        self.result_bytes = 0;
        self.pause.begin();
        self.call.report();
        pb::SegmentDocumentsResponse { results: std::mem::take(&mut self.results) }
    }
}

impl Stream for DocumentsStream {
    type Item = Result<pb::SegmentDocumentsResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.over {
            return Poll::Ready(None);
        }
        ready!(this.pause.poll(cx));
        if this.failure.is_none() && this.watch.poll_cut(cx).is_ready() {
            this.failure = Some(status::draining());
        }
        loop {
            let full = this.result_bytes >= RESPONSE_BYTES_TARGET;
            let done = this.ended && this.waiting.is_empty() && this.under_way.is_empty();
            let idle = this.failure.is_some() || done;
            if full || idle && !this.results.is_empty() {
                return Poll::Ready(Some(Ok(this.message())));
            }
            if let Some(status) = this.failure.take() {
                this.over = true;
                return Poll::Ready(Some(Err(status)));
            }
            if idle {
                this.over = true;
                return Poll::Ready(None);
            }
            if let Some(document) = this.next_to_begin() {
                this.begin(document);
            } else if let Some(answering) = this.under_way.pop_front() {
                this.go_on(answering);
            } else if this.listen(cx).is_pending() {
                if this.results.is_empty() {
                    return Poll::Pending;
                }
                return Poll::Ready(Some(Ok(this.message())));
            }
        }
    }
}
