"""Paragraphs that are nothing but a question or a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.importing.marks.candidate import Marker, made
from coach.importing.marks.plain import BREAK, MOST_WEAK, SEPARATORS
from coach.importing.marks.wrapping import is_title_line
from coach.importing.wording.labels import prefix
from coach.importing.wording.reading import CERTAIN, belief, is_task
from coach.text.markdown import Line, paragraph_end


def asking(lines: Sequence[Line], place: int) -> Marker | None:
    """A paragraph that is nothing but a question, or is one down to a line with a lone question mark.

    Lines above it that are no part of its sentence (a title without a mark) are left out.
    """
    if asked := BREAK.search(lines[place].content):
        content = lines[place].content[: asked.start()]
        asks = content.endswith(("?", "？")) or is_task(content)
        return made(place, place + 1, "text", lines[place].level, ("", None, content)) if asks else None
    end = paragraph_end(lines, place, 4)
    end = next((n for n in range(place + 1, end) if lines[n].content in SEPARATORS), end)
    deeper = (n for n in range(place + 1, end) if lines[n].level > lines[place].level + 1)
    end = next(deeper, end)
    last = lines[end - 1].content
    if end - place > 3 or lines[place].content[0] in "<>[":
        return None
    if not last.endswith(("?", "？")):
        return _task(lines, place) if end == place + 1 else None
    start = next((n for n in range(end - 1, place, -1) if is_title_line(lines[n - 1], lines[n])), place)
    text = " ".join(line.content for line in lines[start:end])
    _, number, text = prefix(text)  # of ``Scenario 2:`` on a line of its own
    marker = made(start, end, "text", lines[start].level, ("", number, text))
    told = ". " in marker.text and belief(marker.text.split(". ")[0]) < CERTAIN
    return replace(marker, belief=0.5) if told else marker


def _task(lines: Sequence[Line], place: int) -> Marker | None:
    """A short paragraph of one line that sets a task or asks and then sets one (``What is X? Give an example.``)."""
    content = lines[place].content
    asked, _, task = content.rpartition("? ")
    if len(content) > MOST_WEAK or not is_task(task) or (asked and belief(asked + "?") < CERTAIN):
        return None
    return made(place, place + 1, "text", lines[place].level, ("", None, content))
