"""What became of each key point: the answer's statements weighed by contrast, alignment and disagreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.grading.anchors import Anchors
from coach.grading.claims import Disagreement, disagreement
from coach.grading.contrast import Contrast, contrast
from coach.grading.evidence import Alignment, WordVectors, align, word_vectors
from coach.domain import KeyPoint, Rubric
from coach.ports import Encoded
from coach.text.sentences import Statement

RELATED, SAME = 0.40, 0.72
"""Cosine of MiniLM sentence vectors from which a statement is about a point, and from which it says as much as the
phrasing does. Fitted on the shown half of the gold set (docs/grading.md)."""

SHARPNESS = 0.08
"""Difference of cosines at which a statement counts about three quarters for the nearer side."""

ALIGNED, FULL = 0.35, 0.75
"""The same two thresholds for the share of a point's words that are matched."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One key point weighed against an answer."""

    support: float
    """How firmly the answer says it, 0 to 1."""
    opposition: float
    """How firmly the answer says a misconception of it, 0 to 1."""
    evidence: tuple[int, ...]
    """Indexes of the statements that support it, best first."""
    against: int | None
    """Index of the statement that opposes it most."""
    misconception: int | None
    """Which misconception that is nearest to; None where a plain disagreement was found."""
    disagreement: Disagreement | None
    """Found in the words, where the rubric lists no misconceptions."""
    alignment: Alignment
    """Which of its words the answer has."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A whole answer weighed."""

    points: tuple[Weighed, ...]
    """In the rubric's order."""
    relation: NDArray[np.float32]
    """Shape (statements,): how near each statement comes to anything the rubric speaks of, right or wrong."""
    lean: NDArray[np.float32]
    """Shape (statements,): -1 (says misconceptions) to 1 (says right things), 0 where unrelated."""


def weigh(
    rubric: Rubric, anchors: Anchors, statements: Sequence[Statement], encoded: Sequence[Encoded], asked: frozenset[str]
) -> Weighing:
    """Weigh every point of a rubric against the statements of an answer (at least one of each)."""
    vectors = np.stack([item.vector for item in encoded])
    seen = contrast(anchors, vectors, [True] * len(vectors))
    said = [word_vectors(statement.text, item) for statement, item in zip(statements, encoded, strict=True)]
    points = tuple(
        _weighed(at, point, anchors, seen, statements, said, asked) for at, point in enumerate(rubric.points)
    )
    single = slice(0, len(statements))
    relation = np.maximum(seen.right[:, single], seen.wrong[:, single]).max(axis=0)
    return Weighing(points, relation.astype(np.float32), _lean(seen, len(statements)))


def _weighed(
    at: int,
    point: KeyPoint,
    anchors: Anchors,
    seen: Contrast,
    statements: Sequence[Statement],
    said: Sequence[WordVectors],
    asked: frozenset[str],
) -> Weighed:
    alignment = align(word_vectors(point.text, anchors.points[at].point), said, asked)
    support, opposition = _sides(seen, at)
    best, worst = int(support.argmax()), int(opposition.argmax())
    words_say = float(np.clip((alignment.coverage - ALIGNED) / (FULL - ALIGNED), 0, 1))
    found: Disagreement | None = None
    firm, against = float(support[best]), float(opposition[worst])
    stretch = seen.stretches[best]
    if not point.misconceptions:
        firm = 0.5 * firm + 0.5 * words_say
        if words_say > 0.3:
            text = " ".join(statements[row].text for row in range(alignment.first, alignment.last + 1))
            found = disagreement(point.text, text)
            if found:
                against, firm = max(against, 0.6 * words_say + 0.2), 0.0
    evidence = tuple(range(stretch.first, stretch.last + 1))
    if not point.misconceptions and words_say > float(support[best]):
        evidence = tuple(range(alignment.first, alignment.last + 1))
    opposing = seen.stretches[worst].first if against > 0 else None
    if found:
        opposing = alignment.first
    wrong_at = int(seen.wrong_at[at, worst]) if against > 0 and not found else -1
    return Weighed(
        firm, against, evidence if firm > 0 else (), opposing, wrong_at if wrong_at >= 0 else None, found, alignment
    )


def _sides(seen: Contrast, at: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    margin = seen.margin[at]
    near_right = np.clip((seen.right[at] - RELATED) / (SAME - RELATED), 0, 1)
    near_wrong = np.clip((seen.wrong[at] - RELATED) / (SAME - RELATED), 0, 1)
    lean = np.tanh(margin / SHARPNESS)
    has_contrast = seen.wrong_at[at] >= 0
    support = near_right * np.where(has_contrast, np.clip(lean, 0, 1), 1.0)
    opposition = np.where(has_contrast, near_wrong * np.clip(-lean, 0, 1), 0.0)
    return support.astype(np.float32), opposition.astype(np.float32)


def _lean(seen: Contrast, count: int) -> NDArray[np.float32]:
    """Each single statement by the point that it is nearest to."""
    right, wrong = seen.right[:, :count], seen.wrong[:, :count]
    near = np.maximum(right, wrong)
    lean = np.tanh(seen.margin[:, :count] / SHARPNESS) * np.clip((near - RELATED) / (SAME - RELATED), 0, 1)
    best = near.argmax(axis=0)
    return lean[best, np.arange(count)].astype(np.float32)
