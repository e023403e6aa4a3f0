"""How close an answer comes to the question's subject, and to each point of its reference as a whole sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coach.grading.anchors import Anchors

LEAST_REST = 1e-3
"""Length of what is left of a sentence's vector below which it is rounding, and no direction."""


def topicality(vectors: NDArray[np.float32], anchors: Anchors) -> float:
    """Cosine of the answer as a whole (statements of shape (n, d)) with what the question is about."""
    whole = vectors.mean(axis=0)
    return float(whole @ anchors.topic) / max(float(np.linalg.norm(whole)), 1e-9)


def likeness(vectors: NDArray[np.float32], anchors: Anchors) -> NDArray[np.float32]:
    """Shape (points,). To say the question again is to say nothing, so its direction is taken off first."""
    points = np.stack([item.point.vector for item in anchors.points])
    nearest: NDArray[np.float32] = (_beyond(points, anchors.asked) @ _beyond(vectors, anchors.asked).T).max(axis=1)
    return nearest


def _beyond(vectors: NDArray[np.float32], asked: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows without their part along ``asked``, of unit length; next to nothing where a row says no more than the question."""
    rest = vectors - np.outer(vectors @ asked, asked)
    unit: NDArray[np.float32] = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), LEAST_REST)
    return unit
