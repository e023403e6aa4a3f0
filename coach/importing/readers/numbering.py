"""Automatic numbers of a Word document: what Word would print before each paragraph of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML, as element names have it."""

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    form: str = "decimal"
    """As Word calls it: ``decimal``, ``lowerLetter``, ``bullet``, ``none`` …"""
    text: str = "%1."
    """With ``%1`` for the number of the first level, and so on."""
    start: int = 1


@dataclass
class Numbering:
    """Counts the paragraphs of each list as they come."""

    lists: Mapping[str, tuple[str, Mapping[int, Level]]]
    """List id -> the counter that it shares with others, and its levels."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, list_id: str, depth: int) -> str:
        """What is printed before the next paragraph of that list at that level (0 the outermost); ``-`` for bullets,
        empty where nothing is.
        """
        if list_id not in self.lists:
            return ""
        counter, levels = self.lists[list_id]
        level = levels.get(depth, Level())
        if level.form == "bullet":
            return "-"
        counts = self._counts.setdefault(counter, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [known for known in counts if known > depth]:
            del counts[deeper]
        if level.form == "none":
            return ""

        def printed(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            own = levels.get(place, Level())
            return _number(counts.get(place, own.start), own.form)

        return _PLACE.sub(printed, level.text).strip()


def numbering_of(root: Element | None) -> Numbering:
    """The lists that ``word/numbering.xml`` defines."""
    if root is None:
        return Numbering({})
    shared = {
        one.get(f"{W}abstractNumId", ""): {
            int(lvl.get(f"{W}ilvl", "0") or 0): _level(lvl) for lvl in one.iter(f"{W}lvl")
        }
        for one in root.findall(f"{W}abstractNum")
    }
    lists: dict[str, tuple[str, Mapping[int, Level]]] = {}
    for one in root.findall(f"{W}num"):
        list_id = one.get(f"{W}numId", "")
        base = value_of(one, "abstractNumId")
        levels = dict(shared.get(base, {}))
        counter = base
        for override in one.findall(f"{W}lvlOverride"):
            depth = whole(override.get(f"{W}ilvl"))
            own = override.find(f"{W}lvl")
            level = _level(own) if own is not None else levels.get(depth, Level())
            start = override.find(f"{W}startOverride")
            if start is not None:
                level = Level(level.form, level.text, whole(start.get(f"{W}val"), 1))
            levels[depth] = level
            counter = f"{base}/{list_id}"  # counts anew
        lists[list_id] = (counter, levels)
    return Numbering(lists)


def _level(element: Element) -> Level:
    return Level(
        value_of(element, "numFmt") or "decimal", value_of(element, "lvlText"), whole(value_of(element, "start"), 1)
    )


def value_of(element: Element | None, child: str) -> str:
    """The ``w:val`` of a child; empty where there is none."""
    found = element.find(f"{W}{child}") if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


def whole(text: str | None, default: int = 0) -> int:
    """A number of at most six digits."""
    return int(text) if text and text.isdecimal() and len(text) <= 6 else default


def _number(value: int, form: str) -> str:
    if form.endswith("Letter") and value > 0:
        letters = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 10)
        return letters.upper() if form.startswith("upper") else letters
    if form.endswith("Roman") and 0 < value < 4000:
        roman, left = "", value
        for size, sign in _ROMAN:
            roman += sign * (left // size)
            left %= size
        return roman.upper() if form.startswith("upper") else roman
    return f"{value:02d}" if form == "decimalZero" else str(value)
