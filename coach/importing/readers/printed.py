"""The lines of printed pages, and which of them run along the edge of every page: headers, footers, page numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from coach.importing.readers.runs import Run, plain_text
from coach.importing.wording.labels import Q, is_answer_label

LARGER = 1.1
"""A line whose letters are this much larger than most is a heading."""
NUMBERED = re.compile(r"(?:\d{1,4}[a-z]?\s?[.)]|\(\d{1,3}\)|[a-hA-H][.)])\s+\S")
"""A line that begins an item of a numbered list."""
_PAGE_NUMBER = re.compile(
    r"\W{0,4}(?:page|p\.|seite|página)?\s{0,2}(?:\d{1,4}|[ivxl]{1,6})(?:\s?(?:/|of|von|de)\s?\d{1,4})?\W{0,4}",
    re.IGNORECASE,
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_MOST_RUNNING = 60
_EDGE = 3
"""Lines at the top and at the bottom of a page among which running headers and footers are looked for."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One line on a page."""

    runs: tuple[Run, ...]
    left: float
    right: float
    down: float
    """Its base line's distance from the top of the page."""
    page: int = 0
    number: int = 0
    """1-based among the lines of the document."""

    @property
    def text(self) -> str:
        """The words alone."""
        return plain_text(self.runs)

    @property
    def size(self) -> float:
        """Of most of its letters."""
        return max(self.runs, key=lambda run: len(run.text)).size

    @property
    def bold(self) -> bool:
        """Whether all its words are bold."""
        return all(run.bold for run in self.runs if run.text.strip())

    @property
    def mono(self) -> bool:
        """Whether all its letters have one width."""
        return all(run.mono for run in self.runs if run.text.strip())


def _numbered(pages: Sequence[Sequence[Printed]]) -> list[list[Printed]]:
    number = 0
    result = []
    for page, lines in enumerate(pages):
        numbered = []
        for line in lines:
            if line.text.strip():
                number += 1
                runs = tuple(replace(run, text=_plain(run.text)) for run in line.runs)
                numbered.append(replace(line, runs=runs, page=page, number=number))
        result.append(numbered)
    return result


def _plain(text: str) -> str:
    for sign, letters in _LIGATURES.items():
        text = text.replace(sign, letters)
    return text


def body(pages: Sequence[Sequence[Printed]]) -> Iterator[Printed]:
    """All lines, numbered, but those that recur at one height of the page, and page numbers."""
    numbered = _numbered(pages)
    seen: Counter[tuple[str, int]] = Counter()
    counted: Counter[int] = Counter()
    for page in numbered:
        edge = _edge(page)
        seen.update({(_pattern(line.text), _height(line)) for line in edge})
        counted.update({_height(line) for line in edge if _PAGE_NUMBER.fullmatch(line.text.strip())})
    sizes = Counter(line.size for page in numbered for line in page)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    least = max(2, round(0.25 * len(pages)))

    def runs_along(line: Printed) -> bool:
        text = line.text.strip()
        if _PAGE_NUMBER.fullmatch(text) and (counted[_height(line)] >= min(least, 2) or len(pages) == 1):
            return True
        return seen[(_pattern(text), _height(line))] >= least and line.size <= usual * LARGER and not is_label(text)

    for page in numbered:
        ordered = sorted(page, key=lambda line: line.down)
        dropped = {line.number for line in takewhile(runs_along, ordered[:_EDGE])}
        dropped |= {line.number for line in takewhile(runs_along, reversed(ordered[-_EDGE:]))}
        yield from (line for line in page if line.number not in dropped)


def _height(line: Printed) -> int:
    """Where a line stands on its page, coarsely enough for equal places to be equal."""
    return round(line.down / 4)


def _edge(page: Sequence[Printed]) -> list[Printed]:
    """The highest and the lowest lines of a page."""
    ordered = sorted(page, key=lambda line: line.down)
    return ordered if len(ordered) <= 2 * _EDGE else [*ordered[:_EDGE], *ordered[-_EDGE:]]


def _pattern(text: str) -> str:
    """What recurs of a line: all of it, or all but the numbers of a short one that is no sentence."""
    text = " ".join(text.lower().split())
    return (
        text
        if len(text) > _MOST_RUNNING or text.endswith((".", "?", "!", ":", ";", ","))
        else re.sub(r"\d+", "#", text)
    )


def is_label(text: str) -> bool:
    """Whether a line is ``Question 3`` or ``Answer:``, which may well stand at the top of every page."""
    return Q.match(text) is not None or NUMBERED.match(text) is not None or is_answer_label(text)
