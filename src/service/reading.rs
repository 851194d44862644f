//! One document under way: a segmenter, a presenter, and bytes that wait for them.

use crate::document::{Event, Identity, Unit};
use crate::identity::SeenInStream;
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
        self.next_in(None)
    }

    /// The same for a document of a stream, of which `stream` knows what came before; beside it the
    /// position of this document.
    pub(super) fn next_in(&mut self, stream: Option<(&mut SeenInStream, u32)>) -> Next {
        if let Some(event) = self.segmenter.next_event() {
            let (unit, last) = (matches!(event, Event::Unit(_)), matches!(event, Event::Tail(_)));
            let earlier = match (&event, stream) {
                (Event::Unit(unit), Some((seen, index))) => earlier_documents(unit, seen, index),
                _ => Vec::new(),
            };
            let mut event = self.presenter.event(event);
            tell_earlier(&mut event, earlier);
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

/// For the unit and each of its segments that is named: the earlier document in which its content
/// stood first, with the name it had there.
fn earlier_documents(
    unit: &Unit,
    seen: &mut SeenInStream,
    index: u32,
) -> Vec<Option<(Identity, u32)>> {
    let segments = unit.segments.iter().map(|segment| segment.details.as_deref()?.identity);
    let names = std::iter::once(unit.identity).chain(segments);
    let earlier = names.map(|name| {
        let name = name?;
        let document = seen.earlier_document(name, index)?;
        Some((Identity { occurrence: 1, numbered: false, ..name }, document))
    });
    earlier.collect()
}

fn tell_earlier(event: &mut pb::DocumentEvent, earlier: Vec<Option<(Identity, u32)>>) {
    let Some(pb::document_event::Event::Unit(unit)) = &mut event.event else { return };
    let segments = unit.segments.iter_mut().map(|segment| segment.identity.as_mut());
    let names = std::iter::once(unit.identity.as_mut()).chain(segments);
    for (name, earlier) in names.zip(earlier) {
        if let (Some(name), Some((first, document))) = (name, earlier) {
            name.first_id = first.to_string();
            name.first_document_index = Some(document);
        }
    }
}
