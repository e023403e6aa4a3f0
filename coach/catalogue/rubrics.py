"""Rubric files: TOML that a person can read and edit, shipped beside the corpus or in the user's overlay.

question = "Explain the CAP theorem …"
searches = ["two data centres lost contact: refuse writes or serve old data?"]

[[points]]
id = "partition-forces-choice"
importance = "must"                 # must | should | bonus
text = "When a network partition occurs, a store gives up either consistency or availability."
probe = "What does a store have to give up, and when?"
right = ["Once nodes can't talk, you refuse requests or risk stale answers."]
[[points.misconceptions]]
text = "A well-designed store keeps all three properties at once."
why = "During a partition a node that answers can't know the latest write."
also = ["Good engineering gets you all three."]   # the same falsehood in other words

    [[asides]]                          # details beyond the points: a true and a false statement about the same thing
    right = "PACELC adds that without a partition you trade latency against consistency."
    wrong = "PACELC says that a partition can be avoided by accepting more latency."
    why = "PACELC describes the trade-off in normal operation too; it avoids no partition."
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from coach.catalogue.library import normalised
from coach.config import Paths
from coach.domain import Aside, Deck, Importance, KeyPoint, Misconception, Question, Rubric
from coach.errors import UsageError
from coach.storage import write_atomically

WEIGHTS: Mapping[Importance, float] = {Importance.MUST: 1.0, Importance.SHOULD: 0.6, Importance.BONUS: 0.25}
"""What a point of each importance counts for, unless its file says otherwise: the musts of a typical rubric (3-5 of
7-9 points) carry about two thirds of the score, as an interviewer weighs them."""


def written(question: Question, deck: Deck, paths: Paths) -> Rubric | None:
    """The user's rubric for a question, else the shipped one, else None. Raises UsageError for a damaged file."""
    overlay = overlay_file(question, paths)
    if overlay.is_file():
        return parse(_read(overlay), question.id, "edited", str(overlay))
    shipped = shipped_file(question, deck, paths)
    if shipped is None:
        return None
    return parse(_read(shipped), question.id, "shipped", str(shipped))


def overlay_file(question: Question, paths: Paths) -> Path:
    """Where the user's edited rubric of a question lies, or would."""
    return paths.rubric_overlay / question.deck / f"{question.id}.toml"


def shipped_file(question: Question, deck: Deck, paths: Paths) -> Path | None:
    """The hand-made rubric that ships for a built-in question; None where there is none, or it was made for another text."""
    if not deck.builtin:
        return None
    printed = question.printed or ""
    unique = sum(other.printed == question.printed for other in deck.questions) == 1
    name = printed if unique and printed.isdecimal() else str(question.place)
    path = paths.builtin_corpus / "rubrics" / deck.slug / f"{int(name):02d}.toml"
    if not path.is_file():
        return None
    # A corpus edited under our feet must not be graded by the rubric of another question.
    return path if normalised(str(_read(path).get("question", ""))) == normalised(question.text) else None


def parse(data: Mapping[str, Any], question_id: str, origin: str, where: str) -> Rubric:
    """A rubric from a file's table. Raises UsageError naming ``where`` and what is wrong."""
    rows = data.get("points")
    if not isinstance(rows, list) or not rows:
        raise UsageError(f"{where} has no [[points]].", "A rubric needs at least one point with a text.")
    points = tuple(_point(row, number, where) for number, row in enumerate(rows, 1))
    repeated = {point.id for point in points if sum(other.id == point.id for other in points) > 1}
    if repeated:
        raise UsageError(f"{where}: two points share the id {sorted(repeated)[0]!r}.", "Give each point its own id.")
    searches = tuple(_strings(data.get("searches", []), "searches", where))
    return sealed(Rubric(question_id, points, origin, "", searches, tuple(_asides(data.get("asides", []), where))))


def sealed(rubric: Rubric) -> Rubric:
    """The rubric with its hash: over everything that can change a grade, so not over probes and explanations."""
    content: list[object] = [
        [
            point.id,
            point.text,
            point.importance.value,
            point.weight,
            list(point.right),
            [[wrong.text, *wrong.also] for wrong in point.misconceptions],
        ]
        for point in rubric.points
    ]
    content += [list(rubric.searches), [[aside.right, aside.wrong] for aside in rubric.asides]]
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return replace(rubric, hash=hashlib.sha256(raw.encode()).hexdigest()[:16])


