"""The offline grader: no model API, no key, no network; the same answer gives the same grade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coach.domain import (
    Contradiction,
    Evidence,
    Failure,
    Feedback,
    Flag,
    Grade,
    KeyPoint,
    Outcome,
    PointVerdict,
    Provenance,
    Question,
    Rubric,
    ScorePart,
    Span,
    Status,
    band_of,
)
from coach.grading import guard, score
from coach.grading.anchors import Anchors
from coach.grading.claims import asserted
from coach.grading.code import read_code
from coach.grading.complexity import misfit
from coach.grading.evidence import asked_stems
from coach.grading.feedback import compose
from coach.grading.score import Assessment
from coach.grading.story import read_story
from coach.grading.verdicts import Weighed, Weighing, weigh
from coach.ports import ClaimChecker, Embedder, KnownStatements
from coach.text.cleaning import plain
from coach.text.language import other_language
from coach.text.sentences import Form, Statement, claims, statements
from coach.text.terms import content_stems, overlap

if TYPE_CHECKING:
    from coach.domain import Passage

NAME = "rubric"
VERSION = "5"
"""Raised with every change that can move a score."""

MOST_CHARACTERS = 24_000
"""Of an answer that are graded: about half an hour of speaking. What exceeds it is left out, and flagged."""

MOST_STATEMENTS = 240
"""The same in statements, which is what grading costs."""

COVERED_FROM, PARTIAL_FROM = 0.60, 0.22
"""Credits from which a point counts as covered and as partly covered; below, it is missing and earns nothing."""

FIRM_CLAIM = 0.35
"""Firmness from which a false claim is shown to the candidate, and a point that it breaks is contradicted, where an answer
leans to neither side. In one that is right on the whole a claim is held false only where it is plainly so: up to twice as
firm. On the shown gold answers that shows 1.9 false claims a fluent wrong answer, 0.3 a strong and 0.2 a good one."""

References = Callable[[Question, Sequence[str]], "tuple[Passage, ...]"]
"""Gives the passages to show with a grade, for the statements of an answer."""


class OfflineGrader:
    """Grades by rubric, contrast and alignment."""

    def __init__(
        self,
        embedder: Embedder,
        anchors_of: Callable[[Question, Rubric], Anchors],
        references: References | None = None,
        checks: Callable[[], ClaimChecker | KnownStatements] | None = None,
    ) -> None:
        self._embedder = embedder
        self._anchors_of = anchors_of
        self._references = references
        self._checks = checks

    def grade(self, question: Question, rubric: Rubric, answer: str) -> Grade:
        """Grade one answer; ungraded, with the reason, where there is nothing to grade by."""
        made_by = Provenance("offline", NAME, VERSION, rubric.hash)
        text = _clipped(answer)
        reference = plain(question.reference)
        screened = guard.screen(text, question.text, reference)
        if not rubric.points and screened.settled is None:
            reason = "The question has no reference answer to grade by."
            return _ungraded(question, made_by, reason, screened.flags)
        language = other_language(" ".join(statement.text for statement in screened.kept))
        if screened.settled is None and language is not None:
            reason = f"The offline grader reads English, and this answer looks like {language}."
            return _ungraded(question, made_by, reason, screened.flags)
        flags = screened.flags + ((Flag.TRUNCATED,) if len(text) < len(answer) else ())
        located = _located(rubric, question.reference)
        if screened.settled is not None or not screened.kept:
            reason = screened.settled or "Nothing is left that could be an answer."
            return _settled(question, located, made_by, flags, reason)
        kept, spoken = claims_of(screened.kept, text)
        encoded = self._embedder.encode([asserted(statement.text) for statement in kept])
        asked = asked_stems(question.text)
        weighing = weigh(rubric, self._anchors_of(question, rubric), kept, encoded, asked, spoken, self._checks)
        made_by = replace(made_by, model=weighing.checker)
        firm = FIRM_CLAIM * (1 + max(0.0, weighing.lean))
        verdicts = tuple(
            _verdict(point, weighed, kept, text, firm)
            for point, weighed in zip(located.points, weighing.points, strict=True)
        )
        contradictions = _contradictions(located, weighing, kept, text, firm)
        assessed = score.assess(question.kind, verdicts, weighing, read_story(screened.kept), flags)
        flags = tuple(flag for flag in Flag if flag in {*flags, *assessed.flags})
        grade = _grade(question, made_by, verdicts, contradictions, assessed, flags)
        remark = misfit(screened.kept, read_code(screened.kept, text))
        if remark is not None:
            grade = replace(grade, feedback=replace(grade.feedback, fix=(remark, *grade.feedback.fix)))
        if self._references and question.deck:
            found = self._references(question, [statement.text for statement in kept])
            grade = replace(grade, references=found)
        return grade


def _ungraded(question: Question, made_by: Provenance, reason: str, flags: tuple[Flag, ...]) -> Grade:
    failure = Failure.NOTHING_TO_GRADE_BY
    return Grade(question, Status.UNGRADED, made_by, reason=reason, failure=failure, flags=flags)


def _grade(
    question: Question,
    made_by: Provenance,
    verdicts: tuple[PointVerdict, ...],
    contradictions: tuple[Contradiction, ...],
    assessed: Assessment,
    flags: tuple[Flag, ...],
) -> Grade:
    band = band_of(assessed.score)
    return Grade(
        question,
        Status.GRADED,
        made_by,
        score=assessed.score,
        band=band,
        confidence=assessed.confidence,
        range=assessed.range,
        parts=assessed.parts,
        points=verdicts,
        contradictions=contradictions,
        flags=flags,
        feedback=compose(band, verdicts, contradictions, flags),
    )


def _settled(question: Question, rubric: Rubric, made_by: Provenance, flags: tuple[Flag, ...], reason: str) -> Grade:
    """Score 0 without looking at any point."""
    verdicts = tuple(PointVerdict(point, Outcome.MISSING, 0.0, (), "Not said.") for point in rubric.points)
    first = next(iter(rubric.points), None)
    return Grade(
        question,
        Status.GRADED,
        made_by,
        score=0,
        band=band_of(0),
        confidence=0.97,
        range=(0, 5),
        parts=(ScorePart("points", 0, "No point of the rubric is answered."), ScorePart("guards", 0, reason)),
        points=verdicts,
        flags=flags,
        feedback=Feedback(
            reason,
            next_step="Write down what you do know, even half a sentence: that is what can be built on.",
            follow_up=first.probe if first else "",
        ),
    )


def claims_of(kept: Sequence[Statement], text: str) -> tuple[tuple[Statement, ...], int]:
    """What can be judged as a claim, and how many of these are prose: long sentences taken apart, then code read aloud.

    Headings, and code that says nothing, count only where nothing else is there.
    """
    prose = [part for statement in kept if statement.form is Form.PROSE for part in claims(statement, text)]
    code = read_code(kept, text).said
    if not prose and not code:
        prose = list(kept)
    return (*prose[:MOST_STATEMENTS], *code)[:MOST_STATEMENTS], min(len(prose), MOST_STATEMENTS)


def _clipped(answer: str) -> str:
    """The answer up to the limits, cut where a statement ends."""
    found = statements(answer[:MOST_CHARACTERS])
    if len(answer) <= MOST_CHARACTERS and len(found) <= MOST_STATEMENTS:
        return answer
    last = found[min(len(found), MOST_STATEMENTS) - 1].span.end if found else MOST_CHARACTERS
    return answer[:last]


def _verdict(point: KeyPoint, weighed: Weighed, kept: Sequence[Statement], text: str, firm: float) -> PointVerdict:
    credit = weighed.credit
    if weighed.opposition > max(credit, firm) and weighed.against is not None:
        return PointVerdict(point, Outcome.CONTRADICTED, 0.0, (), _why_wrong(point, weighed))
    if credit < PARTIAL_FROM or not weighed.evidence:
        return PointVerdict(point, Outcome.MISSING, 0.0, (), "Nothing in the answer says this.")
    evidence = tuple(_evidence(kept[at], text) for at in weighed.evidence)
    if credit >= COVERED_FROM:
        return PointVerdict(point, Outcome.COVERED, round(credit, 3), evidence, "Said, and right.")
    lacking = ", ".join(weighed.alignment.missing[:5])
    note = f"Said in part; not found: {lacking}." if lacking else "Said in part; be more definite."
    return PointVerdict(point, Outcome.PARTIAL, round(credit, 3), evidence, note)


def _why_wrong(point: KeyPoint, weighed: Weighed) -> str:
    if weighed.disagreement:
        found = weighed.disagreement
        return f"The answer says “{found.said}” where it should be “{found.expected}”."
    if weighed.misconception is not None:
        why = point.misconceptions[weighed.misconception].why
        return why or f"The answer says the contrary of this: {point.text}"
    return "The answer says the contrary."


def _contradictions(
    rubric: Rubric, weighing: Weighing, kept: Sequence[Statement], text: str, firm: float
) -> tuple[Contradiction, ...]:
    """False claims, each statement once, for the point that it breaks most."""
    by_statement: dict[int, Contradiction] = {}
    for point, weighed in zip(rubric.points, weighing.points, strict=True):
        if weighed.against is None or weighed.opposition < firm or weighed.opposition <= weighed.credit:
            continue
        claim = _evidence(kept[weighed.against], text)
        found = Contradiction(claim, point.text, round(weighed.opposition, 3), point.id, _why_wrong(point, weighed))
        known = by_statement.get(weighed.against)
        if known is None or known.confidence < found.confidence:
            by_statement[weighed.against] = found
    for at, number, firmness in weighing.aside_claims:
        aside = rubric.asides[number]
        if firmness >= firm and at not in by_statement:
            by_statement[at] = Contradiction(_evidence(kept[at], text), aside.right, round(firmness, 3), "", aside.why)
    for false in weighing.false_claims:
        claim = _evidence(kept[false.claim], text)
        by_statement.setdefault(
            false.claim, Contradiction(claim, false.truth, round(false.firmness, 3), "", false.truth)
        )
    return tuple(sorted(by_statement.values(), key=lambda found: (-found.confidence, found.claim.span.start)))


def _evidence(statement: Statement, text: str) -> Evidence:
    return Evidence(statement.span, statement.span.of(text))


def _located(rubric: Rubric, reference: str) -> Rubric:
    """Each point with the place in the reference that says it, where one plainly does."""
    places = [(statement.span, set(content_stems(plain(statement.text)))) for statement in statements(reference)]
    return replace(rubric, points=tuple(replace(point, reference=_place(point, places)) for point in rubric.points))


def _place(point: KeyPoint, places: Sequence[tuple[Span, set[str]]]) -> Span | None:
    if point.reference is not None:
        return point.reference
    wanted = content_stems(point.text)
    best, at = max(
        ((overlap(wanted, stems) * overlap(stems, wanted) ** 0.25, -n) for n, (_, stems) in enumerate(places)),
        default=(0.0, 0),
    )
    return places[-at][0] if best >= 0.35 else None
