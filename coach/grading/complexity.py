"""Does the complexity that an answer states fit the code that it shows?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.grading.code import Code
from coach.text.sentences import Form, Statement

_STATED = re.compile(r"\bO\(\s*([^()]*(?:\([^()]*\)[^()]*)*)\)", re.IGNORECASE)
_SPACE = re.compile(r"\b(?:space|memory|extra|auxiliary|storage)\b", re.IGNORECASE)
_BELOW_SQUARE = re.compile(
    r"1|n|m|k|log\s*2?\s*[nmk]|[nmk]\s*[*·×]?\s*log\s*2?\s*[nmk]|[nm]\s*\+\s*[nmk]", re.IGNORECASE
)
"""What no loops within each other over whole inputs fit."""
_CLAUSE = re.compile(r"[,;:]|\b(?:and|with|but)\b")


def misfit(statements: Sequence[Statement], code: Code) -> str | None:
    """What to say where loops stand in each other over the whole input and the only time stated is below quadratic.

    None where several times are stated (one of them is then an alternative's), or none is. A remark and no part of the
    score: why an inner loop costs less than it looks cannot be read off the code.
    """
    if code.loops < 2:
        return None
    times = {
        found.group(1).strip()
        for statement in statements
        if statement.form is Form.PROSE
        for clause in _CLAUSE.split(statement.text)
        if not _SPACE.search(clause)
        for found in _STATED.finditer(clause)
    }
    if len(times) != 1 or not _BELOW_SQUARE.fullmatch(time := times.pop()):
        return None
    return (
        f"You state O({time}), and your code has {code.loops} loops within each other over its input: "
        "name the cost of that, or say why the inner one does not start anew each time."
    )
