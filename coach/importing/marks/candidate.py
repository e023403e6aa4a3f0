"""A candidate for a question: where it stands, how it is marked, what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.importing.wording.labels import LEVEL_NAME, without_level
from coach.importing.wording.reading import CERTAIN, belief, leaves_blank
from coach.text.cleaning import one_line

EMOJI = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+")
_GRADE = re.compile("[\u2b50\u2605\u2606\ufe0f\u200d\U0001f31f\U0001f476\U0001f680][A-Za-z]?$")
_SHORTCODE = re.compile(r"\s*:[a-z][a-z0-9_+-]{1,40}:\s*")
_JUMP = re.compile(r"(?<=\S)(?:\s{0,9}\[{1,2}[^\[\]\n]{0,40}\]{1,2}\(#[^()\s]{0,200}\)){1,4}\s*$")
"""Links behind a question to another place of the document."""
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\s]{0,500}\)")
_LINK_BEHIND = re.compile(
    r"(?<=[?？])[*_`]{0,3}\s{0,3}(?:[-–—:|(\[,;→*_\\]{0,2}\s{0,2}\[{1,2}[^\[\]\n]{0,80}\]{1,2}\([^()\s]{0,500}\)[)\]*_.,\\]{0,3}\s{0,3}){1,8}$"
)
"""Links to an answer or to where a question comes from, behind its question mark."""
_DASHED_LINK = re.compile(r"(?<=\S)\s{1,3}[-–—|]\s{0,3}\[{1,2}[^\[\]\n]{1,20}\]{1,2}\([^()\s]{1,500}\)\s*$")
"""A short link behind a dash: where it is solved or comes from."""
_ATTRIBUTES = re.compile(r"(?<=\S)\s{0,9}\{[#.:][^{}\n]{0,80}\}\s*$")
_ASIDE = re.compile(
    r"\s*[|·]\s*(?:<(i|em|small|sub|sup|code|kbd)>[^<>]{1,60}</\1>|(\*{1,2}|_{1,2}|`)[^*_`|]{1,60}\2)\s*$"
    r"|(?:(?<=[?？.*_])|(?<=</[bi]>)|(?<=</em>)|(?<=</strong>))\s*<(small|sub|sup|kbd)>[^<>]{1,60}</\3>\s*$"
    rf"|(?<=[?？.])\s*<code>{LEVEL_NAME}</code>\s*$",
    re.IGNORECASE,
)
"""A remark about a question behind it (``… | *multiple choice*``): in emphasis of its own, and parted from it."""
_POINTS = re.compile(
    r"(?<=\S)\s{0,3}[*_]{0,3}[(\[]\s?\d{1,3}(?:\s?[-–]\s?\d{1,3})?\s?(?:marks?|points?|pts?)\.?\s?[)\]][*_.]{0,3}\s*$",
    re.IGNORECASE,
)
"""What an answer earns, behind a question."""
_MARKS = re.compile(
    r"\s?:\s?[-–—]{1,2}$|\s*\*{3}\s*$|\s+\*+\s*$|\s+(?:[-=_~]{2,}|\\)\s*$|(?<=[?？.])\\$|(?<=\?)\s[-–—:]{1,2}$"
)
_MARK_ENDS = tuple("*-=_~\\:–—")
"""What every line ends with that ``_MARKS`` finds something in."""
_GAP = 0.8
"""Belief in a sentence that leaves something out to be filled in."""
_COUNTED = ("q", "number", "letter")
NOTE = re.compile(r"\s?\[\^[\w.-]{1,60}\](?=\s|\[|$)")
"""A reference to a footnote."""
_CONTENTS_LINK = re.compile(
    r"(?:\d{1,4}[.)]\s*)?[*_]{0,3}!?\[[^\n]*\]\((?:[a-z]+://[^()\s]*)?#[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)[*_]{0,3}\s*$"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A candidate for a question."""

    start: int
    """Index of its first line."""
    end: int
    """One past its last line."""
    style: str
    """``heading``, ``bold``, ``italic``, ``text``, ``item`` (plain), ``item-bold``, ``item-heading``, ``summary``, ``table``
    or ``term`` (of a definition list)."""
    level: int
    """The heading's level, or the indentation."""
    label: str
    """What stands before it: ``q`` (``Q1:``), ``number`` (``1.``) or empty."""
    number: str | None
    """The number as printed."""
    text: str
    """The question as one plain line."""
    rest: str = ""
    """What follows on its line and belongs to the answer, as Markdown."""
    belief: float = 0.0
    """How much its words read like a question, 0 to 1."""
    within: tuple[int, int] = (0, 0)
    """Indexes (start, stop) of the code between two parts of its text; both 0 where there is none."""

    @property
    def reads_as_question(self) -> bool:
        """Whether its words alone say that it is one."""
        return self.belief >= CERTAIN

    @property
    def asks(self) -> bool:
        """Whether it ends like a question."""
        return self.text.rstrip("\"'”’) ").endswith(("?", "？"))

    @property
    def value(self) -> int:
        """The printed number as an integer (the last of ``2.4``); 0 without one."""
        found = re.search(r"\d+(?=[a-z]?$)", self.number or "")
        return int(found[0]) if found else 0


def is_contents_link(content: str) -> bool:
    """Whether a line is nothing but a link to an anchor, as contents lists have."""
    return "](" in content and "#" in content and _CONTENTS_LINK.match(content) is not None


def without_aside(text: str) -> str:
    """A question's Markdown without a remark in emphasis behind it."""
    if not text.endswith((">", "*", "_", "`", " ")) or (found := _ASIDE.search(text, max(0, len(text) - 120))) is None:
        return text
    return text[: found.start()]


def clean(text: str) -> str:
    """A question's text as one plain line, without difficulty signs at its ends."""
    text = one_line(_alone(text))
    if text[-1:] in _MARK_ENDS:
        text = _MARKS.sub("", text)
    if ":" in text:
        text = _SHORTCODE.sub(" ", text).strip() or text
    return text if text.isascii() else _ungraded(text)


def _alone(text: str) -> str:
    """A question's Markdown without notes, pictures, links and remarks behind it."""
    if "[^" in text and "`" not in text:
        text = NOTE.sub("", text)
    if "![" in text and (shown := _IMAGE.sub("", text)) and any(map(str.isalpha, shown)):
        text = shown
    if "](" in text:
        asked = _LINK_BEHIND.search(text)
        text = text[: asked.start()] if asked else _DASHED_LINK.sub("", text)
    text = without_aside(text)
    if text.rstrip().endswith((")", "}", "]", "*", "_")):
        text = _ATTRIBUTES.sub("", _POINTS.sub("", _JUMP.sub("", text)))
    return text


def _ungraded(text: str) -> str:
    words = text.split(" ")
    while words and (EMOJI.fullmatch(words[-1]) or _GRADE.search(words[-1])):
        words[-1] = _GRADE.sub("", EMOJI.sub("", words[-1])) if not EMOJI.match(words[-1]) else ""
        if words[-1]:
            break
        words.pop()
    while words and EMOJI.fullmatch(words[0].strip("[]() ")):
        words.pop(0)
    return " ".join(words)


def made(start: int, end: int, style: str, level: int, parts: tuple[str, str | None, str], rest: str = "") -> Marker:
    """A marker of label, number and text."""
    label, number, text = parts
    text = clean(text)
    text = without_level(text) if text[-1:] in ("]", ")") else text
    sure = belief(text)
    if sure < _GAP and label in _COUNTED and leaves_blank(parts[2]):
        sure = _GAP
    return Marker(start, end, style, level, label, number, text, rest, sure)
