"""What stands behind a question, cut in two: material that belongs to the question (code to read, options to choose
from) and the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.importing.bodies import offers
from coach.importing.clues import Clues
from coach.importing.marks.candidate import is_contents_link
from coach.text import coded
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_BOX = re.compile(r"(?:\[(?P<tick>[ xX✓✔])\]|\(\s?\)|[○◯☐□▢⬜])\s+(?=\S)")
_INLINE = re.compile(r"[\[(]?[aA][.)\]]\s?\S.{0,200}?\s[\[(]?[bB][.)\]]\s?\S")
"""Options one behind the other on one line."""
_LETTER = re.compile(r"(?P<bold>\*\*|__|<b>)?(?:-\s)?[\[(]?(?P<letter>[A-Ha-h])(?:[.):\]]|\s[-–—](?=\s))\**\s*(?=\S)")
_TICK = re.compile(r"✅|✔️?|☑|\((?:correct|right|true)(?: answer)?\)|←\s*correct", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:outputs?|outcome|printed|logged|returned|(?:does|will|would) .{0,30}(?:print|log|return)|following|below|above|snippet|wrong with (?:this|the)"
    r"|(?:this|these|the) (?:code|function|quer(?:y|ies)|program|script|policy|loop|class|expressions?|statements?|call|line)"
    r"|does (?:this|it)|each of these|value of|result of)\b|[:：]$",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:outputs?|printed|(?:does|will|would) .{0,30}(?:print|log|return)|logged|returned|snippet|this (?:code|function|query|program|script|loop|class|snippet))\b",
    re.IGNORECASE,
)
_POINTER = re.compile(r"\(?([A-Ha-h1-8])[.)]?")
"""A line that is nothing but the letter or number of the right option."""
_TITLED = re.compile(r"[\w*_ ]{2,24}:[*_]{0,2}\s")
_SHORT = 12
"""Words of plain text that may stand between a question and the label of its answer, where labels are no habit."""
_NEAR = 6
"""Lines behind a question in which its first two options stand."""
_MOST_OPTIONS = 12
_LEAST_LISTED = 5
_MOST_LISTED = 6
_MOSTLY_LISTED = 0.6
"""Share of the questions with the same number of lines behind them, from which these are options."""
_WRAPPED = 0.75
"""Of the widest, how wide all lines of a wrapped paragraph are at least."""
_NARROW = 40
"""Characters below which no paragraph is wrapped."""


@dataclass(frozen=True, slots=True)
class Body:
    """The lines behind one question."""

    material: list[Line]
    """What belongs to the question."""
    answer: list[Line]
    """What answers it; may be empty."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What this document usually does behind a question."""

    labelled: bool
    """Whether answers are announced."""
    answered: bool
    """Whether most questions have some text of an answer."""
    boxes: bool
    """Whether most questions come with options."""
    coded: bool
    """Whether many questions have code behind them and nothing else."""
    listed: int = 0
    """How many lines stand behind most questions, as many behind each: options without a mark. 0 where that is no habit."""
    offered: bool = False
    """Whether lists below questions are options as a rule."""


def habits(clues: Clues, spans: Sequence[tuple[int, int]], texts: Sequence[str]) -> Habits:
    """What the bodies ``spans`` (start, stop) of the questions ``texts`` have in common."""
    count = max(1, len(spans))
    labelled = sum(bool(clues.labels_in(start, stop)) for start, stop in spans)
    written = sum(
        any(line.kind in (LineKind.TEXT, LineKind.ITEM, LineKind.TABLE) for line in clues.lines[start:stop])
        for start, stop in spans
    )
    coded = sum(
        any(line.is_code for line in clues.lines[start:stop])
        and all(line.is_code or line.is_blank for line in clues.lines[start:stop])
        for start, stop in spans
    )
    boxes = sum(
        any(
            line.kind in (LineKind.ITEM, LineKind.TEXT) and _option(line)
            for line in clues.lines[start : min(stop, start + 40)]
        )
        for start, stop in spans
    )
    announced = labelled >= 0.5 * count
    listed = 0 if announced or boxes >= 0.6 * count else _listed(clues, spans)
    offered = not announced and offers.habitual(texts, [clues.lines[start:stop] for start, stop in spans])
    return Habits(announced, written >= 0.4 * count, boxes >= 0.6 * count, coded >= 0.35 * count, listed, offered)


