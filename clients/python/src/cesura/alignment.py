"""A text aligned with its translation."""

from __future__ import annotations

from collections.abc import Iterable

from cesura.errors import ServerError
from cesura.v1.alignment_service_pb2 import AlignmentEvent, AlignmentHead, AlignmentTail, Bead


class Alignment:
    """Which segments of a text translate which of another, and how sure that is.

    Example::

        alignment = client.align("Kim è a Mosca. Resta 3 giorni.", "Kim is in Moscow. He stays 3 days.")
        for bead in alignment.beads:
            print(bead.confidence, *bead.source.texts, "=", *bead.target.texts)

    Attributes:
        head: What the two sides are.
        beads: Each segment of either side is in exactly one; in the order of both texts.
        tail: Totals; `tail.parallel` says whether these are translations of each other at all.

    Raises:
        ServerError: ``ANSWER_CUT``, where the events have no head or no tail.
    """

    def __init__(self, events: Iterable[AlignmentEvent]) -> None:
        held = tuple(events)
        if len(held) < 2 or not held[0].HasField("head") or not held[-1].HasField("tail"):
            raise ServerError("the alignment ended before its tail", reason="ANSWER_CUT")
        self.head: AlignmentHead = held[0].head
        self.beads: tuple[Bead, ...] = tuple(event.bead for event in held if event.HasField("bead"))
        self.tail: AlignmentTail = held[-1].tail

    def __repr__(self) -> str:
        return f"<Alignment: {self.tail.bead_count} beads, parallel: {self.tail.parallel}>"
