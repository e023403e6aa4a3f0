"""Tables of questions: a header that names a column of questions, and perhaps one of answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.importing.wording.reading import belief
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_RULER = re.compile(r"\s*\|?(?:\s*:?-{1,200}:?\s*\|)+(?:\s*:?-{1,200}:?\s*)?\|?\s*$")
_QUESTION = re.compile(r"(?:[\w/-]{1,20} ){0,2}questions?\W*|(?:interview )?(?:front|prompt|q|ask)\W*", re.IGNORECASE)
_ANSWER = re.compile(
    r"(?:[\w/-]{1,20} ){0,2}answers?\s?(?:\([^()]{0,40}\))?\W*|(?:(?:expected|sample|model|short|reference) )?(?:answers?|back|a|response|solution|explanation|key points)\W*",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?:#|no|nr|num|number|id|s\.?\s?no|s[lr]\.?\s?no)?\W*", re.IGNORECASE)
_MOST_CELLS = 60
_SAMPLE = 60
"""Rows by which the columns of a table are told."""
_LEAST = 3
_MOSTLY = 0.8
_ASKS = 0.8


def rows(lines: Sequence[Line]) -> dict[int, tuple[str | None, str, str]]:
    """Line index -> number, question and answer (may be empty) of every table row that holds a question."""
    found: dict[int, tuple[str | None, str, str]] = {}
    done = 0
    for place in range(len(lines) - 1):
        ruler = lines[place + 1]
        if place >= done and "-" in ruler.text and "|" in ruler.text and "|" in lines[place].text and _is_ruler(ruler):
            done = _read(lines, place, found)
        elif place >= done and lines[place].kind is LineKind.TABLE:
            done = _read_bare(lines, place, found)
    return found


def _read_bare(lines: Sequence[Line], start: int, found: dict[int, tuple[str | None, str, str]]) -> int:
    """Read rows of a table that has no ruler, as far as one column asks; one past the last of them."""
    stop = start
    while stop < len(lines) and lines[stop].kind is LineKind.TABLE and not _is_ruler(lines[stop]):
        stop += 1
    ruled = stop < len(lines) and lines[stop].kind is LineKind.TABLE
    if ruled or stop - start < _LEAST:
        return stop if not ruled else stop - 1
    names = [one_line(cell) for cell in cells(lines[start].text)]
    question, answer, headless = _by_content(lines, start - 1, names)
    if question is not None:
        for place in range(start + (not headless), stop):
            _add(found, place, cells(lines[place].text), question, answer)
    return stop


def _is_ruler(line: Line) -> bool:
    return not line.is_code and len(line.text) < 4000 and _RULER.match(line.text) is not None


def _read(lines: Sequence[Line], head: int, found: dict[int, tuple[str | None, str, str]]) -> int:
    """Read the table with its header at ``head``; one past its last row, or past the header of one without questions."""
    question, answer, headless = _columns(lines, head)
    if question is None:
        return head + 1
    if headless:
        _add(found, head, cells(lines[head].text), question, answer)
    place = head + 2
    while place < len(lines) and lines[place].kind in (LineKind.TABLE, LineKind.TEXT) and "|" in lines[place].text:
        _add(found, place, cells(lines[place].text), question, answer)
        place += 1
    return place


def _add(
    found: dict[int, tuple[str | None, str, str]], place: int, row: Sequence[str], question: int, answer: int | None
) -> None:
    """The question in a row, where it is more than a link to a place where it is answered."""
    text = row[question] if question < len(row) else ""
    if not text.strip() or ("](#" in text and answer is None):
        return
    number = next((cell.strip(" .)#") for cell in row[:question] if cell.strip(" .)#").isdigit()), None)
    found[place] = (number, text, row[answer] if answer is not None and answer < len(row) else "")


def _columns(lines: Sequence[Line], head: int) -> tuple[int | None, int | None, bool]:
    """The columns of questions and of answers, and whether what stands in the place of the header is a row too."""
    names = [one_line(cell) for cell in cells(lines[head].text)]
    question = next((n for n, name in enumerate(names) if _QUESTION.fullmatch(name)), None)
    answer = next((n for n, name in enumerate(names) if _ANSWER.fullmatch(name)), None)
    if question is not None and (answer is not None or all(_COUNT.fullmatch(name) for name in names[:question])):
        return question, answer, False
    return _by_content(lines, head, names)


def _by_content(lines: Sequence[Line], head: int, names: Sequence[str]) -> tuple[int | None, int | None, bool]:
    """The column in which nearly every row asks, and the fullest of those that follow it."""
    stop = head + 2
    while stop < len(lines) and stop - head < _SAMPLE and "|" in lines[stop].text and not lines[stop].is_code:
        stop += 1
    rows = [[one_line(cell) for cell in cells(line.text)] for line in lines[head + 2 : stop]]
    asking = [sum(n < len(row) and belief(row[n]) >= _ASKS for row in rows) for n in range(len(names))]
    question = max(range(len(names)), key=lambda n: asking[n], default=0)
    headless = bool(names) and names[question].endswith(("?", "？"))
    if not asking or len(rows) + headless < _LEAST or asking[question] < _MOSTLY * len(rows):
        return None, None, False
    fill = {n: sum(len(row[n]) for row in rows if n < len(row)) for n in range(question + 1, len(names))}
    fill = {n: size for n, size in fill.items() if not _counts([row[n] for row in rows if n < len(row)])}
    answer = max(fill, key=lambda n: fill[n], default=None)
    return question, answer if answer is not None and fill[answer] else None, headless


def _counts(column: Sequence[str]) -> bool:
    """Whether a column holds nothing but numbers (marks, minutes)."""
    filled = [cell for cell in column if cell]
    return bool(filled) and all(cell.replace(".", "").isdigit() for cell in filled)


def cells(text: str) -> list[str]:
    """The cells of a table row; a bar that is escaped or in code separates nothing."""
    text = text.strip().removeprefix("|")
    found: list[str] = []
    start = 0
    while start <= len(text) and len(found) < _MOST_CELLS:
        end = start
        in_code = False
        while end < len(text) and (text[end] != "|" or in_code):
            if text[end] == "\\":
                end += 1
            elif text[end] == "`":
                in_code = not in_code and "`" in text[end + 1 :]
            end += 1
        found.append(text[start:end].replace("\\|", "|").strip())
        start = end + 1
    return found[:-1] if found and not found[-1] and text.endswith("|") else found
