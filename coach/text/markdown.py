"""The lines of a Markdown file, each with what it is.

Line by line rather than as a tree: damaged documents (fences cut by a page break, headings at wandering levels) keep
their positions, and what a line means is decided later from the document as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from coach.text import outlines


class LineKind(StrEnum):
    """What a line of Markdown is."""

    BLANK = "blank"
    HEADING = "heading"
    UNDERLINE = "underline"
    """The second line of a heading that is underlined with ``===`` or ``---``."""
    RULE = "rule"
    ITEM = "item"
    TABLE = "table"
    COMMENT = "comment"
    TEXT = "text"
    FENCE = "fence"
    """The first or last line of a code block."""
    CODE = "code"
    """A line inside a code block."""


_BLANK, _CODE, _FENCE_LINE = LineKind.BLANK, LineKind.CODE, LineKind.FENCE


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source."""

    number: int
    """1-based."""
    text: str
    """As it stands, without the line end."""
    kind: LineKind
    content: str = ""
    """The text without the heading or list mark, stripped; the info string of an opening fence."""
    level: int = 0
    """Of a heading: 1 to 6. Of all others: columns of indentation."""
    mark: str = ""
    """The list mark of an item: ``-``, ``*``, ``+``, ``3.`` or ``3)``."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return self.kind is _BLANK

    @property
    def is_code(self) -> bool:
        """Whether it belongs to a code block, fences included."""
        return self.kind is _CODE or self.kind is _FENCE_LINE


_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|$)")
_TIGHT_HEADING = re.compile(r" {0,3}(#{2,6})([\w\[*<(`\"'“].*)")
"""A heading whose author forgot the space; one hash alone is a tag or a comment more often."""
_HTML_HEADING = re.compile(r"[ \t]*<h([1-6])\b[^<>]*>(.*)</h\1>\s*$", re.IGNORECASE)
_BULLETS = "-*+•▪◦‣⁃➢➤►▶●■◆❖·"
"""What stands before an item of a list: Markdown's own signs and those that come with copied text."""
_ASKING_TAG = re.compile(r"#([^\s#!\d].{4,300}[?？])[ \t]*$")
"""One hash without a space before a question; before other words it is a tag or a comment."""
_ITEM = re.compile(r"([ \t]*)([-*+•▪◦‣⁃➢➤►▶●■◆❖·]|\d{1,4}[.)])[ \t]+(\S.*)")
_FENCE = re.compile(r"([ \t]*)(?:(?:[-*+]|\d{1,4}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})(.*)")
_NAMED_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)?`{3}[A-Za-z]")
_RULE = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_TILDES = re.compile(r" {0,3}~{5,}[ \t]*$")
_WRAPPER = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*(?:markdown|md)[ \t]*$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\d{1,4}[.)]|[Qq]\d{0,3}[.:)])[ \t]+[A-Z]")
_MOST_TITLE = 120
_SMALL = 5
"""Level from which headings are used for small print."""
_FIRST_ROWS = 20
"""Rows in which a block starts that a whole document stands in."""
_TRAILING = re.compile(r"[ \t]#{1,6}$")


def scan(text: str) -> tuple[Line, ...]:
    """Every line of ``text`` with its kind. A code block that is never closed ends before the next heading."""
    rows = _unpacked(text.split("\n"))
    starred = outlines.are_starred(rows)
    barred = outlines.bars_separate(rows)
    tagged = outlines.tagged(rows)
    lines: list[Line] = []
    place = 0
    comment_ends = [number for number, row in enumerate(rows) if "-->" in row]
    closers = _closers(rows)
    openers = [number for number, row in enumerate(rows) if "```" in row and _NAMED_FENCE.match(row)]
    while place < len(rows):
        row = rows[place]
        fence = _FENCE.match(row) if "```" in row or "~~~" in row else None
        if fence and row.lstrip()[0] == "~" and _tilde_line(lines, row):
            place += 1
            continue
        end = _fence_end(rows, place, fence[2], closers) if fence else place
        stray = fence is not None and not fence[3].strip() and _closes_fold(rows, place + 1)
        if fence and not fence[3].strip() and (stray or bisect_left(openers, place + 1) < bisect_left(openers, end)):
            # A bare fence with the start of another block behind it closes one that is closed already.
            lines.append(Line(place + 1, row, LineKind.COMMENT, row.strip()))
            place += 1
        elif fence:
            lines.extend(_code(rows, place, end, fence))
            place = end + 1
        elif row.lstrip().startswith("<!--"):
            at = bisect_left(comment_ends, place)
            whole = at < len(comment_ends) and rows[comment_ends[at]].rstrip().endswith("-->")
            end = comment_ends[at] if whole else place
            kind = LineKind.COMMENT if whole else LineKind.TEXT
            lines.extend(Line(n + 1, rows[n], kind, rows[n].strip()) for n in range(place, end + 1))
            place = end + 1
        else:
            if barred and outlines.is_bar(row):
                lines.append(Line(place + 1, row, LineKind.RULE))
            elif place in tagged:
                lines.append(Line(place + 1, row, LineKind.HEADING, row[1:].strip(), 1))
            elif titled := outlines.heading(row, starred):
                lines.append(Line(place + 1, row, LineKind.HEADING, titled[1], titled[0]))
            elif not _underline(lines, row):
                lines.append(_line(place + 1, row))
            place += 1
    return tuple(lines)


def _closes_fold(rows: Sequence[str], place: int) -> bool:
    """Whether a fold closes behind a fence: then that closes a block, whose start a slip has put at the end of a line."""
    return place < len(rows) and rows[place].strip().lower().startswith("</details>")