def as_toml(rubric: Rubric, question: Question) -> str:
    """The rubric as a file for editing; reading it back gives an equal rubric."""
    import tomlkit

    document = tomlkit.document()
    document.add(
        tomlkit.comment("A key point is a right statement with other right ways to say it, and the false claims")
    )
    document.add(tomlkit.comment("people make about it. importance: must | should | bonus. Delete a point to drop it."))
    document["question"] = question.text
    document["searches"] = list(rubric.searches)
    rows = tomlkit.aot()
    for point in rubric.points:
        row = tomlkit.table()
        row["id"] = point.id
        row["importance"] = point.importance.value
        if point.weight != WEIGHTS[point.importance]:
            row["weight"] = point.weight
        row["text"] = point.text
        row["probe"] = point.probe
        row["right"] = _lines(point.right)
        if point.misconceptions:
            wrong_rows = tomlkit.aot()
            for wrong in point.misconceptions:
                wrong_row = tomlkit.table()
                wrong_row["text"] = wrong.text
                wrong_row["why"] = wrong.why
                if wrong.also:
                    wrong_row["also"] = _lines(wrong.also)
                wrong_rows.append(wrong_row)
            row["misconceptions"] = wrong_rows
        rows.append(row)
    document["points"] = rows
    if rubric.asides:
        pairs = tomlkit.aot()
        for aside in rubric.asides:
            pair = tomlkit.table()
            pair["right"], pair["wrong"], pair["why"] = aside.right, aside.wrong, aside.why
            pairs.append(pair)
        document["asides"] = pairs
    return tomlkit.dumps(document)


def save_overlay(question: Question, paths: Paths, text: str) -> Rubric:
    """Check an edited rubric and keep it in the user's overlay. Raises UsageError, and then writes nothing."""
    path = overlay_file(question, paths)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise UsageError(f"The edited rubric is not valid TOML: {problem}.", "Nothing was changed.") from problem
    rubric = parse(data, question.id, "edited", "The edited rubric")
    write_atomically(path, text)
    return rubric


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UsageError(
            f"The rubric file {path} cannot be read: {problem}.", "Fix it, or delete it to go back to the default."
        ) from problem


def _point(row: Any, number: int, where: str) -> KeyPoint:
    if not isinstance(row, dict) or not str(row.get("text", "")).strip():
        raise UsageError(f"{where}: point {number} has no text.", "Write the point as one full sentence.")
    try:
        importance = Importance(str(row.get("importance", "should")))
    except ValueError as problem:
        raise UsageError(
            f"{where}: point {number} has the importance {row['importance']!r}.", "Use must, should or bonus."
        ) from problem
    weight = row.get("weight", WEIGHTS[importance])
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 < weight <= 10:
        raise UsageError(f"{where}: point {number} has the weight {weight!r}.", "Use a number above 0, up to 10.")
    return KeyPoint(
        id=str(row.get("id", f"p{number}")),
        text=str(row["text"]).strip(),
        importance=importance,
        weight=float(weight),
        right=tuple(_strings(row.get("right", []), f"point {number}, right", where)),
        misconceptions=tuple(_misconceptions(row.get("misconceptions", []), number, where)),
        probe=str(row.get("probe", "")),
    )


def _misconceptions(rows: Any, number: int, where: str) -> list[Misconception]:
    if not isinstance(rows, list):
        raise UsageError(
            f"{where}: the misconceptions of point {number} are no list.", "Use [[points.misconceptions]]."
        )
    found = []
    for row in rows:
        if isinstance(row, str):
            row = {"text": row}
        if not isinstance(row, dict) or not str(row.get("text", "")).strip():
            raise UsageError(f"{where}: a misconception of point {number} has no text.", "Give it a text and a why.")
        also = tuple(_strings(row.get("also", []), f"a misconception of point {number}, also", where))
        found.append(Misconception(str(row["text"]).strip(), str(row.get("why", "")).strip(), also))
    return found


def _asides(rows: Any, where: str) -> list[Aside]:
    found = []
    for number, row in enumerate(rows if isinstance(rows, list) else [None], 1):
        texts = [str(row.get(key, "")).strip() for key in ("right", "wrong", "why")] if isinstance(row, dict) else []
        if len(texts) != 3 or not texts[0] or not texts[1]:
            raise UsageError(f"{where}: aside {number} lacks a right or a wrong statement.", "Give it both.")
        found.append(Aside(*texts))
    return found


def _strings(value: Any, name: str, where: str) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{where}: {name} is not a list of texts.", 'Write ["first", "second"].')
    return [item.strip() for item in value if item.strip()]


def _lines(values: Sequence[str]) -> Any:
    import tomlkit

    array = tomlkit.array()
    array.extend(values)
    return array.multiline(True)


def search_texts(rubric: Rubric) -> tuple[str, ...]:
    """What a search for the question's subject may sound like."""
    return rubric.searches
