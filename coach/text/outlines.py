"""Headings that other notations than Markdown have, as Markdown's: org-mode's stars, wikis' equals signs, titles in bars."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STARRED = re.compile(r"(\*{1,6})[ \t]+(?=[^\s*])")
_DEEP = re.compile(r"\*{2,6}[ \t]+[^\s*][^\n]*(?<![*\s])\s*$")
_EQUALS = re.compile(r"(={2,6})[ \t]*(?=[^\s=])([^\n]{0,200}?[^\s=])[ \t]*=*[ \t]*$")
_BARRED = re.compile(r"[ \t]{0,3}([-=~_+])\1{2,}[ \t]*([^\s\-=~_+|][^\n|]{0,80}?)[ \t]*\1{3,}[ \t]*$")
_STARS = re.compile(r"[ \t]{0,3}[*#]{4,}[ \t]*([^\s*#][^\n*#]{0,80}?)[ \t]*[*#]{4,}[ \t]*$")
_UNDER = re.compile(r"[ \t]{0,3}={3,}[ \t]*$")
_LINE = re.compile(r"[ \t]{0,3}(?:={3,}|-{3,})[ \t]*$")
_TAGGED = re.compile(r"#[^#\n`=(){}]{2,60}$")
_LISTED = re.compile(r"\s{0,3}(?:[-*+•]\s|\(?\d{1,3}[.)]|\*\*|#{2}|Q\d{0,3}[.:)])")
_TOLD = (".", "!", ")", "`", ";")
_LEAST = 2
_MOST = 300
"""Characters of a heading in bars."""


def are_starred(rows: Sequence[str]) -> bool:
    """Whether rows with one star or more are the headings of an outline, as org-mode has them."""
    return not any(row.startswith("# ") for row in rows) and sum(map(_is_deep, rows)) >= _LEAST


def _is_deep(row: str) -> bool:
    return row[:2] == "**" and _DEEP.match(row) is not None


def heading(row: str, starred: bool) -> tuple[int, str] | None:
    """Level and title of a heading in another notation than Markdown's; None where a row is none."""
    if starred and (found := _STARRED.match(row)):
        return len(found[1]), row[found.end() :].strip()
    if not row or len(row) > _MOST or row[0] not in "*=-~_+# \t":
        return None
    if row[0] == "=" and (found := _EQUALS.match(row)) and not found[2].endswith("."):
        return len(found[1]), found[2].strip()
    found = _BARRED.match(row) or _STARS.match(row)
    title = found[found.lastindex or 1].strip() if found else ""
    return (2, title) if any(map(str.isalpha, title)) else None


def tagged(rows: Sequence[str]) -> frozenset[int]:
    """Indexes of the rows with one hash and no blank behind it that are titles: where they stand apart and lead to a list."""
    found = [n for n, row in enumerate(rows) if row[:1] == "#" and row[1:2].isupper() and _TAGGED.match(row)]
    own = [n for n in found if (n == 0 or not rows[n - 1].strip()) and _lists(rows, n + 1)]
    if not own or len(own) < len(found) or any(row.startswith("# ") for row in rows):
        return frozenset()
    return frozenset(own) if len(own) >= _LEAST or own[0] == 0 else frozenset()


def _lists(rows: Sequence[str], place: int) -> bool:
    """Whether the next row that says something is an item of a list, a numbered line or a heading."""
    following = next((row for row in rows[place : place + 4] if row.strip()), "")
    return _LISTED.match(following) is not None


def bars_separate(rows: Sequence[str]) -> bool:
    """Whether rows of equals signs close cards: what stands above them are sentences, and no titles."""
    above = [rows[n - 1].strip() for n in range(1, len(rows)) if _UNDER.match(rows[n]) and rows[n - 1].strip()]
    told = sum(text.endswith(_TOLD) for text in above)
    return len(above) >= _LEAST and told >= 0.6 * len(above)


def is_bar(row: str) -> bool:
    """Whether a row is nothing but a line drawn with equals signs or dashes."""
    return row[-1:] in "=- \t" and _LINE.match(row) is not None
