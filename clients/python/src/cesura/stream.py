"""A document whose events come while it is still being sent."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

from cesura.document import Document
from cesura.errors import ServerError
from cesura.v1.document_pb2 import DocumentEvent, Segment, Unit


class DocumentStream:
    """Events of one document, as they arrive.

    Iterate over it for all events, over `units()` or `segments()` for these only, or call
    `document()` for the rest as a whole. A loop that comes to its end has seen the tail: what is
    not whole raises. Closing the stream, leaving its ``with`` block, or dropping it cancels the
    call.

    Example::

        with client.segment_file("articolo.txt") as stream:
            for event in stream:
                if event.HasField("unit") and event.unit.translatable:
                    print(cesura.BlockKind.Name(event.unit.kind))
    """

    def __init__(self, events: Generator[DocumentEvent, None, None]) -> None:
        self._events = events

    def __iter__(self) -> Iterator[DocumentEvent]:
        return self._events

    def __next__(self) -> DocumentEvent:
        return next(self._events)

    def units(self) -> Iterator[Unit]:
        """Units, as soon as they are settled."""
        return (event.unit for event in self._events if event.HasField("unit"))

    def segments(self) -> Iterator[Segment]:
        """Segments of all units, as soon as they are settled."""
        return (segment for unit in self.units() for segment in unit.segments)

    def document(self) -> Document:
        """The document, where no event was taken before."""
        return Document(self._events)

    def close(self) -> None:
        """Cancels the call, if it is not over."""
        self._events.close()

    def __enter__(self) -> DocumentStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDocumentStream:
    """`DocumentStream` for asyncio: ``async for``, ``await stream.document()``, ``async with``."""

    def __init__(self, events: AsyncGenerator[DocumentEvent, None]) -> None:
        self._events = events

    def __aiter__(self) -> AsyncIterator[DocumentEvent]:
        return self._events

    async def __anext__(self) -> DocumentEvent:
        return await self._events.__anext__()

    async def units(self) -> AsyncIterator[Unit]:
        """Units, as soon as they are settled."""
        async for event in self._events:
            if event.HasField("unit"):
                yield event.unit

    async def segments(self) -> AsyncIterator[Segment]:
        """Segments of all units, as soon as they are settled."""
        async for unit in self.units():
            for segment in unit.segments:
                yield segment

    async def document(self) -> Document:
        """The document, where no event was taken before."""
        return Document([event async for event in self._events])

    async def aclose(self) -> None:
        """Cancels the call, if it is not over."""
        await self._events.aclose()

    async def __aenter__(self) -> AsyncDocumentStream:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class Progress:
    """Which events of a document were given out, over several attempts to send it.

    The same document gets the same events. So an attempt that follows on a broken one leaves out
    as many as were given out; a digest tells whether these were the same.
    """

    def __init__(self) -> None:
        self._given = 0
        self._digest = hashlib.blake2b()
        self._seen = 0
        self._again = hashlib.blake2b()
        self.whole = False

    def begin(self) -> None:
        """A new attempt begins."""
        self._seen = 0
        self._again = hashlib.blake2b()

    def is_new(self, event: DocumentEvent) -> bool:
        """Takes the next event; says whether it is to be given out."""
        encoded = event.SerializeToString(deterministic=True)
        repeated = self._seen < self._given
        digest = self._again if repeated else self._digest
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
        self._seen += 1
        if not repeated:
            self._given += 1
            self.whole = event.HasField("tail")
            return True
        if self._seen == self._given and digest.digest() != self._digest.digest():
            raise ServerError(
                "the document was sent again over a new connection and got another answer",
                reason="ANSWER_CHANGED",
            )
        return False
