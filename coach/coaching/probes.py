"""The follow-up question after a grade: one probe at the largest gap, and an answer to it graded by that point alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach.catalogue.rubrics import sealed as sealed_rubric
from coach.coaching.material import Orders, material, prompt
from coach.coaching.sources import IMPORTANCE, named
from coach.domain import Grade, KeyPoint, Outcome, Question, Rubric
from coach.ports import Message
from coach.text.cleaning import one_line
from coach.text.printable import printable
from coach.text.terms import content_stems, overlap

if TYPE_CHECKING:
    from coach.ports import ChatModel

PHRASING = "probe-1"
REPLY_TOKENS = 120

GIVEN_AWAY = 0.5
"""Share of a point's own words in a probe from which it gives the point away."""

LONGEST = 300


def largest_gap(grade: Grade) -> KeyPoint | None:
    """The point to ask about next: what was said wrongly first, then what matters most, then what was said least."""
    gaps = [verdict for verdict in grade.points if verdict.outcome is not Outcome.COVERED]
    worst = min(
        gaps,
        key=lambda verdict: (
            verdict.outcome is not Outcome.CONTRADICTED,
            IMPORTANCE[verdict.point.importance],
            verdict.credit,
        ),
        default=None,
    )
    return worst.point if worst else None


def probe(point: KeyPoint) -> str:
    """The question that asks for a point without giving it away."""
    return point.probe or f"You haven't spoken about this yet: {named(point)} What do you know about it?"


def phrased(model: ChatModel, question: Question, point: KeyPoint, answer: str, orders: Orders) -> str:
    """The probe as a model puts it to this candidate; the written one where the model's gives the point away.

    Raises what the model raises.
    """
    data = {"question": question.text, "point": point.text, "written_probe": probe(point), "answer": answer[-4000:]}
    reply = model.complete(
        (Message("system", prompt(PHRASING).text), Message("user", material("material", data, orders))), REPLY_TOKENS
    )
    text = one_line(printable(reply.text)).strip(' "')
    return text if _usable(text, question, point, answer) else probe(point)


def single(rubric: Rubric, point: KeyPoint) -> Rubric:
    """A rubric of one point, for the answer to its probe."""
    return sealed_rubric(Rubric(rubric.question_id, (point,), rubric.origin, ""))


def _usable(text: str, question: Question, point: KeyPoint, answer: str) -> bool:
    if not text.endswith("?") or not 10 <= len(text) <= LONGEST:
        return False
    known: Sequence[str] = content_stems(question.text) + content_stems(answer)
    secret = [stem for stem in content_stems(point.text) if stem not in known]
    return not secret or overlap(secret, content_stems(text)) < GIVEN_AWAY
