"""Alignment: which words of an answer say a point."""

from __future__ import annotations

from coach.grading.evidence import WordVectors, align, asked_stems, word_vectors
from coach.models.serve import OnnxEmbedder

POINT = "Hash partitioning spreads the keys evenly over all nodes."


def vectors(encoder: OnnxEmbedder, *texts: str) -> list[WordVectors]:
    return [word_vectors(text, item) for text, item in zip(texts, encoder.encode(texts), strict=True)]


def test_the_point_itself_covers_it_wholly(encoder: OnnxEmbedder) -> None:
    point, same = vectors(encoder, POINT, POINT)
    found = align(point, [same], frozenset())
    assert found.coverage > 0.99
    assert found.missing == ()


def test_other_words_for_it_cover_more_than_another_subject(encoder: OnnxEmbedder) -> None:
    point, near, far = vectors(
        encoder,
        POINT,
        "With hashing, rows are distributed uniformly across the servers.",
        "My grandmother bakes bread.",
    )
    assert align(point, [near], frozenset()).coverage > align(point, [far], frozenset()).coverage + 0.1


def test_the_best_stretch_is_named(encoder: OnnxEmbedder) -> None:
    point, *said = vectors(encoder, POINT, "I like tea.", "Hash partitioning spreads keys evenly.", "Bye now.")
    found = align(point, said, frozenset())
    assert (found.first, found.last) == (1, 1)


def test_words_far_apart_count_for_the_answer_as_a_whole(encoder: OnnxEmbedder) -> None:
    between = ["I like tea.", "It rains.", "We had lunch.", "Bye now."]
    point, *said = vectors(encoder, POINT, "Hash partitioning.", *between, "Keys spread evenly over all nodes.")
    found = align(point, said, frozenset())
    assert found.anywhere > found.coverage + 0.1


def test_words_of_the_question_count_less(encoder: OnnxEmbedder) -> None:
    point, echo = vectors(encoder, POINT, "Hash partitioning, nodes.")
    asked = asked_stems("What does hash partitioning do with nodes?")
    assert align(point, [echo], asked).coverage < align(point, [echo], frozenset()).coverage


def test_nothing_said_covers_nothing(encoder: OnnxEmbedder) -> None:
    (point,) = vectors(encoder, POINT)
    assert align(point, [], frozenset()).coverage == 0.0
