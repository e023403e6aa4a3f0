"""The question parser: the text of a document in, its questions, left-overs and notes out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from coach.catalogue.library import normalised
from coach.domain import Orphan, ParsedQuestion
from coach.importing import bodies, doubts, sections, titles
from coach.importing.bodies import answers, keys, placeholders
from coach.importing.clues import Clues
from coach.importing.marks import inline, markers
from coach.importing.marks.candidate import Marker, clean
from coach.importing.mending import badges, speakers, tight
from coach.importing.patterns import pattern
from coach.importing.patterns.pattern import Pattern
from coach.importing.wording.labels import is_boilerplate, prefix
from coach.text.cleaning import one_line, unstyled
from coach.text.markdown import Line, LineKind, scan

_ENDED = re.compile(r"[.?!:…]['\"”’)]*$")
_COUNT = re.compile(r"\s*\(\d{1,4}(?: questions?)?\)$")
_JUMPS = re.compile(r"(?:\[{1,2}[^\w\[\]]{0,8}\]{1,2}\([^()\s]{0,200}\)+\s*)+")
_LINKS = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)\s*$")
_LIST = ("item", "text", "table")
_LEAST_TIGHT = 3
"""Questions of a list with text on the very next line, from which that is no accident."""
_MOST_WRAPPED = 400
"""Characters of a question that a page break cut in two."""


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
    families: tuple[str, ...] = ()
    """The marks by which its questions were recognised, the commonest first."""
    levels: tuple[int, ...] = ()
    """The heading levels of its sections, ascending."""


def parse(text: str, name: str = "", wanted: Pattern | None = None, outside: str = "") -> Parsed:
    """Find the questions of ``text``, from a file called ``name``, by the pattern ``wanted`` where somebody gives one.

    ``outside`` is a title that stands outside of the text.

    Never fails: a text without questions gives none, and a note.
    """
    rows = badges.removed(tight.mended(speakers.renamed(unstyled(text).split("\n"))))
    whole = scan("\n".join(rows))
    key = keys.found(whole)
    clues = Clues(whole[: key.start], name, outside)
    lines = clues.lines
    wanted = wanted or Pattern()
    chosen = inline.habitual(clues, pattern.choose(clues, markers.find(lines, clues.collection), wanted))
    chosen = [_unwrapped(lines, marker) for marker in chosen]
    roles = [Role.INTRO if line.text.strip() else Role.BLANK for line in whole]
    if not chosen:
        title, _ = _head(clues, len(lines), True, roles)
        return Parsed(title, (), (), ("No questions were recognised.",), tuple(roles))
    heads = titles.between(clues, chosen)
    titled = set(heads)
    chosen = [m for m in chosen if m.start not in titled] if titled else chosen
    furniture = sections.furniture(clues, chosen)
    ends = [_fold_end(clues, chosen, place) for place in range(len(chosen))]
    opened = sorted({*_opened(clues, chosen, wanted), *heads})
    heights = {m.level for m in chosen if m.style == "heading"}
    below = heights.pop() if len(heights) == 1 and chosen[0].style == "heading" else 7
    title, section = _head(clues, chosen[0].start, not any(lines[h].level <= 1 for h in opened), roles, below)
    if heads and section is None and (head := titles.above(clues, chosen[0].start)) is not None:
        section = _name(lines[head].content)
    notes: list[str] = []
    orphans = _orphans(lines, chosen[0], roles, notes)
    levels = {
        lines[n].level for n, role in enumerate(roles) if role is Role.SECTION and lines[n].kind is LineKind.HEADING
    }
    levels |= {lines[h].level for h in opened if h not in furniture and lines[h].kind is LineKind.HEADING}
    spans, names = [], []
    for place, marker in enumerate(chosen):
        stop = chosen[place + 1].start if place + 1 < len(chosen) else len(lines)
        own = [h for h in opened if marker.end <= h < stop]
        end = _outdent(lines, marker, min(own[0] if own else stop, ends[place]))
        spans.append((marker.end, end))
        names.append(section)
        _mark(roles, marker.start, marker.end, Role.QUESTION)
        _mark(roles, marker.end, end, Role.ANSWER)
        for head in own:
            if head not in furniture and not clues.is_furniture(head):
                section = _name(lines[head].content) or section
                roles[head] = Role.SECTION
    found = placeholders.without_forms(_read(clues, chosen, spans, names, furniture, notes))
    found = keys.answered(found, key)
    _mark(roles, key.start, len(whole), Role.ANSWER)
    found = doubts.marked(clues, chosen, found)
    notes += doubts.notes(found)
    return Parsed(
        title, tuple(found), orphans, tuple(notes), tuple(roles), pattern.names(chosen), tuple(sorted(levels))
    )


def _opened(clues: Clues, chosen: Sequence[Marker], wanted: Pattern) -> list[int]:
    """Indexes of the headings that open a section, by what the document says and what its reader corrected."""
    lines = clues.lines
    opened = sections.openings(clues, chosen, [m.end for m in chosen], wanted.sections)
    if wanted.sections:
        opened = [h for h in opened if lines[h].level in wanted.sections]
    dropped = {normalised(text) for text, _ in wanted.dropped}
    if dropped:
        opened = [h for h in opened if normalised(clean(prefix(lines[h].content)[2])) not in dropped]
    return opened


def _read(
    clues: Clues,
    chosen: Sequence[Marker],
    spans: Sequence[tuple[int, int]],
    names: Sequence[str | None],
    furniture: set[int],
    notes: list[str],
) -> list[ParsedQuestion]:
    """The questions with material and answer, from the places of their bodies."""
    habits = bodies.habits(clues, spans, [m.text for m in chosen])
    bare = _bare_lists(clues, chosen, spans)
    found = []
    for marker, (start, stop), section in zip(chosen, spans, names, strict=True):
        body = bodies.split(clues, marker.text, start, stop, habits)
        if marker.style in bare and not marker.rest:
            body = _indented(body, marker)
        behind = [line for line in body.answer if line.number - 1 not in furniture]
        before = clues.lines[marker.within[0] : marker.within[1]]
        answer, mended = answers.clean(_defined(behind) if marker.style == "term" else behind, marker.rest)
        number = clues.lines[marker.start].number
        found.append(
            ParsedQuestion(
                marker.text,
                answer,
                number,
                section,
                marker.number,
                material=answers.material([*before, *body.material]),
            )
        )
        notes += doubts.mended(number, mended)
    return found


def _bare_lists(clues: Clues, chosen: Sequence[Marker], spans: Sequence[tuple[int, int]]) -> set[str]:
    """Styles of list whose members mostly have nothing behind them: what follows the last is no answer."""
    found = set()
    for style in _LIST:
        own = [(m, span) for m, span in zip(chosen, spans, strict=True) if m.style == style]
        filled = sum(bool(m.rest) or clues.filled[stop] > clues.filled[start] for m, (start, stop) in own)
        last = bool(own) and clues.filled[own[-1][1][1]] > clues.filled[own[-1][1][0]]
        tight = sum(start < stop and not clues.lines[start].is_blank for _, (start, stop) in own[:-1])
        if len(own) > 2 and tight < _LEAST_TIGHT and (filled < 0.35 * len(own) or (filled == 1 and last)):
            found.add(style)
    return found


def _indented(body: bodies.Body, marker: Marker) -> bodies.Body:
    """Of a body only what is indented under its list item."""
    kept = []
    for line in body.answer:
        margin = len(line.text) - len(line.text.lstrip())
        if not line.is_blank and margin <= marker.level:
            break
        kept.append(line)
    code = [line for line in body.answer if line.is_code] if not kept else []
    return bodies.Body([*body.material, *code], kept)


def _defined(lines: Sequence[Line]) -> list[Line]:
    """The lines of a definition without its colons."""
    return [
        replace(line, text=line.content[1:].strip(), content=line.content[1:].strip())
        if line.kind is LineKind.TEXT and line.content.startswith(": ")
        else line
        for line in lines
    ]


def _fold_end(clues: Clues, chosen: Sequence[Marker], place: int) -> int:
    """Where the fold closes whose summary is the question; the next question for all others."""
    stop = chosen[place + 1].start if place + 1 < len(chosen) else len(clues.lines)
    if chosen[place].style != "summary":
        return stop
    end = clues.fold_end(chosen[place].end - 1, stop)
    return min(end + 1, stop)


def _outdent(lines: Sequence[Line], marker: Marker, stop: int) -> int:
    """Where the list ends in which a question is an item below others, or the table in which it is a row."""
    if marker.style == "table":
        return next((n for n in range(marker.end, stop) if "|" not in lines[n].text), stop)
    if marker.level == 0 or not marker.style.startswith("item"):
        return stop
    return next(
        (n for n in range(marker.end, stop) if lines[n].kind is LineKind.ITEM and lines[n].level < marker.level), stop
    )


def _mark(roles: list[Role], start: int, stop: int, role: Role) -> None:
    for place in range(start, stop):
        if roles[place] is not Role.BLANK:
            roles[place] = role


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
    if not (more.endswith("?") or _goes_on(lines, marker, stop, more)) or len(more) > _MOST_WRAPPED:
        return marker
    return replace(marker, end=stop, text=f"{marker.text} {more}")


def _goes_on(lines: Sequence[Line], marker: Marker, stop: int, more: str) -> bool:
    """Whether a short paragraph in lower case ends a long heading that opens like a question and has text behind it."""
    if len(marker.text) < 60 or len(more) > 80 or not marker.reads_as_question or not more.endswith((".", "!")):
        return False
    while stop < len(lines) and lines[stop].is_blank:
        stop += 1
    return stop < len(lines) and lines[stop].kind is not LineKind.HEADING


def _name(content: str) -> str:
    """A heading as a title or a section's name: without signs and counts of questions."""
    return _COUNT.sub("", clean(_JUMPS.sub("", content.lstrip("# ")))).rstrip(" :")


def _head(clues: Clues, stop: int, single: bool, roles: list[Role], below: int = 7) -> tuple[str | None, str | None]:
    """Title and first section, from the headings before the first question."""
    lines = clues.lines
    heads = [n for n in clues.heads_in(0, stop) if not is_boilerplate(one_line(lines[n].content))]
    heads = [n for n in heads if not _LINKS.match(lines[n].content)]
    if not heads:
        return None, None
    first = heads[0]
    heads = [first, *(n for n in heads[1:] if lines[n].level <= below)]
    titled = lines[first].level == 1 or len(heads) > 1
    if not single and len(heads) == 1:
        titled = False
    if titled or single:
        roles[first] = Role.TITLE
        if first + 1 < len(lines) and lines[first + 1].kind is LineKind.UNDERLINE:
            roles[first + 1] = Role.TITLE
    title = _name(lines[first].content) if roles[first] is Role.TITLE else None
    rest = heads[1:] if title else heads
    for head in rest:
        roles[head] = Role.SECTION
    return title, _name(lines[rest[-1]].content) if rest else None


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
