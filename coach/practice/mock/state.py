"""An interview as JSON, so that an interrupted one can go on."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from coach.practice.mock import FORMAT, Ending, Item, MockInterview, Stage


def as_json(interview: MockInterview) -> str:
    """One line of JSON."""
    return json.dumps({"format": FORMAT} | asdict(interview), default=_shown, ensure_ascii=False)


def from_json(text: str) -> MockInterview:
    """The interview that ``as_json`` wrote. Raises ValueError for anything else."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']} is not {FORMAT}")
        items = tuple(_item(row) for row in data["items"])
        interview = MockInterview(
            id=str(data["id"]),
            total=float(data["total"]),
            items=items,
            stage=Stage(data["stage"]),
            at=int(data["at"]),
            running_since=_moment(data["running_since"]),
            seen=_moment(data["seen"]),
            weakest=None if data["weakest"] is None else int(data["weakest"]),
            again=None if data["again"] is None else _item(data["again"]),
            resumes=Stage(data["resumes"]),
        )
    except (TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise ValueError(f"no saved interview: {problem!r}") from problem
    if not 0 <= interview.at < len(items) or not 0 <= (interview.weakest or 0) < len(items):
        raise ValueError("no saved interview: it points to a question that it does not hold")
    return interview


def _item(row: dict[str, Any]) -> Item:
    return Item(
        question_id=str(row["question_id"]),
        weight=float(row["weight"]),
        text=str(row["text"]),
        seconds=float(row["seconds"]),
        allowed=float(row["allowed"]),
        confidence=None if row["confidence"] is None else float(row["confidence"]),
        ending=Ending(row["ending"]),
        attempt_id=None if row["attempt_id"] is None else str(row["attempt_id"]),
    )


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
