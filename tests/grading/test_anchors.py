"""A rubric as vectors survives its way through the disk, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from coach.catalogue.rubrics import parse
from coach.domain import Rubric
from coach.grading import anchors
from coach.models.serve import OnnxEmbedder

TABLE = {
    "question": "Why hash?",
    "points": [
        {
            "text": "Hashing spreads keys evenly.",
            "right": ["It gives an even spread."],
            "misconceptions": ["It sorts."],
        },
        {"text": "Range scans then hit every node."},
    ],
    "asides": [
        {"right": "Consistent hashing moves few keys.", "wrong": "Consistent hashing moves all keys.", "why": "x"}
    ],
    "searches": ["one server has all the rows"],
}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return parse(TABLE, "q1", "shipped", "here")


def test_reading_back_gives_the_same_bits(encoder: OnnxEmbedder, rubric: Rubric) -> None:
    made = anchors.encode(rubric, "Why hash?", encoder)
    back = anchors.from_bytes(anchors.to_bytes(made), rubric)
    assert back is not None
    for one, other in zip(made.points, back.points, strict=True):
        assert np.array_equal(one.right, other.right)
        assert np.array_equal(one.wrong, other.wrong)
        assert np.array_equal(one.point.tokens, other.point.tokens)
        assert one.point.spans == other.point.spans
    assert np.array_equal(made.aside_wrong, back.aside_wrong)
    assert np.array_equal(made.topic, back.topic)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", b"\x00" * 100])
def test_damaged_bytes_are_noticed(rubric: Rubric, damage: bytes) -> None:
    assert anchors.from_bytes(damage, rubric) is None


def test_anchors_of_another_rubric_are_noticed(encoder: OnnxEmbedder, rubric: Rubric) -> None:
    other = parse({"points": [{"text": "One point only."}]}, "q2", "shipped", "here")
    assert anchors.from_bytes(anchors.to_bytes(anchors.encode(rubric, "Why hash?", encoder)), other) is None
