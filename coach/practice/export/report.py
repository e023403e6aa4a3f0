"""The report of one's own practice, as blocks for Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from coach.domain import Grade, Outcome, Question
from coach.domain.practice import Attempt
from coach.practice.export import charts
from coach.practice.export.blocks import Block, Bullets, Chart, Heading, Quote, Table, Text
from coach.practice.standing.figures import Figures
from coach.practice.standing.progress import Standing

MOST_POINTS = 20
"""Points to work on that a report lists."""

OUTCOME_WORDS = {
    Outcome.COVERED: "✓ said",
    Outcome.PARTIAL: "◐ in part",
    Outcome.MISSING: "✗ missing",
    Outcome.CONTRADICTED: "⚠ wrong",
}
"""What became of a key point; the word is enough without the sign."""


def report(
    figures: Figures, attempts: Sequence[Attempt], questions: Iterable[Question], today: date, since: date | None
) -> list[Block]:
    """Figures over everything; under them the attempts since ``since`` (newest first), each question's latest in full."""
    known = {question.id: question for question in questions}
    span = "everything so far" if since is None else f"attempts since {since.isoformat()}, figures over everything"
    blocks: list[Block] = [Heading(1, "Practice report"), Text(f"{today.isoformat()}; {span}.")]
    blocks += _readiness(figures)
    blocks += _time(figures)
    blocks += _standings("By section", figures.sections, chart=True)
    blocks += _standings("By kind", figures.kinds, chart=False)
    blocks += _coverage(figures)
    blocks += _points(figures)
    blocks += _self_knowledge(figures, known)
    blocks += _retention(figures)
    blocks += _attempts(attempts)
    blocks += list(_answers(attempts))
    return blocks


def _readiness(found: Figures) -> list[Block]:
    ready = found.readiness
    blocks: list[Block] = [Heading(2, "Readiness")]
    if ready.score is not None and ready.range is not None:
        low, high = ready.range
        blocks.append(Text(f"{ready.score} of 100; most interviews like yours would end between {low} and {high}."))
    return [*blocks, Bullets(ready.basis)]


def _time(found: Figures) -> list[Block]:
    if not found.weeks:
        return []
    starts = sorted({week.start for week in found.weeks})
    graders = list(dict.fromkeys(week.grader for week in found.weeks))
    scores = {(week.start, week.grader): week.score for week in found.weeks}
    svg = charts.lines(
        "Mean score week by week",
        [start.strftime("%d %b") for start in starts],
        [(name, [scores.get((start, name)) for start in starts]) for name in graders],
    )
    rows = tuple((week.start.isoformat(), f"{week.score:.0f}", str(week.attempts), week.grader) for week in found.weeks)
    blocks: list[Block] = [Heading(2, "Over time")]
    if found.trend is not None:
        sure = "" if found.trend.sure else ", though too few or too mixed to be sure"
        left_out = f" {found.trend.left_out} answers by other graders are left out." if found.trend.left_out else ""
        blocks.append(
            Text(
                f"Scores are {found.trend.direction.value} over {found.trend.attempts} unaided answers graded by "
                f"{found.trend.grader}{sure}.{left_out}"
            )
        )
    return [*blocks, Chart(svg, Table(("Week of", "Score", "Answers", "Grader"), rows))]


def _standings(title: str, rows: Sequence[Standing], chart: bool) -> list[Block]:
    if not rows:
        return []
    table = Table(
        ("Name", "Score", "At first", "Best", "Answers", "Questions", "Minutes", "Graders"),
        tuple(
            (
                row.name,
                _number(row.latest),
                _number(row.first),
                str(row.best),
                str(row.attempts),
                str(row.questions),
                "–" if row.seconds is None else f"{row.seconds / 60:.1f}",
                ", ".join(row.graders),
            )
            for row in rows
        ),
    )
    blocks: list[Block] = [Heading(2, title)]
    if any(len(row.graders) > 1 for row in rows):
        blocks.append(Text("Rows with more than one grader mix scores that are not quite comparable."))
    if chart:
        picture = charts.bars(title, [(row.name, row.latest or 0, _number(row.latest)) for row in rows])
        return [*blocks, Chart(picture, table)]
    return [*blocks, table]


def _coverage(found: Figures) -> list[Block]:
    rows = tuple((row.section, str(row.questions), str(row.answered), str(row.held)) for row in found.coverage)
    note = "Held: 60 or more the last time, without help."
    return (
        [Heading(2, "Coverage"), Table(("Section", "Questions", "Answered", "Held"), rows), Text(note)] if rows else []
    )


