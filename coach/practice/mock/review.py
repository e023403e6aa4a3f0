"""From an interview and its grades to its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from coach.domain import Grade, Importance, KeyPoint, Kind, Outcome, Question, Rubric, Status
from coach.domain.practice import Attempt
from coach.practice.mock import Ending, Item, MockInterview
from coach.practice.mock.advice import next_steps
from coach.practice.mock.report import Answered, Gap, Report, Second, Step, Story
from coach.practice.standing.calibration import Guess, calibrate

MOST_MISSING, MOST_OUTLINE = 4, 8
"""More lines than these are not read."""

StoryOf = Callable[[str], Story]
"""Reads the parts of a told experience from an answer."""


def review(
    interview: MockInterview,
    questions: Mapping[str, Question],
    rubrics: Mapping[str, Rubric],
    attempts: Mapping[str, Attempt],
    story_of: StoryOf,
) -> Report:
    """The report of an interview.

    ``questions`` and ``rubrics`` are by question id, ``attempts`` by their own id. A question that has left the corpus
    is left out unless its attempt still holds it.
    """
    rows = []
    for number, item in enumerate(interview.items, 1):
        attempt = attempts.get(item.attempt_id or "")
        question = attempt.question if attempt else questions.get(item.question_id)
        if question is not None:
            rows.append(_answered(number, item, question, rubrics.get(item.question_id), attempt, story_of))
    guesses = [
        Guess(
            row.attempt_id or "", row.question.id, attempts[row.attempt_id].created_at, row.confidence, row.score / 100
        )
        for row in rows
        if row.confidence is not None and row.score is not None and row.attempt_id is not None
    ]
    scores = [found for row in rows if (found := _counts(row)) is not None]
    again = _second(interview, attempts)
    return Report(
        interview.id,
        round(fmean(scores)) if scores else None,
        _graders(attempts[row.attempt_id] for row in rows if row.attempt_id is not None),
        sum(row.score is not None for row in rows),
        sum(row.ending not in (Ending.NOT_REACHED, Ending.WAITING) for row in rows),
        sum(row.seconds for row in rows),
        interview.total,
        tuple(rows),
        calibrate(guesses),
        again,
        next_steps(rows, guesses),
    )


def _counts(row: Answered) -> int | None:
    """What a question puts into the mean: silence is no answer, a missing grade is no number."""
    if row.score is not None:
        return row.score
    silent = row.attempt_id is None and row.ending in (Ending.SUBMITTED, Ending.SKIPPED, Ending.TIME_UP)
    return 0 if silent else None


def _graders(attempts: Iterable[Attempt]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for attempt in attempts:
        if attempt.grade is not None and attempt.grade.status is Status.GRADED:
            by = attempt.grade.grader
            names[f"{by.kind} {by.name} {by.version}"] = None
    return tuple(names)


def _answered(
    number: int, item: Item, question: Question, rubric: Rubric | None, attempt: Attempt | None, story_of: StoryOf
) -> Answered:
    grade = attempt.grade if attempt else None
    behavioural = question.kind is Kind.BEHAVIOURAL and attempt is not None
    return Answered(
        number,
        question,
        item.ending,
        attempt.id if attempt else None,
        grade.score if grade else None,
        _reason(attempt, grade),
        attempt.override if attempt else None,
        item.confidence,
        item.seconds,
        item.allowed,
        _gaps(grade) if grade else (),
        _outline(rubric, grade),
        story_of(attempt.answer) if behavioural and attempt else None,
    )


def _reason(attempt: Attempt | None, grade: Grade | None) -> str | None:
    if attempt is None:
        return "Nothing was answered."
    return "It waits for its grade." if grade is None else grade.reason


_RANK = {Importance.MUST: 0, Importance.SHOULD: 1, Importance.BONUS: 2}


def _gaps(grade: Grade) -> tuple[Gap, ...]:
    wrong = {found.point_id: found.why or f"The reference says: {found.reference}" for found in grade.contradictions}
    gaps = [
        Gap(
            verdict.point.id,
            verdict.point.text,
            verdict.point.importance,
            verdict.outcome,
            wrong.get(verdict.point.id, verdict.note),
        )
        for verdict in grade.points
        if verdict.outcome in (Outcome.MISSING, Outcome.CONTRADICTED)
        and verdict.point.importance is not Importance.BONUS
    ]
    gaps.sort(key=lambda gap: (gap.outcome is not Outcome.CONTRADICTED, _RANK[gap.importance]))
    return tuple(gaps[:MOST_MISSING])


def _outline(rubric: Rubric | None, grade: Grade | None) -> tuple[Step, ...]:
    """The points to make in the rubric's order: all that must be said, then what should, then what adds to it."""
    judged = {verdict.point.id: verdict for verdict in grade.points} if grade else {}
    points: Sequence[KeyPoint] = rubric.points if rubric else [verdict.point for verdict in judged.values()]
    weightiest = sorted(range(len(points)), key=lambda at: (_RANK[points[at].importance], at))[:MOST_OUTLINE]
    return tuple(
        Step(point.id, point.text, judged[point.id].outcome if point.id in judged else None)
        for point in (points[at] for at in sorted(weightiest))
    )


def _second(interview: MockInterview, attempts: Mapping[str, Attempt]) -> Second | None:
    again, weakest = interview.again, interview.weakest
    after = attempts.get(again.attempt_id or "") if again else None
    if after is None or weakest is None:
        return None
    before = attempts.get(interview.items[weakest].attempt_id or "")
    old, new = _made(before), _made(after)
    return Second(
        weakest + 1,
        before.grade.score if before and before.grade else None,
        after.grade.score if after.grade else None,
        tuple(text for name, text in new.items() if name not in old),
    )


def _made(attempt: Attempt | None) -> dict[str, str]:
    if attempt is None or attempt.grade is None:
        return {}
    said = (Outcome.COVERED, Outcome.PARTIAL)
    return {verdict.point.id: verdict.point.text for verdict in attempt.grade.points if verdict.outcome in said}
