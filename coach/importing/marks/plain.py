"""Questions that no mark shows: lines of their own, told by what stands around them in the whole document.

A line that asks may be rhetoric in an essay. It is a question to be asked where the document is made of such lines: where
most lines ask, where most paragraphs begin with a question, or where questions stand at the margin and the answers are
indented below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.importing.wording.labels import LETTERED, is_answer_label, prefix, starts_with_answer_label, without_level
from coach.importing.wording.reading import CERTAIN, belief, is_task
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_MOST = 300
"""Characters of a line that asks."""
MOST_WEAK = 160
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
_TAKING_TURNS = 0.75
"""Share of every other paragraph that asks, and of the others that tell."""
_FEW = 0.3
"""Share of lines between others that ask, up to which they ask too."""
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
BREAK = re.compile(r"(?:<br ?/?>\s{0,9}){1,20}$", re.IGNORECASE)
_OPEN_QUESTION = re.compile(r"(?:what|why|how|which|who|whose|when|where|in what|in which)(?:['’]s)?\s", re.IGNORECASE)
_MOST_FRONT = 8
"""Lines above a lone question mark that are asked."""
SEPARATORS = ("?", "??")


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
    content = BREAK.sub("", content).rstrip() if content.endswith(">") else content
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
    if not asked and (turns := _turns(lines, opening, weak)):
        return turns
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
        return _between(lines, weak)
    if len(asked) >= max(_LEAST, (_AMONG_COLLECTED if collection else _AMONG) * len(opened)):
        return {**asked, **taken}
    return announced


def _turns(lines: Sequence[Line], opening: Sequence[int], weak: dict[int, Asked]) -> dict[int, Asked]:
    """Start -> what asks, where short paragraphs that ask and others that tell take turns; empty where they do not."""
    first = min(weak)
    begun = _begun(lines, [n for n in opening if n >= first], first)
    own, others = begun[::2], begun[1::2]
    if len(own) < _LEAST_UNASKED or any(lines[n].kind is not LineKind.TEXT for n in begun):
        return {}
    alone = all(n + 1 == len(lines) or lines[n + 1].is_blank for n in own)
    told = sum(_ENDED.search(lines[n].content[-12:]) is not None or len(lines[n].content) > _LONG for n in others)
    if not alone or told < _TAKING_TURNS * len(others) or sum(n in weak for n in own) < _TAKING_TURNS * len(own):
        return {}
    if any(n in weak for n in others) or any(len(lines[n].content) > MOST_WEAK for n in own):
        return {}
    return {n: Asked(n, n + 1, undecorated(bare(lines[n].content)), False) for n in own}


def _between(lines: Sequence[Line], taken: dict[int, Asked]) -> dict[int, Asked]:
    """The same questions and the short lines in lower case that stand right between two of them (``types of joins``)."""
    more: dict[int, Asked] = {}
    for n in range(1, len(lines) - 1):
        if n not in taken and n - 1 in taken and n + 1 in taken and taken[n - 1].end == n:
            content = lines[n].content
            if (
                lines[n].kind is LineKind.TEXT
                and content[:1].islower()
                and len(content) <= _LONG
                and not _ENDED.search(content[-12:])
            ):
                more[n] = Asked(n, n + 1, undecorated(bare(content)), False)
    return {**taken, **more} if len(more) <= _FEW * len(taken) else taken


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
        if line.content not in SEPARATORS or line.kind is not LineKind.TEXT:
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
        if _ASKS.search(content[-MOST_WEAK:]):
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
    if len(line.content) > MOST_WEAK:
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
    said = bare(content)
    if not _OPENERS.match(undecorated(said)) or LETTERED.match(said) or prefix(said)[0]:
        return False
    return not (is_answer_label(content) or starts_with_answer_label(content))


def _opens(lines: Sequence[Line], place: int) -> bool:
    """Whether a line of text begins a sentence: it continues neither a wrapped line nor an item of a list."""
    line = lines[place]
    if line.kind is not LineKind.TEXT or line.content in SEPARATORS:
        return False
    before = lines[place - 1] if place else None
    if before is None or before.kind is not LineKind.TEXT:
        return before is None or before.kind is not LineKind.ITEM or not line.level
    if line.level < before.level or _ENDED.search(before.content[-12:]):
        return True
    return len(before.content) < _LONG and (not line.content[0].islower() or belief(line.content) >= CERTAIN)
