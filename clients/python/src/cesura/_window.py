"""What of many documents is under way: the state of `segment_documents`, without input and output.

Documents are accepted, packed into messages of one stream or another, answered, and given back.
Those that a broken stream owes go to the front again. Locks and waiting are the clients'.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cesura import _requests as requests
from cesura._requests import Source
from cesura.document import Document
from cesura.errors import (
    CesuraError,
    DeadlineExceededError,
    InvalidInputError,
    ServerError,
    error_of_status,
)
from cesura.v1.document_pb2 import (
    DETAIL_ALL,
    DETAIL_IDENTITIES,
    DocumentEvent,
    SegmentationOptions,
    SourceDocument,
)
from cesura.v1.segmentation_service_pb2 import DocumentResult, SegmentDocumentsRequest

D = TypeVar("D")

# Room in a message beside its one long document: options with SRX rules, mostly.
_MESSAGE_MARGIN = 128 << 10


@dataclass(eq=False)
class Pending(Generic[D]):
    """A document that was not given back yet."""

    position: int
    item: D
    source: SourceDocument
    size: int
    events: list[DocumentEvent] = field(default_factory=list)


class Lane(Generic[D]):
    """What was sent on one stream, in order."""

    def __init__(self) -> None:
        self.lost = False
        # Place in the stream → what is owed for it, oldest first.
        self.owed: dict[int, Pending[D]] = {}
        # Place in the stream → place among all documents.
        self.positions = array("Q")


class Window(Generic[D]):
    """Documents under way, at most `documents_max` and about `bytes_max` bytes of them."""

    def __init__(
        self,
        *,
        options: SegmentationOptions,
        documents_max: int,
        bytes_max: int,
        per_message_max: int,
        message_bytes_max: int,
        ordered: bool,
    ) -> None:
        self._options = options
        self._identities = bool({DETAIL_IDENTITIES, DETAIL_ALL} & set(options.details))
        self._documents_max = documents_max
        self._bytes_max = bytes_max
        self._per_message_max = per_message_max
        self._message_bytes_max = message_bytes_max
        self._ordered = ordered
        self._waiting: deque[Pending[D]] = deque()
        self._held = 0
        self._held_bytes = 0
        self._owed = 0
        self._accepted = 0
        self._next = 0
        self._done: dict[int, tuple[Pending[D], Document | CesuraError]] = {}
        self.input_ended = False

    @property
    def owed(self) -> int:
        """Documents that were sent and not answered."""
        return self._owed

    @property
    def has_waiting(self) -> bool:
        return bool(self._waiting)

    @property
    def wants_input(self) -> bool:
        """Whether the next message would be better with one more document."""
        return (
            not self.input_ended
            and len(self._waiting) < self._per_message_max
            and self._held < self._documents_max
            and (self._held_bytes < self._bytes_max or not self._held)
        )

    @property
    def nothing_left(self) -> bool:
        """Whether there is nothing to send, and nothing will come, a broken stream aside."""
        return self.input_ended and not self._waiting

    @property
    def finished(self) -> bool:
        return self.input_ended and not self._held

    def accept(self, item: D, source: SourceDocument | CesuraError) -> None:
        """Takes the next document of the caller, or what is wrong with it."""
        size = 0 if isinstance(source, CesuraError) else source.ByteSize()
        message = SourceDocument() if isinstance(source, CesuraError) else source
        pending = Pending(self._accepted, item, message, size)
        self._accepted += 1
        self._held += 1
        self._held_bytes += size
        if isinstance(source, CesuraError):
            self._done[pending.position] = (pending, source)
        else:
            self._waiting.append(pending)

    def pack(self, lane: Lane[D]) -> SegmentDocumentsRequest:
        """The next message of a stream; there must be documents that wait."""
        message = SegmentDocumentsRequest()
        if not lane.positions:
            message.options.CopyFrom(self._options)
        # What is given back in order gains nothing by it; what stood first would no longer be first.
        message.any_order = not self._ordered and not self._identities
        size = 0
        while self._waiting and len(message.documents) < self._per_message_max:
            if message.documents and size + self._waiting[0].size > self._message_bytes_max:
                break
            pending = self._waiting.popleft()
            message.documents.append(pending.source)
            size += pending.size
            lane.owed[len(lane.positions)] = pending
            lane.positions.append(pending.position)
            self._owed += 1
        return message

    def answer(self, lane: Lane[D], result: DocumentResult) -> bool:
        """Takes a result of a stream; says whether a document is complete with it."""
        pending = lane.owed.get(result.index)
        if pending is None:
            raise ServerError(f"a result for document {result.index} of the stream came out of turn")
        pending.events.extend(result.events)
        if not result.last:
            return False
        del lane.owed[result.index]
        self._owed -= 1
        answer: Document | CesuraError
        if result.HasField("status") and result.status.code:
            answer = error_of_status(result.status)
        else:
            if self._identities:
                _renumber(pending.events, lane)
            try:
                answer = Document(pending.events)
            except ServerError as error:
                answer = error
        self._done[pending.position] = (pending, answer)
        return True

    def lose(self, lane: Lane[D]) -> None:
        """A stream is over: what it owes is to be sent again, before all others."""
        lane.lost = True
        self._owed -= len(lane.owed)
        while lane.owed:
            _, pending = lane.owed.popitem()
            # A part of the answer may have come; the next one begins at the beginning.
            pending.events.clear()
            self._waiting.appendleft(pending)

    def take(self) -> tuple[D, Document | CesuraError] | None:
        """The next document that is done, which makes room for another."""
        if not self._done:
            return None
        position = self._next if self._ordered else next(iter(self._done))
        if position not in self._done:
            return None
        pending, answer = self._done.pop(position)
        self._next = position + 1
        self._held -= 1
        self._held_bytes -= pending.size
        return pending.item, answer


def _renumber(events: Iterable[DocumentEvent], lane: Lane[D]) -> None:
    # The server counts from the beginning of its stream; the caller's documents may be on several.
    for event in events:
        if event.HasField("unit"):
            for identity in (event.unit.identity, *(part.identity for part in event.unit.segments)):
                if identity.HasField("first_document_index"):
                    place = identity.first_document_index
                    identity.first_document_index = lane.positions[place]


def check_counts(**counts: int | None) -> None:
    """Refuses a number of documents, bytes or streams that is not at least 1."""
    for name, count in counts.items():
        if count is not None and count < 1:
            raise ValueError(f"{name} is {count}; it must be 1 or more")


def source_of(source: Callable[[D], Source], item: D) -> SourceDocument | CesuraError:
    """The document of an item, or why there is none."""
    try:
        return requests.source_document(source(item))
    except InvalidInputError as error:
        return error


def is_long(document: SourceDocument | CesuraError) -> bool:
    """Whether a document may be more than a message can take."""
    return isinstance(document, SourceDocument) and document.ByteSize() > requests.CHUNK_BYTES_MAX


def sendable(
    document: SourceDocument | CesuraError, message_bytes_max: int
) -> SourceDocument | CesuraError:
    """The document, or why it is not sent: too long a message ends the stream for all others."""
    bytes_max = message_bytes_max - _MESSAGE_MARGIN
    if isinstance(document, CesuraError) or document.ByteSize() <= bytes_max:
        return document
    return InvalidInputError(
        f"document: {document.ByteSize()} bytes given, {bytes_max} are allowed here; "
        "longer ones go by segment_chunks",
        reason="DOCUMENT_TOO_LARGE",
        field="document",
        facts={"bytes_max": str(bytes_max)},
    )


def silent(owed: int, timeout: float) -> CesuraError:
    """What is raised where a server does not answer."""
    return DeadlineExceededError(
        f"{owed} documents were sent, and nothing was answered for {timeout:g} s"
    )


def unanswered(owed: int) -> CesuraError:
    """What a stream failed with that seemed to end well."""
    return ServerError(f"the stream ended with {owed} documents unanswered", reason="ANSWER_CUT")