def _points(found: Figures) -> list[Block]:
    if not found.points:
        return []
    rows = tuple(
        (str(item.number), item.text, OUTCOME_WORDS[item.last], f"{item.missed} of {item.asked}")
        for item in found.points[:MOST_POINTS]
    )
    return [Heading(2, "Points to work on"), Table(("Question", "Key point", "Last time", "Missed"), rows)]


def _self_knowledge(found: Figures, known: dict[str, Question]) -> list[Block]:
    figures = found.calibration
    if figures.brier is None or figures.bias is None or figures.baseline is None:
        return []
    steps = [step for step in figures.curve if step.confidence is not None and step.score is not None]
    svg = charts.curve(
        "Scores over expectations", [(step.confidence or 0, step.score or 0, step.count) for step in steps]
    )
    table = Table(
        ("Expected", "On average", "Scored", "Answers"),
        tuple(
            (
                f"{100 * step.low:.0f}–{100 * step.high:.0f}",
                _number(100 * (step.confidence or 0)),
                _number(100 * (step.score or 0)),
                str(step.count),
            )
            for step in steps
        ),
    )
    text = (
        f"Over {figures.count} guesses you expected {100 * figures.bias:+.0f} points beside what you got. Brier score "
        f"{figures.brier:.3f}: 0 is perfect, {figures.baseline:.3f} is what always guessing your mean gives."
    )
    errors = tuple(
        f"Question {known[guess.question_id].number}, expected {100 * guess.confidence:.0f}, scored "
        f"{100 * guess.score:.0f}: {known[guess.question_id].text}"
        for guess in found.confident_errors
        if guess.question_id in known
    )
    blocks: list[Block] = [Heading(2, "Self-knowledge"), Text(text), Chart(svg, table)]
    return [*blocks, Heading(3, "Sure and wrong, to clear up first"), Bullets(errors)] if errors else blocks


def _retention(found: Figures) -> list[Block]:
    if not found.forecast.outlook:
        return []
    rows = tuple(
        (item.day.isoformat(), f"{100 * item.recall:.0f} %", f"{item.known:.0f}") for item in found.forecast.outlook
    )
    text = f"If nothing is reviewed, FSRS expects this to be left of {found.forecast.cards} questions."
    return [Heading(2, "What stays"), Text(text), Table(("Day", "Recall", "Questions"), rows)]


def _attempts(attempts: Sequence[Attempt]) -> list[Block]:
    rows = tuple(
        (
            f"{item.created_at:%Y-%m-%d %H:%M}",
            str(item.question.number or "–"),
            item.question.text if len(item.question.text) <= 90 else f"{item.question.text[:89]}…",
            _score(item.grade),
            str(item.override.score) if item.override else "",
        )
        for item in attempts
    )
    if not rows:
        return [Heading(2, "Attempts"), Text("None.")]
    return [Heading(2, "Attempts", new_page=True), Table(("Time (UTC)", "No.", "Question", "Score", "Own"), rows)]


def _answers(attempts: Sequence[Attempt]) -> Iterator[Block]:
    """Each question's latest attempt in full."""
    seen: set[str] = set()
    yield Heading(2, "Latest answers", new_page=True)
    for item in attempts:
        if item.question.id in seen:
            continue
        seen.add(item.question.id)
        name = f"{item.question.number}. " if item.question.number else ""
        yield Heading(3, f"{name}{item.question.text}")
        own = f"; your own score {item.override.score}: {item.override.note}" if item.override else ""
        yield Text(f"{item.created_at:%Y-%m-%d}, {_score(item.grade)}{own}")
        yield Quote(item.answer)
        if item.grade is not None:
            yield from graded(item.grade)


def graded(grade: Grade) -> Iterator[Block]:
    """What a grade says, for a reader of a page."""
    if grade.score is None:
        yield Text(f"Not graded: {grade.reason}")
        return
    if grade.feedback.summary:
        yield Text(grade.feedback.summary)
    if grade.points:
        rows = tuple((OUTCOME_WORDS[verdict.outcome], verdict.point.text) for verdict in grade.points)
        yield Table(("", "Key point"), rows)
    wrong = tuple(f"“{found.claim.quote}” {found.why or found.reference}" for found in grade.contradictions)
    if wrong:
        yield Text("Said, and not so:")
        yield Bullets(wrong)
    if grade.feedback.next_step:
        yield Text(f"Next: {grade.feedback.next_step}")


def _score(grade: Grade | None) -> str:
    if grade is None:
        return "waits for its grade"
    return "not graded" if grade.score is None else f"{grade.score} ({grade.band.value if grade.band else ''})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
