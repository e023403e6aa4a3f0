"""Lines that may be questions: how each is marked, what it says, and how much it reads like a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from coach.importing import tables
from coach.importing.candidate import EMOJI, NOTE, Marker, clean, is_contents_link, made
from coach.importing.inline import split
from coach.importing.labels import is_answer_label, is_boilerplate, prefix
from coach.importing.reading import CERTAIN, belief, is_task
from coach.importing.wrapping import MOST_LINES, is_title_line, wrapped_end
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, paragraph_end

_BOLD = re.compile(r"(\*\*|__)(?=\S)")
_ITALIC = re.compile(r"([*_]|\*{3}|_{3})(?![*_\s])([^*_]{3,400})\1\W{0,3}$")
_SUMMARY = re.compile(r"<summary\b[^<>]*>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"<(b|strong|dt|u|em)>", re.IGNORECASE)
_BOX = re.compile(r"\[[ xX]\]\s+")
_BARE_NUMBER = re.compile(r"\(?(\d{1,4}[a-z]?)\s?[.):]*")
_SIGN = re.compile(f"(?:{EMOJI.pattern})\\s*(?=\\S)")
_WRAPPERS = re.compile(
    r"^(?:<(?:p|div|center|span|font|li)\b[^<>]{0,200}>\s*)+|(?:\s*</(?:p|div|center|span|font|li)>)+$", re.IGNORECASE
)
_BREAK = re.compile(r"<br ?/?>$", re.IGNORECASE)
_LETTER = re.compile(r"\(?[a-h][.)]\s+(?=[A-Z])")
_LINK_ONLY = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)\s*$")
_SEPARATORS = ("?", "??")
_KEY = re.compile(r"\(?[A-Ha-h](?:\s?[,&/]\s?[A-Ha-h]){0,4}[).]?")
"""What stands in a row of an answer key."""
_MOST_WORDS = 120
"""Words in a question at most; longer candidates are text."""
_MOST_WORDS_MARKED = 500
"""The same for headings, table cells and what is labelled as a question: the mark says what it is, and exam questions
come with their whole situation."""
_MOST_TASK = 160
"""Characters of a paragraph that sets a task without any mark."""
_MOST_CHARACTERS = 4000
"""Characters in a line that may be a question."""


def _most_words(marker: Marker) -> int:
    marked = marker.label == "q" or marker.style in ("heading", "table")
    return _MOST_WORDS_MARKED if marked else _MOST_WORDS


def find(lines: Sequence[Line]) -> list[Marker]:
    """Every line that some document might use for a question, in order; contents lists are passed over."""
    found: list[Marker] = []
    rows = tables.rows(lines)
    place = 0
    while place < len(lines):
        line = lines[place]
        marker = None
        if place in rows:
            number, text, rest = rows[place]
            marker = made(place, place + 1, "table", 0, ("", number, text), rest)
        elif not line.is_code and not line.is_blank and len(line.text) <= _MOST_CHARACTERS:
            marker = _marker(lines, place)
        if (
            marker
            and not _KEY.fullmatch(marker.text)
            and 0 < marker.text.count(" ") + bool(marker.text) <= _most_words(marker)
            and (line.kind is LineKind.HEADING or not is_contents_link(line.content))
        ):
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
    content = line.content.lstrip("> ") if line.content[0] == ">" else line.content
    if "<" in content:
        if _SUMMARY.search(content):
            return _summary(lines, place)
        content = _WRAPPERS.sub("", content)
    if content and not content[0].isascii():
        content = _SIGN.sub("", content)
    return _text(lines, place, content) if content else None


def _text(lines: Sequence[Line], place: int, content: str) -> Marker | None:
    """A line of a paragraph: emphasised, labelled, numbered, a term that is defined, or a plain question."""
    line = lines[place]
    before = lines[place - 1].kind if place else LineKind.BLANK
    broken = before is LineKind.TEXT and _BREAK.search(lines[place - 1].content) is not None
    first = broken or (before is not LineKind.TEXT and not (before is LineKind.ITEM and line.level))
    if first and content[0] in "*_" and (italic := _ITALIC.match(content)):
        return made(place, place + 1, "italic", line.level, prefix(italic[2]))
    if _BOLD.match(content) and (first or content.endswith(("**", "__")) or prefix(content)[0]):
        return _bold(lines, place, "bold", content, line.level)
    if first and place + 1 < len(lines) and lines[place + 1].content.startswith(": "):
        return made(place, place + 1, "term", line.level, prefix(content))
    if " :: " in content:
        question, _, answer = content.partition(" :: ")
        return made(place, place + 1, "term", line.level, prefix(question), answer.strip())
    label, number, text = prefix(content)
    if label == "q" and (text or number):
        return _labelled(lines, place, number, text)
    if label == "number" and text:
        return _numbered(lines, place, number, text)
    if content[0] == "<" and (tag := _tagged(content)):
        style = "term" if content.lower().startswith("<dt") else "bold"
        return made(place, place + 1, style, line.level, prefix(tag))
    return _plain(lines, place) if first else None


def _plain(lines: Sequence[Line], place: int) -> Marker | None:
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
    marker = made(start, end, "text", lines[start].level, ("", None, text))
    told = ". " in marker.text and belief(marker.text.split(". ")[0]) < CERTAIN
    return replace(marker, belief=0.5) if told else marker


def _task(lines: Sequence[Line], place: int) -> Marker | None:
    """A short paragraph of one line that sets a task or asks and then sets one (``What is X? Give an example.``)."""
    content = lines[place].content
    asked, _, task = content.rpartition("? ")
    if len(content) > _MOST_TASK or not is_task(task) or (asked and belief(asked + "?") < CERTAIN):
        return None
    return made(place, place + 1, "text", lines[place].level, ("", None, content))


def _heading(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    end = place + 2 if place + 1 < len(lines) and lines[place + 1].kind is LineKind.UNDERLINE else place + 1
    content = line.content.lstrip("# ")
    label, number, text = prefix(content)
    if not label and content[:1] in "[<:" and (plain := clean(content)) != content:
        label, number, text = prefix(plain)
    if label == "q" and not clean(text):
        return _labelled_alone(lines, place, end, number, "heading", line.level)
    marker = made(place, end, "heading", line.level, (label, number, text))
    if is_answer_label(marker.text) or (not label and is_boilerplate(marker.text)):
        return None
    if not marker.reads_as_question and _LINK_ONLY.match(content):
        return None
    return marker


def _labelled_alone(
    lines: Sequence[Line], place: int, end: int, number: str | None, style: str, level: int
) -> Marker | None:
    """``Question 3`` stands alone; the question is the next paragraph, or a heading that follows."""
    start = end
    while start < len(lines) and lines[start].is_blank:
        start += 1
    if start >= len(lines) or lines[start].kind not in (LineKind.TEXT, LineKind.HEADING):
        return None
    if is_answer_label(one_line(lines[start].content)):
        return None
    stop = wrapped_end(lines, start, labelled=True) if lines[start].kind is LineKind.TEXT else start + 1
    text = " ".join(line.content for line in lines[start:stop])
    return made(place, stop, style, level, ("q", number, text))


def _labelled(lines: Sequence[Line], place: int, number: str | None, text: str) -> Marker | None:
    if not text:
        return _labelled_alone(lines, place, place + 1, number, "text", lines[place].level)
    end = wrapped_end(lines, place, labelled=True)
    question, rest = split(" ".join([text, *(line.content for line in lines[place + 1 : end])]))
    return made(place, end, "text", lines[place].level, ("q", number, question), rest)


def _numbered(lines: Sequence[Line], place: int, number: str | None, text: str) -> Marker | None:
    """A number at the start of a line of text that is no list item (``17a.``, ``(1)``, ``1.What``)."""
    end = wrapped_end(lines, place)
    question, rest = split(" ".join([text, *(line.content for line in lines[place + 1 : end])]))
    return made(place, end, "item", lines[place].level, ("number", number, question), rest)


def _bold(lines: Sequence[Line], place: int, style: str, content: str, level: int) -> Marker | None:
    """A bold paragraph: all of it bold, or a bold question with its answer behind."""
    mark = content[:2]
    most = paragraph_end(lines, place, MOST_LINES)
    text = content
    for end in range(place + 1, most + 1):
        close = text.rfind(mark, 2) if text.endswith(mark) else text.find(mark, 2)
        if close > 0:
            return _bold_marker(lines, place, end, style, level, text[2:close], text[close + 2 :].strip(), mark)
        if end < most:
            text += " " + lines[end].content
    return None


def _bold_marker(
    lines: Sequence[Line], place: int, end: int, style: str, level: int, inner: str, rest: str, mark: str
) -> Marker | None:
    if rest and mark in inner:
        return None
    inner, rest = inner.strip("*_"), NOTE.sub("", rest).lstrip() if rest[:2] == "[^" else rest
    bare = _BARE_NUMBER.fullmatch(inner)
    label, number, text = (
        ("number", bare[1], "") if bare else prefix(inner[letter.end() if (letter := _LETTER.match(inner)) else 0 :])
    )
    text = text.strip()
    if is_answer_label(inner) and label != "q":
        return None
    tail = EMOJI.sub("", rest).strip(" *:")
    if label == "q" and not text.strip(" :."):
        if not rest.strip(" :.*_"):
            return _labelled_alone(lines, place, end, number, style, level)
        stop = max(end, wrapped_end(lines, place))
        question, behind = split(" ".join([rest.lstrip(" :."), *(line.content for line in lines[end:stop])]))
        return made(place, stop, style, level, (label, number, question), behind)
    asked = text.endswith(("?", "？"))
    if label == "number" and rest and not asked and not text.endswith(":"):
        stop = max(end, wrapped_end(lines, place)) if style == "bold" else end
        behind = " ".join([rest, *(line.content for line in lines[end:stop])])
        return made(
            place, stop, style, level, (label, number, f"{text}{'' if rest[0] in '.:,;' else ' '}{behind}".strip())
        )
    if tail and not asked and not (label == "number" and text):
        return None
    return made(place, end, style, level, (label, number, text.replace(mark, "")), rest if tail else "")


def _item(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    number = line.mark[:-1] if line.mark[0].isdigit() else None
    label = "number" if number else ""
    content = line.content
    hashes = re.match(r"(#{1,6})\s+", content)
    if hashes:
        inner = prefix(content[hashes.end() :])
        return made(place, place + 1, "item-heading", line.level, (inner[0] or label, inner[1] or number, inner[2]))
    if _BOX.match(content):
        return None
    tagged = _tagged(content)
    if tagged:
        inner = prefix(tagged)
        return made(place, place + 1, "item-bold", line.level, (inner[0] or label, inner[1] or number, inner[2]))
    if _BOLD.match(content):
        bold = _bold(lines, place, "item-bold", content, line.level)
        if bold is None or bold.label:
            return bold
        return Marker(bold.start, bold.end, bold.style, bold.level, label, number, bold.text, bold.rest, bold.belief)
    if is_answer_label(content):
        return None
    end = wrapped_end(lines, place)
    question, rest = split(" ".join([content, *(row.content for row in lines[place + 1 : end])]))
    inner = prefix(question)
    if inner[0] == "q" and inner[2]:
        return made(place, end, "item", line.level, ("q", inner[1], inner[2]), rest)
    return made(place, end, "item", line.level, (label, number, question), rest)


def _tagged(content: str) -> str:
    """The text of a line that is wholly in ``<b>``, ``<strong>`` or ``<dt>``; empty where it is not."""
    tag = _BOLD_TAG.match(content)
    if not tag:
        return ""
    close = content.lower().find(f"</{tag[1].lower()}>")
    tail = content[close + len(tag[1]) + 3 :].replace("<br>", "").replace("<br/>", "").strip() if close > 0 else ""
    return content[tag.end() : close] if close > 0 and not tail else ""


def _summary(lines: Sequence[Line], place: int) -> Marker | None:
    """The summary of a fold; None where it only says ``Answer``."""
    text = ""
    for end in range(place, min(place + MOST_LINES, len(lines))):
        text += " " + lines[end].text
        close = text.lower().find("</summary>")
        if close >= 0:
            start = _SUMMARY.search(text)
            inner = text[start.end() if start else 0 : close].strip()
            label, number, question = prefix(one_line(inner))
            question = clean(question)
            if is_answer_label(question) or is_contents_link(inner):
                return None
            return made(place, end + 1, "summary", lines[place].level, (label, number, question))
    return None
