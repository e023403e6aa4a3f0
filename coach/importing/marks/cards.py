"""Cards in lines of text: front and back on one line, with one sign between them in nearly all lines of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coach.importing.wording.labels import prefix
from coach.importing.wording.reading import CERTAIN, belief, is_task
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_MOST_FRONT = 250
_MOST_LINE = 4000
_LEAST_TAGGED = 5
_MOST_TAG = 30
_COUNTED = re.compile(r"\W?(?P<number>\d{1,4})\s?[.)]?\t+(?P<front>[^\t]{3,300})(?:\t+(?P<back>.*))?$")
_ASKING = 0.6
"""Share of the rows of a table that ask."""
_LEAST = 3
"""Cards that make a document one of cards."""


@dataclass(frozen=True, slots=True)
class Separator:
    """A sign between front and back."""

    pattern: re.Pattern[str]
    """Where it stands; the first place counts."""
    asking: float
    """Share of the fronts that have to read like questions."""
    asking_collected: float
    """The same in a document that calls itself a collection of questions."""
    signs: tuple[str, ...]
    """One of these stands in every line that it is found in, so that most documents need no pattern."""


_BEHIND_MARK = re.compile(
    r"(?<=[?？])[*_]{0,3}\s{0,3}(?:</?\w{1,8} ?/?>\s{0,3}){0,3}[:|=~#/>,;–—-]{0,3}(?:(?<=[\s>])\s{0,3}|\s{1,3})(?=\S)"
)
"""Nothing but the question mark, and what may stand around it."""
_SEPARATORS = (
    Separator(re.compile(r"\s?(?<=[\w?)\s]):{2,3}(?=\s|[^\s:])\s?"), 0.3, 0.0, ("::",)),
    Separator(re.compile(r"\s?:[-–—]+\s"), 0.3, 0.0, (":-", ":–", ":—")),
    Separator(re.compile(r"\t+"), 0.3, 0.0, ("\t",)),
    Separator(re.compile(r"\s?;\s?(?=\S)"), 0.35, 0.2, (";",)),
    Separator(re.compile(r"\s+\|\s+"), 0.35, 0.2, ("|",)),
    Separator(re.compile(r"\s*(?:[-=]{1,3}>|→|⇒|⟶)\s*"), 0.6, 0.4, ("->", "=>", "→", "⇒", "⟶")),
    Separator(re.compile(r"\"\s*[,;|]\s*\""), 0.3, 0.0, ('"',)),
    Separator(re.compile(r"\s?(?:<br ?/?>\s{0,9}){1,9}(?=[^\s<])"), 0.6, 0.5, ("<br",)),
    Separator(_BEHIND_MARK, 0.8, 0.8, ("?", "？")),
    Separator(re.compile(r"\s[-–—=]+\s"), 0.6, 0.5, ("-", "–", "—", "=")),
)
"""The surest first."""
_TAGS = re.compile(r"</?(?:b|i|strong|em|u|font|span)\b[^<>]{0,80}>", re.IGNORECASE)
_SHARE = 0.8
"""Share of the lines, or of the first lines of paragraphs, that have the sign."""


@dataclass(frozen=True, slots=True)
class Card:
    """One line cut in two."""

    number: str | None
    """As printed before the front."""
    front: str
    """What is asked."""
    back: str
    """What answers it."""


def found(lines: Sequence[Line], collection: bool) -> dict[int, Card]:
    """Index of a line -> the card on it, where that is how the document is written; empty for all others."""
    rows = [n for n, line in enumerate(lines) if _is_row(line)]
    if len(rows) < _LEAST:
        return {}
    first = [n for n in rows if n == 0 or not _is_row(lines[n - 1]) or lines[n].kind is LineKind.ITEM]
    first = [n for n in first if prefix(lines[n].content)[0] or lines[n].mark] or first
    for separator in _SEPARATORS:
        signed = sum(any(sign in lines[n].content for sign in separator.signs) for n in rows)
        listed = ("\t" in separator.signs and collection) or ";" in separator.signs
        if signed < max(_LEAST, 0 if listed else _SHARE * min(len(rows), len(first))):
            continue
        cards = {n: card for n in rows if (card := _card(lines[n], separator.pattern)) is not None}
        if "\t" in separator.signs and (table := _counted(lines, rows)):
            return table
        if "\t" in separator.signs and len(cards) >= _LEAST and collection:
            cards |= {
                n: Card(None, one_line(lines[n].content), "") for n in rows if n not in cards and _fronts(lines[n])
            }
        if separator.signs == (";",) and (tagged := _tagged(lines, rows)):
            return tagged
        for units in (rows, first):
            own = {n: cards[n] for n in units if n in cards}
            if len(own) < _LEAST or len(own) < _SHARE * len(units):
                continue
            asks = sum(
                belief(card.front) >= CERTAIN and "{{" not in card.front and not _asks(card.back)
                for card in own.values()
            )
            if asks >= (separator.asking_collected if collection else separator.asking) * len(own):
                return own
    return {}


def _counted(lines: Sequence[Line], rows: Sequence[int]) -> dict[int, Card]:
    """Rows of a table between tabs whose first cell counts, where that is what nearly all tabs are for.

    A row without an answer goes on in the next one, with what it asks about before the tab there.
    """
    tabbed = [n for n in rows if "\t" in lines[n].content]
    counted = {n: found for n in tabbed if (found := _COUNTED.match(lines[n].content)) is not None}
    others = set(tabbed) - counted.keys()
    heads = {n for n in others if n + 1 in counted and counted[n + 1]["number"] == "1"}
    bare = {n for n in others if n - 1 in counted and not counted[n - 1]["back"]}
    if len(counted) < _LEAST or len(counted) < _SHARE * (len(tabbed) - len(heads | bare)):
        return {}
    made: dict[int, Card] = {}
    for n, found in counted.items():
        back = found["back"] or ""
        if not back and n + 1 in others:
            back = lines[n + 1].content.replace("\t", "\n\n", 1)
        made[n] = Card(found["number"], one_line(found["front"]).strip('"*_ '), back.strip().strip('"'))
    asks = sum(belief(card.front) >= CERTAIN for card in made.values())
    return made if asks >= _ASKING * len(made) else {}


def _fronts(line: Line) -> bool:
    """Whether a line without a tab, among cards with one, is the front of a card that has no back yet."""
    return line.kind is LineKind.TEXT and len(line.content) <= _MOST_FRONT


def _tagged(lines: Sequence[Line], rows: Sequence[int]) -> dict[int, Card]:
    """Cards of three fields (``front; back; tag``): what no sentence has, the same word behind the last sign in every line."""
    if len(rows) < _LEAST_TAGGED:
        return {}
    parts = {n: re.split(r"\s?;\s", lines[n].content.rstrip()) for n in rows}
    parts = {n: cells for n, cells in parts.items() if len(cells) > 2 and len(cells[0]) <= _MOST_FRONT}
    tags = Counter(cells[-1] for cells in parts.values())
    tag, count = tags.most_common(1)[0] if tags else ("", 0)
    if count < _SHARE * len(rows) or len(tag) > _MOST_TAG:
        return {}
    return {
        n: Card(None, one_line(cells[0]), "; ".join(cells[1:-1]).rstrip(";"))
        for n, cells in parts.items()
        if cells[-1] in tags and any(map(str.isalpha, cells[0]))
    }


def _asks(back: str) -> bool:
    """Whether what would be an answer goes on asking (``What is X? Give an example.``)."""
    return back.endswith(("?", "？")) or is_task(one_line(back[:400])) or back.startswith("(")


def _is_row(line: Line) -> bool:
    return line.kind in (LineKind.TEXT, LineKind.ITEM) and line.level < 4 and len(line.content) <= _MOST_LINE


def _card(line: Line, pattern: re.Pattern[str]) -> Card | None:
    cut = pattern.search(line.content)
    if cut is None or not 0 < cut.start() <= _MOST_FRONT:
        return None
    label, number, front = prefix(_TAGS.sub("", line.content[: cut.start()]).strip())
    if label == "q" or line.content.startswith(("**", "__", ">")):
        return None  # marked otherwise, and more clearly
    front, back = one_line(front).strip('"*_ '), line.content[cut.end() :].strip().strip('"')
    if not re.search(r"\w", front) or not back:
        return None
    return Card(number or (line.mark[:-1] if line.mark[:1].isdigit() else None), front, back)
