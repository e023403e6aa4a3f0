"""Marks without what belongs behind them (``-What is …?``, ``•Explain …``, ``1 what is …``), mended where a document has many.

Only what asks is mended: a dash before a word may be an option of a command, a star the start of emphasis, a number a
number of something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from coach.importing.wording.reading import CERTAIN, belief
from coach.text.cleaning import one_line

_TIGHT = re.compile(r"(?P<lead>[ \t]{0,12})(?P<sign>[-–—*+•▪◦‣⁃➢➤►▶●■◆❖·→])(?P<text>[^\W\d_]['’\w]*[ ,].*)$")
_BARE = re.compile(
    r"(?P<lead>[ \t]{0,12})(?:(?P<label>(?:[Qq](?:ue|ues|uestion)?)\s?)[-.#]?\s?|[#(])?(?P<number>\d{1,3})(?: {1,4}| ?[-–] ?)(?P<text>[^\W\d_]['’\w-]*\s.*)$"
)
_SIGNS = frozenset("-–—*+•▪◦‣⁃➢➤►▶●■◆❖·→")
_LEAST = 3
_LEAST_COUNTED = 4
_NEARLY = 0.8
"""Share of the numbers that go on from the one before."""
_MOST = 400
"""Characters of a line that may be such an item."""
_MOSTLY = 0.6
"""Share of the lines with one sign that ask."""


def mended(rows: Sequence[str]) -> list[str]:
    """The rows of a document with what its marks lack; the same rows where that is no habit."""
    return _pointed(_spaced(rows))


def _pointed(rows: list[str]) -> list[str]:
    """The rows with a point behind bare numbers (``1 what is …``, ``Q2 define …``, ``3-why …``) that count up and ask."""
    found: dict[int, re.Match[str]] = {}
    for n, row in enumerate(rows):
        if row[:1].isalnum() or row[:1] in ("#", " ", "(", "\t"):
            bare = _BARE.match(row) if len(row) <= _MOST and any(map(str.isdigit, row[:8])) else None
            if bare is not None:
                found[n] = bare
    if len(found) < _LEAST_COUNTED:
        return rows
    values = [int(bare["number"]) for bare in found.values()]
    counted = sum(after == before + 1 for before, after in pairwise(values))
    asking = sum(belief(one_line(bare["text"])) >= CERTAIN for bare in found.values())
    if counted < _NEARLY * (len(found) - 1) or asking < _MOSTLY * len(found):
        return rows
    for n, bare in found.items():
        rows[n] = f"{bare['lead']}{bare['label'] or ''}{bare['number']}. {bare['text']}"
    return rows


def _spaced(rows: Sequence[str]) -> list[str]:
    """The rows of a document with a blank behind the bullets that lack it; the same rows where that is no habit."""
    found: dict[int, re.Match[str]] = {}
    for n, row in enumerate(rows):
        lead = row.lstrip()[:2]
        tight = _TIGHT.match(row) if lead[:1] in _SIGNS and lead[1:].isalpha() and len(row) <= _MOST else None
        if tight is not None and tight["sign"] not in tight["text"][-3:]:
            found[n] = tight
    if len(found) < _LEAST:
        return list(rows)
    counts = Counter(tight["sign"] for tight in found.values())
    asking = Counter(tight["sign"] for tight in found.values() if belief(one_line(tight["text"])) >= CERTAIN)
    often = {sign for sign, count in counts.items() if asking[sign] >= max(_LEAST, _MOSTLY * count)}
    made = list(rows)
    for n, tight in found.items():
        if tight["sign"] in often:
            made[n] = f"{tight['lead']}{'-' if tight['sign'] in '–—→' else tight['sign']} {tight['text']}"
    return made
