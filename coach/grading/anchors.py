"""A rubric as vectors: what the sentences of an answer are compared with. Made once a rubric, kept on disk."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.domain import KeyPoint, Rubric, Span
from coach.ports import Embedder, Encoded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 4
"""Of the form on disk."""


@dataclass(frozen=True, slots=True)
class PointAnchors:
    """One key point as vectors."""

    point: Encoded
    """The point's own text, with the vectors of its word pieces."""
    right: NDArray[np.float32]
    """Shape (1 + phrasings, d), unit rows: the text, then its other right phrasings."""
    wrong: NDArray[np.float32]
    """Shape (false statements, d), unit rows: every misconception, then its other wordings; (0, d) where there are none."""
    wrong_of: tuple[int, ...]
    """For each of these rows, which misconception it says."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """A rubric as vectors."""

    points: tuple[PointAnchors, ...]
    """In the rubric's order."""
    aside_right: NDArray[np.float32]
    """Shape (asides, d), unit rows: the right statements beyond the points; (0, d) where there are none."""
    aside_wrong: NDArray[np.float32]
    """The false ones, in the same order."""
    topic: NDArray[np.float32]
    """Shape (d,), unit length: what the question is about, from its text, its searches and its points."""
    asked: NDArray[np.float32]
    """Shape (d,), unit length: the question's text alone."""


def encode(rubric: Rubric, question: str, embedder: Embedder) -> Anchors:
    """Embed every statement of a rubric, and the question's text."""
    import numpy as np

    texts = [text for point in rubric.points for text in _texts(point)]
    texts += [aside.right for aside in rubric.asides] + [aside.wrong for aside in rubric.asides]
    vectors = embedder.vectors(texts)
    encoded = embedder.encode([point.text for point in rubric.points])
    asked = embedder.vectors([question])[0]
    about = [asked, np.mean([item.vector for item in encoded], axis=0)]
    if rubric.searches:
        about.append(np.mean(embedder.vectors(list(rubric.searches)), axis=0))
    return _assembled(rubric, encoded, vectors, _unit(np.sum([_unit(part) for part in about], axis=0)), asked)


def to_bytes(anchors: Anchors) -> bytes:
    """For keeping on disk; reading it back gives the same bits."""
    import numpy as np

    arrays: dict[str, NDArray[np.float32]] = {"version": np.array([VERSION], dtype=np.float32)}
    arrays["topic"], arrays["asked"] = anchors.topic, anchors.asked
    arrays["vectors"] = np.concatenate(
        [part for item in anchors.points for part in (item.right, item.wrong)]
        + [anchors.aside_right, anchors.aside_wrong]
    )
    arrays["sentences"] = np.stack([item.point.vector for item in anchors.points])
    arrays["tokens"] = np.concatenate([item.point.tokens for item in anchors.points])
    arrays["spans"] = np.array(
        [(at, s.start, s.end) for at, item in enumerate(anchors.points) for s in item.point.spans], dtype=np.float32
    ).reshape(-1, 3)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def from_bytes(raw: bytes, rubric: Rubric) -> Anchors | None:
    """Anchors as kept, or None where they are damaged or of another form."""
    import zipfile

    import numpy as np

    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            if int(arrays["version"][0]) != VERSION:
                return None
            names = ("spans", "tokens", "sentences", "vectors", "topic", "asked")
            spans, tokens, sentences, vectors, topic, asked = (arrays[name] for name in names)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
        return None
    count = sum(len(_texts(point)) for point in rubric.points) + 2 * len(rubric.asides)
    if len(vectors) != count or len(sentences) != len(rubric.points):
        return None
    encoded = []
    for at in range(len(rubric.points)):
        rows = spans[:, 0] == at
        encoded.append(
            Encoded(sentences[at], tokens[rows], tuple(Span(int(start), int(end)) for _, start, end in spans[rows]))
        )
    return _assembled(rubric, encoded, vectors, topic, asked)


def _texts(point: KeyPoint) -> list[str]:
    return [point.text, *point.right, *(text for wrong in point.misconceptions for text in (wrong.text, *wrong.also))]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    unit: NDArray[np.float32] = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit


def _assembled(
    rubric: Rubric,
    encoded: Sequence[Encoded],
    vectors: NDArray[np.float32],
    topic: NDArray[np.float32],
    asked: NDArray[np.float32],
) -> Anchors:
    made = []
    at = 0
    for point, item in zip(rubric.points, encoded, strict=True):
        middle = at + 1 + len(point.right)
        owners = tuple(number for number, wrong in enumerate(point.misconceptions) for _ in range(1 + len(wrong.also)))
        end = middle + len(owners)
        made.append(PointAnchors(item, vectors[at:middle], vectors[middle:end], owners))
        at = end
    middle = at + len(rubric.asides)
    return Anchors(tuple(made), vectors[at:middle], vectors[middle:], topic, asked)
