"""A segmented document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from cesura.errors import ServerError
from cesura.v1.document_pb2 import (
    DocumentEvent,
    DocumentHead,
    DocumentTail,
    Ignorable,
    ModelChunk,
    Notice,
    ReadySegment,
    ReadySegments,
    Segment,
    Skeleton,
    Span,
    Unit,
)


class Document:
    """A whole document as the server segmented it.

    It holds the messages of the API as they came, in order, and gives views of them. Offsets count
    code points unless another encoding was asked for, as Python does, so
    ``document.text[span.start:span.end]`` is the text of a span.

    Example::

        document = client.segment("Il dott. Rossi è qui. Poi esce.")
        [segment.text for segment in document.segments]
        # ['Il dott. Rossi è qui.', 'Poi esce.']
        document.head.language.language_code            # 'it'

    Raises:
        ServerError: ``ANSWER_CUT``, where the events have no head or no tail: the document is not
            whole.
    """

    def __init__(self, events: Iterable[DocumentEvent]) -> None:
        self.events: tuple[DocumentEvent, ...] = tuple(events)
        """All events, in order, also those of kinds that this library does not know."""
        whole = (
            len(self.events) >= 2
            and self.events[0].HasField("head")
            and self.events[-1].HasField("tail")
        )
        if not whole:
            raise ServerError(
                "the answer ended before its tail; the document is not whole", reason="ANSWER_CUT"
            )

    @property
    def document_id(self) -> str:
        """The id that the caller gave."""
        return self.head.document_id

    @property
    def head(self) -> DocumentHead:
        """Language, character set and rules."""
        return self.events[0].head

    @property
    def tail(self) -> DocumentTail:
        """Totals, and the digest of the source."""
        return self.events[-1].tail

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Blocks with one function in the page each, in order."""
        return tuple(event.unit for event in self.events if event.HasField("unit"))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Segments of all units, in order: ``segments[n - 1].number == n``."""
        return tuple(segment for unit in self.units for segment in unit.segments)

    @cached_property
    def translatable_segments(self) -> tuple[Segment, ...]:
        """Segments of the units that are to be translated: no furniture of the page, no data."""
        return tuple(
            segment for unit in self.units if unit.translatable for segment in unit.segments
        )

    @cached_property
    def skeletons(self) -> tuple[Skeleton, ...]:
        """What stands between units."""
        return tuple(event.skeleton for event in self.events if event.HasField("skeleton"))

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader should know that is not an error."""
        return tuple(event.notice for event in self.events if event.HasField("notice"))

    @cached_property
    def model_chunks(self) -> tuple[ModelChunk, ...]:
        """Segments packed for a model; none unless `SegmentationOptions.packing` was given."""
        return tuple(event.model_chunk for event in self.events if event.HasField("model_chunk"))

    @cached_property
    def text(self) -> str:
        """The decoded document, put together from its parts.

        Raises:
            ValueError: texts were left out of the answer (`SegmentationOptions.omit_text`).
        """
        text = "".join(text for _, text in self.pieces())
        if not text and self.tail.span.end:
            raise ValueError("the document was segmented with omit_text: its text did not come along")
        return text

    def pieces(self) -> Iterator[tuple[Span, str]]:
        """Spans and texts of skeletons, segments and ignorables, in the order of the document.

        They touch and cover it: joined, the texts are the document.
        """
        for event in self.events:
            if event.HasField("skeleton"):
                yield event.skeleton.span, event.skeleton.text
            elif event.HasField("unit"):
                # Between two segments there may be no white space, so ignorables are not every second.
                parts: list[Segment | Ignorable] = [*event.unit.segments, *event.unit.ignorables]
                for part in sorted(parts, key=lambda part: part.span.start):
                    yield part.span, part.text

    def unit_of(self, segment_number: int) -> Unit:
        """The unit that a segment stands in, by `Segment.number`.

        Raises:
            KeyError: the document has no such segment.
        """
        return self._units_by_segment[segment_number]

    @cached_property
    def _units_by_segment(self) -> dict[int, Unit]:
        return {segment.number: unit for unit in self.units for segment in unit.segments}

    def ready_segments(self) -> ReadySegments:
        """Its segments as `align` and `compare` take them, with what their blocks are.

        Places of segments in those answers are then places in `segments`, from 0. Passing the
        document itself does the same.
        """
        language_code = self.head.language.language_code
        return ReadySegments(
            document_id=self.document_id,
            language_code="" if language_code == "und" else language_code,
            segments=[
                ReadySegment(text=segment.text, kind=unit.kind, unit_number=unit.number)
                for unit in self.units
                for segment in unit.segments
            ],
        )

    def __repr__(self) -> str:
        tail = self.tail
        return (
            f"<Document {self.document_id!r}: {tail.unit_count} units, "
            f"{tail.segment_count} segments, {self.head.language.language_code}>"
        )
