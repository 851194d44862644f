"""Prints the segments of an article that are to be translated, with their places.

    python article.py ARTICLE.txt [TARGET]
"""

import pathlib
import sys

import cesura


def main(path: str, target: str = "127.0.0.1:50051") -> None:
    source = pathlib.Path(path).read_bytes()
    with cesura.Client(target) as client:
        document = client.segment(source, document_id=path)
    for unit in document.units:
        if not unit.translatable:
            continue
        print(cesura.BlockKind.Name(unit.kind).removeprefix("BLOCK_KIND_").lower())
        for segment in unit.segments:
            assert document.text[segment.span.start : segment.span.end] == segment.text
            print(f"{segment.span.start:8} {segment.text}")


if __name__ == "__main__":
    main(*sys.argv[1:])