def _listed(clues: Clues, spans: Sequence[tuple[int, int]]) -> int:
    """The number of lines behind most questions, where these are options: lines of their own, always as many."""
    if len(spans) < _LEAST_LISTED:
        return 0
    counts = Counter(_alike(clues.lines[start:stop]) for start, stop in spans)
    del counts[0]
    size, often = counts.most_common(1)[0] if counts else (0, 0)
    return size if often >= max(_LEAST_LISTED, _MOSTLY_LISTED * len(spans)) else 0


def _alike(lines: Sequence[Line]) -> int:
    """How many lines a body has that may be nothing but options without a mark; 0 where it is something else."""
    rows = [line for line in lines if not line.is_blank]
    if (
        not 4 <= len(rows) <= _MOST_LISTED
        or 2 * sum(map(_is_titled, rows)) > len(rows)
        or any(line.kind is not LineKind.TEXT for line in rows)
    ):
        return 0
    first = next(n for n, line in enumerate(lines) if not line.is_blank)
    if any(line.is_blank for line in lines[first : first + len(rows)]) or len({line.level for line in rows}) > 1:
        return 0
    told = rows[:-1]
    widths = [len(line.content) for line in told]
    ended = 2 * sum(line.content.endswith((".", "?", "!")) for line in told) > len(told)
    return len(rows) if ended or min(widths) < _WRAPPED * max(widths) or max(widths) < _NARROW else 0


def _is_titled(line: Line) -> bool:
    """Whether a line says first what it tells (``Use: …``): answers in a form have as many lines everywhere too."""
    return _TITLED.match(line.content) is not None


def _of_list(lines: list[Line], size: int) -> Body | None:
    """Options without a mark, ``size`` lines of them, with the right one where a letter or a sign points at it."""
    rows = [line for line in lines if not line.is_blank]
    own = rows[-size:]
    before = rows[: len(rows) - size]
    if _alike(own) != size or (before and before[-1].level >= own[0].level):
        return None
    pointer = _POINTER.fullmatch(own[-1].content)
    if pointer:
        at = "abcdefgh12345678".index(pointer[1].lower()) % 8
        return Body(
            [line for line in lines if line is not own[-1]], [replace(own[at], level=0)] if at < size - 1 else []
        )
    right = [replace(line, level=0) for line in own if _TICK.search(line.content)]
    return Body(lines, right if len(right) < size else [])


def split(clues: Clues, text: str, start: int, stop: int, habits: Habits) -> Body:
    """The body from index ``start`` to before ``stop`` of the question ``text``, cut in two."""
    lines = list(clues.lines[start:stop])
    labels = clues.labels_in(start, stop)
    if labels:
        before = lines[: labels[0] - start]
        if _says_nothing(before):
            return Body([], lines[len(before) :])
        if habits.labelled or _is_material(before):
            return Body(before, lines[len(before) :])
    options = _options(lines)
    if options is not None:
        end, right = options
        if right or habits.boxes or (_is_box(lines, end) and not _says_nothing(lines[end:])):
            return Body(lines[:end], [*right, *lines[end:]])
    if (habits.offered or offers.offers(text)) and offers.is_list(lines):
        return Body(lines, offers.right(lines))
    if habits.listed and (listed := _of_list(lines, habits.listed)) is not None:
        return listed
    return _code_first(text, lines, habits)


def _says_nothing(lines: Sequence[Line]) -> bool:
    return all(
        not line.is_code
        and (
            line.is_blank
            or line.kind is LineKind.RULE
            or is_contents_link(line.content)
            or not one_line(line.content[:400])
        )
        for line in lines
    )