def paragraph_end(lines: Sequence[Line], start: int, most: int) -> int:
    """One past the last line of the run of text that starts at index ``start``, after ``most`` lines at the latest."""
    end = start + 1
    while end < min(len(lines), start + most) and lines[end].kind is LineKind.TEXT:
        end += 1
    return end


def _line(number: int, row: str) -> Line:
    stripped = row.strip()
    if not stripped:
        return Line(number, row, LineKind.BLANK)
    margin = row[: len(row) - len(row.lstrip())]
    level = len(margin.expandtabs(4)) if "\t" in margin else len(margin)
    first = stripped[0]
    if first == "#" and (heading := _HEADING.match(row) or _TIGHT_HEADING.match(row)):
        content = _TRAILING.sub("", (heading[2] or "").strip()).strip()
        return Line(number, row, LineKind.HEADING, content, len(heading[1]))
    if row[0] == "#" and (heading := _ASKING_TAG.match(row)):
        return Line(number, row, LineKind.HEADING, heading[1].strip(), 1)
    if first == "<" and (heading := _HTML_HEADING.match(row)) and not _is_told(heading[2], int(heading[1])):
        return Line(number, row, LineKind.HEADING, heading[2].strip(), int(heading[1]))
    if (first in "*-_" and _RULE.match(row.rstrip())) or (
        first in "=.^+" and not stripped.strip(first) and len(stripped) > 2
    ):
        return Line(number, row, LineKind.RULE, level=level)
    if (first in _BULLETS or first.isdigit()) and (item := _ITEM.match(row)):
        return Line(number, row, LineKind.ITEM, item[3].strip(), level, item[2])
    if first == "|":
        return Line(number, row, LineKind.TABLE, stripped, level)
    return Line(number, row, LineKind.TEXT, stripped, level)


def _is_told(content: str, level: int) -> bool:
    """Whether what stands in a heading's tags is a paragraph that only should look large or small."""
    if level >= _SMALL:
        return content.rstrip().endswith(".")
    return len(content) > _MOST_TITLE and content.rstrip()[-1:] in ".!)" and ". " in content


def _underline(lines: list[Line], row: str) -> bool:
    """Make a heading of the last line where ``row`` underlines it."""
    if not lines or lines[-1].kind is not LineKind.TEXT or not _UNDERLINE.match(row):
        return False
    if len(lines) > 1 and lines[-2].kind is LineKind.TEXT:
        return False
    level = 1 if "=" in row else 2
    lines[-1] = replace(lines[-1], kind=LineKind.HEADING, level=level)
    lines.append(Line(lines[-1].number + 1, row, LineKind.UNDERLINE))
    return True


def _tilde_line(lines: list[Line], row: str) -> bool:
    """Take tildes as long as the text above them for the line under a title that they are, and not for a code block."""
    if not lines or lines[-1].kind is not LineKind.TEXT or not _TILDES.match(row):
        return False
    if abs(len(lines[-1].content) - len(row.strip())) > 2:
        return False
    alone = len(lines) == 1 or lines[-2].kind is not LineKind.TEXT
    if alone:
        lines[-1] = replace(lines[-1], kind=LineKind.HEADING, level=2)
    lines.append(Line(lines[-1].number + 1, row, LineKind.UNDERLINE if alone else LineKind.RULE))
    return True


def _unpacked(rows: list[str]) -> list[str]:
    """The rows of a document that stands in a code block as a whole, without that block's fences."""
    first = next((n for n, row in enumerate(rows[:_FIRST_ROWS]) if "~~~" in row or "```" in row), -1)
    if first < 0 or not _WRAPPER.match(rows[first]) or any(row.startswith("#") for row in rows[:first]):
        return rows
    following = next((row for row in rows[first + 1 :] if row.strip()), "")
    if not following.startswith("#"):
        return rows
    fences = [n for n in range(first + 1, len(rows)) if rows[n].lstrip().startswith(("```", "~~~"))]
    rows = [*rows[:first], "", *rows[first + 1 :]]
    if len(fences) % 2 and not rows[fences[-1]].strip().strip("`~"):
        rows[fences[-1]] = ""
    return rows


def _closers(rows: list[str]) -> dict[str, list[int]]:
    """Fence mark -> the rows that can close a block opened with it. Marks beyond eight signs count as eight."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        stripped = row.strip()
        if stripped[:3] in ("```", "~~~") and not stripped.strip(stripped[0]):
            for size in range(3, min(len(stripped), 8) + 1):
                found.setdefault(stripped[0] * size, []).append(place)
    return found


def _fence_end(rows: list[str], start: int, mark: str, closers: dict[str, list[int]]) -> int:
    """The index of the closing fence, or of the last line that an unclosed block can claim."""
    places = closers.get(mark[:8], [])
    at = bisect_left(places, start + 1)
    if at < len(places):
        return places[at]
    for place in range(start + 1, len(rows)):
        if not rows[place - 1].strip() and rows[place].startswith(("##", "**")):
            return place - 1
        if rows[place][:1] in "0123456789Qq" and _COUNTED.match(rows[place]):
            return place - 1
    return len(rows) - 1


def _code(rows: list[str], start: int, end: int, fence: re.Match[str]) -> list[Line]:
    indent = len(fence[1].expandtabs(4))
    lines = [Line(start + 1, rows[start], LineKind.FENCE, fence[3].strip(), indent, fence[2])]
    lines += [Line(n + 1, rows[n], LineKind.CODE, rows[n]) for n in range(start + 1, end)]
    if end > start:
        closed = rows[end].strip().startswith(fence[2]) and not rows[end].strip().strip(fence[2][0])
        kind = LineKind.FENCE if closed else LineKind.CODE if rows[end].strip() else LineKind.BLANK
        lines.append(Line(end + 1, rows[end], kind, "" if closed else rows[end], indent, fence[2]))
    return lines
