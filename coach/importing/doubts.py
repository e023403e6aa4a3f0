"""What a person should look at after an import: doubtful questions, mended answers, as short sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.domain import ParsedQuestion
from coach.importing.bodies.answers import Mended
from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker

_LONG = 1500
"""Words of an answer that may well have swallowed something."""


def marked(clues: Clues, chosen: Sequence[Marker], found: Sequence[ParsedQuestion]) -> list[ParsedQuestion]:
    """The questions, those with a doubt named."""
    return [replace(question, doubt=_doubt(clues, chosen, found, place)) for place, question in enumerate(found)]


def _doubt(clues: Clues, chosen: Sequence[Marker], found: Sequence[ParsedQuestion], place: int) -> str:
    marker, question = chosen[place], found[place]
    if not marker.reads_as_question and marker.label != "q":
        return "does not read like a question"
    before = chosen[place - 1] if place else None
    same = before is not None and question.section == found[place - 1].section and before.style == marker.style
    if (
        same
        and before is not None
        and marker.value
        and before.value
        and marker.value not in (1, before.value, before.value + 1)
    ):
        return f"number {marker.number} follows {before.number}"
    if (
        question.answer[:1].islower()
        and not marker.rest
        and not question.answer[:40].startswith(("http", "e.g", "i.e"))
    ):
        return "the answer starts in mid-sentence" if len(question.answer.split()) > 8 else ""
    if len(question.answer) > 6 * _LONG and len(question.answer.split()) > _LONG:
        return "a very long answer"
    return ""


def notes(found: Sequence[ParsedQuestion]) -> list[str]:
    """What is to be said of a whole document."""
    empty = sum(not question.has_answer for question in found)
    return [f"{empty} of {len(found)} questions have no answer."] if empty else []


def mended(number: int, done: Mended) -> list[str]:
    """What was mended in the answer to the question on line ``number``."""
    said = []
    if done.joined_fences:
        said.append(f"Line {number}: code blocks that a page break had cut were joined.")
    if done.indented:
        said.append(f"Line {number}: lost indentation of a code block was restored.")
    if done.moved_lines:
        said.append(f"Line {number}: a line of code was put back into its block.")
    if done.rejoined:
        said.append(f"Line {number}: a sentence that a page break had cut was rejoined.")
    return said
