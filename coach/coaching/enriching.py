"""Rubrics written once with a model's help: right phrasings and misconceptions for the points of imported questions.

The model writes, code checks, the candidate accepts; from then on the offline grader has something to contrast with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coach.catalogue.rubrics import sealed as sealed_rubric
from coach.coaching.material import Orders, material, prompt
from coach.domain import KeyPoint, Misconception, Question, Rubric
from coach.ports import Message
from coach.text.cleaning import one_line
from coach.text.printable import printable
from coach.text.terms import content_stems

if TYPE_CHECKING:
    from coach.ports import ChatModel, Embedder

ENRICHING = "enrich-1"
TOKENS_A_POINT, TOKENS_BESIDE = 420, 200

MOST_RIGHT, MOST_WRONG = 8, 5
"""Phrasings and misconceptions of a point, its own included."""

SHORTEST, LONGEST = 20, 320
"""Code points of a usable sentence."""

RELATED = 0.3
"""Cosine of a new sentence with its point below which it is about something else."""

TOO_NEAR = 0.97
"""Cosine of two sentences that are the same one."""

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["points"],
    "properties": {
        "points": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "right", "misconceptions", "probe"],
                "properties": {
                    "id": {"type": "string"},
                    "right": {"type": "array", "items": {"type": "string"}},
                    "misconceptions": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["text", "why"],
                            "properties": {"text": {"type": "string"}, "why": {"type": "string"}},
                        },
                    },
                    "probe": {"type": "string"},
                },
            },
        }
    },
}


@dataclass(frozen=True, slots=True)
class Additions:
    """What a model wrote for one point, as far as it can be used."""

    right: tuple[str, ...]
    misconceptions: tuple[Misconception, ...]
    probe: str


def messages(question: Question, rubric: Rubric, orders: Orders) -> tuple[Message, ...]:
    """The prompt for one question. Points are sent as ``p1``, ``p2`` and so on."""
    asked = {"kind": question.kind.value, "question": question.text, "reference": question.reference}
    rows = [{"id": f"p{number}", "point": point.text} for number, point in enumerate(rubric.points, 1)]
    user = "\n\n".join([material("question", asked, orders), material("points", {"points": rows}, orders)])
    return (Message("system", prompt(ENRICHING).text), Message("user", user))


def reply_tokens(rubric: Rubric) -> int:
    """Most tokens of the reply."""
    return TOKENS_BESIDE + TOKENS_A_POINT * len(rubric.points)


def additions(data: Any, rubric: Rubric, orders: Orders) -> dict[str, Additions]:
    """The usable part of a reply by point id. Raises ValueError, for the model to read, where there is none."""
    rows = data.get("points") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise ValueError('The reply needs a list "points".')
    names = {f"p{number}": point.id for number, point in enumerate(rubric.points, 1)}
    found: dict[str, Additions] = {}
    for row in rows:
        if isinstance(row, dict) and str(row.get("id")) in names and names[str(row["id"])] not in found:
            found[names[str(row["id"])]] = _additions(row, orders)
    if not any(item.right or item.misconceptions for item in found.values()):
        raise ValueError('No entry has a usable "right" or "misconceptions"; use the exact ids and full sentences.')
    return found


def enriched(rubric: Rubric, found: Mapping[str, Additions], embedder: Embedder) -> Rubric:
    """The rubric with what was added to its points: nothing of it changed, repeats and strays left out."""
    return sealed_rubric(
        replace(
            rubric,
            origin="edited",
            points=tuple(
                _with(point, found[point.id], embedder) if point.id in found else point for point in rubric.points
            ),
        )
    )


def written(model: ChatModel, question: Question, rubric: Rubric, orders: Orders) -> dict[str, Additions]:
    """Ask the model. Raises what the model raises."""
    made, _ = model.structured(
        messages(question, rubric, orders),
        SCHEMA,
        lambda data: additions(data, rubric, orders),
        min(reply_tokens(rubric), model.context // 2),
    )
    return made


def _with(point: KeyPoint, new: Additions, embedder: Embedder) -> KeyPoint:
    right = [*point.right]
    wrong = [*point.misconceptions]
    texts = [point.text, *right, *(item.text for item in wrong)]
    candidates = [*new.right, *(item.text for item in new.misconceptions)]
    if candidates:
        vectors = embedder.vectors([*texts, *candidates])
        known, rows = list(vectors[: len(texts)]), vectors[len(texts) :]
        for at, (text, row) in enumerate(zip(candidates, rows, strict=True)):
            near = [float(row @ other) for other in known]
            if near[0] < RELATED or max(near) >= TOO_NEAR:
                continue
            if at < len(new.right) and len(right) < MOST_RIGHT:
                right.append(text)
            elif at >= len(new.right) and len(wrong) < MOST_WRONG:
                wrong.append(new.misconceptions[at - len(new.right)])
            else:
                continue
            known.append(row)
    keep_probe = point.probe and not point.id[1:].isdecimal()
    return replace(
        point,
        right=tuple(right),
        misconceptions=tuple(wrong),
        probe=point.probe if keep_probe or not new.probe else new.probe,
    )


def _additions(row: Mapping[str, Any], orders: Orders) -> Additions:
    right = [_sentence(text, orders) for text in _listed(row.get("right"))]
    wrong = [
        Misconception(_sentence(item.get("text"), orders), _sentence(item.get("why"), orders))
        for item in _listed(row.get("misconceptions"))
        if isinstance(item, dict)
    ]
    probe = _sentence(row.get("probe"), orders)
    right = list(dict.fromkeys(text for text in right if text))
    wrong = [item for item in wrong if item.text and item.text not in right]
    return Additions(tuple(right), tuple(wrong), probe if probe.endswith("?") else "")


def _listed(value: Any) -> Sequence[Any]:
    return value[:12] if isinstance(value, list) else []


def _sentence(value: Any, orders: Orders) -> str:
    """A usable sentence, or nothing: of a fitting length, with content, and talking to nobody."""
    text = one_line(printable(value)) if isinstance(value, str) else ""
    usable = SHORTEST <= len(text) <= LONGEST and len(set(content_stems(text))) >= 2 and not orders(text)
    return text if usable else ""
