"""Questions as notes of Anki: a text file whose headers say what each column is.

A note keeps its guid for good, so that importing the file again changes the cards and makes no second ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from coach.domain import Importance, Outcome, Question, Rubric
from coach.domain.practice import Attempt
from coach.text.printable import printable

HEAD = "#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:3\n#notetype:Basic\n#tags:coach\n"
"""What the columns are; columns 4 and 5 are the front and the back."""

ROOT = "coach"
"""The deck above all."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note."""

    guid: str
    deck: str
    """With ``::`` between the levels."""
    tags: tuple[str, ...]
    """Without white space."""
    front: str
    """HTML in one line."""
    back: str
    """HTML in one line."""


def note(question: Question, deck_title: str, rubric: Rubric, last: Attempt | None) -> Note:
    """A question in front; behind it the key points, and what the last graded answer missed."""
    levels = (ROOT, deck_title.strip() or question.deck, question.section or "")
    tags = [f"kind::{_tag(question.kind.value)}", f"deck::{_tag(question.deck)}"]
    back = _points(rubric)
    if last is not None and last.grade is not None and last.grade.score is not None:
        back += _missed(last)
        tags.append("answered" if last.grade.score >= 60 else "weak")
    return Note(
        f"coach-{question.id}",
        "::".join(_level(name) for name in levels if name.strip()),
        tuple(tags),
        _html(question.text),
        back,
    )


def as_text(notes: Iterable[Note]) -> str:
    """The whole file, to be written as UTF-8."""
    rows = ("\t".join((item.guid, item.deck, " ".join(item.tags), item.front, item.back)) for item in notes)
    return HEAD + "".join(f"{row}\n" for row in rows)


def _points(rubric: Rubric) -> str:
    lines = []
    for point in rubric.points:
        text = _html(point.text)
        bonus = " <i>(bonus)</i>" if point.importance is Importance.BONUS else ""
        lines.append(f"<li><b>{text}</b></li>" if point.importance is Importance.MUST else f"<li>{text}{bonus}</li>")
    return f"<ul>{''.join(lines)}</ul>"


def _missed(last: Attempt) -> str:
    grade = last.grade
    if grade is None:
        return ""
    gaps = [verdict for verdict in grade.points if verdict.outcome in (Outcome.MISSING, Outcome.CONTRADICTED)]
    why = {found.point_id: found.why for found in grade.contradictions}
    head = f"<p>Last answer, {last.created_at.date().isoformat()}: {grade.score} of 100."
    if not gaps:
        return head + " Nothing was missing.</p>"
    lines = []
    for verdict in gaps:
        wrong = verdict.outcome is Outcome.CONTRADICTED
        more = f" {_html(why.get(verdict.point.id) or verdict.note)}" if wrong else ""
        lines.append(f"<li>{'Wrong' if wrong else 'Missing'}: {_html(verdict.point.text)}{more}</li>")
    return f"{head}</p><ul>{''.join(lines)}</ul>"


def _html(text: str) -> str:
    """Text as one line of HTML that holds no tab, no quote and nothing that Anki would take for its own."""
    safe = escape(printable(text).replace("\t", " "))
    for sign in ("[", "{", "\\"):  # [sound:…], {{…}} and \( … \)
        safe = safe.replace(sign, f"&#{ord(sign)};")
    return safe.replace("\n", "<br>")


def _level(name: str) -> str:
    """One level of a deck's name: Anki divides levels by ``::`` and takes quotes and tabs for its own."""
    flat = " ".join(printable(name).replace('"', "'").split())
    while "::" in flat:
        flat = flat.replace("::", ":")
    return flat.strip(": ") or "-"


def _tag(name: str) -> str:
    flat = "-".join(printable(name).replace('"', "'").split())
    return flat.replace("::", ":") or "-"
