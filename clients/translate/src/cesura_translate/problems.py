"""What a translation lost or broke, as the report tells it."""

from __future__ import annotations

import dataclasses

from cesura import MergeProblem, MergeProblemKind

from cesura_translate.bitext import SourceSegment, TranslatedSegment

#: A text is longer than the engine takes in one request: it was not translated.
TEXT_TOO_LONG = "TEXT_TOO_LONG"
#: The source ends with a full stop or another mark of a sentence's end, and its target does not.
TERMINATOR_LOST = "TERMINATOR_LOST"

_MERGE_PREFIX = "MERGE_PROBLEM_KIND_"
_TERMINATORS = frozenset(".!?…。！？؟।")
_CLOSERS = "\"'”’“»›)]} \u00a0"


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that a translation lost or broke.

    `kind` is a `MergeProblemKind` without its prefix, or one of this module. `segment_number` is 0 where
    it concerns no single segment. `detail` may hold text of the document.
    """

    kind: str
    segment_number: int = 0
    unit_number: int = 0
    segment_id: str = ""
    detail: str = ""

    @classmethod
    def of_merge(cls, problem: MergeProblem) -> Problem:
        """Takes what the service told while merging."""
        name = (
            MergeProblemKind.Name(problem.kind)
            if problem.kind in MergeProblemKind.values()
            else f"{_MERGE_PREFIX}{problem.kind}"
        )
        return cls(
            kind=name.removeprefix(_MERGE_PREFIX),
            segment_number=problem.segment_number,
            unit_number=problem.unit_number,
            segment_id=problem.id,
            detail=problem.detail,
        )

    @classmethod
    def of_segment(cls, kind: str, source: SourceSegment, detail: str = "") -> Problem:
        """Something that we saw ourselves."""
        return cls(kind, source.number, source.unit_number, source.id, detail)


def terminator(text: str) -> str:
    """The mark that ends a sentence, behind which only quotation marks and brackets close; or nothing.

    >>> terminator('«Vedremo.»'), terminator("Vertice a Mosca")
    ('.', '')
    """
    last = text.rstrip(_CLOSERS)[-1:]
    return last if last in _TERMINATORS else ""


def problems_of(segment: TranslatedSegment) -> list[Problem]:
    """What can be seen of a pair alone."""
    ending = terminator(segment.source.text)
    if ending and not terminator(segment.target_text):
        return [Problem.of_segment(TERMINATOR_LOST, segment.source, ending)]
    return []
