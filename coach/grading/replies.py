"""What a judging model may reply, and how much of it is believed: its shape is checked here, its quotes elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coach.domain import Outcome

MOST_QUOTES, MOST_CLAIMS, LONGEST = 4, 8, 2000
"""Quotes a point, false claims an answer, and code points of any text that are read; the rest is passed over."""

LEAST_JUDGED = 0.5
"""Share of the points that a usable reply judges."""

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["points", "false_claims"],
    "properties": {
        "points": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "quotes", "reason", "verdict"],
                "properties": {
                    "id": {"type": "string"},
                    "quotes": {"type": "array", "items": {"type": "string"}},
                    "reason": {"type": "string"},
                    "verdict": {"type": "string", "enum": [outcome.value for outcome in Outcome]},
                },
            },
        },
        "false_claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["quote", "correction", "point"],
                "properties": {
                    "quote": {"type": "string"},
                    "correction": {"type": "string"},
                    "point": {"type": "string"},
                },
            },
        },
    },
}
"""Flat, evidence before verdict, no number anywhere: a model that decides on a total first argues towards it."""

_CREDITS = {Outcome.COVERED: 1.0, Outcome.PARTIAL: 0.5, Outcome.MISSING: 0.0, Outcome.CONTRADICTED: 0.0}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of one point."""

    outcome: Outcome
    quotes: tuple[str, ...]
    """As the model wrote them; nobody has looked for them yet."""
    reason: str
    """May be empty."""

    @property
    def credit(self) -> float:
        """What the verdict would be worth: 1, 0.5 or 0."""
        return _CREDITS[self.outcome]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the model calls a false claim."""

    quote: str
    correction: str
    point: str
    """Id of a point, or empty."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A usable reply."""

    points: Mapping[str, Judged]
    """By the id under which the point was sent; points that the model left out are not in it."""
    claims: tuple[Claim, ...]


def judgement(data: Any, ids: Sequence[str]) -> Judgement:
    """A reply made safe. Raises ValueError, for the model to read, where its shape can't be used.

    Unknown ids, further fields (a score, say) and false claims without a quote are passed over; of two entries for one
    point the lower verdict counts.
    """
    rows = data.get("points") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise ValueError('The reply needs a list "points" with one entry for each point.')
    known: dict[str, Judged] = {}
    for row in rows:
        if not isinstance(row, dict) or str(row.get("id")) not in ids:
            continue
        name, found = str(row["id"]), _judged(row)
        before = known.get(name)
        if before is None or found.credit < before.credit:
            known[name] = found
    if len(known) < LEAST_JUDGED * len(ids):
        lacking = ", ".join(name for name in ids if name not in known)
        raise ValueError(f'"points" needs an entry with the exact id of every point; these are lacking: {lacking}.')
    claims = data.get("false_claims", [])
    return Judgement(known, tuple(_claims(claims if isinstance(claims, list) else [], ids))[:MOST_CLAIMS])


def _judged(row: Mapping[str, Any]) -> Judged:
    word = row.get("verdict")
    try:
        outcome = Outcome(word.strip().lower() if isinstance(word, str) else "")
    except ValueError as problem:
        allowed = ", ".join(outcome.value for outcome in Outcome)
        raise ValueError(f'The "verdict" of {row["id"]} must be one of {allowed}.') from problem
    quotes = row.get("quotes")
    texts = [quotes] if isinstance(quotes, str) else quotes if isinstance(quotes, list) else []
    kept = [text[:LONGEST] for text in texts if isinstance(text, str) and text.strip()]
    return Judged(outcome, tuple(kept[:MOST_QUOTES]), _text(row.get("reason")))


def _claims(rows: Sequence[Any], ids: Sequence[str]) -> list[Claim]:
    found = []
    for row in rows:
        if isinstance(row, dict) and _text(row.get("quote")):
            point = _text(row.get("point"))
            found.append(Claim(_text(row["quote"]), _text(row.get("correction")), point if point in ids else ""))
    return found


def _text(value: Any) -> str:
    from coach.text.printable import printable

    return " ".join(printable(value[:LONGEST]).split()) if isinstance(value, str) else ""
