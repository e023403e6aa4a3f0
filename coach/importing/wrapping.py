"""Where a question ends that goes on over adjacent lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.importing.labels import Q, is_answer_label, prefix, starts_with_answer_label
from coach.importing.reading import CERTAIN, belief
from coach.text import coded
from coach.text.cleaning import one_line
from coach.text.markdown import Line, paragraph_end

MOST_LINES = 8
"""Lines that one question may be wrapped over."""
_FIRST = re.compile(r"\(?[aA][).:]\s?(?=\S)")
_SECOND = re.compile(r"\(?[bB][).:]\s?(?=\S)")
_OPTION = re.compile(r"\(?[a-hA-H][).:]\s")
_LONG = 58
"""Characters from which a line without an end may have been wrapped."""
_FULL = 45
"""Characters from which a line of a paragraph counts as full."""


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
        if labelled and before.endswith(("?", "？")) and belief(one_line(after)) >= CERTAIN:
            continue
        if (
            before.endswith(("?", ":", "？"))
            or starts_with_answer_label(after)
            or is_answer_label(after)
            or Q.match(after)
        ):
            return end
        if not wrapped and not after[:1].islower() and (len(before) < _LONG or before.endswith((".", "!"))):
            return end
        if lines[end].content[0] in "<>" or prefix(lines[end].content)[0] or _OPTION.match(after):
            return end
    return most


def is_title_line(line: Line, following: Line) -> bool:
    """Whether a line of a paragraph is a title above what follows and no part of its sentence."""
    text = line.content.rstrip("*_ ")
    return (
        len(text) < _LONG
        and (text[-1:].isalnum() or text[-1:] == ")")
        and not following.content.lstrip("*_ ")[:1].islower()
    )
