"""The real claims encoder and the real rubrics, unpacked once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.config import Paths
from coach.domain import Grade, Kind, Question, Rubric
from coach.grading import anchors
from coach.grading.offline import OfflineGrader
from coach.models.serve import OnnxEmbedder
from coach.models.shipped import open_claims

REFERENCE = (
    "**Range partitioning** keeps neighbouring keys together, which suits range scans, but the newest range becomes a "
    "hotspot. **Hash partitioning** spreads keys evenly over the nodes, but a range query has to ask every node."
)
QUESTION = Question(
    "q1", 1, "deck", 1, Kind.CONCEPT, "How do range and hash partitioning differ?", REFERENCE, section="Storage"
)


@pytest.fixture(scope="session")
def encoder(together: Path) -> OnnxEmbedder:
    home = together / "claims-home"
    return open_claims(Paths(home, (), home, home / "config.toml", home / "index", ()))


@pytest.fixture(scope="session")
def grader(encoder: OnnxEmbedder) -> OfflineGrader:
    known: dict[str, anchors.Anchors] = {}

    def anchors_of(question: Question, rubric: Rubric) -> anchors.Anchors:
        key = question.text + rubric.hash
        if key not in known:
            known[key] = anchors.encode(rubric, question.text, encoder)
        return known[key]

    return OfflineGrader(encoder, anchors_of)


def check_invariants(grade: Grade, answer: str) -> None:
    """What holds for every grade, whatever the answer."""
    assert grade.score is not None
    assert 0 <= grade.score <= 100
    assert sum(part.value for part in grade.parts) == grade.score
    assert grade.range is not None
    assert grade.range[0] <= grade.score <= grade.range[1]
    for verdict in grade.points:
        said = verdict.outcome in ("covered", "partial")
        assert bool(verdict.evidence) == said
        assert (verdict.credit > 0) == said
        for evidence in verdict.evidence:
            assert answer[evidence.span.start : evidence.span.end] == evidence.quote
    for found in grade.contradictions:
        assert answer[found.claim.span.start : found.claim.span.end] == found.claim.quote
