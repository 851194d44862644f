//! One document under way: a segmenter, a presenter, and bytes that wait for them.

use crate::document::Event;
use crate::wire::{Presenter, encoded_bytes, from_proto::Presentation, pb};
use crate::{Error, Limits, Options, Segmenter};
use bytes::Bytes;

/// A document being read, the same for all three methods.
pub(super) struct Reading {
    segmenter: Segmenter,
    presenter: Presenter,
    /// Bytes not yet given to the segmenter.
    pending: Bytes,
    chunk_bytes_max: usize,
    /// No more bytes will come.
    complete: bool,
    /// What reading failed with; said after what was settled before.
    failure: Option<Error>,
}

/// What comes next of a document.
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made")]
pub(super) enum Next {
    /// An event, with the bytes its message takes and what it is.
    Event { event: pb::DocumentEvent, bytes: usize, unit: bool, last: bool },
    /// A slice of the bytes was taken without an event: as many bytes.
    Taken(usize),
    /// All bytes are used up and the document is not complete.
    Hungry,
    /// The document failed.
    Failed(Error),
}

impl Reading {
    pub(super) fn new(
        options: Options,
        presentation: Presentation,
        id: String,
        limits: Limits,
    ) -> Reading {
        Reading {
            segmenter: Segmenter::new(options, limits),
            presenter: Presenter::new(presentation, id),
            pending: Bytes::new(),
            chunk_bytes_max: limits.chunk_bytes_max as usize,
            complete: false,
            failure: None,
        }
    }

    /// Gives the document its next bytes. Only when [`Next::Hungry`] was said.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.pending = bytes;
    }

    /// The document is complete.
    pub(super) fn complete(&mut self) {
        self.complete = true;
    }

    /// Events that may share a message, as the client wants it.
    pub(super) fn events_per_message_max(&self) -> usize {
        self.presenter.presentation().events_per_message_max.unwrap_or(usize::MAX)
    }

    /// One step: an event, or a slice of the bytes, or what is missing.
    pub(super) fn next(&mut self) -> Next {
        if let Some(event) = self.segmenter.next_event() {
            let (unit, last) = (matches!(event, Event::Unit(_)), matches!(event, Event::Tail(_)));
            let event = self.presenter.event(event);
            let bytes = encoded_bytes(&event);
            return Next::Event { event, bytes, unit, last };
        }
        if let Some(failure) = self.failure.take() {
            return Next::Failed(failure);
        }
        if self.pending.is_empty() {
            if !self.complete {
                return Next::Hungry;
            }
            self.failure = self.segmenter.finish().err();
            return Next::Taken(0);
        }
        let slice = self.pending.split_to(self.pending.len().min(self.chunk_bytes_max));
        self.failure = self.segmenter.push(&slice).err();
        if self.failure.is_some() {
            self.pending.clear();
        }
        Next::Taken(slice.len())
    }
}
