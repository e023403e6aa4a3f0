"""Names of students: kept away from graders, and made safe as names of files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

MASK = "X"
"""Stands for a letter of a name; masked text keeps its length, so that offsets fit the original."""

LONGEST = 40
"""Letters of a name in a file's name."""

_EDGE_WORDS = 8
"""Words up to which a first or last line may be a heading or a signature."""


class Roster:
    """The names of a class, for masking them in answers."""

    def __init__(self, students: Iterable[str]) -> None:
        self._names = {name: name.split() for name in dict.fromkeys(students) if name.strip()}
        whole = [pattern for name in self._names for pattern in _whole(name)]
        self._whole = re.compile("|".join(sorted(whole, key=len, reverse=True)), re.IGNORECASE) if whole else None

    def masked(self, answer: str, student: str) -> str:
        """``answer`` with every full name, address and number of the class masked, letter by letter.

        In a first or last line that is short enough for a heading or a signature, parts of the student's own name are
        masked too; elsewhere they may be words (Mark, Grace, Spark).
        """
        text = self._whole.sub(_mask, answer) if self._whole else answer
        parts = [re.escape(part) for part in re.findall(r"\w{3,}", student)]
        if not parts:
            return text
        own = re.compile(rf"\b(?:{'|'.join(parts)})\b")
        lines = text.split("\n")
        filled = [at for at, line in enumerate(lines) if line.strip()]
        for at in {*filled[:1], *filled[-1:]}:
            if len(lines[at].split()) <= _EDGE_WORDS:
                lines[at] = own.sub(_mask, lines[at])
        return "\n".join(lines)


def file_name(student: str) -> str:
    """A name for a student's files: letters, digits and dashes, different for different students, on any system."""
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{slug or 'student'}-{digest}"


def _whole(name: str) -> list[str]:
    """Patterns of a name as a whole: as written, and with the family name in front."""
    words = re.findall(r"[^\s,]+", name)
    if len(words) < 2:
        # One word may be any word, unless it is an address or a number.
        return [rf"(?<!\w){re.escape(words[0])}(?!\w)"] if words and re.search(r"[@\d]", words[0]) else []
    gap = r"[\s,]+"
    orders = [words, [words[-1], *words[:-1]], [*words[1:], words[0]], [words[0], words[-1]]]
    return [rf"(?<!\w){gap.join(map(re.escape, order))}(?!\w)" for order in orders]


def _mask(found: re.Match[str]) -> str:
    return re.sub(r"\w", MASK, found[0])
