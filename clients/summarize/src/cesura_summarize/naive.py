"""The same summarizer without cesura, for comparison: text cut at line ends and full stops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import cesura

from cesura_summarize.material import Article
from cesura_summarize.ranking import rate

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?]+(?=\s)|(?=\n)|\Z)")


@dataclass(frozen=True)
class NaiveSentence:
    """What a summary without cesura takes for a sentence.

    Attributes:
        text: What it says.
        fault: Why it does not belong into a summary, as cesura sees it, for example ``caption``,
            ``repeat``; empty where it does.
    """

    text: str
    fault: str


def summarize_naively(
    articles: Sequence[Article], *, sentences: int = 5, method: str = "lexrank"
) -> list[NaiveSentence]:
    """The best sentences of articles whose text is cut at every line end and full stop.

    What they are in their pages is looked up afterwards, to say what is wrong with them.
    """
    cut: list[tuple[int, int, str]] = []
    for place, article in enumerate(articles):
        for match in _SENTENCE.finditer(article.document.text):
            if text := match.group().strip():
                start = match.start() + match.group().index(text[0])
                cut.append((place, start, text))
    rated = rate([text for _, _, text in cut], method)
    best = sorted(range(len(cut)), key=lambda at: (-rated[at], at))[:sentences]
    chosen: list[NaiveSentence] = []
    said: set[str] = set()
    for at in sorted(best):
        place, start, text = cut[at]
        fault = "repeat" if text in said else _fault(articles[place].document, start, text)
        said.add(text)
        chosen.append(NaiveSentence(text, fault))
    return chosen


def _fault(document: cesura.Document, start: int, text: str) -> str:
    for unit in document.units:
        if not unit.span.start <= start < unit.span.end:
            continue
        if unit.repetition:
            return "repeat"
        if unit.kind not in (cesura.BLOCK_KIND_PARAGRAPH, cesura.BLOCK_KIND_LIST_ITEM):
            return cesura.BlockKind.Name(unit.kind).removeprefix("BLOCK_KIND_").lower()
        for segment in unit.segments:
            if segment.span.start <= start < segment.span.end:
                whole = start == segment.span.start and start + len(text) == segment.span.end
                return "" if whole else "cut"
    return ""
