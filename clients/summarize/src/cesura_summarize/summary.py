"""Summaries of one article, or of several on one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cesura

from cesura_summarize.material import CHUNK_TOKENS, Article, Source, Statement, read_articles
from cesura_summarize.ranking import rate, stems

# Score above which two articles tell of one event.
EVENT_SCORE_MIN = 0.5
# What it is worth that another article says the same, and that a statement leads its article,
# where the one that matters most has 1.
_WORTH_OF_SUPPORT = 0.5
_WORTH_OF_LEAD = 0.25
# Share of the words of the shorter of two sentences from which on they say the same.
_SAME_SHARE = 0.6


@dataclass(frozen=True)
class Summary:
    """What articles on one event say, in sentences of theirs.

    Attributes:
        title: Headline of the first of them that has one; empty where none has.
        articles: The articles, in the order in which they were given.
        statements: The sentences, in the order in which they are to be read.
    """

    title: str
    articles: tuple[Article, ...]
    statements: tuple[Statement, ...]

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(statement.text for statement in self.statements)


def summarize(
    client: cesura.Client,
    sources: Mapping[str, Source],
    *,
    sentences: int = 5,
    method: str = "lexrank",
    chunk_tokens: int = CHUNK_TOKENS,
) -> list[Summary]:
    """Summarizes articles: one summary for each event that they tell of.

    Example::

        summaries = cesura_summarize.summarize(client, {path.name: path.read_bytes() for path in paths})

    Args:
        sources: Articles by id, as text or as bytes in UTF-8; at most as many as
            `Limits.compare_documents_max`.
        sentences: Sentences of a summary at most.
        method: A name of `METHODS`: lexrank, textrank or lsa.
        chunk_tokens: Tokens of what is ranked together at most; longer articles are ranked in
            parts first, and the best of each part together.

    Raises:
        ValueError: `sentences` is less than 1, or there is no such method.
        cesura.CesuraError: an article was refused, or the server does not answer.
    """
    if sentences < 1:
        raise ValueError(f"sentences is {sentences}; it must be 1 or more")
    rate([], method)
    articles = read_articles(client, sources, chunk_tokens=chunk_tokens)
    if not articles:
        return []
    same: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = {}
    events = [[place] for place in range(len(articles))]
    if len(articles) > 1:
        comparison = client.compare([article.document for article in articles])
        for group in comparison.groups:
            said_by = dict.fromkeys(articles[member.document].id for member in group.members)
            for member in group.members:
                same[member.document, member.segment] = (group.number, tuple(said_by))
        events = _events(len(articles), comparison.ties)
    return [
        _summarize([articles[place] for place in event], same, sentences, method)
        for event in events
    ]


def _events(count: int, ties: Sequence[cesura.EventTie]) -> list[list[int]]:
    """Articles that tell of one event, also by way of others, in the order of their first."""
    first = list(range(count))
    for tie in ties:
        if tie.score >= EVENT_SCORE_MIN:
            low, high = sorted((first[tie.a], first[tie.b]))
            first = [low if place == high else place for place in first]
    return [
        [place for place in range(count) if first[place] == head]
        for head in dict.fromkeys(first)
    ]


def _summarize(
    articles: Sequence[Article],
    same: Mapping[tuple[int, int], tuple[int, tuple[str, ...]]],
    sentences: int,
    method: str,
) -> Summary:
    candidates: list[Statement] = []
    for article in articles:
        for chunk in article.chunks:
            best = chunk
            if len(article.chunks) > 1:
                rated = zip(rate([statement.text for statement in chunk], method), chunk)
                ranked = sorted(rated, key=lambda pair: (-pair[0], pair[1].segment))
                best = tuple(statement for _, statement in ranked[: 2 * sentences])
            candidates.extend(sorted(best, key=lambda statement: statement.segment))
    ids = {article.id for article in articles}
    scored = []
    for score, statement in zip(rate([one.text for one in candidates], method), candidates):
        _, said_by = same.get((statement.article, statement.segment), (0, ()))
        others = [one for one in said_by if one in ids and one not in statement.said_by]
        statement = replace(statement, said_by=(*statement.said_by, *others))
        score += _WORTH_OF_SUPPORT * len(others) + _WORTH_OF_LEAD * (statement.paragraph == 1)
        scored.append((score, statement))
    scored.sort(key=lambda pair: (-pair[0], pair[1].article, pair[1].segment))

    chosen: list[Statement] = []
    groups: set[int] = set()
    about: list[frozenset[str]] = []
    for _, statement in scored:
        if len(chosen) == sentences:
            break
        group, _ = same.get((statement.article, statement.segment), (0, ()))
        words = stems(statement.text)
        if group in groups or any(_say_the_same(words, other) for other in about):
            continue
        if group:
            groups.add(group)
        chosen.append(statement)
        about.append(words)
    # As a reader would meet them: what stands early in its article comes first.
    lengths = {statement.article: 1 for statement in chosen}
    for article in articles:
        for statement in article.statements:
            lengths[statement.article] = len(article.document.text)
    chosen.sort(key=lambda one: (one.start / lengths[one.article], one.article))
    title = next((article.title for article in articles if article.title), "")
    return Summary(title, tuple(articles), tuple(chosen))


def _say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) / shorter >= _SAME_SHARE
