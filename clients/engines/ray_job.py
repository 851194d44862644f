"""Segments a corpus with Ray Data: Parquet or JSON Lines in, Parquet of segments out.

    python ray_job.py TARGET INPUT OUTPUT

A worker that dies is replaced and its blocks are done anew; blocks are written when they are whole.
"""

from __future__ import annotations

import os
import sys

import cesura
import cesura.arrow
import pyarrow as pa
import ray

# Workers, each with a connection of its own, and its streams.
WORKERS = 2
STREAMS = 2
# Articles of a call: what a worker that dies costs at most.
BATCH = 512


class Segmenter:
    def __init__(self, target: str) -> None:
        self.client = cesura.Client(target)

    def __call__(self, table: pa.Table) -> pa.Table:
        batches = cesura.arrow.segment_batches(self.client, table.to_batches(), streams=STREAMS, ordered=False)
        return pa.Table.from_batches(batches, schema=cesura.arrow.schema(table.schema.field("id").type))


def main(target: str, given: str, output: str) -> None:
    # With RAY_ADDRESS on a cluster that is there, else on one of this machine.
    if os.environ.get("RAY_ADDRESS"):
        ray.init(log_to_driver=False)
    else:
        ray.init(include_dashboard=False, num_cpus=WORKERS + 1, log_to_driver=False)
    # A call that raises is made again, too; without this it ends the job.
    context = ray.data.DataContext.get_current()
    context.retried_map_errors = True
    context.max_map_retries = 3
    articles = ray.data.read_json(given, lines=True) if given.endswith(".jsonl") else ray.data.read_parquet(given)
    segments = articles.select_columns(["id", "text"]).map_batches(
        Segmenter,
        fn_constructor_args=[target],
        batch_format="pyarrow",
        batch_size=BATCH,
        compute=ray.data.ActorPoolStrategy(size=WORKERS),
    )
    segments.write_parquet(output)
    ray.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
