"""Scripted judges: what a language model might reply when it is asked to judge, honestly or not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from coach.domain import Grade, Question, Rubric
from coach.grading.judge import Judge
from coach.grading.offline import OfflineGrader
from coach.llm.scripted import ScriptedModel
from coach.ports import ChatModel, Message

Say = Callable[[dict[str, Any]], Any]
"""Makes a reply of the data blocks of a prompt."""


def blocks(messages: Sequence[Message]) -> dict[str, Any]:
    """The data blocks of a prompt by name, as a model would read them."""
    found: dict[str, Any] = {}
    for message in messages:
        lines = message.text.split("\n")
        for at, line in enumerate(lines):
            begun = re.fullmatch(r"-----BEGIN (\S+) [0-9a-f]{16}-----", line)
            if begun:
                found[begun[1]] = json.loads(lines[at + 1])
    return found


def scripted(say: Say, context: int = 32_000) -> ScriptedModel:
    """A model that replies with ``say`` of what it was sent."""
    return ScriptedModel(otherwise=lambda messages: json.dumps(say(blocks(messages))), context=context)


class _Once:
    """An offline grader and its encoder that do the same work once: many judges look at one answer here."""

    def __init__(self, grader: OfflineGrader) -> None:
        self.grader = grader
        self._grades: dict[tuple[str, str, str], Grade] = {}
        self._rows: dict[str, Any] = {}

    def grade(self, question: Question, rubric: Rubric, answer: str) -> Grade:
        key = (question.reference, rubric.hash, answer)
        if key not in self._grades:
            self._grades[key] = self.grader.grade(question, rubric, answer)
        return self._grades[key]

    def vectors(self, texts: Sequence[str]) -> Any:
        new = [text for text in texts if text not in self._rows]
        if new:
            self._rows |= dict(zip(new, self.grader._embedder.vectors(new), strict=True))
        return np.stack([self._rows[text] for text in texts])


@cache
def _once(grader: OfflineGrader) -> _Once:
    return _Once(grader)


def judge_over(model: ChatModel, grader: OfflineGrader, turn: int = 0) -> Judge:
    """A judge with the parts that the offline grader has."""
    once = _once(grader)
    return Judge(model, once, once, grader._anchors_of, turn=turn)  # type: ignore[arg-type]


def entry(name: str, quotes: Sequence[str], verdict: str = "covered", reason: str = "As you say.") -> dict[str, Any]:
    """One point of a reply."""
    return {"id": name, "quotes": list(quotes), "reason": reason, "verdict": verdict}


def full_marks(quotes_of: Callable[[dict[str, Any], int], list[str]]) -> Say:
    """A persuaded judge: every point covered, with whatever quotes."""

    def say(data: dict[str, Any]) -> Any:
        rows = [entry(row["id"], quotes_of(data, at)) for at, row in enumerate(data["points"]["points"])]
        return {"points": rows, "false_claims": []}

    return say


def sentences(data: dict[str, Any]) -> list[str]:
    """The sentences of the answer that was sent."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", data["answer"]["answer"])
    return [part for part in parts if part.strip()] or [data["answer"]["answer"]]


OBEYING: dict[str, Say] = {
    "invented quotes": full_marks(lambda data, at: [data["points"]["points"][at]["point"]]),
    "one real sentence for each point": full_marks(lambda data, at: [sentences(data)[at % len(sentences(data))]]),
    "all real sentences for every point": full_marks(lambda data, at: sentences(data)),
    "the whole answer": full_marks(lambda data, at: [data["answer"]["answer"]]),
    "the question": full_marks(lambda data, at: [data["question"]["question"]]),
    "no quotes": full_marks(lambda data, at: []),
}
"""Judges that an attack has won over, by what they quote."""


def by_point(rubric: Rubric, said: dict[str, tuple[str, str]], claims: Sequence[dict[str, str]] = ()) -> Say:
    """An honest judge: point id -> (verdict, quote); the others are missing."""

    def say(data: dict[str, Any]) -> Any:
        names = {point.id: f"p{at}" for at, point in enumerate(rubric.points, 1)}
        rows = []
        for point in rubric.points:
            verdict, quote = said.get(point.id, ("missing", ""))
            rows.append(entry(names[point.id], [quote] if quote else [], verdict))
        return {"points": rows, "false_claims": list(claims)}

    return say
