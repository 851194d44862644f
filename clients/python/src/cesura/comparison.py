"""What several articles have in common."""

from __future__ import annotations

from collections.abc import Iterable

from cesura.errors import ServerError
from cesura.v1.comparison_service_pb2 import (
    ComparisonEvent,
    ComparisonGroup,
    ComparisonHead,
    ComparisonTail,
    DocumentShare,
    EventTie,
    SegmentPair,
)


class Comparison:
    """Groups of segments of different documents that say the same.

    Numbers of documents are places in the request, those of segments places in their document,
    both from 0.

    Example::

        comparison = client.compare([first, second])
        for group in comparison.groups:
            print(group.score, *(member.text for member in group.members), sep="\\n  ")

    Attributes:
        head: What the documents are.
        ties: Whether two documents tell of one event.
        groups: Segments that say the same.
        pairs: Two segments that have something in common; only where they were asked for.
        shares: For each document, what others say as well and what is its own.
        tail: Totals.

    Raises:
        ServerError: ``ANSWER_CUT``, where the events have no head or no tail.
    """

    def __init__(self, events: Iterable[ComparisonEvent]) -> None:
        held = tuple(events)
        if len(held) < 2 or not held[0].HasField("head") or not held[-1].HasField("tail"):
            raise ServerError("the comparison ended before its tail", reason="ANSWER_CUT")
        self.head: ComparisonHead = held[0].head
        self.ties: tuple[EventTie, ...] = tuple(event.tie for event in held if event.HasField("tie"))
        self.groups: tuple[ComparisonGroup, ...] = tuple(
            event.group for event in held if event.HasField("group")
        )
        self.pairs: tuple[SegmentPair, ...] = tuple(
            event.pair for event in held if event.HasField("pair")
        )
        self.shares: tuple[DocumentShare, ...] = tuple(
            event.share for event in held if event.HasField("share")
        )
        self.tail: ComparisonTail = held[-1].tail

    def __repr__(self) -> str:
        return f"<Comparison: {self.tail.document_count} documents, {self.tail.group_count} groups>"
