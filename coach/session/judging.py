"""Grading with a language model: opening it, what would be sent, several samples of one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from coach.domain import Grade, Question, ScorePart, Status, Usage, band_of

if TYPE_CHECKING:
    from coach.grading.judge import Judge
    from coach.ports import ChatModel
    from coach.session import Session
    from coach.session.journal import Journal

_LOCAL = Lock()
"""One answer at a time is prepared and concluded on this machine; only the calls to the model run side by side."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a grade would send, and to whom."""

    provider: str
    model: str
    prompt: str
    """The prompt's version."""
    request: Mapping[str, Any]
    """The body of the request, word for word."""
    prompt_tokens: int
    """As counted or estimated."""
    reply_tokens: int
    """At most."""
    cost_usd: float | None
    """At most; None where no price is known."""
    samples: int
    """How often it would be sent."""


def judge(session: Session, model: ChatModel | None = None, turn: int = 0) -> Judge:
    """The grader over ``model``, or over the one that the settings name. Raises ConfigError where there is none.

    ``turn`` rotates the points, so that several samples ask the same in different order.
    """
    from coach.grading.judge import Judge

    return Judge(model or session.model, session.offline_grader, session.claims, session.anchors, _LOCAL, turn)


def judged(
    session: Session, question: Question, answer: str, samples: int = 1, journal: Journal | None = None
) -> Grade:
    """One grade, or the median of several; what ``journal`` holds is not paid for again."""
    rubric = session.rubric(question)
    model = session.model
    if journal is not None:
        from coach.session.journal import Journalled

        model = Journalled(model, journal)
    found = [judge(session, model, turn).grade(question, rubric, answer) for turn in range(samples)]
    return median(found)


def plan(session: Session, question: Question, answer: str, samples: int = 1) -> Plan | Grade:
    """What would be sent for one answer; the grade itself where no call is needed for it. Sends nothing."""
    from coach.grading.brief import PROMPT
    from coach.grading.replies import SCHEMA

    model = session.model
    made = judge(session).brief(question, session.rubric(question), answer)
    if isinstance(made, Grade):
        return made
    cost = model.cost(made.prompt_tokens, made.reply_tokens)
    return Plan(
        model.provider,
        model.model,
        PROMPT,
        model.preview(made.messages, made.reply_tokens, SCHEMA),
        made.prompt_tokens,
        made.reply_tokens,
        None if cost is None else samples * cost,
        samples,
    )


def median(grades: Sequence[Grade]) -> Grade:
    """The grade in the middle, with the spread of all in its parts, range and confidence, and what all of them cost.

    Ungraded where most of them are, with the first reason.
    """
    if len(grades) == 1:
        return grades[0]
    usage = _sum([grade.usage for grade in grades])
    made = sorted((grade for grade in grades if grade.status is Status.GRADED), key=lambda grade: grade.score or 0)
    if 2 * len(made) <= len(grades):
        return replace(next(grade for grade in grades if grade.status is Status.UNGRADED), usage=usage)
    middle = made[(len(made) - 1) // 2]
    scores = [grade.score or 0 for grade in made]
    spread = scores[-1] - scores[0]
    listed = ", ".join(map(str, scores))
    why = f"The median of {len(scores)} samples: {listed}. Spread {spread}."
    low, high = middle.range or (scores[0], scores[-1])
    return replace(
        middle,
        band=band_of(middle.score or 0),
        confidence=min(grade.confidence or 0.0 for grade in made) if spread > 15 else middle.confidence,
        range=(min(low, scores[0]), max(high, scores[-1])),
        parts=(*middle.parts, ScorePart("samples", 0, why)),
        usage=usage,
    )


def _sum(found: Sequence[Usage]) -> Usage:
    costs = [usage.cost_usd for usage in found if usage.cost_usd is not None]
    return Usage(
        sum(usage.prompt_tokens for usage in found),
        sum(usage.completion_tokens for usage in found),
        round(sum(costs), 6) if costs else None,
    )
