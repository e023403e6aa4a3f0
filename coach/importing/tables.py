"""Tables of questions: a header that names a column of questions, and perhaps one of answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_RULER = re.compile(r"\s*\|?(?:\s*:?-{1,200}:?\s*\|)+(?:\s*:?-{1,200}:?\s*)?\|?\s*$")
_QUESTION = re.compile(r"(?:interview )?(?:questions?|front|prompt|q|ask)\W*", re.IGNORECASE)
_ANSWER = re.compile(
    r"(?:(?:expected|sample|model|short|reference) )?(?:answers?|back|a|response|solution|explanation|key points)\W*",
    re.IGNORECASE,
)
_MOST_CELLS = 60


def rows(lines: Sequence[Line]) -> dict[int, tuple[str | None, str, str]]:
    """Line index -> number, question and answer (may be empty) of every table row that holds a question."""
    found: dict[int, tuple[str | None, str, str]] = {}
    done = 0
    for place in range(len(lines) - 1):
        ruler = lines[place + 1]
        if place >= done and "-" in ruler.text and "|" in ruler.text and "|" in lines[place].text and _is_ruler(ruler):
            done = _read(lines, place, found)
    return found


def _is_ruler(line: Line) -> bool:
    return not line.is_code and len(line.text) < 4000 and _RULER.match(line.text) is not None


def _read(lines: Sequence[Line], head: int, found: dict[int, tuple[str | None, str, str]]) -> int:
    """Read the table with its header at ``head``; one past its last row, or past the header of one without questions."""
    names = [one_line(cell) for cell in cells(lines[head].text)]
    question = next((n for n, name in enumerate(names) if _QUESTION.fullmatch(name)), None)
    if question is None:
        return head + 1
    answer = next((n for n, name in enumerate(names) if _ANSWER.fullmatch(name)), None)
    place = head + 2
    while place < len(lines) and lines[place].kind in (LineKind.TABLE, LineKind.TEXT) and "|" in lines[place].text:
        row = cells(lines[place].text)
        text = row[question] if question < len(row) else ""
        is_link = "](#" in text
        if text.strip() and not (is_link and answer is None):
            number = next((cell.strip(" .)#") for cell in row[:question] if cell.strip(" .)#").isdigit()), None)
            found[place] = (number, text, row[answer] if answer is not None and answer < len(row) else "")
        place += 1
    return place


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
