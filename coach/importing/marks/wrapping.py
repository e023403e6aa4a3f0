"""Where a question ends that goes on over adjacent lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.importing.wording.labels import Q, is_answer_label, prefix, starts_with_answer_label
from coach.importing.wording.reading import CERTAIN, belief
from coach.text import coded
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, paragraph_end

MOST_LINES = 8
"""Lines that one question may be wrapped over."""
_LEAST_WRAPPED = 3
"""Items that are wrapped softly, from which that is how the document is written."""
_MOST_SOFT = 14
_FIRST = re.compile(r"\(?[aA][).:]\s?(?=\S)")
_SECOND = re.compile(r"\(?[bB][).:]\s?(?=\S)")
_OPTION = re.compile(r"\(?[a-hA-H][).:]\s")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|approx|incl|resp|cf|dr|mr|ms|no)\.$", re.IGNORECASE)
_LONG = 58
"""Characters from which a line without an end may have been wrapped."""
_CLOSED = ("</p>", "</b>", "</strong>", "</div>", "</li>", "</h3>", "</h4>", "</u>")
_FULL = 45
"""Characters from which a line of a paragraph counts as full."""


def wraps_softly(lines: Sequence[Line]) -> bool:
    """Whether the items of a document are wrapped at the margin: most go on in the middle of a sentence on the next line."""
    going_on = ending = 0
    for place, line in enumerate(lines[:-1]):
        after = lines[place + 1]
        if line.kind is not LineKind.ITEM or after.kind is not LineKind.TEXT or not line.mark[:1].isdigit():
            continue
        broken = line.content[-1:] not in ".?!:;" and after.content[:1].islower() and not coded.is_code(after.content)
        going_on += broken
        ending += not broken
    return going_on >= _LEAST_WRAPPED and going_on >= ending


def paragraph_asks(lines: Sequence[Line], place: int) -> int:
    """One past the last line of an item that is a question as a whole, in a document whose items are wrapped softly."""
    most = paragraph_end(lines, place, _MOST_SOFT)
    for end in range(place + 1, most):
        after = lines[end].content
        asked = lines[end - 1].content.rstrip("*_ ").endswith(("?", "？")) and not after[:1].islower()
        if (
            asked
            or starts_with_answer_label(after)
            or is_answer_label(after)
            or coded.is_code(after)
            or prefix(after)[0]
        ):
            return end
    return most


def wrapped_end(lines: Sequence[Line], place: int, labelled: bool = False) -> int:
    """One past the last line of a question that is wrapped over adjacent lines.

    A sentence may end where a line does: a paragraph of full lines that asks only at its end asks as a whole, and one
    that is ``labelled`` as a question may ask line by line.
    """
    most = paragraph_end(lines, place, MOST_LINES)
    first = (
        n for n in range(place + 1, most - 1) if _FIRST.match(lines[n].content) and _SECOND.match(lines[n + 1].content)
    )
    most = next(first, most)
    most = next((n for n in range(place + 1, most) if coded.is_code(lines[n].content)), most)
    asks = lines[most - 1].content.rstrip("*_ ").endswith(("?", "？"))
    wrapped = asks and all(len(line.content) >= _FULL for line in lines[place : most - 1])
    for end in range(place + 1, most):
        before = lines[end - 1].content.rstrip("*_ ")
        after = lines[end].content.lstrip("*_ ")
        if after[:1] in "<>" or before.endswith(_CLOSED) or (Q.match(after) and prefix(after)[0] == "q"):
            return end
        if labelled and before.endswith(("?", "？")) and belief(one_line(after)) >= CERTAIN:
            continue
        if (
            before.endswith(("?", ":", "？"))
            or starts_with_answer_label(after)
            or is_answer_label(after)
            or Q.match(after)
        ):
            return end
        if before.endswith(".") and not labelled and after[:1].islower() and _is_whole(lines, place, end):
            return end
        if not wrapped and not after[:1].islower() and (len(before) < _LONG or before.endswith((".", "!"))):
            return end
        if lines[end].content[0] in "<>" or prefix(lines[end].content)[0] or _OPTION.match(after):
            return end
    return most


def _is_whole(lines: Sequence[Line], place: int, end: int) -> bool:
    """Whether the lines from ``place`` to before ``end`` are a whole question by their words, and end in no abbreviation."""
    text = " ".join(line.content for line in lines[place:end])
    return _ABBREVIATED.search(text[-12:]) is None and belief(one_line(text)) >= CERTAIN


def is_title_line(line: Line, following: Line) -> bool:
    """Whether a line of a paragraph is a title above what follows and no part of its sentence."""
    text = line.content.rstrip("*_ ")
    return (
        len(text) < _LONG
        and (text[-1:].isalnum() or text[-1:] == ")")
        and not following.content.lstrip("*_ ")[:1].islower()
    )
