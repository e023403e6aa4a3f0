"""What plainly says the opposite of a point, read off the words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.grading.claims import OPPOSITES, asserted, denied, disagreement

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


@pytest.mark.parametrize(
    "statement",
    [
        "It is not true that a B-tree is binary.",
        "It isn't the case that a B-tree is binary.",
        "But it’s a common misconception that a B-tree is binary.",
        "It is wrong to say that a B-tree is binary.",
        "I don't think that a B-tree is binary.",
    ],
)
def test_a_denial_is_told_from_the_claim_that_it_denies(statement: str) -> None:
    assert denied([statement]) == [True]
    assert asserted(statement) == "a B-tree is binary."


def test_what_only_speaks_of_truth_is_no_denial() -> None:
    said = ["It is true that a B-tree is balanced.", "The test is not true.", "A B-tree is not binary."]
    assert denied(said) == [False, False, False]
    assert [asserted(text) for text in said] == said


def test_a_denial_reaches_to_the_end_of_its_sentence_or_to_a_but() -> None:
    assert denied(["It is not true that a hash keeps order", "so scans are cheap.", "Trees do."]) == [True, True, False]
    assert denied(["I don't think that a hash keeps order", "but a tree does."]) == [True, False]
