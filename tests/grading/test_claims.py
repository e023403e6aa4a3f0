"""What plainly says the opposite of a point, read off the words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.grading.claims import OPPOSITES, disagreement

POINT = "Hash partitioning spreads keys evenly over the nodes."


@pytest.mark.parametrize(
    ("point", "statement", "kind"),
    [
        ("Reads take O(1) time.", "Reads take O(n) time.", "complexity"),
        ("Sorting is O(n log n).", "Sorting is o( n^2 ).", "complexity"),
        ("The index makes reads faster.", "The index makes reads slower.", "opposite"),
        ("Writes go to the primary first.", "Writes go to the secondary first.", "opposite"),
        (POINT, "Hash partitioning does not spread keys evenly over the nodes.", "negation"),
        ("An immutable object can't be changed.", "An immutable object can be changed.", "negation"),
        ("A partition holds 128 MB.", "A partition holds 4 MB.", "number"),
        ("It drops 80 % of the load.", "It drops 20 % of the load.", "number"),
    ],
)
def test_a_plain_contradiction_is_seen(point: str, statement: str, kind: str) -> None:
    found = disagreement(point, statement)
    assert found is not None
    assert found.kind == kind
    assert found.said


@pytest.mark.parametrize(
    ("point", "statement"),
    [
        (POINT, POINT),
        (POINT, "A hash of the key gives an even spread over the nodes."),
        ("The index makes reads faster.", "The index makes reads not slower."),
        ("The index makes reads faster.", "It makes reads faster and writes slower."),
        ("Sorting is O(n log n).", "Sorting is O(n log2 n)."),
        ("Sorting is O(n log n).", "Sorting takes O(n*log n) on average and O(n^2) if unlucky; O(n log n) is usual."),
        ("A partition holds 128 MB.", "A partition holds 128 MB or 256 MB."),
        ("It takes 5 minutes.", "It takes 5 min."),
        ("It takes 10 ms.", "It takes 10 milliseconds."),
        ("A partition holds 128 MB.", "We had 3 nodes."),
        (POINT, "Cats don't like water."),
    ],
)
def test_agreement_and_other_subjects_are_left_alone(point: str, statement: str) -> None:
    assert disagreement(point, statement) is None


def test_opposites_go_both_ways_and_never_to_oneself() -> None:
    for word, others in OPPOSITES.items():
        assert word not in others
        for other in others:
            assert word in OPPOSITES[other]


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_two_texts(point: str, statement: str) -> None:
    assert disagreement(point, statement) == disagreement(point, statement)
    assert disagreement(point, point) is None
