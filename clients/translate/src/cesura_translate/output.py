"""Outputs that are there whole, or not at all."""

from __future__ import annotations

import os
import pathlib
import secrets
from typing import BinaryIO


def write_whole(path: pathlib.Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there, so that nobody meets a half of it.

    Raises OSError.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(beside, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_all(stream: BinaryIO, content: bytes) -> None:
    """Writes everything to a stream that may take a part only.

    With PYTHONUNBUFFERED standard output is such a one: where a pipe is full it takes what fits, says how
    much that was, and raises nothing.

    Raises OSError.
    """
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]
    stream.flush()
