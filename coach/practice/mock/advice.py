"""What to do after an interview: at most three things, the most useful first, each tied to what happened."""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain import Importance, Outcome
from coach.practice.mock import Ending
from coach.practice.mock.report import Answered
from coach.practice.standing.calibration import CONFIDENT_FROM, WRONG_BELOW, Guess

MOST = 3
"""More than these are not done."""

HURRIED_BELOW = 0.4
"""Share of its time below which a weak answer was handed in too soon."""

_RANK = {Importance.MUST: 0, Importance.SHOULD: 1, Importance.BONUS: 2}


def next_steps(rows: Sequence[Answered], guesses: Sequence[Guess]) -> tuple[str, ...]:
    """The most useful things to do, each tied to what happened; at most one of a sort, and three in all."""
    return tuple(
        [*_false_claims(rows), *_unsaid(rows), *_stories(rows), *_time(rows), *_too_sure(guesses), *_good(rows)][:MOST]
    )


def _false_claims(rows: Sequence[Answered]) -> list[str]:
    wrong = [(row, gap) for row in rows for gap in row.missing if gap.outcome is Outcome.CONTRADICTED]
    if not wrong:
        return []
    row, gap = min(wrong, key=lambda pair: (_RANK[pair[1].importance], pair[0].score or 0))
    more = f" ({len(wrong)} claims were wrong in all.)" if len(wrong) > 1 else ""
    return [f"Put right what you said on question {row.number}: {gap.why or gap.text}{more}"]


def _unsaid(rows: Sequence[Answered]) -> list[str]:
    graded = [
        row for row in rows if row.score is not None and any(gap.outcome is Outcome.MISSING for gap in row.missing)
    ]
    if not graded:
        silent = next((row for row in rows if row.attempt_id is None and row.ending is not Ending.NOT_REACHED), None)
        return (
            [f"Answer question {silent.number} in writing, in your own time: {silent.question.text}"] if silent else []
        )
    row = min(graded, key=lambda item: (item.score or 0, item.number))
    gap = next(gap for gap in row.missing if gap.outcome is Outcome.MISSING)
    where = f" ({row.question.section})" if row.question.section else ""
    return [f"Answer question {row.number}{where} again and make this point: {gap.text}"]


def _stories(rows: Sequence[Answered]) -> list[str]:
    told = [row for row in rows if row.story is not None and (row.story.lacking or not row.story.measured)]
    if not told:
        return []
    row = max(told, key=lambda item: len(item.story.lacking) if item.story else 0)
    lacking = list(row.story.lacking) if row.story else []
    if row.story and not row.story.measured and "result" not in lacking:
        lacking.append("a result in figures")
    return [f"Tell the story of question {row.number} with what it lacks: {', '.join(lacking)}."]


def _time(rows: Sequence[Answered]) -> list[str]:
    over = [row for row in rows if row.ending is Ending.TIME_UP]
    if over:
        which = f"{len(over)} answers" if len(over) > 1 else f"question {over[0].number}"
        return [f"Watch the clock: {which} ran out of time. Say the main point first, then the reasons."]
    soon = [
        row
        for row in rows
        if row.score is not None and row.score < 100 * WRONG_BELOW and 0 < row.seconds < HURRIED_BELOW * row.allowed
    ]
    if not soon:
        return []
    row = soon[0]
    return [
        f"Use your time: question {row.number} went in with {_clock(row.allowed - row.seconds)} to spare and a weak answer."
    ]


def _too_sure(guesses: Sequence[Guess]) -> list[str]:
    sure = [guess for guess in guesses if guess.confidence >= CONFIDENT_FROM and guess.score < WRONG_BELOW]
    if not sure:
        return []
    count = len(sure)
    words = "answer that you were sure of was" if count == 1 else "answers that you were sure of were"
    return [f"{count} {words} weak: before handing in, name one thing that an expert would object to."]


def _good(rows: Sequence[Answered]) -> list[str]:
    """What is left to do where little went wrong."""
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return []
    row = min(scored, key=lambda item: (item.score or 0, item.number))
    return [
        f"Say question {row.number} again in half the words, with one example of your own.",
        "Take a longer mock, over other sections.",
    ]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
