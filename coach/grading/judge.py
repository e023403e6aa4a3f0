"""The grader with a language model behind it: the model judges and quotes, code checks and counts.

Nothing that the model says is taken on trust. A verdict counts only with a quote that stands in the answer, where no
order to the grader, no echo of the question and no repeat stands, and that has at least something to do with the point.
The offline grader runs beside it; where that finds next to nothing, the model's marks have a ceiling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from coach.domain import (
    Contradiction,
    Evidence,
    Failure,
    Flag,
    Grade,
    KeyPoint,
    Outcome,
    PointVerdict,
    Provenance,
    Question,
    Rubric,
    Status,
    Usage,
    band_of,
)
from coach.errors import BackendUnreachable, CoachError, ConfigError
from coach.grading import guard
from coach.grading.anchors import Anchors
from coach.grading.brief import PROMPT, Brief, brief
from coach.grading.feedback import compose
from coach.grading.offline import OfflineGrader
from coach.grading.quotes import Quotable
from coach.grading.related import Relation
from coach.grading.replies import SCHEMA, Judged, Judgement, judgement
from coach.grading.story import read_story
from coach.grading.tally import tally
from coach.text.cleaning import plain
from coach.text.language import other_language

if TYPE_CHECKING:
    from coach.grading.guard import Screened
    from coach.ports import ChatModel, Embedder

NAME = "judge"
VERSION = "1"
"""Raised with every change that can move a score; the prompt has a version of its own."""

CLAIM_CONFIDENCE = 0.7
"""Of a false claim that the model found: nothing measured, a model is right more often than not."""

LONGEST_NOTE = 300

VOID_SHARE, ALL_BUT = 0.25, 0.75
"""Share of verdicts void, and share of the points' weight credited, from which a model is doubted."""

_DOUBTFUL = {Flag.PROMPT_INJECTION, Flag.OFF_TOPIC, Flag.QUESTION_ECHO, Flag.GIBBERISH, Flag.REPETITION}


