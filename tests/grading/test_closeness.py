"""How close an answer comes to a subject and to each point."""

from __future__ import annotations

import numpy as np

from coach.domain import Kind, Question
from coach.grading import anchors
from coach.grading.closeness import likeness, topicality
from coach.grading.rubric import derive
from coach.models.serve import OnnxEmbedder

REFERENCE = "A mutex is owned by the thread that locked it. A semaphore counts permits and has no owner."
QUESTION = Question("o1", 1, "mine", 1, Kind.CONCEPT, "How do a mutex and a semaphore differ?", REFERENCE)


def test_what_says_a_point_is_nearer_than_the_question_said_again(encoder: OnnxEmbedder) -> None:
    made = anchors.encode(derive(QUESTION), QUESTION.text, encoder)
    said = likeness(encoder.vectors(["Only the thread which took the mutex may release it."]), made)
    again = likeness(encoder.vectors(["How a mutex and a semaphore differ, and in which way."]), made)
    assert said.shape == (2,)
    assert said[0] > again[0] + 0.1
    assert said.argmax() == 0


def test_the_question_itself_adds_nothing(encoder: OnnxEmbedder) -> None:
    made = anchors.encode(derive(QUESTION), QUESTION.text, encoder)
    assert np.allclose(likeness(encoder.vectors([QUESTION.text]), made), 0.0, atol=1e-3)


def test_an_answer_on_the_subject_is_nearer_to_it_than_any_other(encoder: OnnxEmbedder) -> None:
    made = anchors.encode(derive(QUESTION), QUESTION.text, encoder)
    near, far = (encoder.vectors([text]) for text in ("Threads lock a mutex.", "Bread needs a hot oven."))
    assert topicality(near, made) > topicality(far, made) + 0.3
