"""The question parser: the text of a document in, its questions, left-overs and notes out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from coach.domain import Orphan, ParsedQuestion
from coach.importing import answers, markers, pattern, sections
from coach.importing.labels import is_boilerplate
from coach.importing.markers import Marker
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, scan

_ENDED = re.compile(r"[.?!:…]['\"”’)]*$")


class Role(StrEnum):
    """What a line of the source became."""

    BLANK = "blank"
    TITLE = "title"
    SECTION = "section"
    INTRO = "intro"
    QUESTION = "question"
    ANSWER = "answer"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says."""

    title: str | None
    """Its first heading, where that is no section."""
    questions: tuple[ParsedQuestion, ...]
    """In order."""
    orphans: tuple[Orphan, ...]
    """Text before the first question that is the rest of an answer."""
    notes: tuple[str, ...]
    """What was mended or is doubtful, in short sentences."""
    roles: tuple[Role, ...]
    """One for each line of the source."""


def parse(text: str) -> Parsed:
    """Find the questions of ``text``. Never fails: a text without questions gives none, and a note."""
    lines = scan(text)
    chosen = [_unwrapped(lines, marker) for marker in pattern.choose(lines, markers.find(lines))]
    roles = [Role.INTRO if line.text.strip() else Role.BLANK for line in lines]
    notes: list[str] = []
    if not chosen:
        title, _ = _head(lines, len(lines), True, roles)
        return Parsed(title, (), (), ("No questions were recognised.",), tuple(roles))
    opened = sections.openings(lines, chosen)
    title, section = _head(lines, chosen[0].start, not any(lines[h].level <= 1 for h in opened), roles)
    orphans = _orphans(lines, chosen[0], roles, notes)
    found: list[ParsedQuestion] = []
    for place, marker in enumerate(chosen):
        stop = chosen[place + 1].start if place + 1 < len(chosen) else len(lines)
        heads = [h for h in opened if marker.end <= h < stop]
        end = heads[0] if heads else stop
        answer, mended = answers.clean([*_rest(marker, lines), *lines[marker.end : end]])
        found.append(ParsedQuestion(marker.text, answer, lines[marker.start].number, section, marker.number))
        _mark(roles, marker.start, marker.end, Role.QUESTION)
        _mark(roles, marker.end, end, Role.ANSWER)
        for head in heads:
            section = one_line(lines[head].content) or section
            roles[head] = Role.SECTION
        notes += _notes(marker, lines, mended)
    notes += _doubts(found)
    return Parsed(title, tuple(found), orphans, tuple(notes), tuple(roles))


def _mark(roles: list[Role], start: int, stop: int, role: Role) -> None:
    for place in range(start, stop):
        if roles[place] is not Role.BLANK:
            roles[place] = role


def _rest(marker: Marker, lines: Sequence[Line]) -> list[Line]:
    """The beginning of the answer that stands on the question's own line."""
    if not marker.rest:
        return []
    return [Line(lines[marker.end - 1].number, marker.rest, LineKind.TEXT, marker.rest)]


def _unwrapped(lines: Sequence[Line], marker: Marker) -> Marker:
    """The marker with the end of its question, where a page break put that into a paragraph of its own."""
    if _ENDED.search(marker.text) or marker.rest or marker.style not in ("heading", "bold", "text"):
        return marker
    start = marker.end
    while start < len(lines) and lines[start].is_blank:
        start += 1
    if start >= len(lines) or lines[start].kind is not LineKind.TEXT or not lines[start].content[:1].islower():
        return marker
    stop = start + 1
    while stop < len(lines) and lines[stop].kind is LineKind.TEXT and not lines[stop - 1].content.endswith("?"):
        stop += 1
    more = one_line(" ".join(line.content for line in lines[start:stop]).rstrip("*_"))
    if not more.endswith("?") or len(more) > 400:
        return marker
    return replace(marker, end=stop, text=f"{marker.text} {more}")


def _head(lines: Sequence[Line], stop: int, single: bool, roles: list[Role]) -> tuple[str | None, str | None]:
    """Title and first section, from the headings before the first question."""
    heads = [n for n in range(stop) if lines[n].kind is LineKind.HEADING]
    heads = [n for n in heads if not is_boilerplate(one_line(lines[n].content))]
    if not heads:
        return None, None
    first = heads[0]
    titled = lines[first].level == 1 or len(heads) > 1
    if not single and len(heads) == 1:
        titled = False
    if titled or single:
        roles[first] = Role.TITLE
        if first + 1 < len(lines) and lines[first + 1].kind is LineKind.UNDERLINE:
            roles[first + 1] = Role.TITLE
    title = one_line(lines[first].content) if roles[first] is Role.TITLE else None
    rest = heads[1:] if title else heads
    for head in rest:
        roles[head] = Role.SECTION
    return title, one_line(lines[rest[-1]].content) if rest else None


def _orphans(lines: Sequence[Line], first: Marker, roles: list[Role], notes: list[str]) -> tuple[Orphan, ...]:
    """Text at the head of the file that is the end of an answer whose question is missing."""
    stop = next((n for n in range(first.start) if lines[n].kind is LineKind.HEADING), first.start)
    start = next((n for n in range(stop) if not lines[n].is_blank), stop)
    if start == stop or not (lines[start].content[:1].islower() or first.value > 1):
        return ()
    text, _ = answers.clean(lines[start:stop])
    if not text:
        return ()
    _mark(roles, start, stop, Role.ORPHAN)
    notes.append(f"Line {start + 1}: text that belongs to no question was kept apart.")
    return (Orphan(text, lines[start].number),)


def _notes(marker: Marker, lines: Sequence[Line], mended: answers.Mended) -> list[str]:
    number = lines[marker.start].number
    notes = []
    if mended.joined_fences:
        notes.append(f"Line {number}: code blocks that a page break had cut were joined.")
    if mended.indented:
        notes.append(f"Line {number}: lost indentation of a code block was restored.")
    if mended.moved_lines:
        notes.append(f"Line {number}: a line of code was put back into its block.")
    if mended.rejoined:
        notes.append(f"Line {number}: a sentence that a page break had cut was rejoined.")
    return notes


def _doubts(found: Sequence[ParsedQuestion]) -> list[str]:
    empty = sum(not question.has_answer for question in found)
    return [f"{empty} of {len(found)} questions have no answer."] if empty else []
