"""Lines that may be questions: how each is marked, what it says, and how much it reads like a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.importing.labels import Q, is_answer_label, is_boilerplate, prefix, starts_with_answer_label
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, paragraph_end

_BOLD = re.compile(r"(\*\*|__)(?=\S)")
_SUMMARY = re.compile(r"<summary\b[^<>]*>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"<(b|strong)>", re.IGNORECASE)
_OPENER = re.compile(
    r"(?:(?:what|why|how|when|where|which|who|whose|whom|is|are|was|were|do|does|did|can|could|should|shall|would|will|have|has|"
    r"had|explain|describe|define|discuss|compare|contrast|differentiate|distinguish|list|name|give|tell|write|"
    r"design|implement|find|walk|mention|state|show|create|outline|summari[sz]e|illustrate|identify|suppose|imagine|given|"
    r"talk|share|build|calculate|derive|sketch|elaborate|in what)\b|what['’]s|difference between)",
    re.IGNORECASE,
)
_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+")
_MARKS = re.compile(r"\s*\*{3}\s*$")
_MOST_LINES = 8
"""Lines that one question may be wrapped over."""
_MOST_WORDS = 120
"""Words in a question at most; longer candidates are text."""
_MOST_CHARACTERS = 4000
"""Characters in a line that may be a question."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A candidate for a question."""

    start: int
    """Index of its first line."""
    end: int
    """One past its last line."""
    style: str
    """``heading``, ``bold``, ``text``, ``item`` (plain), ``item-bold``, ``item-heading`` or ``summary``."""
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

    @property
    def asks(self) -> bool:
        """Whether it ends like a question."""
        return self.text.rstrip("\"'”’) ").endswith("?")

    @property
    def reads_as_question(self) -> bool:
        """Whether it asks, or opens with a word that questions open with."""
        return "? " in self.text or self.asks or _OPENER.match(self.text) is not None

    @property
    def value(self) -> int:
        """The printed number as an integer; 0 without one."""
        found = re.match(r"\d+", self.number or "")
        return int(found[0]) if found else 0


def find(lines: Sequence[Line]) -> list[Marker]:
    """Every line that some document might use for a question, in order; contents lists are passed over."""
    found: list[Marker] = []
    place = 0
    while place < len(lines):
        marker = _marker(lines, place) if len(lines[place].text) <= _MOST_CHARACTERS else None
        if marker and 0 < len(marker.text.split()) <= _MOST_WORDS and not _is_link_only(lines[place].content):
            found.append(marker)
            place = marker.end
        else:
            place += 1
    return found


