"""Time that passes while one writes, or that is left in an interview."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.widgets import Static


def clock(seconds: float) -> str:
    """``2:05``, ``1:02:05``; below zero with a sign."""
    whole = abs(int(seconds))
    sign = "-" if seconds <= -1 else ""
    hours, rest = divmod(whole, 3600)
    minutes = f"{rest // 60:02}" if hours else f"{rest // 60}"
    return f"{sign}{f'{hours}:' if hours else ''}{minutes}:{rest % 60:02}"


class Stopwatch(Static):
    """Counts up from ``start`` seconds; stands still while its screen is not the one in front."""

    def __init__(self, start: float = 0.0, now: Callable[[], float] = monotonic) -> None:
        super().__init__(markup=False)
        self._now = now
        self._before = start
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """Time counted so far."""
        return self._before + (self._now() - self._since if self._since is not None else 0.0)

    def on_mount(self) -> None:
        self.set_interval(1.0, self._show)
        self._show()

    def go(self) -> None:
        """Count from now on."""
        if self._since is None:
            self._since = self._now()
        self._show()

    def stop(self) -> None:
        """Stand still."""
        self._before = self.seconds
        self._since = None
        self._show()

    def add(self, seconds: float) -> None:
        """Count time of an earlier sitting too."""
        self._before += seconds
        self._show()

    def _show(self) -> None:
        if self.is_mounted:
            self.update(f"time {clock(self.seconds)}")
