"""Where a reference says a key point, and how a point is named without being given away."""

from __future__ import annotations

from coach.domain import Importance, KeyPoint, Rubric
from coach.text.cleaning import plain
from coach.text.sentences import Form, statements
from coach.text.terms import content_stems, overlap

NAMED_SHARE, NAMED_MOST = 0.4, 7
"""Of a point's words that name it: so many that it is plain what is meant, too few to copy."""

LEAST_SHARED = 0.3
"""Likeness in words from which a line of the reference says a point."""

LONGEST_LINE = 60
"""Words up to which a line is shown as a whole."""

IMPORTANCE = {Importance.MUST: 0, Importance.SHOULD: 1, Importance.BONUS: 2}
"""In which order gaps matter."""


def reference_sentence(point: KeyPoint, reference: str) -> str:
    """The line of a reference that says ``point``, as plain text; the point itself where none plainly does."""
    if point.reference is not None:
        return " ".join(plain(point.reference.of(reference)).split())
    ways = [content_stems(text) for text in (point.text, *point.right)]
    best, sentence = 0.0, ""
    for line in _lines(reference):
        stems = content_stems(line)
        near = max(_likeness(way, stems) for way in ways)
        if near > best:
            best, sentence = near, line
    return sentence if best >= LEAST_SHARED else point.text


def _lines(reference: str) -> list[str]:
    """Lines of prose as plain text, without headings and code; long ones sentence by sentence."""
    prose = [found for found in statements(reference) if found.form is Form.PROSE]
    lines: dict[int, list[str]] = {}
    for statement in prose:
        lines.setdefault(reference.rfind("\n", 0, statement.span.start), []).append(plain(statement.text))
    joined = [" ".join(parts) for parts in lines.values()]
    return [*(line for line in joined if len(line.split()) <= LONGEST_LINE), *(plain(item.text) for item in prose)]


def _likeness(one: list[str], other: list[str]) -> float:
    """Harmonic mean of what each has of the other's words, 0 to 1."""
    there, back = overlap(one, other), overlap(other, one)
    return 2 * there * back / (there + back) if there + back else 0.0


def named(point: KeyPoint) -> str:
    """The point's first words: enough to know what is meant."""
    words = point.text.split()
    count = max(2, min(NAMED_MOST, round(NAMED_SHARE * len(words))))
    return " ".join(words[:count]).rstrip(" ,;:.") + (" …" if count < len(words) else "")


def point_of(rubric: Rubric, name: str) -> KeyPoint | None:
    """A point by its id, by its place (``2``), or by words that only its text has."""
    if name.isdecimal() and 1 <= int(name) <= len(rubric.points):
        return rubric.points[int(name) - 1]
    exact = [point for point in rubric.points if point.id == name]
    if exact:
        return exact[0]
    inside = [point for point in rubric.points if name.lower() in point.text.lower()]
    return inside[0] if len(inside) == 1 else None
