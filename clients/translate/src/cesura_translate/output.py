"""Files that are there whole, or not at all."""

from __future__ import annotations

import os
import pathlib
import secrets


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
