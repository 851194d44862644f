"""The time that a run may take as a whole."""

from __future__ import annotations

import math
import time


class DeadlinePassed(Exception):
    """The time of the whole run is over."""


class Deadline:
    """The moment at which a run must be over.

    `seconds` counts from now; None: there is no such moment.

    >>> Deadline(None).within(60.0)
    60.0
    >>> Deadline(10.0).within(60.0) <= 10.0
    True
    """

    def __init__(self, seconds: float | None) -> None:
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds that are left, infinite where there is no deadline. Raises DeadlinePassed if none are."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise DeadlinePassed("the deadline of the run has passed")
        return seconds

    def within(self, seconds: float) -> float:
        """So many seconds, or what is left where that is less. Raises DeadlinePassed if nothing is."""
        return min(seconds, self.remaining())

    def sleep(self, seconds: float) -> None:
        """Waits. Raises DeadlinePassed at once where so much time is not left."""
        if self.remaining() <= seconds:
            raise DeadlinePassed(f"the deadline of the run comes before the next attempt in {seconds:.0f} s")
        time.sleep(seconds)
