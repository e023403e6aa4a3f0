"""Remarks that recur beside the questions of a document: how hard they are, who asked them, where they come from.

``[E] What is …?``, ``What is …? *@someone*``, ``… [Google]``: nobody could list what people write there. It is no part
of a question where the same few remarks stand beside question after question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from coach.importing.wording.labels import is_answer_label, prefix
from coach.importing.wording.reading import CERTAIN, belief
from coach.text.cleaning import one_line

_LEADS = re.compile(
    r"(?P<head>\s{0,20}(?:(?:[-*+•]|#{1,6})\s{1,4})?(?:\[[ xX]\]\s{1,3})?(?:\*\*|__)?"
    r"(?:\(?(?:[Qq][A-Za-z]{0,9})?[\s.#-]{0,2}\d{0,4}\s?[.):\\–-]{0,3}\s?(?:\*\*|__)?)?\s{0,3}(?:\*\*|__)?)"
    r"(?P<tag>`?(?:\[(?=[^\]]*[^\W\d])[^\[\]\n]{1,24}\](?!\(|\[)|(?:\((?=[^)]*[^\W\d])[^()\n]{2,24}\)|【[^【】\n]{1,24}】|\{[^{}\n]{1,24}\}))`?"
    r"|(?P<mark>\*{1,2}|_{1,2}|`)(?![\s*_`])[^*_`\n]{1,24}(?P=mark))"
    r"(?:\s{0,2}[:–—-])?\s{1,3}(?P<text>\S.*)"
)
"""A remark in brackets, or in emphasis of its own, in front of a line's text."""
_BEHIND = re.compile(
    r"(?:(?<=[?？.!:])|(?<=[?？.!:]\*\*)|(?<=[?？.!:]__))(?P<gap>\s{0,3}[-–—|]?\s{0,3})"
    r"(?P<tag>(?P<mark>\*{1,2}|_{1,2}|`)(?![\s*_`])[^*_`\n]{1,40}(?P=mark)|\[[^\[\]\n]{1,40}\](?:\([^()\s]{1,300}\))?|\([^()\n]{2,40}\)|\{[^{}\n]{1,40}\}"
    r"|<(?P<element>su[bp]|small|kbd|em|i|span|code|mark)\b[^<>]{0,80}>[^<>\n]{1,40}</(?P=element)>)"
    r"(?P<tail>(?:\*\*|__)?(?:</summary>)?\s*)$"
)
"""A remark in brackets or in emphasis of its own behind the end of a sentence."""
_BRACKETED = re.compile(r"(?<=\S)\s{1,3}(?P<tag>\[[^\[\]\n]{1,40}\])(?P<tail>(?:\*\*|__)?(?:</summary>)?\s*)$")
"""The same in square brackets, without such an end before it."""
_HASHED = re.compile(r"(?<=\S)(?P<tag>(?:\s{1,3}#[^\W\d_][\w/-]{0,30}){1,6})(?P<tail>(?:\*\*|__)?\s*)$")
_SIGNS = frozenset("[({【*_`")
_BOXES = ("[x]", "[X]", "[ ]")
_ENDS = ("*", "_", "`", "]", ")", "}", ">")
_ROUNDS = 2
"""Remarks that may stand one behind the other."""
_LEAST = 3
"""Questions beside which the same remark stands, or one of a few."""
_REPEATED = 2
"""How often a remark stands there on average at least."""
_MOST = 600
"""Characters of a line that may be a question with a remark."""
_NEARLY = 0.7
"""Share of the lines with a remark that ask."""


def removed(rows: Sequence[str]) -> list[str]:
    """The rows of a document without the remarks that recur beside its questions."""
    made = list(rows)
    for _ in range(_ROUNDS):
        before = made
        made = _without(made, _leading(made), behind=False)
        made = _without(made, _trailing(made), behind=True)
        if made is before:
            break
    return made


def _leading(rows: Sequence[str]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for n, row in enumerate(rows):
        first = row.lstrip()[:1]
        if not first or (first.isalpha() and first not in "Qq"):
            continue
        if len(row) <= _MOST and not _SIGNS.isdisjoint(row[:32]):
            lead = _LEADS.match(row)
            if lead is not None and lead["tag"] not in _BOXES and not _is_label(lead["tag"]):
                found[n] = lead["tag"], lead["head"] + lead["text"]
    return found


def _trailing(rows: Sequence[str]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for n, row in enumerate(rows):
        if len(row) > _MOST or not row:
            continue
        bare = row.rstrip()
        near = max(0, len(row) - 120)
        behind = None
        if bare.endswith(_ENDS):
            behind = _behind(row, near) or (_BRACKETED.search(row, near) if "]" in bare[-12:] else None)
        if behind is None and "#" in row[near:] and "card" not in row[near:]:
            behind = _HASHED.search(row, near)
        if behind is not None and behind["tag"] not in _BOXES:
            tag = behind["tag"].split()[0] if behind["tag"][:1].isspace() else behind["tag"].split("](")[0]
            found[n] = tag, row[: behind.start()] + behind["tail"]
    return found


def _behind(row: str, near: int) -> re.Match[str] | None:
    """A remark behind something that is said, and not behind a number alone."""
    found = _BEHIND.search(row, near)
    while found is not None and not any(map(str.isalpha, row[: found.start()])):
        found = _BEHIND.search(row, found.start() + 1)
    return found


def _without(rows: list[str], found: dict[int, tuple[str, str]], behind: bool) -> list[str]:
    """The rows, those with a remark without it, where the remarks recur and what they stand beside asks."""
    counts = Counter(tag for tag, _ in found.values())
    often = {tag for tag, count in counts.items() if count >= _REPEATED}
    own = {n: text for n, (tag, text) in found.items() if tag in often}
    if len(own) < _LEAST:
        return rows
    asking = [n for n, text in own.items() if _asks(text)]
    if len(asking) < max(_LEAST, _NEARLY * len(own)):
        return rows
    widest = max(len(tag) for tag in often)
    kinds = {tag[0] for tag in often}
    rare = [n for n, (tag, _) in found.items() if n not in own and tag[0] in kinds and len(tag) <= widest]
    rows = list(rows)
    for n in (*(own if behind else asking), *(n for n in rare if _asks(found[n][1]))):
        rows[n] = found[n][1]
    return rows


def _asks(text: str) -> bool:
    said = one_line(text)
    return belief(prefix(said)[2] or said) >= CERTAIN


def _is_label(tag: str) -> bool:
    """Whether what is emphasised at the start of a line says that a question or an answer comes, or counts it."""
    said = tag.strip("*_`")
    return tag[0] in "*_`" and (prefix(f"{said}: x")[0] != "" or is_answer_label(said) or said.endswith((":", "?")))
