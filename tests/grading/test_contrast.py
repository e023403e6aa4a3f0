"""Contrast: nearer to what is right, or to a misconception?"""

from __future__ import annotations

import pytest

from coach.catalogue.rubrics import parse
from coach.grading import anchors
from coach.grading.contrast import contrast
from coach.models.serve import OnnxEmbedder

RUBRIC = parse(
    {
        "points": [
            {
                "text": "A min-heap keeps the smallest element at its root.",
                "right": ["With a min-heap the minimum is on top."],
                "misconceptions": ["A min-heap keeps the largest element at its root."],
            }
        ],
        "asides": [{"right": "heapify is O(n).", "wrong": "heapify is O(n log n).", "why": "Bottom-up it is linear."}],
    },
    "q1",
    "shipped",
    "here",
)


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("The root of a min-heap is the smallest element.", True),
        ("The root of a min-heap is the largest element.", False),
    ],
)
def test_a_claim_is_nearer_to_its_own_side(encoder: OnnxEmbedder, said: str, right: bool) -> None:
    seen = contrast(anchors.encode(RUBRIC, "Heaps?", encoder), encoder.vectors([said]), [True])
    assert bool(seen.nearest_right[0] > seen.nearest_wrong[0]) is right


def test_neighbours_are_read_together_too(encoder: OnnxEmbedder) -> None:
    seen = contrast(anchors.encode(RUBRIC, "Heaps?", encoder), encoder.vectors(["One.", "Two.", "Three."]), [True] * 3)
    assert [(stretch.first, stretch.last) for stretch in seen.stretches] == [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)]
    assert seen.right.shape == (1, 5)


def test_what_is_denied_stands_alone_on_the_other_side(encoder: OnnxEmbedder) -> None:
    said = ["The root of a min-heap is the smallest element.", "It is an array.", "It is a tree."]
    rubric, vectors = anchors.encode(RUBRIC, "Heaps?", encoder), encoder.vectors(said)
    plain, turned = contrast(rubric, vectors, [True] * 3), contrast(rubric, vectors, [True] * 3, [True, False, False])
    assert [(stretch.first, stretch.last) for stretch in turned.stretches] == [(0, 0), (1, 1), (2, 2), (1, 2)]
    assert turned.margin[0] == -plain.margin[0] < 0
    assert (turned.margin[1], turned.side.tolist()) == (plain.margin[1], [-1, 1, 1, 1])
