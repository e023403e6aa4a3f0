"""One moment by which a whole call has to be over."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """Counts down from the start of a call, whatever happens on the way."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, never below 0."""
        return max(0.0, self._end - self._monotonic())
