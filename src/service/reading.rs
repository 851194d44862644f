//! One document under way: a segmenter, a presenter, and bytes that wait for them.

use crate::document::{Event, Identity, Unit};
use crate::identity::SeenInStream;
use crate::telemetry::Tally;
use crate::wire::{Presenter, encoded_bytes, from_proto::Presentation, pb};
use crate::{Error, Limits, Options, Segmenter};
use bytes::Bytes;

/// Bytes given to a segmenter at a time: it looks at all of them before it says its first unit.
/// Well under [`Limits::chunk_bytes_max`].
const SLICE_BYTES: usize = 8 << 10;

/// A document on its way through a segmenter.
pub(super) struct Steps {
    segmenter: Segmenter,
    /// Bytes not yet given to the segmenter.
    pending: Bytes,
    /// No more bytes will come.
    complete: bool,
    /// What reading failed with; said after what was settled before.
    failure: Option<Error>,
}

/// What comes next of a document.
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made")]
pub(super) enum Step {
    /// An event.
    Event(Event),
    /// A slice of the bytes was taken without an event: as many bytes.
    Taken(usize),
    /// All bytes are used up and the document is not complete.
    Hungry,
    /// The document failed.
    Failed(Error),
}

impl Steps {
    pub(super) fn new(options: Options, limits: Limits) -> Steps {
        Steps {
            segmenter: Segmenter::new(options, limits),
            pending: Bytes::new(),
            complete: false,
            failure: None,
        }
    }

    /// A document that is complete.
    pub(super) fn whole(options: Options, limits: Limits, bytes: Bytes) -> Steps {
        Steps { pending: bytes, complete: true, ..Steps::new(options, limits) }
    }

    /// One step: an event, or a slice of the bytes, or what is missing.
    pub(super) fn next(&mut self) -> Step {
        if let Some(event) = self.segmenter.next_event() {
            return Step::Event(event);
        }
        if let Some(failure) = self.failure.take() {
            return Step::Failed(failure);
        }
        if self.pending.is_empty() {
            if !self.complete {
                return Step::Hungry;
            }
            self.failure = self.segmenter.finish().err();
            return Step::Taken(0);
        }
        let slice = self.pending.split_to(self.pending.len().min(SLICE_BYTES));
        self.failure = self.segmenter.push(&slice).err();
        if self.failure.is_some() {
            self.pending.clear();
        }
        Step::Taken(slice.len())
    }
}

/// A document being read for a client, the same for all three methods.
pub(super) struct Reading {
    steps: Steps,
    presenter: Presenter,
}

/// What comes next for the client.
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made")]
pub(super) enum Next {
    /// An event, with the bytes its message takes and what it is.
    Event { event: pb::DocumentEvent, bytes: usize, unit: bool, last: bool },
    /// As [`Step::Taken`].
    Taken(usize),
    /// As [`Step::Hungry`].
    Hungry,
    /// As [`Step::Failed`].
    Failed(Error),
}

impl Reading {
    pub(super) fn new(
        options: Options,
        presentation: Presentation,
        id: String,
        limits: Limits,
    ) -> Reading {
        let presenter = Presenter::new(presentation, id);
        Reading { steps: Steps::new(options, limits), presenter }
    }

    /// Gives the document its next bytes. Only when [`Next::Hungry`] was said.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.steps.pending = bytes;
    }

    /// The document is complete.
    pub(super) fn complete(&mut self) {
        self.steps.complete = true;
    }

    /// Events that may share a message, as the client wants it.
    pub(super) fn events_per_message_max(&self) -> usize {
        self.presenter.presentation().events_per_message_max.unwrap_or(usize::MAX)
    }

    /// One step, counted in `tally`: an event, or a slice of the bytes, or what is missing.
    pub(super) fn next(&mut self, tally: &mut Tally) -> Next {
        self.next_in(tally, None)
    }

    /// The same for a document of a stream, of which `stream` knows what came before; beside it the
    /// position of this document.
    pub(super) fn next_in(
        &mut self,
        tally: &mut Tally,
        stream: Option<(&mut SeenInStream, u32)>,
    ) -> Next {
        let event = match self.steps.next() {
            Step::Event(event) => event,
            Step::Taken(bytes) => return Next::Taken(bytes),
            Step::Hungry => return Next::Hungry,
            Step::Failed(error) => return Next::Failed(error),
        };
        tally.event(&event);
        let (unit, last) = (matches!(event, Event::Unit(_)), matches!(event, Event::Tail(_)));
        let earlier = match (&event, stream) {
            (Event::Unit(unit), Some((seen, index))) => earlier_documents(unit, seen, index),
            _ => Vec::new(),
        };
        let mut event = self.presenter.event(event);
        tell_earlier(&mut event, earlier);
        let bytes = encoded_bytes(&event);
        Next::Event { event, bytes, unit, last }
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
