"""What a document says about itself as a whole: its title, its contents list, its answer labels, its folds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from coach.catalogue.library import normalised
from coach.importing.wording.labels import is_answer_label, is_boilerplate, starts_with_answer_label
from coach.importing.wording.reading import is_collection, is_readme
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_MAYBE_LABEL = re.compile(
    r"(?:[\W_\d]|<[^<>]{1,80}>)*(?:ans|sol|resp|reply|expected|sample|model|suggested|possible|short|long|the\s|your\s|my\s|our\s"
    r"|detailed|brief|quick|good|best|example|correct|right|reference|ideal|official|full|key|own\s|written|researched|initial|revised"
    r"|final|complete|follow|recommended|proposed|show|see|view|reveal|open|click|toggle"
    r"|expand|check|candidate|spoiler|a[\W_]|antw|respu|respo|rispo|r[ée]po|отв|cevap|odpow|odpov|svar|jawab|trả|đáp|答|回答|解答|답)",
    re.IGNORECASE,
)
_LONE_A = re.compile(r"[\W_]*(a)[\W_]{1,6}", re.IGNORECASE)
_B_BEHIND = re.compile(r"\s[\[(]?[bB][.)\]]\s?\S")
_LINK_TEXT = re.compile(r"\[([^\[\]\n]{3,400})\]\([^()\s]{0,400}#")
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)
_CONTENTS = re.compile(r"\W*(?:table of )?(?:contents|toc|index)\W*", re.IGNORECASE)
_MOST = 4000
"""Characters of a line that are looked at."""


@dataclass(frozen=True)
class Clues:
    """The lines of a document, and what they say about it."""

    lines: Sequence[Line]
    name: str = ""
    """The file's name; may be empty."""
    title: str = ""
    """A title that stands outside of the lines; may be empty."""

    @cached_property
    def collection(self) -> bool:
        """Whether title, an early heading or the file's name say that questions are collected here."""
        rows = [line for line in self.lines[:400] if line.kind is LineKind.HEADING][:3]
        first = next((line for line in self.lines if line.content and not line.is_code), None)
        if first is not None and len(first.content) < 100:
            rows.append(first)
        titles = [one_line(row.content) for row in rows]
        if titles and is_readme(titles[0]):
            titles = []
        return any(is_collection(text) for text in [self.name.rsplit(".", 1)[0], self.title, *titles])

    @cached_property
    def heads(self) -> list[int]:
        """Indexes of the headings."""
        return [n for n, line in enumerate(self.lines) if line.kind is LineKind.HEADING]

    @cached_property
    def contents(self) -> frozenset[str]:
        """What the links to anchors say, normalised."""
        found: set[str] = set()
        for line in self.lines:
            if "](" in line.text and not line.is_code and len(line.text) <= _MOST:
                found.update(normalised(one_line(text)) for text in _LINK_TEXT.findall(line.text))
        return frozenset(found)

    @cached_property
    def listed(self) -> list[tuple[int, int]]:
        """Stretches under a heading that announces a contents list."""
        bounds = [*self.heads, len(self.lines)]
        pairs = pairwise(bounds)
        return [(start, stop) for start, stop in pairs if _CONTENTS.fullmatch(one_line(self.lines[start].content)[:60])]

    @cached_property
    def labels(self) -> list[int]:
        """Indexes of the lines where an answer is announced."""
        return [n for n, line in enumerate(self.lines) if self._is_label(n, line)]

    @cached_property
    def labelled(self) -> frozenset[int]:
        """The same indexes, to be asked for one of them."""
        return frozenset(self.labels)

    @cached_property
    def filled(self) -> list[int]:
        """For each index, how many lines before it are not blank."""
        return [0, *accumulate(int(not line.is_blank) for line in self.lines)]

    @cached_property
    def framed(self) -> int:
        """How many lines are headings or code."""
        return sum(line.is_code or line.kind is LineKind.HEADING for line in self.lines if not line.is_blank)

    @cached_property
    def depth(self) -> list[int]:
        """For each line, how many folds are open at its end."""
        depth = 0
        found = []
        for line in self.lines:
            if "details" in line.text and not line.is_code:
                for closing in _DETAILS.findall(line.text):
                    depth = max(0, depth - 1) if closing else depth + 1
            found.append(depth)
        return found

    def labels_in(self, start: int, stop: int) -> list[int]:
        """The answer labels from ``start`` to before ``stop``."""
        return self.labels[bisect_left(self.labels, start) : bisect_left(self.labels, stop)]

    def is_announced(self, place: int) -> bool:
        """Whether the next line from ``place`` on that is not blank announces an answer."""
        while place < len(self.lines) and self.lines[place].is_blank:
            place += 1
        return place in self.labelled

    def heads_in(self, start: int, stop: int) -> list[int]:
        """The headings from ``start`` to before ``stop``."""
        return self.heads[bisect_left(self.heads, start) : bisect_left(self.heads, stop)]

    def is_listed(self, place: int) -> bool:
        """Whether a line stands in a contents list."""
        return any(start <= place < stop for start, stop in self.listed)

    def fold_end(self, place: int, stop: int) -> int:
        """Index of the line that closes the innermost fold open at the end of line ``place``; ``stop`` where none does."""
        depth = self.depth[place]
        if depth == 0:
            return stop
        return next((n for n in range(place + 1, stop) if self.depth[n] < depth), stop)

    def leads_straight(self, start: int, stop: int) -> bool:
        """Whether nothing but headings, rules, comments, breaks and images stands between two lines."""
        empty = (LineKind.BLANK, LineKind.RULE, LineKind.HEADING, LineKind.UNDERLINE, LineKind.COMMENT)
        for line in self.lines[start:stop]:
            if line.kind not in empty and (len(line.text) > _MOST or one_line(line.content)):
                return False
        return True

    def is_above_deeper(self, place: int, level: int) -> bool:
        """Whether the next line from ``place`` on that is not blank is indented more than ``level``, or code."""
        while place < len(self.lines) and self.lines[place].is_blank:
            place += 1
        if place == len(self.lines) or self.lines[place].kind is LineKind.HEADING:
            return False
        return self.lines[place].is_code or self.lines[place].level > level

    def is_furniture(self, head: int) -> bool:
        """Whether a heading only stands around content (``License``, ``Contents``)."""
        return is_boilerplate(one_line(self.lines[head].content))

    def _is_label(self, place: int, line: Line) -> bool:
        if line.is_code or line.kind in (LineKind.BLANK, LineKind.TABLE) or len(line.text) > _MOST:
            return False
        if line.content in ("?", "??"):
            return line.kind is LineKind.TEXT
        if not _MAYBE_LABEL.match(line.content[:200]):
            return False
        text = one_line(line.content.lstrip("> "))
        if not (is_answer_label(text) or starts_with_answer_label(text)):
            return False
        return _LONE_A.match(text) is None or not self._has_b(place)

    def _has_b(self, place: int) -> bool:
        """Whether an option B follows an ``A:`` that may be the first of the options."""
        if _B_BEHIND.search(self.lines[place].content[:300]):
            return True
        for line in self.lines[place + 1 : place + 9]:
            found = re.match(r"[\W_]*(b)[.:)]", line.content[:20], re.IGNORECASE)
            if found:
                return True
        return False
