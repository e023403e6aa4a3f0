"""The library as rows to search in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coach.domain import Question
from coach.domain.practice import Card, Summary

if TYPE_CHECKING:
    from coach.session import Session


@dataclass(frozen=True, slots=True)
class Shelved:
    """One question with what practice knows of it."""

    question: Question
    last: int | None = None
    """Its latest score; None where it was never graded."""
    times: int = 0
    """How often it was answered."""
    due: date | None = None
    """When it comes up again; None where it is not planned."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is, and today's date."""

    rows: tuple[Shelved, ...]
    today: date
    titles: Mapping[str, str]
    """A deck's title by its slug."""


def filled(session: Session) -> Shelf:
    """The whole library."""
    practice = session.practice
    return Shelf(
        shelved(session.library.questions, practice.summaries(), practice.cards()),
        practice.day_of(practice.now()),
        {deck.slug: deck.title for deck in session.library.decks},
    )


def shelved(questions: Iterable[Question], summaries: Sequence[Summary], cards: Iterable[Card]) -> tuple[Shelved, ...]:
    """One row a question, in the library's order. ``summaries`` come newest first."""
    last: dict[str, int] = {}
    times: dict[str, int] = {}
    for row in summaries:
        if row.point is not None:
            continue
        times[row.question_id] = times.get(row.question_id, 0) + 1
        if row.score is not None:
            last.setdefault(row.question_id, row.override if row.override is not None else row.score)
    due = {card.question_id: card.due for card in cards if card.point_id is None}
    return tuple(
        Shelved(question, last.get(question.id), times.get(question.id, 0), due.get(question.id))
        for question in questions
    )


def found(rows: Iterable[Shelved], text: str) -> list[Shelved]:
    """The rows that have every word of ``text`` in question, section, deck or kind; a number alone finds its question first."""
    words = text.lower().split()
    if not words:
        return list(rows)
    hits = [row for row in rows if all(word in _haystack(row.question) for word in words)]
    return sorted(hits, key=lambda row: str(row.question.number) != text.strip())


def _haystack(question: Question) -> str:
    parts = (str(question.number), question.text, question.section or "", question.deck, question.kind.value)
    return " ".join(parts).lower()


def due_words(due: date | None, today: date) -> str:
    """``due``, ``in 3 d``, or empty."""
    if due is None:
        return ""
    days = (due - today).days
    return "due" if days <= 0 else f"in {days} d"
