"""One moment by which a whole call has to be over, and one before which a server wants no further request."""

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


class Gate:
    """Holds back every call to a server that asked one of them to wait. Shared between threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._opens = 0.0

    def shut_for(self, seconds: float) -> None:
        """Nothing is to be sent for so long."""
        self._opens = max(self._opens, self._monotonic() + seconds)

    @property
    def wait(self) -> float:
        """Seconds until the next request may be sent, never below 0."""
        return max(0.0, self._opens - self._monotonic())
