"""Questions that no mark shows: lines of their own, told by what stands around them in the whole document.

A line that asks may be rhetoric in an essay. It is a question to be asked where the document is made of such lines: where
most lines ask, where most paragraphs begin with a question, or where questions stand at the margin and the answers are
indented below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.importing.candidate import Marker, made
from coach.importing.labels import LETTERED, is_answer_label, prefix, starts_with_answer_label, without_level
from coach.importing.reading import CERTAIN, belief, is_task
from coach.importing.wrapping import is_title_line
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, paragraph_end

_MOST = 300
"""Characters of a line that asks."""
_MOST_WEAK = 160
"""Characters of a line that only opens like a question."""
_LONG = 58
"""Characters from which a line without an end may have been wrapped."""
_LEAST = 3
"""Questions that a document of lines has at least."""
_MOSTLY = 0.5
"""Share of the lines that ask, from which the document is a list of questions."""
_LEADING = 0.5
"""Share of the paragraphs that begin with a question, from which that is how the document is written."""
_LEADING_COLLECTED = 0.3
"""The same where the document calls itself a collection of questions."""
_LEADING_UNASKED = 0.75
"""The same where no line ends in a question mark."""
_LEAST_UNASKED = 4
_MOSTLY_UNASKED = 0.65
"""Share of the lines that open like questions, from which they are where no line has a question mark."""
_AMONG = 0.3
"""Share of all sentences' beginnings that ask, from which questions and answers take turns without blank lines."""
_AMONG_COLLECTED = 0.2
"""The same where the document calls itself a collection of questions."""
_NAMED = re.compile(r"(.{2,120}?)\s?:\s?[-–—]+\s*$")
_ENDED = re.compile(r"(?:[.?!:;…。？！)]['\"”’*_]{0,3}|[>*_|`])$")
_ASKS = re.compile(r"[?？؟][\"'”’»)*_\s]*(?:[(\[][^()\[\]]{1,80}[)\]][*_\s]*)?$")
_OPENERS = re.compile(r"[\w¿\"'“«(`]")
_DECORATION = re.compile(r"\\[*#+-]\s+|(?!>\s|[?!:]{3})[^\w\s¿¡\"'“«(\[`<*_]{1,3}\s+(?=\S)")
WRAPPERS = re.compile(
    r"^(?:<(?:p|div|center|span|font|li|u|mark|big)\b[^<>]{0,200}>\s*)+|(?:\s*</(?:p|div|center|span|font|li|u|mark|big)>)+$",
    re.IGNORECASE,
)
"""Tags of paragraphs around a line."""
_BREAK = re.compile(r"(?:<br ?/?>\s{0,9}){1,20}$", re.IGNORECASE)
_OPEN_QUESTION = re.compile(r"(?:what|why|how|which|who|whose|when|where|in what|in which)(?:['’]s)?\s", re.IGNORECASE)
_MOST_FRONT = 8
"""Lines above a lone question mark that are asked."""
_SEPARATORS = ("?", "??")


@dataclass(frozen=True, slots=True)
class Asked:
    """One line, or a few that belong together, that ask."""

    start: int
    """Index of its first line."""
    end: int
    """One past its last line."""
    text: str
    """What it says, as Markdown."""
    asks: bool
    """Whether it ends in a question mark; the others only open like a question."""


def bare(content: str) -> str:
    """A line without breaks and closing tags at its end."""
    if content[:1] == "<":
        content = WRAPPERS.sub("", content)
    content = _BREAK.sub("", content).rstrip() if content.endswith(">") else content
    return without_level(content) if content[-1:] in ")]`" or content[:1] in "[(" else content


def undecorated(content: str) -> str:
    """A line without the signs that stand before it (``-> …``, ``? …``)."""
    if content[:1] == "<":
        content = WRAPPERS.sub("", content)
    sign = _DECORATION.match(content)
    return content[sign.end() :] if sign else content


