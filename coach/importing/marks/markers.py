"""Lines that may be questions: how each is marked, what it says, and how much it reads like a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from coach.importing.marks import cards, emphasis, interrupted, items, paragraphs, plain, tables
from coach.importing.marks.candidate import EMOJI, Marker, clean, is_contents_link, made, without_aside
from coach.importing.marks.inline import split
from coach.importing.marks.wrapping import MOST_LINES, paragraph_asks, wrapped_end, wraps_softly
from coach.importing.wording.labels import LETTERED, is_answer_label, is_boilerplate, prefix, without_level
from coach.importing.wording.reading import CERTAIN, belief, is_task
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_ITALIC = re.compile(r"([*_]|\*{3}|_{3})(?![*_\s])([^*_]{3,400})\1\W{0,3}$")
_SUMMARY = re.compile(r"<summary\b[^<>]*>", re.IGNORECASE)
_DETAILS = re.compile(r"</?details\b[^<>]{0,100}>|</?(?:p|div)\b[^<>]{0,100}>", re.IGNORECASE)
_ADMONITION = re.compile(r"(?:\?{3}\+?|!{3}|:{3})\s*\{?(?:question|faq|help|quiz)\}?\s+(?=\S)", re.IGNORECASE)
_LOADING = re.compile(r"(?:loading|please wait)\b.{0,40}(?:\.{3}|…)$", re.IGNORECASE)
"""What a page shows until its script has found a question."""
_BOLD_START = re.compile(r"<(?:b|strong)>", re.IGNORECASE)
_BOLD_TAGS = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_NUMBERED_LOWER = re.compile(r"(\d{1,3})\s+(?=[a-z])")
_SIGN = re.compile(f"(?:{EMOJI.pattern})\\s*(?=\\S)")
_BREAK = re.compile(r"<br ?/?>$", re.IGNORECASE)
_LINK_ONLY = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)\s*$")
_KEY = re.compile(r"\(?[A-Ha-h](?:\s?[,&/]\s?[A-Ha-h]){0,4}[).]?")
"""What stands in a row of an answer key."""
_CARD = re.compile(r"\s#(?:flash)?cards?(?:[-/]\S{0,80})?$", re.IGNORECASE)
_CALLOUT = re.compile(r">\s?\[!(?:question|faq|help|card|quiz|interview)\][-+]?\s*(?=\S)", re.IGNORECASE)
_ASKED = ("?", "？", "?**", "?*")
_MOST_WORDS = 120
"""Words in a question at most; longer candidates are text."""
_MOST_WORDS_MARKED = 500
"""The same for headings, table cells and what is labelled as a question: the mark says what it is, and exam questions
come with their whole situation."""
_MOST_CHARACTERS = 4000
"""Characters in a line that may be a question."""


def _most_words(marker: Marker) -> int:
    marked = marker.label == "q" or marker.style in ("heading", "table")
    return _MOST_WORDS_MARKED if marked else _MOST_WORDS


def _softly(lines: Sequence[Line], marker: Marker | None) -> Marker | None:
    """A numbered item with its whole paragraph, where the items of a document are wrapped at the margin."""
    if marker is None or marker.style != "item" or marker.label != "number" or marker.rest:
        return marker
    end = paragraph_asks(lines, marker.start)
    if end <= marker.end:
        return marker
    text = " ".join([lines[marker.start].content, *(line.content for line in lines[marker.start + 1 : end])])
    return made(marker.start, end, "item", marker.level, (marker.label, marker.number, text))


def find(lines: Sequence[Line], collection: bool = False) -> list[Marker]:
    """Every line that some document might use for a question, in order; contents lists are passed over.

    ``collection`` says that the document calls itself one of questions.
    """
    found: list[Marker] = []
    rows = tables.rows(lines)
    fronts = cards.found(lines, collection)
    asked = plain.found(lines, collection)
    soft = wraps_softly(lines)
    separated = plain.separated(lines)
    place = 0
    while place < len(lines):
        line = lines[place]
        marker = None
        if place in rows:
            number, text, rest = rows[place]
            _, printed, said = prefix(text)
            marker = made(place, place + 1, "table", 0, ("", number or printed, said or text), rest)
        elif place in fronts:
            card = fronts[place]
            marker = made(place, place + 1, "term", line.level, ("card", card.number, card.front), card.back)
        elif place in separated:
            one = separated[place]
            marker = made(place, one.end, "text", line.level, ("q", None, one.text))
        elif place in asked:
            one = asked[place]
            marker = made(place, one.end, "text", line.level, ("line", None, one.text))
        elif not line.is_code and not line.is_blank and len(line.text) <= _MOST_CHARACTERS:
            marker = _tagged_as_card(_marker(lines, place))
            marker = _softly(lines, marker) if soft else marker
            marker = interrupted.joined(lines, marker) if marker is not None else None
            if (
                marker
                and marker.style == "text"
                and marker.label != "q"
                and any(n in asked for n in range(place, marker.end))
            ):
                marker = None  # a title above a line that asks by itself
        if (
            marker
            and (any(map(str.isalpha, marker.text)) or marker.asks)
            and not _LOADING.match(marker.text)
            and not _KEY.fullmatch(marker.text)
            and 0 < marker.text.count(" ") + bool(marker.text) <= _most_words(marker)
            and (line.kind is LineKind.HEADING or not is_contents_link(line.content))
        ):
            found.append(marker)
            place = marker.end
        else:
            place += 1
    return found


def _tagged_as_card(marker: Marker | None) -> Marker | None:
    """A marker whose line is tagged as a card (``#card``) as a question without the tag."""
    tag = _CARD.search(marker.text) if marker and "#" in marker.text else None
    if marker is None or tag is None:
        return marker
    return replace(marker, text=marker.text[: tag.start()], label="q")


def _marker(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    if line.kind is LineKind.HEADING:
        return _heading(lines, place)
    if line.kind is LineKind.ITEM:
        fold = line.content[0] == "<" and _SUMMARY.search(line.content) is not None
        return _summary(lines, place) if fold else items.marker(lines, place)
    if line.kind is not LineKind.TEXT:
        return None
    content = line.content.lstrip(">#\t ") if line.content[0] == ">" else line.content
    if content[:1] == "<" and _BOLD_START.match(content) and not emphasis.tagged(content):
        content = _BOLD_TAGS.sub("**", content)
    if "<" in content:
        if _SUMMARY.search(content):
            return _summary(lines, place)
        content = plain.WRAPPERS.sub("", content)
    if content[:1] in ("?", "!", ":") and (title := _ADMONITION.match(content)):
        return made(place, place + 1, "quote", line.level, ("q", None, content[title.end() :].strip("\"'")))
    if content and not content[0].isascii() and not prefix(content)[0]:
        content = _SIGN.sub("", content)
    marker = _text(lines, place, without_level(content)) if content else None
    return _quoted(lines, place) if marker is None and line.content[0] == ">" else marker


def _quoted(lines: Sequence[Line], place: int) -> Marker | None:
    """A block quote that is nothing but a question, or the title of one that says so (``> [!question] …``)."""
    start, end = place, place + 1
    if callout := _CALLOUT.match(lines[place].content):
        return made(place, end, "quote", lines[place].level, ("q", None, lines[place].content[callout.end() :]))
    within = place > 0 and lines[place - 1].content[:1] == ">" and bool(lines[place - 1].content.strip("> "))
    if within and not (lines[place - 1].content.endswith(_ASKED) and lines[place].content.endswith(_ASKED)):
        return None
    while end < len(lines) and end - start < MOST_LINES and lines[end].content[:1] == ">":
        if lines[end - 1].content.endswith(_ASKED) or not lines[end].content.strip("> "):
            break
        end += 1
    text = one_line(" ".join(line.content.lstrip("> ") for line in lines[start:end]))
    asks = text.endswith(("?", "？")) or (is_task(text) and end == start + 1)
    return made(start, end, "quote", lines[start].level, prefix(text)) if asks else None


def _text(lines: Sequence[Line], place: int, content: str) -> Marker | None:
    """A line of a paragraph: emphasised, labelled, numbered, a term that is defined, or a plain question."""
    line = lines[place]
    before = lines[place - 1].kind if place else LineKind.BLANK
    broken = before is LineKind.TEXT and _BREAK.search(lines[place - 1].content) is not None
    first = broken or (before is not LineKind.TEXT and not (before is LineKind.ITEM and line.level))
    if first and content[0] in "*_" and (italic := _ITALIC.match(content)):
        return made(place, place + 1, "italic", line.level, prefix(italic[2]))
    beside = place > 0 and emphasis.BOLD.match(lines[place - 1].content) is not None
    if emphasis.BOLD.match(content) and (first or beside or content.endswith(("**", "__")) or prefix(content)[0]):
        return emphasis.marker(lines, place, "bold", content, line.level)
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
    if (letter := LETTERED.match(content)) and belief(one_line(content[letter.end() :])) >= CERTAIN:
        return made(place, place + 1, "item", line.level, ("letter", None, content[letter.end() :]))
    if content[0] == "<" and (tag := emphasis.tagged(content)):
        style = "term" if content.lower().startswith("<dt") else "bold"
        return made(place, place + 1, style, line.level, prefix(tag))
    return paragraphs.asking(lines, place) if first else None


def _heading(lines: Sequence[Line], place: int) -> Marker | None:
    line = lines[place]
    end = place + 2 if place + 1 < len(lines) and lines[place + 1].kind is LineKind.UNDERLINE else place + 1
    content = without_level(line.content.lstrip("# "))
    label, number, text = prefix(content)
    if not label and (low := _NUMBERED_LOWER.match(content)) and belief(content[low.end() :]) >= CERTAIN:
        label, number, text = "number", low[1], content[low.end() :]
    if not label and content[:1] in "[<:" and (plain := clean(content)) != content:
        label, number, text = prefix(plain)
    if label == "q" and not clean(text):
        return emphasis.labelled_alone(lines, place, end, number, "heading", line.level)
    marker = made(place, end, "heading", line.level, (label, number, text))
    if is_answer_label(marker.text) or (not label and is_boilerplate(marker.text)):
        return None
    if not marker.reads_as_question and _LINK_ONLY.match(content):
        return None
    return marker


def _labelled(lines: Sequence[Line], place: int, number: str | None, text: str) -> Marker | None:
    if not text:
        return emphasis.labelled_alone(lines, place, place + 1, number, "text", lines[place].level)
    end = wrapped_end(lines, place, labelled=True)
    question, rest = split(" ".join([text, *(line.content for line in lines[place + 1 : end])]))
    return made(place, end, "text", lines[place].level, ("q", number, question), rest)


def _numbered(lines: Sequence[Line], place: int, number: str | None, text: str) -> Marker | None:
    """A number at the start of a line of text that is no list item (``17a.``, ``(1)``, ``1.What``)."""
    end = wrapped_end(lines, place)
    question, rest = split(" ".join([text, *(line.content for line in lines[place + 1 : end])]))
    return made(place, end, "item", lines[place].level, ("number", number, question), rest)


def _summary(lines: Sequence[Line], place: int) -> Marker | None:
    """The summary of a fold; None where it only says ``Answer``."""
    text = ""
    for end in range(place, min(place + MOST_LINES, len(lines))):
        text += " " + lines[end].text
        close = text.lower().find("</summary>")
        if close >= 0:
            start = _SUMMARY.search(text)
            inner = text[start.end() if start else 0 : close].strip()
            label, number, question = prefix(one_line(without_aside(inner)))
            question = clean(question)
            if is_answer_label(question) or is_contents_link(inner):
                return None
            rest = _DETAILS.sub("", text[close + 10 :]).strip()
            return made(place, end + 1, "summary", lines[place].level, (label, number, question), rest)
    return None
