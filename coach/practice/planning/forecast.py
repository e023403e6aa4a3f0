"""What will still be known, and how many reviews fall due, if nothing is reviewed until then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from coach.domain.practice import Card

HORIZONS = (0, 7, 14, 30, 90)
"""Days ahead."""

LOAD_DAYS = 14
"""Days for which the reviews are counted."""

Recall = Callable[[Card, date], float]
"""Chance, 0 to 1, that a card is recalled on one of the user's days, as FSRS has it."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What FSRS expects at one moment."""

    days: int
    """From today."""
    day: date
    recall: float
    """Mean chance of recall over the cards, 0 to 1."""
    known: float
    """Cards that are expected to be recalled."""


@dataclass(frozen=True, slots=True)
class Load:
    """Reviews that fall due on one of the user's days."""

    day: date
    due: int
    """On the first day, everything that is overdue too."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Retention without any review, and the reviews to come."""

    cards: int
    """Cards of whole questions; those of single points are not in it."""
    outlook: tuple[Outlook, ...]
    """Empty without cards."""
    load: tuple[Load, ...]
    """``LOAD_DAYS`` days from today on."""


def forecast(cards: Sequence[Card], recall: Recall, today: date) -> Forecast:
    """The forecast on the user's day ``today``."""
    whole = [card for card in cards if card.point_id is None]
    outlook = tuple(_outlook(whole, recall, today, days) for days in HORIZONS) if whole else ()
    counts = dict.fromkeys((today + timedelta(days=ahead) for ahead in range(LOAD_DAYS)), 0)
    for card in whole:
        day = max(today, card.due)
        if day in counts:
            counts[day] += 1
    return Forecast(len(whole), outlook, tuple(Load(day, due) for day, due in counts.items()))


def _outlook(cards: Sequence[Card], recall: Recall, today: date, days: int) -> Outlook:
    day = today + timedelta(days=days)
    chances = [recall(card, day) for card in cards]
    return Outlook(days, day, fmean(chances), sum(chances))
