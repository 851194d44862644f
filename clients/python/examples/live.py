"""Prints segments of standard input while it is still being written.

    tail -f wire.txt | python live.py [TARGET]
"""

import os
import sys
from collections.abc import Iterator

import cesura


def standard_input() -> Iterator[bytes]:
    while chunk := os.read(0, 65536):
        yield chunk


def main(target: str = "127.0.0.1:50051") -> None:
    with cesura.Client(target) as client:
        with client.segment_chunks(standard_input(), document_id="live") as stream:
            for segment in stream.segments():
                print(segment.text, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
