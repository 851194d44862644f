"""Segments a corpus with datatrove: a folder of JSON Lines in, a folder of JSON Lines of segments out.

    python datatrove_job.py TARGET INPUT OUTPUT

A job that was ended, by a kill or a preemption, is started again: ranks that were done are not done anew, and
those that were not write their file from its beginning.
"""

from __future__ import annotations

import sys

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove_cesura import SegmentDocuments

# As many files as there are in INPUT is what there is to share out.
TASKS = 4


def main(target: str, given: str, output: str) -> None:
    LocalPipelineExecutor(
        pipeline=[
            JsonlReader(given, glob_pattern="*.jsonl"),
            SegmentDocuments(target),
            JsonlWriter(f"{output}/segments"),
        ],
        tasks=TASKS,
        workers=1,
        logging_dir=f"{output}/logs",
    ).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
