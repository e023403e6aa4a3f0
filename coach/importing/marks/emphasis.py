"""Questions in bold: whole paragraphs, a bold question with its answer behind, a bold label before a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.importing.bodies.placeholders import only_points
from coach.importing.marks.candidate import EMOJI, NOTE, Marker, made
from coach.importing.marks.inline import split
from coach.importing.marks.wrapping import MOST_LINES, wrapped_end
from coach.importing.wording.labels import is_answer_label, is_bare_label, prefix, without_level
from coach.importing.wording.reading import CERTAIN, belief
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, paragraph_end

BOLD = re.compile(r"(\*\*|__)(?=\S)")
_BOLD_TAG = re.compile(r"<(b|strong|dt|u|em)>", re.IGNORECASE)
_BREAKS = re.compile(r"(?:<br ?/?>\s{0,9}){1,9}", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\(?(\d{1,4}[a-z]?)\s?[.):\-–—]*")
_MOST_TITLE = 60
_MOST_LABEL = 40
_LETTER = re.compile(r"\(?[a-h][.)]\s+(?=[A-Z])")


def marker(lines: Sequence[Line], place: int, style: str, content: str, level: int) -> Marker | None:
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
    if text.endswith(":") and text.rstrip(": ").endswith(("?", "？")):
        text = text.rstrip(": ")
    if is_answer_label(inner) and label != "q":
        return None
    tail = EMOJI.sub("", rest).strip(" *:")
    if label == "q" and not text.strip(" :."):
        if not rest.strip(" :.*_"):
            return labelled_alone(lines, place, end, number, style, level)
        stop = max(end, wrapped_end(lines, place))
        question, behind = split(" ".join([rest.lstrip(" :."), *(line.content for line in lines[end:stop])]))
        return made(place, stop, style, level, (label, number, question), behind)
    if label == "q" and not rest:
        text, rest = split(text)
        tail = rest
    broken = _BREAKS.match(rest)
    if broken:
        rest = rest[broken.end() :]
        tail = EMOJI.sub("", rest).strip(" *:")
    asked = broken is not None or text.endswith(("?", "？"))
    if label == "number" and rest and not asked and not text.endswith(":"):
        stop = max(end, wrapped_end(lines, place)) if style == "bold" else end
        behind = " ".join([rest if text else rest.lstrip(" .:)"), *(line.content for line in lines[end:stop])])
        return made(
            place, stop, style, level, (label, number, f"{text}{'' if rest[0] in '.:,;' else ' '}{behind}".strip())
        )
    if tail and not asked and not (label == "number" and text) and not _only_links(rest):
        return None
    return made(place, end, style, level, (label, number, text.replace(mark, "")), rest if tail else "")


def _only_links(rest: str) -> bool:
    """Whether nothing but links stands behind what is bold."""
    return "](" in rest and only_points([rest])


def titled(lines: Sequence[Line], place: int, content: str, bold: Marker | None) -> Marker | None:
    """A question with a title in bold before it, on the same line or above it (``**Caches:** Why do …?``)."""
    close = content.find(content[:2], 2)
    title = one_line(content[2:close]) if close > 0 else ""
    if not title or len(title) > _MOST_TITLE or is_answer_label(title) or title.endswith(("?", "？")):
        return None
    behind = content[close + 2 :].lstrip(" :–—-")
    if title[-1] != ":" and belief(title) >= CERTAIN:
        return None
    end = paragraph_end(lines, place, MOST_LINES)
    if behind and not (content[close - 1] == ":" or content[close + 2 :].lstrip()[:1] in (":", "-", "–", "—")):
        return None
    if (bold is not None and bold.rest) or (
        not behind and (end == place + 1 or lines[place + 1].level <= lines[place].level)
    ):
        return None
    text = " ".join([*([behind] if behind else []), *(line.content for line in lines[place + 1 : end])])
    asked = made(place, end, "item-bold", lines[place].level, ("", None, text))
    return asked if asked.asks and not prefix(text)[0] else None


def labelled_alone(
    lines: Sequence[Line], place: int, end: int, number: str | None, style: str, level: int
) -> Marker | None:
    """``Question 3`` stands alone; the question is the next paragraph, or a heading that follows."""
    start = _filled(lines, end)
    if start < len(lines) and _names_only(lines[start]):
        start = _filled(lines, start + 1)
    if start >= len(lines) or lines[start].kind not in (LineKind.TEXT, LineKind.HEADING):
        return None
    if is_answer_label(one_line(lines[start].content)) or is_bare_label(lines[start].content):
        return None
    stop = wrapped_end(lines, start, labelled=True) if lines[start].kind is LineKind.TEXT else start + 1
    text = without_level(" ".join(line.content for line in lines[start:stop]))
    return made(place, stop, style, level, ("q", number, text))


def _filled(lines: Sequence[Line], place: int) -> int:
    while place < len(lines) and lines[place].is_blank:
        place += 1
    return place


def _names_only(line: Line) -> bool:
    """Whether a line says once more that a question comes, and nothing else (``### Question 3``, ``**Question**``)."""
    return (
        line.kind in (LineKind.TEXT, LineKind.HEADING)
        and len(line.content) < _MOST_LABEL
        and is_bare_label(one_line(line.content))
    )


def tagged(content: str) -> str:
    """The text of a line that is wholly in ``<b>``, ``<strong>`` or ``<dt>``; empty where it is not."""
    tag = _BOLD_TAG.match(content)
    if not tag:
        return ""
    close = content.lower().find(f"</{tag[1].lower()}>")
    tail = content[close + len(tag[1]) + 3 :].replace("<br>", "").replace("<br/>", "").strip() if close > 0 else ""
    return content[tag.end() : close] if close > 0 and not tail else ""