class Judge:
    """Grades with a language model; ``ports.Grader``."""

    def __init__(
        self,
        model: ChatModel,
        offline: OfflineGrader,
        embedder: Embedder,
        anchors_of: Callable[[Question, Rubric], Anchors],
        local: Lock | None = None,
        turn: int = 0,
    ) -> None:
        """``embedder`` and ``anchors_of`` as the offline grader has them. Of several threads, one at a time does the
        local work under ``local``; their calls to the model run side by side. ``turn`` rotates the points in the prompt.
        """
        self._model = model
        self._offline = offline
        self._embedder = embedder
        self._anchors_of = anchors_of
        self._local = local or Lock()
        self._turn = turn

    def grade(self, question: Question, rubric: Rubric, answer: str) -> Grade:
        """Grade one answer. A failing model makes an ungraded one, with the reason and the kind of failure."""
        prepared = self._begun(question, rubric, answer)
        if isinstance(prepared, Grade):
            return prepared
        try:
            judged, usage = self._model.structured(
                prepared.brief.messages,
                SCHEMA,
                lambda data: judgement(data, tuple(prepared.brief.names)),
                prepared.brief.reply_tokens,
            )
        except CoachError as problem:
            return _failed(question, prepared.made_by, problem, prepared.flags)
        with self._local:
            return self._concluded(prepared, judged, usage)

    def brief(self, question: Question, rubric: Rubric, answer: str) -> Brief | Grade:
        """What would be sent, or the grade that needs no call. Sends nothing."""
        prepared = self._begun(question, rubric, answer)
        return prepared if isinstance(prepared, Grade) else prepared.brief

    def _begun(self, question: Question, rubric: Rubric, answer: str) -> _Prepared | Grade:
        """An answer made ready to be sent, or the grade that needs no call, or none where the model can't be named."""
        made_by = Provenance("llm", NAME, VERSION, rubric.hash, None, PROMPT)
        try:
            # Where the user named no model, its server is asked which one it has.
            made_by = replace(made_by, model=self._model.model)
            context = self._model.context
        except CoachError as problem:
            return _failed(question, made_by, problem, ())
        with self._local:
            return self._prepared(question, rubric, answer, made_by, context)

    def _prepared(
        self, question: Question, rubric: Rubric, answer: str, made_by: Provenance, context: int
    ) -> _Prepared | Grade:
        screened = guard.screen(answer, question.text, plain(question.reference))
        if not rubric.points and screened.settled is None:
            reason = "The question has no reference answer to grade by."
            return _ungraded(question, made_by, reason, Failure.NOTHING_TO_GRADE_BY, screened.flags)
        offline = self._offline.grade(question, rubric, answer)
        if screened.settled is not None or not screened.kept:
            return replace(offline, grader=made_by)
        unreadable = _unreadable(question, screened)
        if unreadable:
            return _ungraded(question, made_by, unreadable, Failure.NOTHING_TO_GRADE_BY, screened.flags)
        made = brief(question, rubric, answer, screened.cut, self._model.tokens, context, self._turn)
        if made is None:
            reason = f"The points of this question do not fit into the model's context of {context} tokens."
            return _ungraded(question, made_by, reason, Failure.UNUSABLE, screened.flags)
        if not made.names:
            reason = "The reference answer holds nothing but instructions to a grader."
            return _ungraded(question, made_by, reason, Failure.NOTHING_TO_GRADE_BY, screened.flags)
        noticed = {*screened.flags} | ({Flag.TRUNCATED} if made.seen < len(answer) else set())
        flags = tuple(flag for flag in Flag if flag in noticed)
        whole = offline if offline.status is Status.GRADED else None
        return _Prepared(question, rubric, answer, made_by, screened, whole, made, flags)

    def _concluded(self, prepared: _Prepared, judged: Judgement, usage: Usage) -> Grade:
        question, answer = prepared.question, prepared.answer
        seen = [statement for statement in prepared.screened.kept if statement.span.end <= prepared.brief.seen]
        quotable = Quotable(answer, [statement.span for statement in seen])
        relation = Relation(question, prepared.rubric, seen, self._embedder, self._anchors_of)
        sent = set(prepared.brief.names.values())
        # The offline grader has looked up where the reference says each point.
        placed = {verdict.point.id: verdict.point for verdict in prepared.offline.points} if prepared.offline else {}
        points = [placed.get(point.id, point) for point in prepared.rubric.points if point.id in sent]
        by_id = {prepared.brief.names[name]: found for name, found in judged.points.items()}
        checked = [_verdict(point, by_id.get(point.id), quotable, relation) for point in points]
        verdicts = tuple(verdict for verdict, _ in checked)
        void = sum(lost for _, lost in checked)
        contradictions = _contradictions(judged, prepared, verdicts, quotable)
        flags, offline = prepared.flags, prepared.offline
        suspect = _suspect(verdicts, void, prepared)
        counted = tally(question.kind, verdicts, contradictions, flags, read_story(seen), void, offline, suspect)
        if offline is not None and Flag.OFF_TOPIC in offline.flags and counted.score <= 25:
            flags = tuple(flag for flag in Flag if flag in {*flags, Flag.OFF_TOPIC})
        band = band_of(counted.score)
        feedback = compose(band, verdicts, contradictions, flags)
        remarks = [feedback.summary, counted.disagreement, _DOCTORED if prepared.brief.doctored else ""]
        return Grade(
            question,
            Status.GRADED,
            prepared.made_by,
            score=counted.score,
            band=band,
            confidence=counted.confidence,
            range=counted.range,
            parts=counted.parts,
            points=verdicts,
            contradictions=contradictions,
            flags=flags,
            feedback=replace(feedback, summary=" ".join(filter(None, remarks))),
            references=offline.references if offline else (),
            usage=usage,
        )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An answer that is worth a call."""

    question: Question
    rubric: Rubric
    answer: str
    made_by: Provenance
    screened: Screened
    offline: Grade | None
    """None where the offline grader can't read it."""
    brief: Brief
    flags: tuple[Flag, ...]


_DOCTORED = "The document holds text that talks to a grader; it was cut out and played no part."


