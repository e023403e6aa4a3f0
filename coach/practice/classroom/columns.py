"""Which column of a teacher's table is what: by the names that people give them, or as they are told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.errors import UsageError

NAMES = {
    "student": ("student", "name", "student name", "full name", "learner", "pupil", "candidate", "participant", "author",
                "user", "username", "student id", "matriculation", "email", "email address"),
    "q": ("q", "question", "question number", "question no", "question id", "number", "no", "item", "task", "exercise", "prompt"),
    "answer": ("answer", "response", "answer text", "student answer", "reply", "submission", "text", "essay", "solution"),
    "id": ("id", "row", "key", "submission id", "answer id"),
}  # fmt: skip
"""What a column may be called, the likeliest first."""


def told(text: str | None) -> dict[str, str]:
    """``student=Name,q=Item,answer=Response`` as a mapping. Raises UsageError."""
    found = {}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        what, sign, name = part.partition("=")
        if not sign or what.strip() not in NAMES or not name.strip():
            raise UsageError(
                f"--columns has no use for {part.strip()!r}.", "Write --columns student=Name,q=Item,answer=Response."
            )
        found[what.strip()] = name.strip()
    return found


def recognised(header: Sequence[str], wanted: Mapping[str, str], needed: Sequence[str]) -> dict[str, str]:
    """What -> the column's name as it stands in ``header``.

    ``wanted`` says it where the names don't; ``needed`` are those that must be there. Raises UsageError, naming the
    columns there are.
    """
    plain = {_plain(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for what, name in wanted.items():
        if _plain(name) not in plain:
            raise UsageError(f"There is no column {name!r}.", _there(header))
        found[what] = plain[_plain(name)]
    for what, names in NAMES.items():
        free = (plain[name] for name in names if name in plain and plain[name] not in found.values())
        column = next(free, None)
        if what not in found and column is not None:
            found[what] = column
    missing = [what for what in needed if what not in found]
    if missing:
        example = ",".join(f"{what}=…" for what in missing)
        raise UsageError(
            f"No column looks like {', '.join(missing)}.", f"{_there(header)} Say which: --columns {example}"
        )
    return found


def _there(header: Sequence[str]) -> str:
    return f"Columns: {', '.join(repr(name) for name in header) or 'none'}."


def _plain(name: str) -> str:
    """A name without case, marks and the spaces between words."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"\w+", split.replace("_", " ").lower()))