def _is_material(lines: Sequence[Line]) -> bool:
    """Whether the lines are code, options, pictures and at most a few sentences."""
    words = 0
    for line in lines:
        if line.kind is LineKind.HEADING:
            return False
        if not line.is_code and not (line.kind in (LineKind.ITEM, LineKind.TEXT) and _option(line)):
            words += len(line.content.split())
    return words <= _SHORT


def _option(line: Line) -> re.Match[str] | None:
    content = line.content[:400]
    return _BOX.match(content) or _LETTER.match(content)


def offers_choice(lines: Sequence[Line], start: int, stop: int) -> bool:
    """Whether the first two lines from ``start`` that are not blank are the options A and B."""
    found = ""
    for place in range(start, min(stop, start + _NEAR)):
        line = lines[place]
        if line.is_blank:
            continue
        option = _LETTER.match(line.content[:400]) if line.kind in (LineKind.ITEM, LineKind.TEXT) else None
        if option is None or option["letter"].lower() != ("b" if found else "a"):
            return False
        if found:
            return True
        found = option["letter"]
    return False


def _is_box(lines: Sequence[Line], end: int) -> bool:
    return any(_BOX.match(line.content[:400]) for line in lines[:end] if line.kind is LineKind.ITEM)


def _options(lines: Sequence[Line]) -> tuple[int, list[Line]] | None:
    """One past the last of the options at the head of a body, and the right ones as lines of an answer."""
    first = next(
        (n for n, line in enumerate(lines) if line.kind in (LineKind.ITEM, LineKind.TEXT) and _option(line)), None
    )
    if first is None or not _is_material(lines[:first]):
        return None
    if _INLINE.match(lines[first].content[:400]):
        return first + 1, []
    end, count = first, 0
    right: list[Line] = []
    for place in range(first, len(lines)):
        line = lines[place]
        found = _option(line) if line.kind in (LineKind.ITEM, LineKind.TEXT) else None
        if found is None:
            if count and (
                line.is_blank or line.is_code or (line.kind is LineKind.TEXT and line.level > lines[first].level)
            ):
                continue
            break
        letter = found.groupdict().get("letter")
        if letter and ord(letter.lower()) - ord("a") != count:
            break
        count += 1
        end = place + 1
        if _is_right(line.content, found):
            said = _TICK.sub("", line.content[found.end() :]).strip(" *_")
            right.append(replace(line, text=said, content=said, kind=LineKind.TEXT, level=0))
        if count >= _MOST_OPTIONS:
            break
    while end < len(lines) and lines[end].is_code and lines[end - 1].is_code:
        end += 1
    return (end, right if len(right) < count else []) if count > 1 else None


def _is_right(content: str, found: re.Match[str]) -> bool:
    tick = found.groupdict().get("tick")
    if tick is not None:
        return tick != " "
    bold = found.groupdict().get("bold")
    return bool(_TICK.search(content)) or bool(bold and bold != "<b>" and content.rstrip().endswith(bold))


def _code_first(text: str, lines: list[Line], habits: Habits) -> Body:
    """Code right behind a question that speaks of it belongs to the question."""
    start = next((n for n, line in enumerate(lines) if not line.is_blank), len(lines))
    if start == len(lines) or not lines[start].is_code:
        bare = all(line.is_blank or line.is_code or coded.is_code(line.content) for line in lines[start:])
        return Body(lines, []) if bare and start < len(lines) and _STRONG.search(text) else Body([], lines)
    end = start
    while end < len(lines) and (lines[end].is_code or lines[end].is_blank):
        end += 1
        if lines[end - 1].kind is LineKind.FENCE and end - 1 > start and (end == len(lines) or not lines[end].is_code):
            break
    rest = lines[end:]
    alone = _says_nothing(rest)
    points = _STRONG.search(text) if alone else _POINTS.search(text)
    if alone and not habits.answered and not habits.coded:
        return Body(lines, [])
    return Body(lines[:end], rest) if points else Body([], lines)
