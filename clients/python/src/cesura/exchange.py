"""Files for other tools, and translated documents that came back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Iterator

from cesura.errors import ServerError
from cesura.v1.exchange_service_pb2 import ExportResponse, MergeEvent, MergeHead, MergeProblem, MergeTail


class Export:
    """The bytes of a file in a format of other tools, as they arrive.

    Iterate over it for pieces of bytes, or call `read` for the whole. Closing it, leaving its
    ``with`` block, or dropping it cancels the call.

    Example::

        with client.export(text, cesura.EXPORT_FORMAT_XLIFF_2_1) as export:
            pathlib.Path("article" + export.file_extension).write_bytes(export.read())
    """

    def __init__(self, responses: Generator[ExportResponse, None, None]) -> None:
        self._responses = responses
        self._first = next(responses, None)
        if self._first is None:
            raise ServerError("the export ended before it began", reason="ANSWER_CUT")
        self.media_type: str = self._first.media_type
        """Media type of the file (RFC 6838), for example ``application/xliff+xml``."""
        self.file_extension: str = self._first.file_extension
        """Usual end of the file's name, for example ``.xlf``."""

    def __iter__(self) -> Iterator[bytes]:
        if self._first is not None:
            first, self._first = self._first, None
            if first.content:
                yield first.content
        for response in self._responses:
            yield response.content

    def read(self) -> bytes:
        """All bytes that were not taken yet."""
        return b"".join(self)

    def close(self) -> None:
        """Cancels the call, if it is not over."""
        self._responses.close()

    def __enter__(self) -> Export:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncExport:
    """`Export` for asyncio: ``async for``, ``await export.read()``, ``async with``."""

    def __init__(
        self, first: ExportResponse, responses: AsyncGenerator[ExportResponse, None]
    ) -> None:
        self._first: ExportResponse | None = first
        self._responses = responses
        self.media_type: str = first.media_type
        """Media type of the file (RFC 6838), for example ``application/xliff+xml``."""
        self.file_extension: str = first.file_extension
        """Usual end of the file's name, for example ``.xlf``."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._first is not None:
            first, self._first = self._first, None
            if first.content:
                yield first.content
        async for response in self._responses:
            yield response.content

    async def read(self) -> bytes:
        """All bytes that were not taken yet."""
        return b"".join([content async for content in self])

    async def aclose(self) -> None:
        """Cancels the call, if it is not over."""
        await self._responses.aclose()

    async def __aenter__(self) -> AsyncExport:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class Merged:
    """A translated document in the layout of its source.

    Example::

        merged = client.merge_segments(source, {1: "Mr Rossi is here.", 2: "Then he leaves."})
        merged.text
        for problem in merged.problems:
            print(cesura.MergeProblemKind.Name(problem.kind), problem.segment_number, problem.detail)

    Attributes:
        head: Languages, and the id of the document.
        content: The translated document in UTF-8.
        problems: What translations lost or broke, in the order of the document. None: every
            segment that is to be translated has its target, with all its placeholders.
        tail: Totals.

    Raises:
        ServerError: ``ANSWER_CUT``, where the events have no head or no tail.
    """

    def __init__(self, events: Iterable[MergeEvent]) -> None:
        held = tuple(events)
        if len(held) < 2 or not held[0].HasField("head") or not held[-1].HasField("tail"):
            raise ServerError("the merged document ended before its tail", reason="ANSWER_CUT")
        self.head: MergeHead = held[0].head
        self.content: bytes = b"".join(event.content for event in held)
        self.problems: tuple[MergeProblem, ...] = tuple(
            event.problem for event in held if event.HasField("problem")
        )
        self.tail: MergeTail = held[-1].tail

    @property
    def text(self) -> str:
        """The translated document."""
        return self.content.decode("utf-8")

    def __repr__(self) -> str:
        return f"<Merged: {self.tail.target_count} targets, {self.tail.problem_count} problems>"
