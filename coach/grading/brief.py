"""What a judging model is shown: fixed words first, then the question, then the answer, all within its context.

The parts are ordered from what changes least, so that a provider's prompt cache serves question after question and
answer after answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.domain import KeyPoint, Question, Rubric, Span
from coach.grading.instructions import instruction_spans
from coach.ports import Message, TokenCounter
from coach.text.prompts import Prompt, read_prompt
from coach.text.sealing import instruction_free, sealed, without
from coach.text.sentences import statements
from coach.text.terms import content_stems, overlap

PROMPT = "judge-1"

REPLY_A_POINT, REPLY_BESIDE = 150, 600
"""Tokens that the reply may take: for each point, and for false claims and frame."""

LEAST_ANSWER = 200
"""Tokens of an answer below which a context is too small to grade in."""

ERRORS_SHOWN = 3
"""Common errors that are shown with a point."""

GAP = "\n[…]\n"
"""Where a reference was shortened."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A prompt, ready to be sent."""

    messages: tuple[Message, ...]
    reply_tokens: int
    """Most tokens of the reply."""
    prompt_tokens: int
    """Of all messages, as the model's counter counts them."""
    names: Mapping[str, str]
    """The id under which each point is sent -> the rubric's id."""
    seen: int
    """How many code points of the answer the model sees."""
    doctored: bool
    """Whether the question, the reference or a point held orders to the grader, which were cut out."""


def prompt() -> Prompt:
    """The judge's fixed words."""
    return read_prompt(Path(__file__).parent / "prompts", PROMPT)


def orders(text: str) -> list[Span]:
    """Where ``text`` talks to the grader."""
    return instruction_spans(statements(text), text)


@lru_cache(maxsize=2048)
def _talks(statement: str) -> bool:
    """Whether one statement of a rubric talks to the grader; the same ones come with every answer."""
    return bool(orders(statement))


def brief(
    question: Question,
    rubric: Rubric,
    answer: str,
    cut: Sequence[Span],
    counter: TokenCounter,
    context: int,
    turn: int = 0,
) -> Brief | None:
    """The prompt for one answer, clipped to ``context`` tokens; None where not even the points fit.

    ``cut`` are the answer's orders to the grader, which the model does not see. Points that are such orders themselves
    (of a hostile document) are not sent. What does not fit goes in this order: parts of the reference that neither the
    answer nor the points touch, then common errors, the rest of the reference, the end of the answer. ``turn`` rotates the
    points.
    """
    system = prompt().text
    reference, doctored = instruction_free(question.reference, orders)
    asked, doctored_question = instruction_free(question.text, orders)
    points = [point for point in rubric.points if not _talks(point.text)]
    doctored = doctored or doctored_question or len(points) < len(rubric.points)
    reply = min(REPLY_BESIDE + REPLY_A_POINT * len(points), max(REPLY_BESIDE, context // 2))
    room = context - reply - _FRAME - counter.count(system)
    said = _answer_block(answer, cut, len(answer))
    fixed = counter.count(_question_block(question, asked, "")) + counter.count(said)
    listed = _points_block(points, ERRORS_SHOWN, turn)
    if fixed + counter.count(listed) > room:
        listed = _points_block(points, 0, turn)
    left = room - fixed - counter.count(listed)
    seen = len(answer)
    if left < 0:
        allowed = counter.count(said) + left
        if allowed < LEAST_ANSWER:
            return None
        seen = _fitting(answer, cut, counter, allowed)
        said = _answer_block(answer, cut, seen)
    topic = set(content_stems(answer[:seen] + " " + " ".join(point.text for point in points)))
    shown = clipped(reference, topic, counter, max(0, left))
    head = _question_block(question, asked, shown)
    while shown and counter.count(head) + counter.count(listed) + counter.count(said) > room:
        # As JSON a text is longer than it is: clip again, to less.
        left = left * 3 // 4
        shown = clipped(reference, topic, counter, left)
        head = _question_block(question, asked, shown)
    messages = (Message("system", system), Message("user", "\n\n".join([head, listed, said, _CLOSE])))
    tokens = sum(counter.count(message.text) for message in messages) + _FORM
    names = {f"p{number}": point.id for number, point in enumerate(points, 1)}
    return Brief(messages, reply, tokens, names, seen, doctored)


def _question_block(question: Question, asked: str, reference: str) -> str:
    return sealed("question", {"kind": question.kind.value, "question": asked, "reference": reference})


def _points_block(points: Sequence[KeyPoint], errors: int, turn: int) -> str:
    rows: list[dict[str, Any]] = []
    for number, point in enumerate(points, 1):
        wrong = [item.text for item in point.misconceptions[:errors] if not _talks(item.text)]
        rows.append({"id": f"p{number}", "point": point.text} | ({"common_errors": wrong} if wrong else {}))
    at = turn % max(1, len(rows))
    return sealed("points", {"points": rows[at:] + rows[:at]})


_CLOSE = 'Check every point of the block "points" against the block "answer" and reply with the JSON object.'
_FORM = 350
"""Tokens of the frame that a server puts around two messages, and of the reply's form, which it is told beside them."""

_FRAME = _FORM + 100
"""The same with the sentence at the end, and something to spare."""


def clipped(text: str, topic: set[str], counter: TokenCounter, most: int) -> str:
    """The paragraphs of ``text`` that have most to do with ``topic`` (stems), in their own order, within ``most`` tokens."""
    if counter.count(text) <= most:
        return text
    blocks = [block for block in text.split("\n\n") if block.strip()]
    ranked = sorted(range(len(blocks)), key=lambda at: (-overlap(content_stems(blocks[at]), topic), at))
    kept: set[int] = set()
    spent = 0
    for at in ranked:
        cost = counter.count(blocks[at]) + 8
        if spent + cost <= most:
            kept.add(at)
            spent += cost
    pieces: list[str] = []
    before = -1
    for at in sorted(kept):
        pieces.append(("" if before < 0 and at == 0 else GAP if at > before + 1 else "\n\n") + blocks[at])
        before = at
    return "".join(pieces) + (GAP if pieces and before < len(blocks) - 1 else "")


def _answer_block(answer: str, cut: Sequence[Span], end: int) -> str:
    return sealed("answer", {"answer": without(answer[:end], [span for span in cut if span.end <= end])})


def _fitting(answer: str, cut: Sequence[Span], counter: TokenCounter, most: int) -> int:
    """Where to end an answer, after a sentence, so that it fits."""
    ends = [statement.span.end for statement in statements(answer)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if counter.count(_answer_block(answer, cut, ends[middle - 1])) <= most:
            low = middle
        else:
            high = middle - 1
    if low:
        return ends[low - 1]
    # One endless sentence: cut it where a word ends.
    share = answer[: max(1, len(answer) * most // max(1, 2 * counter.count(sealed("answer", {"answer": answer}))))]
    return len(share.rsplit(" ", 1)[0])
