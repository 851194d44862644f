"""A document and its translation, segment by segment."""

from __future__ import annotations

import dataclasses
import enum
import re

from cesura import DocumentHead, DocumentTail, Segment, Unit

from cesura_translate.placeholders import Piece, Placeholder, restored


class Origin(enum.Enum):
    """Where a target came from."""

    #: The engine was asked, in this run.
    ENGINE = "engine"
    #: The journal of an earlier run.
    JOURNAL = "journal"
    #: The same text stood before in this run.
    REPETITION = "repetition"
    #: There is no word in it: it stands for itself.
    NO_WORDS = "no-words"


@dataclasses.dataclass(frozen=True)
class SourceSegment:
    """A segment that is to be translated.

    `number`, `id` and `content_digest` are those of the service; `text` is as the document has it,
    `masked_text` what an engine is given: repaired for machines, with placeholders.
    """

    number: int
    unit_number: int
    id: str
    content_digest: str
    text: str
    masked_text: str
    placeholders: tuple[Placeholder, ...] = ()

    @classmethod
    def of(cls, unit: Unit, segment: Segment) -> SourceSegment:
        """Takes a segment of a translatable unit, with `DETAIL_IDENTITIES` and `DETAIL_MASKED_TEXT`."""
        masked = segment.masked_text
        return cls(
            number=segment.number,
            unit_number=unit.number,
            id=segment.identity.id,
            content_digest=segment.identity.content_digest,
            text=segment.text,
            masked_text=masked.text,
            placeholders=tuple(Placeholder(one.token, one.original) for one in masked.placeholders),
        )

    @property
    def has_words(self) -> bool:
        """Whether anything but placeholders, figures and signs is left to translate."""
        text = self.masked_text
        for placeholder in self.placeholders:
            text = text.replace(placeholder.token, "")
        return re.search(r"[^\W\d_]", text) is not None


@dataclasses.dataclass(frozen=True)
class TranslatedSegment:
    """A segment with its target: masked, as the engine gave it, on one line."""

    source: SourceSegment
    target: str
    origin: Origin

    def pieces(self) -> list[Piece]:
        """The target as text and what placeholders stand for. See `restored`."""
        return restored(self.target, self.source.placeholders)

    @property
    def target_text(self) -> str:
        """The target with everything put back that was masked."""
        return "".join(piece.text for piece in self.pieces())


@dataclasses.dataclass(frozen=True)
class Bitext:
    """A document whose segments were translated.

    `sources` are all segments that are to be translated, in order; `targets` holds those that have
    a target, by the number of their segment.
    """

    head: DocumentHead
    tail: DocumentTail
    sources: tuple[SourceSegment, ...]
    targets: dict[int, TranslatedSegment]

    def pairs(self) -> list[TranslatedSegment]:
        """Segments that have a target, in the order of the document."""
        return [self.targets[source.number] for source in self.sources if source.number in self.targets]

    def count(self, origin: Origin) -> int:
        """How many targets came from one origin."""
        return sum(1 for one in self.targets.values() if one.origin is origin)
