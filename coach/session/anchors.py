"""Rubric vectors kept beside the index, so that a question is embedded for grading only once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from coach.domain import Question, Rubric
from coach.errors import StoreUnwritable
from coach.grading import anchors
from coach.grading.anchors import Anchors
from coach.ports import Embedder
from coach.storage import write_atomically


def kept_anchors(index: Path, embedder: Embedder) -> Callable[[Question, Rubric], Anchors]:
    """A function that gives the vectors of a question's rubric: from memory, from disk, else from the model (and then keeps them)."""
    known: dict[str, Anchors] = {}
    folder = index / "rubrics" / embedder.fingerprint[:16]

    def look_up(question: Question, rubric: Rubric) -> Anchors:
        name = f"{rubric.hash}-{hashlib.sha256(question.text.encode()).hexdigest()[:8]}"
        found = known.get(name) or _read(folder / f"{name}.npz", rubric)
        if found is None:
            found = anchors.encode(rubric, question.text, embedder)
            _keep(folder / f"{name}.npz", found)
        known[name] = found
        return found

    return look_up


def _read(path: Path, rubric: Rubric) -> Anchors | None:
    try:
        return anchors.from_bytes(path.read_bytes(), rubric)
    except OSError:
        return None  # not kept yet, or not readable: the model makes it again


def _keep(path: Path, found: Anchors) -> None:
    try:
        write_atomically(path, anchors.to_bytes(found))
    except StoreUnwritable:
        return  # a read-only index only costs time at the next grade
