"""What of articles may stand in a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

import cesura

# Tokens of a chunk: what is ranked together. The ranking is quadratic in the sentences of a chunk.
CHUNK_TOKENS = 2_000

_RUNNING_TEXT = frozenset({cesura.BLOCK_KIND_PARAGRAPH, cesura.BLOCK_KIND_LIST_ITEM})
# Sentences that are not whole would mislead where their surroundings are missing.
_BROKEN = frozenset(
    {
        cesura.WARNING_KIND_TRUNCATED,
        cesura.WARNING_KIND_DEBRIS,
        cesura.WARNING_KIND_MOJIBAKE,
        cesura.WARNING_KIND_MISMATCHED_QUOTATION,
    }
)
_WORDS_MIN = 5

Source = Union[str, bytes]


@dataclass(frozen=True)
class Statement:
    """A sentence of an article that may stand in a summary.

    Attributes:
        article: Place of its article among those given, from 0.
        segment: Place among the segments of its document, from 0.
        text: What it says, as the article has it, line ends as spaces.
        start: Where it begins in the article, in code points.
        end: Where it ends, exclusive.
        paragraph: Number of its paragraph in the article, from 1.
        section: Text of the heading it stands under, for readers; empty where there is none.
        said_by: Ids of all articles that say it, its own first.
    """

    article: int
    segment: int
    text: str
    start: int
    end: int
    paragraph: int
    section: str
    said_by: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """An article and what of it may stand in a summary.

    Attributes:
        id: The caller's id.
        document: The whole article, segmented.
        title: Its headline; empty where the page shows none.
        chunks: Its statements as they are ranked, in order.
    """

    id: str
    document: cesura.Document
    title: str
    chunks: tuple[tuple[Statement, ...], ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of its statements, in order."""
        return tuple(statement for chunk in self.chunks for statement in chunk)


def options(chunk_tokens: int = CHUNK_TOKENS) -> cesura.SegmentationOptions:
    """How articles are segmented for summaries: quotations stay whole, for half of one reads as if
    the paper said it."""
    return cesura.SegmentationOptions(
        whole_quotations=True,
        details=[
            cesura.DETAIL_COUNTS,
            cesura.DETAIL_IDENTITIES,
            cesura.DETAIL_POSITIONS,
            cesura.DETAIL_SEGMENT_TYPES,
            cesura.DETAIL_WARNINGS,
        ],
        packing=cesura.PackingOptions(
            budget=chunk_tokens, budget_unit=cesura.BUDGET_UNIT_TOKENS, across_sections=True
        ),
    )


def read_articles(
    client: cesura.Client, sources: Mapping[str, Source], *, chunk_tokens: int = CHUNK_TOKENS
) -> list[Article]:
    """Segments articles and picks what may stand in a summary.

    Args:
        sources: Articles by id, as text or as bytes in UTF-8.
        chunk_tokens: Tokens of what is ranked together at most, 16 to 50,000.

    Raises:
        cesura.CesuraError: an article was refused, or the server does not answer.
    """
    found: list[Article] = []
    answers = client.segment_documents(
        sources.items(), source=lambda item: item[1], options=options(chunk_tokens)
    )
    for place, ((article_id, _), answer) in enumerate(answers):
        if isinstance(answer, cesura.CesuraError):
            raise answer
        found.append(_article(place, article_id, answer))
    return found


def _article(place: int, article_id: str, document: cesura.Document) -> Article:
    units = {unit.number: unit for unit in document.units}
    headlines = (unit for unit in document.units if unit.kind == cesura.BLOCK_KIND_HEADLINE)
    headline = next(headlines, None)
    chunks: list[tuple[Statement, ...]] = []
    taken: set[int] = set()
    for chunk in document.model_chunks:
        statements = []
        # An overlong sentence may be in two chunks, in pieces.
        for number in dict.fromkeys(part.segment_number for part in chunk.parts):
            segment, unit = document.segments[number - 1], document.unit_of(number)
            if number in taken or not _may_stand(unit, segment):
                continue
            taken.add(number)
            sections = [units[path] for path in unit.position.section_unit_numbers]
            headings = [unit for unit in sections if unit.kind == cesura.BLOCK_KIND_HEADING]
            statements.append(
                Statement(
                    article=place,
                    segment=number - 1,
                    text=" ".join(segment.text.split()),
                    start=segment.span.start,
                    end=segment.span.end,
                    paragraph=unit.position.paragraph_number,
                    section=_text(headings[-1]) if headings else "",
                    said_by=(article_id,),
                )
            )
        if statements:
            chunks.append(tuple(statements))
    return Article(article_id, document, _text(headline) if headline else "", tuple(chunks))


def _may_stand(unit: cesura.Unit, segment: cesura.Segment) -> bool:
    return (
        unit.translatable
        and unit.kind in _RUNNING_TEXT
        and not unit.repetition
        and segment.type in (cesura.SEGMENT_TYPE_DECLARATIVE, cesura.SEGMENT_TYPE_LIST_ITEM)
        and segment.counts.words >= _WORDS_MIN
        and not _stood_before(segment)
        and not any(warning.kind in _BROKEN for warning in segment.warnings)
    )


def _stood_before(segment: cesura.Segment) -> bool:
    """Whether the article said the same words before. What other articles said is compared later."""
    identity = segment.identity
    return bool(identity.first_id) and not identity.HasField("first_document_index")


def _text(unit: cesura.Unit) -> str:
    return " ".join(" ".join(segment.text for segment in unit.segments).split())
