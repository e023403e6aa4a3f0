"""Questions by what a user types, and documents that were known under another name."""

from __future__ import annotations

import re
from collections.abc import Callable

from coach.catalogue.library import Entry, Library, normalised
from coach.domain import Document, Question
from coach.errors import NotFound

LEAST_SAME = 0.5
"""Share of questions (Dice) from which a file under another name is the same document, where the old one is gone."""


def former_self(library: Library, document: Document, origin: str, is_gone: Callable[[str], bool]) -> Entry | None:
    """The entry of an imported document that has been renamed or moved since; None for one that is new.

    It is the same document where most questions are the same and its file came from the very same place, or that
    place is empty now.
    """
    texts = {normalised(question.text) for question in document.questions}
    if library.entry_of(document.deck, document.source) or not texts:
        return None
    best: tuple[float, Entry] | None = None
    for entry in library.entries:
        if entry.builtin or entry.removed or not entry.origin:
            continue
        known = {normalised(question.text) for question in entry.questions}
        share = 2 * len(known & texts) / max(1, len(known) + len(texts))
        gone = entry.origin != origin and is_gone(entry.origin)
        same_place = entry.origin == origin and entry.slug == document.deck
        if (gone or same_place) and share >= LEAST_SAME and (best is None or share > best[0]):
            best = (share, entry)
    return best[1] if best else None


def find(library: Library, wanted: str) -> Question:
    """The question that ``wanted`` names: a number, ``deck/number``, or an id. Raises NotFound with the nearest."""
    wanted = wanted.strip()
    by_id = library.by_id
    question = by_id.get(wanted) or by_id.get(wanted.lower())
    if question is None and re.fullmatch(r"#?\d{1,9}", wanted):
        question = library.by_number.get(int(wanted.lstrip("#")))
    if question is None and "/" in wanted:
        question = _qualified(library, *wanted.rsplit("/", 1))
    if question is None:
        raise NotFound(f"No question {wanted!r}.", _nearest(library, wanted))
    return question


def _qualified(library: Library, deck_name: str, printed: str) -> Question | None:
    try:
        questions = library.deck(deck_name).questions
    except NotFound:
        return None
    printed = printed.strip().lower()
    named = [question for question in questions if (question.printed or "").lower() == printed]
    if len(named) == 1:
        return named[0]
    if printed.isdecimal():
        return next((question for question in questions if question.place == int(printed)), None)
    return None


def _nearest(library: Library, wanted: str) -> str:
    by_number = library.by_number
    if not by_number:
        return "There are no questions yet: `coach import FILE` brings some in."
    tail = wanted.rsplit("/", 1)[-1].lstrip("#")
    if tail.isdecimal():
        near = sorted(by_number, key=lambda number: (abs(number - int(tail[:9])), number))[:3]
        nearest = [by_number[number] for number in sorted(near)]
    else:
        from difflib import SequenceMatcher

        asked = wanted.lower()
        terms = set(asked.split())
        ranked = sorted(
            library.questions,
            key=lambda question: (
                -len(terms & set(re.findall(r"\w+", question.text.lower()))),
                -SequenceMatcher(None, asked, question.id).quick_ratio(),
                question.number,
            ),
        )
        nearest = ranked[:3]
    listed = "; ".join(f"{question.number} ({question.text[:60].rstrip()}…)" for question in nearest)
    return f"Nearest: {listed}. `coach questions` lists all."
