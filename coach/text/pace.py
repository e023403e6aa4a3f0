"""How long the rest of some work will take, from how long the part that is done has taken."""

from __future__ import annotations

import time
from collections.abc import Callable

_FIRST = 3.0
"""Seconds before anything is said: a first batch tells little."""

_LEAST = 10.0
"""Seconds from which on the rest is worth telling."""


class Pace:
    """The time left for each kind of work. The clock is an argument."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds from anywhere."""
        self._clock = clock
        self._begun: dict[str, tuple[float, int]] = {}

    def left(self, what: str, done: int, total: int) -> str:
        """In words (``about 12 min left``); empty where it is unknown or not worth telling."""
        now = self._clock()
        begun, first = self._begun.get(what, (now, done))
        if done < first or what not in self._begun:
            # The first step, or the same kind of work once more.
            begun, first = self._begun[what] = (now, done)
        if not 0 < done < total or done == first or now - begun < _FIRST:
            return ""
        seconds = (now - begun) * (total - done) / (done - first)
        return f"about {spoken(seconds)} left" if seconds >= _LEAST else ""


def spoken(seconds: float) -> str:
    """A length of time as one says it when it is not exact."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(5 * round(seconds / 300), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