def _verdict(
    point: KeyPoint, judged: Judged | None, quotable: Quotable, relation: Relation
) -> tuple[PointVerdict, bool]:
    """The verdict as far as its evidence carries it, and whether credit was taken away."""
    if judged is None:
        return PointVerdict(point, Outcome.MISSING, 0.0, (), "The model said nothing about this point."), False
    note = judged.reason[:LONGEST_NOTE]
    if judged.credit == 0:
        said = Outcome.CONTRADICTED if judged.outcome is Outcome.CONTRADICTED else Outcome.MISSING
        return PointVerdict(point, said, 0.0, (), note or "Nothing in the answer says this."), False
    evidence = _distinct([found for quote in judged.quotes for found in quotable.found(quote)])
    if not evidence:
        why = (
            "Not counted: the model's quote does not stand in the answer."
            if judged.quotes
            else "Not counted: no quote."
        )
        return PointVerdict(point, Outcome.MISSING, 0.0, (), why), True
    evidence = tuple(item for item in evidence if relation.related(point, [item]))
    if not evidence:
        why = "Not counted: what the model quotes has nothing to do with this point."
        return PointVerdict(point, Outcome.MISSING, 0.0, (), why), True
    return PointVerdict(point, judged.outcome, judged.credit, evidence, note or "Said."), False


def _contradictions(
    judged: Judgement, prepared: _Prepared, verdicts: Sequence[PointVerdict], quotable: Quotable
) -> tuple[Contradiction, ...]:
    """False claims whose quotes stand in the answer, each place once."""
    texts = {verdict.point.id: verdict.point.text for verdict in verdicts}
    names = prepared.brief.names
    said = [(claim.quote, claim.correction, names.get(claim.point, "")) for claim in judged.claims]
    said += [
        (quote, found.reason, names[name])
        for name, found in judged.points.items()
        if found.outcome is Outcome.CONTRADICTED
        for quote in found.quotes[:1]
    ]
    kept: list[Contradiction] = []
    for quote, correction, point in said:
        evidence = quotable.found(quote)
        if not evidence or any(_overlap(evidence[0], known.claim) for known in kept):
            continue
        right = texts.get(point, "") or correction
        kept.append(Contradiction(evidence[0], right, CLAIM_CONFIDENCE, point, correction[:LONGEST_NOTE]))
    return tuple(sorted(kept, key=lambda found: found.claim.span.start))


def _suspect(verdicts: Sequence[PointVerdict], void: int, prepared: _Prepared) -> bool:
    """Whether there is reason to doubt the model: an attack was seen, much of what it quoted was void, or it found
    nearly everything covered, which it does for excellent answers, and when it was talked into it.
    """
    total = sum(verdict.point.weight for verdict in verdicts)
    credited = sum(verdict.credit * verdict.point.weight for verdict in verdicts)
    noticed = {*prepared.flags} | ({*prepared.offline.flags} if prepared.offline else set())
    return (
        bool(noticed & _DOUBTFUL)
        or prepared.brief.doctored
        or void > VOID_SHARE * len(verdicts)
        or credited >= ALL_BUT * total
    )


def _distinct(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    kept: list[Evidence] = []
    for item in found:
        if not any(_overlap(item, known) for known in kept):
            kept.append(item)
    return tuple(kept)


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _unreadable(question: Question, screened: Screened) -> str:
    """Why no quote of this answer could be checked: it is in another language than what it is checked against."""
    language = other_language(" ".join(statement.text for statement in screened.kept))
    if language is None or language == other_language(plain(question.reference)):
        return ""
    return (
        f"This answer looks like {language}. A model's verdicts are checked against the points of this question, and "
        "that check reads their language only."
    )


def _ungraded(question: Question, made_by: Provenance, reason: str, failure: Failure, flags: tuple[Flag, ...]) -> Grade:
    return Grade(question, Status.UNGRADED, made_by, reason=reason, failure=failure, flags=flags)


def _failed(question: Question, made_by: Provenance, problem: CoachError, flags: tuple[Flag, ...]) -> Grade:
    failure = Failure.UNUSABLE
    if isinstance(problem, ConfigError):
        failure = Failure.CONFIGURATION
    elif isinstance(problem, BackendUnreachable):
        failure = Failure.UNREACHABLE
    return _ungraded(question, made_by, str(problem), failure, flags)
