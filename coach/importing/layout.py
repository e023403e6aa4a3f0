"""Corrections of a document by its reader: front matter in the file, or ``NAME.coach.toml`` beside it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coach.catalogue.library import normalised
from coach.domain import Kind, ParsedQuestion
from coach.errors import UnreadableInput, UsageError
from coach.importing.patterns.families import FAMILIES
from coach.importing.patterns.pattern import Pattern

_PAIR = re.compile(r"([A-Za-z][\w-]{0,63})\s*:(?:\s+(.*))?$")
_MOST_LINES = 200
"""Lines of front matter that are read."""
_MOST_BYTES = 1_000_000
"""Size of a side file."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What the reader says about one question; None and empty where nothing is said."""

    text: str
    """The question as recognised."""
    line: int = 0
    """1-based; tells questions of one text apart; 0 where that does not matter."""
    is_question: bool | None = None
    """False: no question at all. True: one that was missed."""
    wording: str = ""
    """How the question should read."""
    section: str | None = None
    kind: Kind | None = None
    has_answer: bool | None = None
    """False: what stands behind it is no answer."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the author says about a document; empty where nothing is said."""

    title: str = ""
    deck: str = ""
    kind: Kind | None = None
    """Of every question that ``kinds`` does not name."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """Question -> kind. A question is named by its printed number where that is unique, else by its place."""
    pattern: Pattern = field(default_factory=Pattern)
    """What marks a question, and which headings are sections."""
    fixes: tuple[Fix, ...] = ()
    """Single questions."""

    def over(self, other: Layout) -> Layout:
        """The same layout, with ``other`` where this one says nothing."""
        return Layout(
            self.title or other.title,
            self.deck or other.deck,
            self.kind or other.kind,
            {**other.kinds, **self.kinds},
            self.pattern,
            self.fixes,
        )

    def applied(self, questions: Sequence[ParsedQuestion]) -> tuple[ParsedQuestion, ...]:
        """The questions with their kinds and corrections."""
        printed = Counter(question.printed for question in questions)
        result = []
        for place, question in enumerate(questions, start=1):
            unique = question.printed is not None and printed[question.printed] == 1
            name = str(question.printed) if unique else str(place)
            result.append(replace(question, kind=self.kinds.get(name, self.kind or question.kind)))
        for fix in self.fixes:
            same = [n for n, question in enumerate(result) if normalised(question.text) == normalised(fix.text)]
            if same and fix.is_question is not False:
                place = min(same, key=lambda n: abs(result[n].line - fix.line) if fix.line else n)
                result[place] = _fixed(result[place], fix)
        return tuple(result)


def _fixed(question: ParsedQuestion, fix: Fix) -> ParsedQuestion:
    return replace(
        question,
        text=fix.wording or question.text,
        section=fix.section if fix.section is not None else question.section,
        kind=fix.kind or question.kind,
        answer="" if fix.has_answer is False else question.answer,
        doubt="",
    )


def front_matter(text: str, name: str) -> tuple[Layout, str]:
    """The layout at the head of ``text``, and the text with those lines blanked (line numbers stay)."""
    if not text.startswith("---"):
        return Layout(), text
    rows = text.split("\n", _MOST_LINES)
    end = next((n for n, row in enumerate(rows[1:_MOST_LINES], start=1) if row.rstrip() in ("---", "...")), 0)
    body = [row for row in rows[1:end] if row.strip() and not row.lstrip().startswith("#")]
    if rows[0].rstrip() != "---" or not body or not _PAIR.match(body[0]):
        return Layout(), text
    pairs: dict[str, str] = {}
    for row in body:
        if found := _PAIR.match(row.rstrip()):
            pairs[found[1].lower()] = (found[2] or "").strip().strip("\"'").strip()
    kind = _kind(pairs["kind"], f"the front matter of {name}") if pairs.get("kind") else None
    return Layout(pairs.get("title", ""), pairs.get("deck", ""), kind), "\n".join([""] * (end + 1) + rows[end + 1 :])


def side_path(path: Path) -> Path:
    """Where the side file of a document lies."""
    return path.with_name(f"{path.stem}.coach.toml")


def side_file(path: Path) -> Layout:
    """The layout in the side file of the document at ``path``, empty where there is none.

    Raises UsageError where it is no TOML or holds values that mean nothing.
    """
    side = side_path(path)
    try:
        if not side.is_file():
            return Layout()
        if side.stat().st_size > _MOST_BYTES:
            raise UnreadableInput(f"{side} is too large for a side file.", "Move it away.")
        data = tomllib.loads(side.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:
        raise UsageError(f"{side} cannot be read: {problem}.", "Mend the file or move it away.") from problem
    return _layout(data, side)


def _layout(data: Mapping[str, Any], side: Path) -> Layout:
    kinds = data.get("kinds", {})
    if not isinstance(kinds, dict):
        raise UsageError(f"[kinds] in {side} is no table.", 'Write lines such as "9" = "coding" under it.')
    texts = {key: data.get(key, "") for key in ("title", "deck", "kind")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise UsageError(f"{key} in {side} is no text.", f'Write {key} = "…".')
    fixes = _fixes(data.get("question", []), side)
    return Layout(
        texts["title"].strip(),
        texts["deck"].strip(),
        _kind(texts["kind"], str(side)) if texts["kind"] else None,
        {str(name): _kind(value, str(side)) for name, value in kinds.items()},
        _pattern(data.get("pattern", {}), fixes, side),
        fixes,
    )


def _pattern(data: object, fixes: Sequence[Fix], side: Path) -> Pattern:
    known = [family.name for family in FAMILIES]
    names = data.get("questions", []) if isinstance(data, dict) else None
    levels = data.get("sections", []) if isinstance(data, dict) else None
    if not isinstance(names, list) or any(name not in known for name in names):
        raise UsageError(
            f"questions under [pattern] in {side} names no pattern.", f"The patterns are {', '.join(known)}."
        )
    if not isinstance(levels, list) or any(level not in range(1, 7) or isinstance(level, bool) for level in levels):
        raise UsageError(f"sections under [pattern] in {side} are heading levels.", "Write sections = [2], say.")
    return Pattern(
        tuple(names),
        tuple(levels),
        tuple((fix.text, fix.line) for fix in fixes if fix.is_question is True),
        tuple((fix.text, fix.line) for fix in fixes if fix.is_question is False),
    )


def _fixes(data: object, side: Path) -> tuple[Fix, ...]:
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise UsageError(f"question in {side} is no list of tables.", "Write [[question]] above each.")
    found = []
    for row in data:
        kinds: dict[str, type] = {
            "text": str,
            "line": int,
            "question": bool,
            "wording": str,
            "section": str,
            "answer": bool,
        }
        for key, value in row.items():
            if key != "kind" and not isinstance(value, kinds.get(key, type(None))):
                raise UsageError(
                    f"{key} of a [[question]] in {side} is not understood.",
                    f"What can be said is {', '.join(kinds)} and kind.",
                )
        if not row.get("text"):
            raise UsageError(f"A [[question]] in {side} has no text.", "Its text tells which question is meant.")
        kind = _kind(row["kind"], str(side)) if "kind" in row else None
        found.append(
            Fix(
                row["text"],
                row.get("line", 0),
                row.get("question"),
                row.get("wording", ""),
                row.get("section"),
                kind,
                row.get("answer"),
            )
        )
    return tuple(found)


def _kind(value: object, where: str) -> Kind:
    try:
        return Kind(str(value).strip().lower())
    except ValueError:
        known = ", ".join(kind.value for kind in Kind)
        raise UsageError(f"“{value}” in {where} is no kind of question.", f"The kinds are {known}.") from None
