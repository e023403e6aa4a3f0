"""What coach is made of: plain, frozen data. Standard library only, no behaviour beyond small look-ups.

What practice needs is in ``coach.domain.practice``, imported where it is used: a dataclass takes a millisecond to make.
Rubrics and grades are loaded when the first of their names is asked for, since most commands need neither.

Offsets are Unicode code points, half open, into the text that the field names.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from coach.domain.questions import (
    Chunk,
    Deck,
    Document,
    Kind,
    Orphan,
    ParsedQuestion,
    Passage,
    Question,
    Span,
)

if TYPE_CHECKING:
    from coach.domain.grades import (
        Band,
        Contradiction,
        Evidence,
        Failure,
        Feedback,
        Flag,
        Grade,
        Outcome,
        PointVerdict,
        Provenance,
        ScorePart,
        Status,
        Usage,
        band_of,
    )
    from coach.domain.rubrics import (
        Aside,
        Importance,
        KeyPoint,
        Misconception,
        Rubric,
    )

__all__ = [
    "Aside",
    "Band",
    "Chunk",
    "Contradiction",
    "Deck",
    "Document",
    "Evidence",
    "Failure",
    "Feedback",
    "Flag",
    "Grade",
    "Importance",
    "KeyPoint",
    "Kind",
    "Misconception",
    "Orphan",
    "Outcome",
    "ParsedQuestion",
    "Passage",
    "PointVerdict",
    "Provenance",
    "Question",
    "Rubric",
    "ScorePart",
    "Span",
    "Status",
    "Usage",
    "band_of",
]

_LATER = {
    "Band": "grades",
    "Contradiction": "grades",
    "Evidence": "grades",
    "Failure": "grades",
    "Feedback": "grades",
    "Flag": "grades",
    "Grade": "grades",
    "Outcome": "grades",
    "PointVerdict": "grades",
    "Provenance": "grades",
    "ScorePart": "grades",
    "Status": "grades",
    "Usage": "grades",
    "band_of": "grades",
    "Aside": "rubrics",
    "Importance": "rubrics",
    "KeyPoint": "rubrics",
    "Misconception": "rubrics",
    "Rubric": "rubrics",
}
"""Name -> the module that it is loaded from."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value
