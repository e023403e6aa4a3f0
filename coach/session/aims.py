"""What the user practises for: how much to recall, and until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coach.errors import ConfigError
from coach.practice.planning.schedule import LEAST_RETENTION, MOST_RETENTION

if TYPE_CHECKING:
    from coach.config import Settings


def retention(settings: Settings) -> float:
    """The desired share of recall, written as a share or in percent. Raises ConfigError."""
    text = settings.retention
    try:
        value = float(text.rstrip("% "))
    except ValueError:
        value = 0.0
    value = value / 100 if value > 1 else value
    if not LEAST_RETENTION <= value <= MOST_RETENTION:
        raise ConfigError(
            f"COACH_RETENTION is not from {LEAST_RETENTION} to {MOST_RETENTION}: {text!r}.", "The default is 0.9."
        )
    return value


def interview(settings: Settings) -> date | None:
    """The day of the interview, where one is set. Raises ConfigError."""
    text = settings.interview
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise ConfigError(f"COACH_INTERVIEW is no date: {text!r}.", "Write it as 2026-12-03.") from problem
