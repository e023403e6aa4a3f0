"""Is a statement nearer to a right way of saying a key point, or to a misconception about it?

Cosine with the reference alone cannot tell a fluent wrong answer from a right one: they use the same words. The
difference between the nearest right phrasing and the nearest misconception can. ``docs/grading.md`` has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.grading.anchors import Anchors

TEMPERATURE = 0.06
"""Cosine by which a statement of the rubric has to be nearer to count about three times as much. One nearest neighbour
is a matter of wording; all that lies near, weighted so, tells a true claim from a false one better (AUC 0.83 for 0.79
on claims of the shown half of the gold set)."""

UNCONTRASTED = 0.25
"""The margin where a rubric has no false statements to compare with."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One statement, or two neighbours read together."""

    first: int
    """Index of the first statement."""
    last: int
    """Index of the last, inclusive."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Every stretch of an answer against every point of a rubric."""

    stretches: tuple[Stretch, ...]
    """Single statements first, in order, then pairs."""
    right: NDArray[np.float32]
    """Shape (points, stretches): cosine with the nearest right phrasing."""
    wrong: NDArray[np.float32]
    """The same with the nearest misconception; -1 where a point has none."""
    right_at: NDArray[np.intp]
    """Which right phrasing that is (0: the point's own text)."""
    wrong_at: NDArray[np.intp]
    """Which misconception that is; -1 where a point has none."""
    aside_right: NDArray[np.float32]
    """Shape (stretches,): cosine with the nearest right aside; -1 where there is none."""
    aside_wrong: NDArray[np.float32]
    """The same with the nearest false one."""
    aside_wrong_at: NDArray[np.intp]
    """Which aside that is; -1 where there is none."""
    margin: NDArray[np.float32]
    """Shape (stretches,): how much nearer the right statements lie than the false ones, in cosine, near ones counting
    most; UNCONTRASTED where there are no false ones. Turned round for what is denied."""
    side: NDArray[np.float32]
    """Shape (stretches,): -1 for what the answer denies, else 1."""

    @property
    def nearest_right(self) -> NDArray[np.float32]:
        """Shape (stretches,): cosine with the nearest right statement of the whole rubric."""
        nearest: NDArray[np.float32] = np.maximum(self.right.max(axis=0), self.aside_right)
        return nearest

    @property
    def nearest_wrong(self) -> NDArray[np.float32]:
        """Shape (stretches,): the same with the nearest false statement; -1 where the rubric has none."""
        nearest: NDArray[np.float32] = np.maximum(self.wrong.max(axis=0), self.aside_wrong)
        return nearest


def contrast(
    anchors: Anchors, vectors: NDArray[np.float32], pairable: Sequence[bool], denied: Sequence[bool] = ()
) -> Contrast:
    """Compare statements (shape (n, d), unit rows) with a rubric.

    ``pairable[i]`` says whether statement i may be read together with the next one. ``denied[i]`` (default: none) says
    that statement i is a claim that the answer denies: it stands alone, and to deny a misconception is right.
    """
    turned = [*denied] or [False] * len(vectors)
    stretches = [Stretch(at, at) for at in range(len(vectors))]
    rows = [vectors]
    pairs = [at for at in range(len(vectors) - 1) if pairable[at] and not any(turned[at : at + 2])]
    if pairs:
        joined = vectors[pairs] + vectors[[at + 1 for at in pairs]]
        rows.append(joined / np.maximum(np.linalg.norm(joined, axis=1, keepdims=True), 1e-9))
        stretches += [Stretch(at, at + 1) for at in pairs]
    every = np.concatenate(rows).astype(np.float32)
    shape = (len(anchors.points), len(stretches))
    right, wrong = np.full(shape, -1.0, np.float32), np.full(shape, -1.0, np.float32)
    right_at, wrong_at = np.zeros(shape, np.intp), np.full(shape, -1, np.intp)
    for at, point in enumerate(anchors.points):
        cosine = point.right @ every.T
        right_at[at], right[at] = cosine.argmax(axis=0), cosine.max(axis=0)
        if len(point.wrong):
            cosine = point.wrong @ every.T
            wrong_at[at], wrong[at] = np.array(point.wrong_of)[cosine.argmax(axis=0)], cosine.max(axis=0)
    aside_right, aside_wrong = np.full(shape[1], -1.0, np.float32), np.full(shape[1], -1.0, np.float32)
    aside_at = np.full(shape[1], -1, np.intp)
    if len(anchors.aside_right):
        aside_right = (anchors.aside_right @ every.T).max(axis=0)
        cosine = anchors.aside_wrong @ every.T
        aside_at, aside_wrong = cosine.argmax(axis=0), cosine.max(axis=0)
    side = np.where([turned[stretch.first] for stretch in stretches], -1, 1).astype(np.float32)
    margin = side * _margin(anchors, every)
    return Contrast(
        tuple(stretches), right, wrong, right_at, wrong_at, aside_right, aside_wrong, aside_at, margin, side
    )


def _margin(anchors: Anchors, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    right = np.concatenate([*(point.right for point in anchors.points), anchors.aside_right])
    wrong = np.concatenate([*(point.wrong for point in anchors.points), anchors.aside_wrong])
    if not len(wrong):
        return np.full(len(vectors), UNCONTRASTED, np.float32)
    margin: NDArray[np.float32] = _soft_nearest(vectors @ right.T) - _soft_nearest(vectors @ wrong.T)
    return margin


def _soft_nearest(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-mean-exp over the last axis."""
    top = cosine.max(axis=1, keepdims=True)
    soft: NDArray[np.float32] = top[:, 0] + TEMPERATURE * np.log(np.exp((cosine - top) / TEMPERATURE).mean(axis=1))
    return soft
