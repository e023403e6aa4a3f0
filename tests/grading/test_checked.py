"""Claims about questions without misconceptions of their own: what is commonly said, and a model that reads along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from coach.domain import Kind, Question
from coach.grading import anchors, checked
from coach.grading.offline import OfflineGrader
from coach.grading.rubric import derive
from coach.models.serve import OnnxEmbedder
from coach.models.shipped import open_known
from coach.ports import KnownStatements
from tests.grading.conftest import check_invariants

REFERENCE = (
    "Kafka keeps the order of messages within a partition only. Messages with the same key go to the same partition. "
    "A consumer group gives each partition to one consumer, so more consumers than partitions leave some idle."
)
QUESTION = Question(
    "k1", 1, "mine", 1, Kind.CONCEPT, "How does Kafka order messages, and how does it scale?", REFERENCE
)
RIGHT = (
    "Order is only guaranteed inside one partition, so I choose the key such that related events share a partition. "
    "Within a group a partition belongs to a single consumer; extra consumers sit idle. To scale further I add partitions, "
    "which moves keys to other partitions, so I plan their number ahead."
)
WRONG = (
    "Kafka guarantees the order of all messages across the whole topic, whatever the partition. Every consumer of a group "
    "gets a copy of each message, so one can add as many consumers as one likes and they all share the work. Adding "
    "partitions later never changes where the keys go."
)
BREAD = Question(
    "b1",
    2,
    "mine",
    2,
    Kind.CONCEPT,
    "How do you get a crisp crust?",
    "Bake with steam at first, then let the oven dry.",
)


@pytest.fixture(scope="module")
def known() -> KnownStatements:
    return open_known()


@pytest.fixture(scope="module")
def knowing(encoder: OnnxEmbedder, known: KnownStatements) -> OfflineGrader:
    return OfflineGrader(
        encoder, lambda question, rubric: anchors.encode(rubric, question.text, encoder), checks=lambda: known
    )


def _topic(question: Question, encoder: OnnxEmbedder) -> NDArray[np.float32]:
    return anchors.encode(derive(question), question.text, encoder).topic


def test_what_is_known_has_nearly_unit_rows_and_a_truth_for_every_falsehood(known: KnownStatements) -> None:
    assert np.allclose(np.linalg.norm(known.subjects, axis=1), 1.0, atol=0.02)
    for rows in (known.right, known.wrong):
        lengths = np.linalg.norm(rows, axis=1)
        assert (lengths <= 1.01).all()
        assert np.quantile(lengths, 0.05) > 0.9, "the basis holds nearly all of nearly every statement"
    assert np.allclose(known.basis.T @ known.basis, np.eye(known.basis.shape[1]), atol=0.03)
    assert len(known.truths) == len(known.wrong)
    assert all(known.truths)


def test_a_fluent_falsehood_about_a_known_subject_scores_below_the_truth(knowing: OfflineGrader) -> None:
    right, wrong = (knowing.grade(QUESTION, derive(QUESTION), answer) for answer in (RIGHT, WRONG))
    assert right.score is not None
    assert wrong.score is not None
    assert right.score > wrong.score + 25
    check_invariants(right, RIGHT)
    check_invariants(wrong, WRONG)


def test_without_what_is_known_the_two_are_hardly_told_apart(encoder: OnnxEmbedder) -> None:
    plain = OfflineGrader(encoder, lambda question, rubric: anchors.encode(rubric, question.text, encoder))
    right, wrong = (plain.grade(QUESTION, derive(QUESTION), answer).score or 0 for answer in (RIGHT, WRONG))
    assert right - wrong < 25


def test_nothing_is_known_of_another_subject(encoder: OnnxEmbedder, known: KnownStatements) -> None:
    claims = encoder.vectors(["Steam keeps the crust soft until it has risen.", "Then open the door."])
    found = checked.by_statements(known, _topic(BREAD, encoder), claims)
    assert found.known == 0.0
    assert found.false == ()
    assert not found.side.any()


def test_a_common_falsehood_is_quoted_with_what_is_true(encoder: OnnxEmbedder, known: KnownStatements) -> None:
    claims = encoder.vectors(["Kafka guarantees a total order over all partitions of a topic.", "It uses keys."])
    found = checked.by_statements(known, _topic(QUESTION, encoder), claims)
    assert found.known > checked.BELIEVED
    assert [false.claim for false in found.false] == [0]
    assert "partition" in found.false[0].truth
    assert 0.5 <= found.false[0].firmness <= 1.0


def test_more_truths_than_falsehoods_make_nothing_true(encoder: OnnxEmbedder, known: KnownStatements) -> None:
    claims = encoder.vectors(["Kafka guarantees a total order over all partitions of a topic."])
    twice = replace(
        known,
        right=np.repeat(known.right, 2, axis=0),
        right_of=np.repeat(known.right_of, 2),
    )
    topic = _topic(QUESTION, encoder)
    once, again = (checked.by_statements(have, topic, claims) for have in (known, twice))
    assert np.allclose(once.side, again.side)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 300))
def test_more_words_and_nearer_claims_are_never_believed_less(
    familiar: float, at_home: float, related: float, size: int
) -> None:
    nothing = np.zeros(0, dtype=np.float32)
    found = checked.Checked(nothing, nothing, familiar, at_home, ())
    known, home = checked.believed(found, related, size)
    assert 0.0 <= home <= known <= 1.0
    more_known, more_home = checked.believed(found, min(1.0, related + 0.1), size + 10)
    assert more_known >= known
    assert more_home >= home


class _Reader:
    """A model that calls every claim with a "not" a contradiction."""

    name = "reader"

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def check(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.read += pairs
        rows = [[0.0, 0.0, 1.0] if " not " in claim else [1.0, 0.0, 0.0] for claim, _ in pairs]
        return np.array(rows, dtype=np.float32).reshape(-1, 3)


def test_a_model_reads_each_claim_with_its_nearest_points(encoder: OnnxEmbedder) -> None:
    reader = _Reader()
    grader = OfflineGrader(
        encoder, lambda question, rubric: anchors.encode(rubric, question.text, encoder), checks=lambda: reader
    )
    answer = "Order does not hold within a partition. Messages of one key share a partition."
    grade = grader.grade(QUESTION, derive(QUESTION), answer)
    check_invariants(grade, answer)
    assert [found.claim.quote for found in grade.contradictions] == ["Order does not hold within a partition."]
    assert "order of messages within a partition" in grade.contradictions[0].reference
    assert len(reader.read) <= 2 * checked.NEAREST
    assert grade.grader.model == "reader", "a grade with another checker is another grader's"


def test_pairs_are_bounded_and_in_the_order_of_claims() -> None:
    nearness = np.linspace(0.2, 0.9, 6 * 200, dtype=np.float32).reshape(6, 200)
    rubric = derive(replace(QUESTION, reference=REFERENCE))
    reader = _Reader()
    rubric = replace(rubric, points=(rubric.points * 6)[:6])
    checked.by_model(rubric, nearness, [f"claim {at}" for at in range(200)], reader)
    assert len(reader.read) == checked.MOST_PAIRS
    numbers = [int(claim.split()[1]) for claim, _ in reader.read]
    assert numbers == sorted(numbers)


def test_no_model_is_named_where_none_read_the_claims(encoder: OnnxEmbedder, known: KnownStatements) -> None:
    grader = OfflineGrader(
        encoder, lambda question, rubric: anchors.encode(rubric, question.text, encoder), checks=lambda: known
    )
    assert grader.grade(QUESTION, derive(QUESTION), "Messages of one key share a partition.").grader.model is None
