"""What coach is made of: plain, frozen data. Standard library only, no behaviour beyond small look-ups.

What practice needs is in ``coach.domain.practice``, imported where it is used: a dataclass takes a millisecond to make.

Offsets are Unicode code points, half open, into the text that the field names.
"""

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