def found(lines: Sequence[Line], collection: bool) -> dict[int, Asked]:
    """Start -> question, where the document as a whole is made of lines that ask; empty for all others."""
    opening = [n for n in range(len(lines)) if _opens(lines, n)]
    able = [n for n in opening if _may_ask(lines[n]) and not _is_defined(lines, n + 1)]
    asked = {one.start: one for n in able if (one := _strong(lines, n)) is not None}
    named = _named(lines)
    if len(named) >= _LEAST and len(named) >= len(asked):
        return {**asked, **named}
    weak = {n: one for n in able if n not in asked and (one := _weak(lines[n], n)) is not None}
    announced = {n: one for n, one in asked.items() if _is_announced(lines, one.end)}
    announced = announced if len(announced) >= max(2, _MOSTLY * len(asked)) else {}
    if len(asked) + len(weak) < _LEAST or (not asked and len(weak) < _LEAST):
        return announced
    taken = _spread(lines, asked, weak)
    first = min((*asked, *weak))
    opened = [n for n in opening if n >= first]
    within = [n for n in opened if n in asked or n in taken]
    begun = _begun(lines, opened, first)
    asking = [n for n in begun if n in asked or n in weak]
    leading = _LEADING_COLLECTED if collection else _LEADING
    leads = len(asking) >= max(_LEAST, (leading if asked else _LEADING_UNASKED) * len(begun))
    if len(within) >= _MOSTLY * len(opened):
        return {n: one for n, one in {**asked, **weak}.items() if n in asked or n in taken or (leads and n in asking)}
    if leads:
        margin = min(lines[n].level for n in opened)
        indented = any(lines[n].level > margin for n in opened)
        inside = {n for n in asked if lines[n].level <= margin or not indented}
        kept = inside | taken.keys() | set(asking)
        return {n: one for n, one in {**asked, **weak}.items() if n in kept}
    if not asked and len(weak) >= max(_LEAST_UNASKED, _MOSTLY_UNASKED * len(opened)):
        return weak
    if len(asked) >= max(_LEAST, (_AMONG_COLLECTED if collection else _AMONG) * len(opened)):
        return {**asked, **taken}
    return announced


def _named(lines: Sequence[Line]) -> dict[int, Asked]:
    """What stands before a colon with a dash at the end of a line (``Inheritance :-``), with something below it."""
    return {
        n: Asked(n, n + 1, found[1], False)
        for n, line in enumerate(lines[:-1])
        if line.kind is LineKind.TEXT and not line.level and (found := _NAMED.match(line.content[:_MOST])) is not None
        and _may_ask(line)
    }  # fmt: skip


def _begun(lines: Sequence[Line], opened: Sequence[int], first: int) -> list[int]:
    """The lines at the margin that begin a paragraph, from the first that asks on."""
    margin = min((lines[n].level for n in opened), default=0)
    return [n for n in opened if lines[n].level <= margin and (n == first or lines[n - 1].kind is not LineKind.TEXT)]


def separated(lines: Sequence[Line]) -> dict[int, Asked]:
    """Start -> what stands above a lone question mark on a line of its own, as on cards; where that is a habit."""
    cards: dict[int, Asked] = {}
    for n, line in enumerate(lines):
        if line.content not in _SEPARATORS or line.kind is not LineKind.TEXT:
            continue
        start = n
        while start and n - start < _MOST_FRONT and lines[start - 1].kind is LineKind.TEXT and start - 1 not in cards:
            start -= 1
        if start < n:
            cards[start] = Asked(start, n, " ".join(bare(one.content) for one in lines[start:n]), True)
    return cards if len(cards) > 1 else {}


def _spread(lines: Sequence[Line], asked: dict[int, Asked], weak: dict[int, Asked]) -> dict[int, Asked]:
    """The lines that open like a question and stand next to one that asks, with nothing between or only such lines."""
    taken: dict[int, Asked] = {}
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        near = False
        for n in order:
            if n in asked or (near and n in weak):
                near = True
                if n in weak:
                    taken[n] = weak[n]
            elif lines[n].kind in (LineKind.TEXT, LineKind.ITEM, LineKind.CODE, LineKind.TABLE):
                near = False
    return taken


def _strong(lines: Sequence[Line], place: int) -> Asked | None:
    """The question that begins on a line and ends in a question mark, there or after a few wrapped lines."""
    end = place + 1
    while True:
        content = bare(lines[end - 1].content)
        if _ASKS.search(content[-_MOST_WEAK:]):
            break
        wrapped = len(content) >= _LONG and end < len(lines) and lines[end].kind is LineKind.TEXT
        if not wrapped or end - place > 3 or _opens(lines, end) or lines[end].level > lines[place].level + 1:
            return None
        end += 1
    text = undecorated(" ".join(bare(line.content) for line in lines[place:end]))
    plain = one_line(text)
    told = plain.split(". ")[0] if ". " in plain else ""
    if len(plain) > _MOST or (told and not is_task(told) and belief(told) < CERTAIN) or plain.count("?") == len(plain):
        return None
    return Asked(place, end, text, True) if belief(plain) >= CERTAIN else None


