"""When a failed call is tried again."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass

from cesura.errors import CesuraError, is_passing


@dataclass(frozen=True)
class RetryPolicy:
    """When a failed call is tried again, and after how long.

    Only what passes is tried again: UNAVAILABLE, a broken connection, and RESOURCE_EXHAUSTED where
    the server says when to come back. That is safe for every method: the same request gets the
    same answer. Delays grow by `multiplier` up to `delay_max`, and are cut by chance to between a
    half and the whole, so that many clients do not come back at once. A delay that the server asks
    for is never cut short.

    Example::

        patient = cesura.RetryPolicy(attempts_max=20, delay_max=60)
        client = cesura.Client("127.0.0.1:50051", retry=patient)

    Attributes:
        attempts_max: Attempts in all, 1 or more; 1: never again. In `segment_documents` an attempt
            that brought a result begins the count anew.
        delay_first: Seconds before the second attempt.
        delay_max: Seconds between two attempts at most.
        multiplier: What each further delay is multiplied with.
    """

    attempts_max: int = 7
    delay_first: float = 0.2
    delay_max: float = 10.0
    multiplier: float = 2.0

    def __post_init__(self) -> None:
        if self.attempts_max < 1:
            raise ValueError(f"attempts_max is {self.attempts_max}; it must be 1 or more")
        if not 0 <= self.delay_first <= self.delay_max:
            raise ValueError(
                f"delay_first is {self.delay_first}; it must be 0 to delay_max ({self.delay_max})"
            )
        if self.multiplier < 1:
            raise ValueError(f"multiplier is {self.multiplier}; it must be 1 or more")

    def delay_after(self, failures: int, error: CesuraError) -> float | None:
        """Seconds to wait after the `failures`-th failure in a row, or None: give up."""
        if failures >= self.attempts_max or not is_passing(error):
            return None
        longest = min(self.delay_max, self.delay_first * self.multiplier ** min(failures - 1, 64))
        return max(random.uniform(longest / 2, longest), error.retry_after or 0.0)


class Deadline:
    """The end of a call, its retries included. ``math.inf`` seconds: there is none."""

    def __init__(self, timeout: float) -> None:
        if not timeout > 0:
            raise ValueError(f"timeout is {timeout}; it must be more than 0 seconds")
        self._at = time.monotonic() + timeout

    def remaining(self) -> float | None:
        """Seconds that are left, as grpc takes them."""
        # None for no limit, and a little for what is over already.
        return None if math.isinf(self._at) else max(self._at - time.monotonic(), 0.001)

    def is_within(self, seconds: float) -> bool:
        """Whether it comes before so many seconds are over."""
        return time.monotonic() + seconds >= self._at
