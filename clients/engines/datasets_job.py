"""Segments a corpus with Hugging Face datasets: Parquet or JSON Lines in, Parquet of segments out.

    python datasets_job.py TARGET INPUT OUTPUT

datasets does not replace a worker that dies, it ends the job: run it again. The output is there when it is
complete, not before.
"""

from __future__ import annotations

import os
import sys

import cesura
import cesura.arrow
import datasets
import pyarrow as pa

WORKERS = 2
STREAMS = 2
BATCH = 512

_client: tuple[int, cesura.Client] | None = None


def client_of(target: str) -> cesura.Client:
    """One for each process: connections do not survive a fork."""
    global _client
    if _client is None or _client[0] != os.getpid():
        _client = (os.getpid(), cesura.Client(target))
    return _client[1]


def segments(table: pa.Table, target: str) -> pa.Table:
    batches = cesura.arrow.segment_batches(client_of(target), table.to_batches(), streams=STREAMS, ordered=False)
    return pa.Table.from_batches(batches, schema=cesura.arrow.schema(table.schema.field("id").type))


def main(target: str, given: str, output: str) -> None:
    kind = "json" if given.endswith(".jsonl") else "parquet"
    files = given if os.path.isfile(given) else os.path.join(given, "*.parquet")
    articles = datasets.load_dataset(kind, data_files=files, split="train").select_columns(["id", "text"])
    table = articles.with_format("arrow").map(
        segments,
        batched=True,
        batch_size=BATCH,
        num_proc=WORKERS,
        fn_kwargs={"target": target},
        remove_columns=articles.column_names,
        # The server may have learned something since.
        load_from_cache_file=False,
    )
    os.makedirs(output, exist_ok=True)
    part = os.path.join(output, ".part")
    table.to_parquet(part)
    os.replace(part, os.path.join(output, "segments.parquet"))


if __name__ == "__main__":
    main(*sys.argv[1:])