def _marker(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    if line.kind is LineKind.HEADING:
        return _heading(lines, place)
    if line.kind is LineKind.ITEM:
        return _item(lines, place)
    if line.kind is not LineKind.TEXT:
        return None
    if _SUMMARY.search(line.text):
        return _summary(lines, place)
    first = place == 0 or lines[place - 1].kind is not LineKind.TEXT
    if _BOLD.match(line.content) and (first or line.content.endswith(("**", "__"))):
        return _bold(lines, place, "bold", line.content, line.level)
    label, number, text = prefix(line.content)
    if label == "q" and (text or number):
        return _labelled(lines, place, number, text)
    if line.content.startswith(("<b>", "<strong>")) and (tag := _tagged(line.content)):
        label, number, text = prefix(tag)
        return Marker(place, place + 1, "bold", line.level, label, number, _clean(text))
    return _plain(lines, place) if first else None


def _plain(lines: Sequence[Line], place: int) -> Marker | None:
    """A paragraph that is nothing but a question."""
    end = paragraph_end(lines, place, 4)
    if end - place > 3 or not lines[end - 1].content.endswith("?") or lines[place].content[0] in "<>[":
        return None
    text = _clean(" ".join(line.content for line in lines[place:end]))
    return Marker(place, end, "text", lines[place].level, "", None, text)


def _clean(text: str) -> str:
    """A question's text as one plain line, without difficulty signs at its ends."""
    text = _MARKS.sub("", one_line(text))
    words = text.split(" ")
    while words and _EMOJI.fullmatch(words[-1]):
        words.pop()
    while words and _EMOJI.fullmatch(words[0]):
        words.pop(0)
    return _EMOJI.sub("", " ".join(words)) if words and _EMOJI.search(words[-1]) else " ".join(words)


def _heading(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    end = place + 2 if place + 1 < len(lines) and lines[place + 1].kind is LineKind.UNDERLINE else place + 1
    label, number, text = prefix(line.content)
    if label == "q" and not one_line(text):
        return _labelled_alone(lines, place, end, number, "heading", line.level)
    text = _clean(text)
    return (
        None if not label and is_boilerplate(text) else Marker(place, end, "heading", line.level, label, number, text)
    )


def _labelled_alone(
    lines: Sequence[Line], place: int, end: int, number: str | None, style: str, level: int
) -> Marker | None:
    """``Question 3`` stands alone; the question is the next paragraph."""
    start = end
    while start < len(lines) and lines[start].is_blank:
        start += 1
    if start >= len(lines) or lines[start].kind is not LineKind.TEXT:
        return None
    stop = _wrapped_end(lines, start)
    text = _clean(" ".join(line.content for line in lines[start:stop]))
    return Marker(place, stop, style, level, "q", number, text)


def _labelled(lines: Sequence[Line], place: int, number: str | None, text: str) -> Marker | None:
    if not text:
        return _labelled_alone(lines, place, place + 1, number, "text", lines[place].level)
    end = _wrapped_end(lines, place)
    whole = " ".join([text, *(line.content for line in lines[place + 1 : end])])
    question, rest = _split_inline_answer(whole)
    return Marker(place, end, "text", lines[place].level, "q", number, _clean(question), rest)


def _split_inline_answer(text: str) -> tuple[str, str]:
    """``What is X? A: …`` in one line as question and answer."""
    found = re.search(r"\?\**\s+(?=\**(?:A|Ans|Answer)\s?[:.]\**\s)", text)
    return (text[: found.end()], text[found.end() :]) if found else (text, "")


def _wrapped_end(lines: Sequence[Line], place: int) -> int:
    """One past the last line of a question that is wrapped over adjacent lines."""
    most = paragraph_end(lines, place, _MOST_LINES)
    for end in range(place + 1, most):
        before = one_line(lines[end - 1].content)
        text = one_line(lines[end].content)
        if before.endswith(("?", ":")) or starts_with_answer_label(text) or is_answer_label(text) or Q.match(text):
            return end
    return most


def _bold(lines: Sequence[Line], place: int, style: str, content: str, level: int) -> Marker | None:
    """A bold paragraph: all of it bold, or a bold question with its answer behind."""
    mark = content[:2]
    most = paragraph_end(lines, place, _MOST_LINES)
    text = content
    for end in range(place + 1, most + 1):
        close = text.rfind(mark, 2) if text.endswith(mark) else text.find(mark, 2)
        if close > 0:
            inner, rest = text[2:close], text[close + 2 :].strip()
            return _bold_marker(lines, place, end, style, level, inner, rest, mark)
        if end < most:
            text += " " + lines[end].content
    return None


def _bold_marker(
    lines: Sequence[Line], place: int, end: int, style: str, level: int, inner: str, rest: str, mark: str
) -> Marker | None:
    if rest and mark in inner:
        return None
    label, number, text = prefix(inner)
    tail = _EMOJI.sub("", rest).strip(" *:")
    if label == "q" and not text.strip(" :.") and not rest:
        return _labelled_alone(lines, place, end, number, style, level)
    if label == "q" and not text.strip(" :."):
        stop = max(end, _wrapped_end(lines, place))
        question, behind = _split_inline_answer(" ".join([rest, *(line.content for line in lines[end:stop])]))
        return Marker(place, stop, style, level, label, number, _clean(question), behind)
    if label == "number" and not text.strip() and rest:
        return Marker(place, end, style, level, label, number, _clean(rest))
    if tail and not (label or text.rstrip().endswith("?")):
        return None
    if tail and not text.rstrip().endswith("?"):
        return None
    if mark in inner:
        text = text.replace(mark, "")
    return Marker(place, end, style, level, label, number, _clean(text), rest if tail else "")


def _item(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    number = line.mark[:-1] if line.mark[0].isdigit() else None
    label = "number" if number else ""
    content = line.content
    hashes = re.match(r"(#{1,6})\s+", content)
    if hashes:
        inner = prefix(content[hashes.end() :])
        return Marker(
            place, place + 1, "item-heading", line.level, inner[0] or label, inner[1] or number, _clean(inner[2])
        )
    tagged = _tagged(content)
    if tagged:
        return Marker(place, place + 1, "item-bold", line.level, label, number, _clean(tagged))
    if _BOLD.match(content):
        bold = _bold(lines, place, "item-bold", content, line.level)
        if bold:
            return bold if bold.label else Marker(
                bold.start, bold.end, bold.style, bold.level, label, number, bold.text, bold.rest
            )  # fmt: skip
        return None
    end = _wrapped_end(lines, place)
    text = " ".join([content, *(row.content for row in lines[place + 1 : end])])
    inner = prefix(text)
    if inner[0] == "q" and inner[2]:
        return Marker(place, end, "item", line.level, "q", inner[1], _clean(inner[2]))
    return Marker(place, end, "item", line.level, label, number, _clean(text))


def _tagged(content: str) -> str:
    """The text of a line that is wholly in ``<b>`` or ``<strong>``; empty where it is not."""
    tag = _BOLD_TAG.match(content)
    if not tag:
        return ""
    close = content.lower().find(f"</{tag[1].lower()}>")
    tail = content[close + len(tag[1]) + 3 :].replace("<br>", "").replace("<br/>", "").strip() if close > 0 else ""
    return content[tag.end() : close] if close > 0 and not tail else ""


def _summary(lines: Sequence[Line], place: int) -> Marker | None:
    """The summary of a fold; None where it only says ``Answer``."""
    text = ""
    for end in range(place, min(place + _MOST_LINES, len(lines))):
        text += " " + lines[end].text
        if "</summary>" in text.lower():
            start = _SUMMARY.search(text)
            inner = text[start.end() if start else 0 : text.lower().find("</summary>")]
            label, number, question = prefix(one_line(inner))
            question = _clean(question)
            if is_answer_label(question) or _is_link_only(inner):
                return None
            return Marker(place, end + 1, "summary", lines[place].level, label, number, question)
    return None


def _is_link_only(content: str) -> bool:
    """Whether a line is nothing but a link into the document itself, as contents lists have."""
    found = re.match(
        r"(?:\d{1,4}[.)]\s*)?[*_]{0,2}\[[^\n]*\]\(#[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)[*_]{0,2}\s*$", content
    )
    return found is not None
