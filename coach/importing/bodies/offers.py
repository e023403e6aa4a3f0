"""Options that are a plain list below a question: told by what the questions of the document say about such lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from coach.text.markdown import Line, LineKind

_OFFERS = re.compile(
    r"\b(?:(?:which|what|all|any|one|each|none)\b.{0,40}\bof (?:the following|these|those)\b|(?:the )?following\b.{0,40}\b(?:is|are|does|do|can|would)\b"
    r"|which (?:one )?(?:of the )?(?:option|statement|choice|answer)s?\b|(?:select|choose|pick|tick) (?:all|any|one|two|the)\b)",
    re.IGNORECASE,
)
"""How a question says that its answer is among what is listed below it."""
_TICK = re.compile(r"✅|✔️?|☑|\((?:correct|right)(?: answer)?\)|←\s*correct", re.IGNORECASE)
_BOLD = re.compile(r"(\*\*|__)(.+)\1\W?$")
_LEAST, _MOST = 2, 10
"""Options of one question."""
_USUAL = 4
"""Options that most questions have."""
_LEAST_ALIKE, _ALIKE = 4, 0.8
"""Questions, and share of all of them, with lists of the same length below them, from which these are options."""
_SHORT = 6
"""Words of such an option on average at most."""
_OFTEN = 0.5
"""Share of the questions above lists that offer these, from which all such lists are options."""


def offers(text: str) -> bool:
    """Whether a question says that its answer is to be chosen from what follows."""
    return _OFFERS.search(text[:600]) is not None


def is_list(lines: Sequence[Line]) -> bool:
    """Whether a body is one flat list of a few items and nothing else."""
    rows = [line for line in lines if not line.is_blank and line.kind is not LineKind.RULE]
    if not _LEAST <= len(rows) <= _MOST or len({row.level for row in rows}) > 1:
        return False
    marked = {row.mark[-1:] if row.mark[:1].isdigit() else row.mark for row in rows}
    return len(marked) == 1 and all(row.kind is LineKind.ITEM and len(row.content) < 300 for row in rows)


def habitual(texts: Sequence[str], bodies: Sequence[Sequence[Line]]) -> bool:
    """Whether the lists below the questions of a document are options as a rule."""
    lists = [(text, lines) for text, lines in zip(texts, bodies, strict=True) if is_list(lines)]
    offered = sum(offers(text) for text, _ in lists)
    if offered >= max(_LEAST, _OFTEN * len(lists)):
        return True
    sizes = Counter(sum(line.kind is LineKind.ITEM for line in lines) for _, lines in lists)
    size, often = sizes.most_common(1)[0] if sizes else (0, 0)
    alike = often >= max(_LEAST_ALIKE, _ALIKE * len(texts)) and (offered > 0 or size == _USUAL) and size > _LEAST
    words = [line.content.count(" ") + 1 for _, lines in lists for line in lines if line.kind is LineKind.ITEM]
    return alike and sum(words) <= _SHORT * len(words)


def right(lines: Sequence[Line]) -> list[Line]:
    """The options that are ticked or alone in bold, as lines of an answer; none where nothing points at some of them."""
    rows = [line for line in lines if line.kind is LineKind.ITEM]
    chosen = [row for row in rows if _TICK.search(row.content)] or [row for row in rows if _BOLD.match(row.content)]
    if not chosen or len(chosen) == len(rows):
        return []
    said = [(row, _TICK.sub("", row.content).strip(" *_")) for row in chosen]
    return [replace(row, text=text, content=text, kind=LineKind.TEXT, level=0) for row, text in said]
