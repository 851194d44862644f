"""What needs no cluster: Polars, DuckDB and datatrove's own steps on one server. Ends with 1 where an article
is missing or there twice.

Usage: engines_tables.py CESURA
"""

from __future__ import annotations

import pathlib
import pickle
import sys
import time

import cesura
import cesura.arrow
import duckdb
import polars
import pyarrow as pa
from cesura.testing import ServerProcess

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "clients/engines"))
ARTICLES = 500


def main() -> int:
    seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    rows = [{"id": number, "text": seeds[number % len(seeds)]} for number in range(ARTICLES)]
    corpus = pa.Table.from_pylist(rows)
    wrong = []

    def check(name: str, found: list[int], began: float) -> None:
        seconds = time.monotonic() - began
        print(f"{name}: {len(found)} articles of {ARTICLES}, {ARTICLES / seconds:.0f}/s")
        if sorted(found) != list(range(ARTICLES)):
            wrong.append(name)

    with ServerProcess(sys.argv[1]) as server, cesura.Client(server.target) as client:
        # Both give and take Arrow without a copy: clients/engines/README.md has these lines.
        began = time.monotonic()
        articles = polars.DataFrame(rows)
        segments = polars.from_arrow(cesura.arrow.segment_batches(client, articles.to_arrow().to_batches()))
        assert isinstance(segments, polars.DataFrame)
        check("Polars", segments["id"].unique().to_list(), began)

        began = time.monotonic()
        reader = duckdb.connect().sql("select id, text from corpus order by id").to_arrow_reader(100)
        segments = pa.RecordBatchReader.from_batches(
            cesura.arrow.schema(reader.schema.field("id").type), cesura.arrow.segment_batches(client, reader)
        )
        found = duckdb.sql("select id from segments group by id having count(*) = count(distinct segment)")
        check("DuckDB", [row[0] for row in found.fetchall()], began)

        from datatrove.utils.text import split_into_sentences
        from datatrove_cesura import CesuraTokenizer

        tokenizer = pickle.loads(pickle.dumps(CesuraTokenizer(server.target)))
        for number, text in enumerate(seeds):
            parts = split_into_sentences(text, tokenizer)
            expected = [segment.text for segment in client.segment(text).segments]
            if "".join(parts) != text or [part.strip() for part in parts] != expected:
                wrong.append(f"datatrove, seed {number}")
        print(f"datatrove's split_into_sentences: {len(seeds)} seeds, joined they are the text")
    for name in wrong:
        print(f"WRONG: {name}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
