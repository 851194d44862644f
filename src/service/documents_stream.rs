//! The answers to many documents over one stream.

use super::call::Call;
use super::document_stream::size_of_event;
use super::limits::RESPONSE_BYTES_TARGET;
use crate::document::Event;
use crate::wire::from_proto::{self, Presentation};
use crate::wire::{Presenter, pb, status};
use crate::{Limits, Options, Segmenter};
use bytes::Bytes;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Status, Streaming};

/// Documents in one message at most: an empty one takes two bytes on the wire and a hundred here.
const DOCUMENTS_PER_MESSAGE_MAX: usize = 10_000;

/// Pulls results out of the documents at hand, and messages out of the client when there are none.
pub(super) struct DocumentsStream {
    requests: Streaming<pb::SegmentDocumentsRequest>,
    limits: Limits,
    options: (Options, Presentation),
    /// The documents of one message: nothing more is read until they are answered.
    waiting: VecDeque<pb::SourceDocument>,
    reading: Option<Reading>,
    next_index: u64,
    results: Vec<pb::DocumentResult>,
    result_bytes: usize,
    unflushed: bool,
    ended: bool,
    failure: Option<Status>,
    over: bool,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    call: Call,
}

/// The document under way.
struct Reading {
    segmenter: Segmenter,
    presenter: Presenter,
    pending: Bytes,
    result: pb::DocumentResult,
}

impl DocumentsStream {
    pub(super) fn new(
        requests: Streaming<pb::SegmentDocumentsRequest>,
        limits: Limits,
        cut: CancellationToken,
        call: Call,
    ) -> DocumentsStream {
        DocumentsStream {
            requests,
            limits,
            options: (Options::default(), Presentation::default()),
            waiting: VecDeque::new(),
            reading: None,
            next_index: 0,
            results: Vec::new(),
            result_bytes: 0,
            unflushed: false,
            ended: false,
            failure: None,
            over: false,
            cut: Box::pin(cut.cancelled_owned()),
            call,
        }
    }

    fn take(&mut self, request: pb::SegmentDocumentsRequest) -> Result<(), Status> {
        if let Some(options) = &request.options {
            self.options = from_proto::options(options, "options")?;
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

    /// Begins the next document; one whose fields are not allowed is answered right away.
    fn begin(&mut self, document: pb::SourceDocument) {
        let index = self.next_index;
        self.next_index += 1;
        self.call.documents += 1;
        let id = document.document_id.clone();
        let result = pb::DocumentResult { document_id: id.clone(), index, ..Default::default() };
        let (options, presentation) = &self.options;
        match from_proto::document(document, options, "documents[]") {
            Ok((bytes, options)) => {
                self.call.source_bytes += bytes.len() as u64;
                self.reading = Some(Reading {
                    segmenter: Segmenter::new(options, self.limits),
                    presenter: Presenter::new(presentation.clone(), id),
                    pending: bytes,
                    result,
                });
            }
            Err(status) => self.fail(result, &status),
        }
    }

    fn fail(&mut self, mut result: pb::DocumentResult, status: &Status) {
        self.call.documents_failed += 1;
        result.status = Some(status::in_band(status));
        result.last = true;
        self.result_bytes += 128;
        self.results.push(result);
    }

    /// Goes on with the document under way until it is done or a message is full.
    fn go_on(&mut self, mut reading: Reading) {
        loop {
            if self.result_bytes >= RESPONSE_BYTES_TARGET {
                let rest = pb::DocumentResult {
                    document_id: reading.result.document_id.clone(),
                    index: reading.result.index,
                    ..Default::default()
                };
                self.results.push(std::mem::replace(&mut reading.result, rest));
                self.reading = Some(reading);
                return;
            }
            if let Some(event) = reading.segmenter.next_event() {
                self.result_bytes += size_of_event(&event);
                self.call.units += u64::from(matches!(event, Event::Unit(_)));
                let last = matches!(event, Event::Tail(_));
                reading.result.events.push(reading.presenter.event(event));
                if last {
                    reading.result.last = true;
                    self.results.push(reading.result);
                    return;
                }
                continue;
            }
            let slice = reading.pending.len().min(self.limits.chunk_bytes_max as usize);
            let slice = reading.pending.split_to(slice);
            let taken = if slice.is_empty() {
                reading.segmenter.finish()
            } else {
                reading.segmenter.push(&slice)
            };
            if let Err(error) = taken {
                let field = "documents[].source";
                return self.fail(reading.result, &status::of_document(field, &error));
            }
        }
    }

    fn message(&mut self) -> pb::SegmentDocumentsResponse {
        self.result_bytes = 0;
        self.unflushed = true;
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
        if std::mem::take(&mut this.unflushed) {
            // One Pending after each message makes tonic flush it and lets other streams run.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.failure.is_none() && this.cut.as_mut().poll(cx).is_ready() {
            this.failure = Some(status::draining());
        }
        loop {
            let full = this.result_bytes >= RESPONSE_BYTES_TARGET;
            let idle = this.failure.is_some()
                || this.ended && this.waiting.is_empty() && this.reading.is_none();
            if full || idle && !this.results.is_empty() {
                return Poll::Ready(Some(Ok(this.message())));
            }
            if let Some(status) = this.failure.take() {
                this.over = true;
                this.call.failed(&status);
                return Poll::Ready(Some(Err(status)));
            }
            if idle {
                this.over = true;
                this.call.done();
                return Poll::Ready(None);
            }
            if let Some(reading) = this.reading.take() {
                this.go_on(reading);
            } else if let Some(document) = this.waiting.pop_front() {
                this.begin(document);
            } else {
                match Pin::new(&mut this.requests).poll_next(cx) {
                    Poll::Ready(Some(Ok(request))) => this.failure = this.take(request).err(),
                    Poll::Ready(Some(Err(status))) => {
                        this.failure = Some(status::of_request_stream(status))
                    }
                    Poll::Ready(None) => this.ended = true,
                    Poll::Pending if this.results.is_empty() => return Poll::Pending,
                    Poll::Pending => return Poll::Ready(Some(Ok(this.message()))),
                }
            }
        }
    }
}
