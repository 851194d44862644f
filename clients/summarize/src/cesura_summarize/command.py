"""The command ``cesura-summarize``."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pathlib
import sys
import textwrap
from collections.abc import Sequence

import cesura

from cesura_summarize.material import CHUNK_TOKENS, read_articles
from cesura_summarize.naive import summarize_naively
from cesura_summarize.ranking import METHODS
from cesura_summarize.summary import Summary, summarize

_COLUMN = 58


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(
        prog="cesura-summarize",
        description="Summarizes Italian news articles: one summary for each event that they tell of.",
    )
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE", help="article in UTF-8")
    parser.add_argument(
        "--target",
        default=os.environ.get("CESURA_TARGET", "127.0.0.1:50051"),
        help="server of cesura [default: CESURA_TARGET, or 127.0.0.1:50051]",
    )
    parser.add_argument(
        "-n", "--sentences", type=int, default=5, help="sentences of a summary at most [default: 5]"
    )
    parser.add_argument("--method", choices=METHODS, default="lexrank", help="[default: lexrank]")
    parser.add_argument(
        "--chunk-tokens",
        type=int,
        default=CHUNK_TOKENS,
        help=f"tokens of what is ranked together [default: {CHUNK_TOKENS}]",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a summary, one a line")
    form.add_argument(
        "--beside-naive",
        action="store_true",
        help="show what the same method makes of text cut at line ends and full stops",
    )
    form.add_argument(
        "--chunks",
        action="store_true",
        help="no summary: the articles packed for a model, one JSON object a chunk",
    )
    return parser


def main(given: Sequence[str] | None = None) -> int:
    """Runs the command. 0: done; 1: the server refused or is not there; 2: wrong arguments."""
    parser = arguments()
    chosen = parser.parse_args(given)
    try:
        sources = {str(path): path.read_bytes() for path in chosen.files}
        with cesura.Client(chosen.target) as client:
            if chosen.chunks:
                _print_chunks(client, sources, chosen.chunk_tokens)
                return 0
            summaries = summarize(
                client,
                sources,
                sentences=chosen.sentences,
                method=chosen.method,
                chunk_tokens=chosen.chunk_tokens,
            )
    except (OSError, ValueError, cesura.CesuraError) as error:
        print(f"cesura-summarize: {error}", file=sys.stderr)
        return 1 if isinstance(error, (OSError, cesura.CesuraError)) else 2
    for summary in summaries:
        if chosen.json:
            print(json.dumps(_as_json(summary), ensure_ascii=False))
        elif chosen.beside_naive:
            _print_beside_naive(summary, chosen.sentences, chosen.method)
        else:
            _print_text(summary)
    return 0


def _as_json(summary: Summary) -> dict[str, object]:
    return {
        "title": summary.title,
        "articles": [article.id for article in summary.articles],
        "statements": [
            {
                "text": statement.text,
                "article": statement.said_by[0],
                "span": [statement.start, statement.end],
                "section": statement.section,
                "said_by": list(statement.said_by),
            }
            for statement in summary.statements
        ],
    }


def _print_text(summary: Summary) -> None:
    names = {article.id: number for number, article in enumerate(summary.articles, 1)}
    print(summary.title or summary.articles[0].id)
    for article in summary.articles:
        print(f"  [{names[article.id]}] {article.id}")
    for statement in summary.statements:
        sources = "".join(f"[{names[one]}]" for one in statement.said_by)
        print(textwrap.fill(f"{statement.text} {sources}", 100, initial_indent="- ", subsequent_indent="  "))
    print()


def _print_beside_naive(summary: Summary, sentences: int, method: str) -> None:
    naive = summarize_naively(summary.articles, sentences=sentences, method=method)
    left = [textwrap.wrap(f"- {statement.text}", _COLUMN) for statement in summary.statements]
    right = [
        textwrap.wrap(f"{f'✗ {one.fault}:' if one.fault else '-'} {one.text}", _COLUMN) for one in naive
    ]
    print(summary.title or summary.articles[0].id)
    print("  " + "\n  ".join(article.id for article in summary.articles))
    print(f"{'with cesura':{_COLUMN}}  cut at line ends and full stops")
    rows = itertools.zip_longest(itertools.chain(*left), itertools.chain(*right), fillvalue="")
    for ours, theirs in rows:
        print(f"{ours:{_COLUMN}}  {theirs}".rstrip())
    print()


def _print_chunks(client: cesura.Client, sources: dict[str, bytes], chunk_tokens: int) -> None:
    for article in read_articles(client, sources, chunk_tokens=chunk_tokens):
        for chunk in article.document.model_chunks:
            line = {
                "article": article.id,
                "chunk": chunk.number,
                "title": article.title,
                "heading": chunk.heading,
                "text": chunk.text,
                "tokens_estimate": chunk.size,
            }
            print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