def _weak(line: Line, place: int) -> Asked | None:
    """A short line that opens like a question or sets a task, and does not ask."""
    if len(line.content) > _MOST_WEAK:
        return None
    content = undecorated(bare(line.content))
    plain = one_line(content).rstrip("-–—")
    if plain.endswith((";", ",")) or " " not in plain or belief(plain) < CERTAIN:
        return None
    asked, _, last = plain.rpartition("? ")
    if asked and not is_task(last):
        return None
    task = is_task(last)
    if plain.endswith((".", "!", ":")) and not task and not _OPEN_QUESTION.match(plain):
        return None
    return Asked(place, place + 1, content, False)


def _is_defined(lines: Sequence[Line], place: int) -> bool:
    return place < len(lines) and lines[place].content.startswith(": ")


def _is_announced(lines: Sequence[Line], place: int) -> bool:
    """Whether the next line that is not blank begins with an answer's label."""
    while place < len(lines) and lines[place].is_blank:
        place += 1
    return place < len(lines) and lines[place].kind is LineKind.TEXT and (
        is_answer_label(lines[place].content) or starts_with_answer_label(lines[place].content)
    )  # fmt: skip


def _may_ask(line: Line) -> bool:
    content = line.content
    if not _OPENERS.match(undecorated(bare(content))) or LETTERED.match(content) or prefix(content)[0]:
        return False
    return not (is_answer_label(content) or starts_with_answer_label(content))


def _opens(lines: Sequence[Line], place: int) -> bool:
    """Whether a line of text begins a sentence: it continues neither a wrapped line nor an item of a list."""
    line = lines[place]
    if line.kind is not LineKind.TEXT or line.content in _SEPARATORS:
        return False
    before = lines[place - 1] if place else None
    if before is None or before.kind is not LineKind.TEXT:
        return before is None or before.kind is not LineKind.ITEM or not line.level
    if line.level < before.level or _ENDED.search(before.content[-12:]):
        return True
    return len(before.content) < _LONG and (not line.content[0].islower() or belief(line.content) >= CERTAIN)


def paragraph(lines: Sequence[Line], place: int) -> Marker | None:
    """A paragraph that is nothing but a question, or is one down to a line with a lone question mark.

    Lines above it that are no part of its sentence (a title without a mark) are left out.
    """
    if asked := _BREAK.search(lines[place].content):
        content = lines[place].content[: asked.start()]
        asks = content.endswith(("?", "？")) or is_task(content)
        return made(place, place + 1, "text", lines[place].level, ("", None, content)) if asks else None
    end = paragraph_end(lines, place, 4)
    end = next((n for n in range(place + 1, end) if lines[n].content in _SEPARATORS), end)
    deeper = (n for n in range(place + 1, end) if lines[n].level > lines[place].level + 1)
    end = next(deeper, end)
    last = lines[end - 1].content
    if end - place > 3 or lines[place].content[0] in "<>[":
        return None
    if not last.endswith(("?", "？")):
        return _task(lines, place) if end == place + 1 else None
    start = next((n for n in range(end - 1, place, -1) if is_title_line(lines[n - 1], lines[n])), place)
    text = " ".join(line.content for line in lines[start:end])
    _, number, text = prefix(text)  # of ``Scenario 2:`` on a line of its own
    marker = made(start, end, "text", lines[start].level, ("", number, text))
    told = ". " in marker.text and belief(marker.text.split(". ")[0]) < CERTAIN
    return replace(marker, belief=0.5) if told else marker


def _task(lines: Sequence[Line], place: int) -> Marker | None:
    """A short paragraph of one line that sets a task or asks and then sets one (``What is X? Give an example.``)."""
    content = lines[place].content
    asked, _, task = content.rpartition("? ")
    if len(content) > _MOST_WEAK or not is_task(task) or (asked and belief(asked + "?") < CERTAIN):
        return None
    return made(place, place + 1, "text", lines[place].level, ("", None, content))
