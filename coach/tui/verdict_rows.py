"""A grade as rows to move over: each with its sign and word, what it has to say, and its place in the answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from coach.domain import Contradiction, Grade, Outcome, PointVerdict, Span, Status
from coach.session.wording import FLAG_WORDS, MARKS
from coach.text.cleaning import one_line

TONES = {
    Outcome.COVERED: "success",
    Outcome.PARTIAL: "warning",
    Outcome.MISSING: "foreground",
    Outcome.CONTRADICTED: "error",
}
"""The theme's colour of an outcome; sign and word say the same."""

RANK = {Outcome.CONTRADICTED: 0, Outcome.MISSING: 1, Outcome.PARTIAL: 2, Outcome.COVERED: 3}
"""From worst to best."""

Detail = tuple[str, str]
"""What it is, and the text; the first may be empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the verdict."""

    name: str
    """``summary``, ``score``, ``read``, ``said-N`` or a point's id."""
    mark: str
    """One cell, or empty."""
    word: str
    """The outcome in a word."""
    title: str
    details: tuple[Detail, ...]
    """Shown when one moves over the row."""
    spans: tuple[Span, ...] = ()
    """Where the answer says it."""
    tone: str = "foreground"


def rows(grade: Grade) -> tuple[Row, ...]:
    """The summary, each point, each false claim beside them, how the score comes about, and what to read."""
    if grade.status is Status.UNGRADED:
        return (Row("summary", "", "ungraded", "No grade", (("Why", grade.reason or "No reason is known."),)),)
    told = {found.point_id for found in grade.contradictions}
    points = [_point_row(verdict, grade) for verdict in grade.points]
    shown = {verdict.point.id for verdict in grade.points if verdict.outcome is Outcome.CONTRADICTED} & told
    apart = [found for found in grade.contradictions if found.point_id not in shown]
    said = [_said_row(at, found) for at, found in enumerate(apart)]
    return (_summary_row(grade), *points, *said, _score_row(grade), *_read_row(grade))


def ungraded(details: tuple[Detail, ...]) -> Row:
    """What stands where a grade would, with the ways on."""
    ways = (("g", "grade it again"), ("b", "grade it offline, with no model"))
    return Row("summary", "", "ungraded", "No grade; your answer is saved", details + ways)


def _summary_row(grade: Grade) -> Row:
    feedback = grade.feedback
    details = [("", feedback.summary)] if feedback.summary else []
    details += [("Note", FLAG_WORDS[flag]) for flag in grade.flags]
    details += [("Keep", line) for line in feedback.keep] + [("Fix", line) for line in feedback.fix]
    details += [("Next", feedback.next_step)] if feedback.next_step else []
    details += [("Follow-up", feedback.follow_up)] if feedback.follow_up else []
    return Row("summary", "", "", "What to take from it", tuple(details))


def _point_row(verdict: PointVerdict, grade: Grade) -> Row:
    point = verdict.point
    about = [found for found in grade.contradictions if found.point_id == point.id]
    details = [line for found in about for line in _said(found)]
    details += [("You said", f"“{evidence.quote}”") for evidence in verdict.evidence[:3]]
    if point.reference is not None:
        details.append(("Reference", f"“{' '.join(point.reference.of(grade.question.reference).split())}”"))
    if verdict.note:
        details.append(("Why", verdict.note))
    details.append(("Point", f"{point.text} ({point.importance.value})"))
    spans = tuple(evidence.span for evidence in verdict.evidence) + tuple(found.claim.span for found in about)
    return Row(
        point.id,
        MARKS[verdict.outcome],
        verdict.outcome.value,
        point.text,
        tuple(details),
        spans,
        TONES[verdict.outcome],
    )


def _said(found: Contradiction) -> list[Detail]:
    lines = [("Not so", found.why or f"The reference says: {found.reference}"), ("You said", f"“{found.claim.quote}”")]
    return lines if not found.why or not found.reference else [*lines, ("Reference", found.reference)]


def _said_row(at: int, found: Contradiction) -> Row:
    mark = MARKS[Outcome.CONTRADICTED]
    return Row(f"said-{at}", mark, "not so", found.claim.quote, tuple(_said(found)), (found.claim.span,), "error")


def _score_row(grade: Grade) -> Row:
    return Row(
        "score",
        "Σ",
        "",
        "How the score comes about",
        tuple((f"{part.value:+.1f}", part.why) for part in grade.parts),
    )


def _read_row(grade: Grade) -> list[Row]:
    found = tuple(
        (f"Q{passage.question.number}", f"{passage.question.text} — {one_line(passage.text)[:200]}")
        for passage in grade.references
    )
    return [Row("read", "¶", "", "To read", found)] if found else []


@dataclass(frozen=True, slots=True)
class Change:
    """A point whose outcome another answer changed."""

    text: str
    before: Outcome
    after: Outcome

    @property
    def better(self) -> bool:
        """Whether it went up."""
        return RANK[self.after] > RANK[self.before]


def changes(before: Grade, after: Grade) -> tuple[Change, ...]:
    """The points that changed between two grades of one question, better ones first."""
    old = {verdict.point.id: verdict.outcome for verdict in before.points}
    found = [
        Change(verdict.point.text, old[verdict.point.id], verdict.outcome)
        for verdict in after.points
        if verdict.point.id in old and old[verdict.point.id] is not verdict.outcome
    ]
    return tuple(sorted(found, key=lambda change: not change.better))


def open_points(grade: Grade) -> tuple[PointVerdict, ...]:
    """What a retry may still win: everything that is not covered, what weighs most first."""
    left = [verdict for verdict in grade.points if verdict.outcome is not Outcome.COVERED]
    return tuple(sorted(left, key=lambda verdict: -verdict.point.weight * (1 - verdict.credit)))


def changed_row(before: Grade, after: Grade) -> Row:
    """What another answer changed, point by point."""
    found = changes(before, after)
    details = tuple(
        (
            f"{'↑' if change.better else '↓'} {MARKS[change.before]} {change.before} → {MARKS[change.after]} {change.after}",
            change.text,
        )
        for change in found
    )
    better = sum(change.better for change in found)
    title = f"What changed: {better} up, {len(found) - better} down" if found else "What changed: no point"
    return Row("changed", "⇅", "", title, details or (("", "Every point stands where it stood."),))
