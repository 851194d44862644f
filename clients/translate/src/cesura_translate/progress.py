"""How far a run is, on standard error."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from cesura_translate.translation import TranslationProgress

#: Seconds between two lines where they cannot be written over, and on a terminal.
_LINE_INTERVAL = 5.0
_TERMINAL_INTERVAL = 0.1


class ProgressLine:
    """Tells how many segments of a document were read and translated.

    On a terminal it is one line that is written over; elsewhere, if wanted, a line every five seconds.
    """

    def __init__(self, wanted: bool, stream: TextIO | None = None) -> None:
        self._wanted = wanted
        self._stream = stream or sys.stderr
        self._over = self._stream.isatty()
        self._begun = time.monotonic()
        self._told = 0.0 if self._over else self._begun
        self._width = 0

    def tell(self, name: str, progress: TranslationProgress) -> None:
        """Tells where a document is, if it is time to."""
        now = time.monotonic()
        if not self._wanted or now - self._told < (_TERMINAL_INTERVAL if self._over else _LINE_INTERVAL):
            return
        self._told = now
        self._write(f"{name}: {progress.translated} of {progress.read} segments read so far")

    def done(self, name: str, translated: int, total: int, from_engine: int) -> None:
        """Tells that a document is done."""
        if self._wanted:
            seconds = time.monotonic() - self._begun
            self._write(f"{name}: {translated} of {total} segments, {from_engine} by the engine, {seconds:.1f} s")
            self.clear(keep=True)
        self._begun = time.monotonic()
        self._told = 0.0 if self._over else self._begun

    def clear(self, keep: bool = False) -> None:
        """Makes room for other lines."""
        if self._over and self._width:
            self._stream.write("\n" if keep else "\r" + " " * self._width + "\r")
            self._stream.flush()
        self._width = 0

    def _write(self, line: str) -> None:
        if self._over:
            self._stream.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()
