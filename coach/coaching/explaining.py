"""Explains one key point, and shows how the question could be answered: offline from the rubric and the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from coach.coaching.material import Orders, material, prompt
from coach.coaching.sources import IMPORTANCE, reference_sentence
from coach.coaching.told import Told
from coach.domain import Grade, Importance, KeyPoint, Outcome, Question, Rubric
from coach.ports import Message
from coach.text.sentences import Form, statements
from coach.text.terms import content_stems

if TYPE_CHECKING:
    from coach.ports import ChatModel

EXPLAINING, ANSWERING, TIGHTENING = "explain-1", "model-answer-1", "crisper-1"
REPLY_TOKENS = 700

TELLING_WORDS = 2
"""Words that a sentence shares with one way to say a point, those of the question apart, from which it has to do with it."""

_WEIGHT = {
    Importance.MUST: "Essential: an answer without it lacks the core.",
    Importance.SHOULD: "Expected of a good answer.",
    Importance.BONUS: "A bonus: good to say, no loss without.",
}
_LEVELS = ((40, "foundation"), (70, "solid"), (101, "advanced"))


def explanation(question: Question, point: KeyPoint) -> str:
    """What a rubric and a reference say about a point."""
    said = reference_sentence(point, question.reference)
    lines = [point.text, _WEIGHT[point.importance]]
    if said != point.text:
        lines.append(f"In the reference: {said}")
    lines += [f"Also right: {text}" for text in point.right[:3]]
    for wrong in point.misconceptions[:3]:
        lines.append(f"Not so: {wrong.text}" + (f" {wrong.why}" if wrong.why else ""))
    if point.probe:
        lines.append(f"Test yourself: {point.probe}")
    return "\n".join(lines)


def explained(model: ChatModel, question: Question, point: KeyPoint, orders: Orders) -> Told:
    """The same as a model puts it, from nothing but these."""
    data = {
        "question": question.text,
        "point": point.text,
        "reference": _clipped(model, question.reference),
        "right": list(point.right[:3]),
        "misconceptions": [f"{wrong.text} {wrong.why}" for wrong in point.misconceptions[:3]],
    }
    return _told(model, EXPLAINING, data, orders)


def outline(question: Question, rubric: Rubric, grade: Grade | None = None) -> str:
    """The skeleton of an answer: a line for each point in the order of the rubric, as the reference says it.

    With a grade, what was said already is marked, and bonus points wait until the rest is there.
    """
    said = {verdict.point.id: verdict.outcome for verdict in grade.points} if grade else {}
    full = all(said.get(point.id) is Outcome.COVERED for point in rubric.points if point.importance is Importance.MUST)
    lines: list[str] = []
    for point in sorted(rubric.points, key=lambda point: IMPORTANCE[point.importance]):
        if point.importance is Importance.BONUS and grade is not None and not full:
            continue
        mark = {Outcome.COVERED: "said", Outcome.PARTIAL: "in part", Outcome.CONTRADICTED: "said wrongly"}
        done = f" ({mark[said[point.id]]})" if said.get(point.id) in mark else ""
        lines.append(f"{len(lines) + 1}. {point.text}{done}")
    return "\n".join(lines)


def model_answer(model: ChatModel, question: Question, rubric: Rubric, grade: Grade | None, orders: Orders) -> Told:
    """An answer at the candidate's level, built only from the reference."""
    level = next(name for below, name in _LEVELS if (grade.score if grade and grade.score is not None else 55) < below)
    data = {
        "question": question.text,
        "kind": question.kind.value,
        "level": level,
        "points": [point.text for point in rubric.points],
        "reference": _clipped(model, question.reference),
    }
    return _told(model, ANSWERING, data, orders)


def crisper(model: ChatModel, question: Question, answer: str, orders: Orders) -> Told:
    """The candidate's own answer in fewer words; nothing is added."""
    return _told(model, TIGHTENING, {"question": question.text, "answer": _clipped(model, answer)}, orders)


def dispensable(question: Question, rubric: Rubric, answer: str, grade: Grade) -> str:
    """Offline: the sentences that make no point which the rubric knows, and so may be cut first."""
    earning = [evidence.span for verdict in grade.points for evidence in verdict.evidence]
    asked = set(content_stems(question.text))
    ways = [set(content_stems(text)) - asked for point in rubric.points for text in (point.text, *point.right)]
    found = [statement for statement in statements(answer) if statement.form is Form.PROSE]
    idle = [
        statement
        for statement in found
        if not any(statement.span.start < span.end and span.start < statement.span.end for span in earning)
        and max((len(way & set(content_stems(statement.text))) for way in ways), default=0) < TELLING_WORDS
    ]
    if not idle:
        return "Every sentence has to do with a point. To be crisper, say the essential ones first and stop there."
    words, fewer = (sum(len(item.text.split()) for item in group) for group in (found, idle))
    head = (
        f"These sentences make no point that the rubric knows; without them {words - fewer} of {words} words are left:"
    )
    return "\n".join([head, *(f"- {statement.text}" for statement in idle)])


def _told(model: ChatModel, name: str, data: Mapping[str, object], orders: Orders) -> Told:
    used = prompt(name)
    messages = (Message("system", used.text), Message("user", material("material", data, orders)))
    return Told(model.stream(messages, REPLY_TOKENS), model.model, used.version)


def _clipped(model: ChatModel, text: str) -> str:
    """``text`` within half of the model's context, cut where a line ends."""
    most = model.context // 2
    count: Callable[[str], int] = model.tokens.count
    while count(text) > most and len(text) > 200:
        text = text[: len(text) * 3 // 4].rsplit("\n", 1)[0]
    return text
