"""What became of each key point: the answer's statements weighed by contrast, alignment and disagreement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.domain import KeyPoint, Rubric
from coach.grading.anchors import Anchors
from coach.grading.checked import Checked, FalseClaim, believed, by_model, by_statements
from coach.grading.claims import Disagreement, asserted, complexity, denied, disagreement
from coach.grading.closeness import likeness, topicality
from coach.grading.contrast import Contrast, contrast
from coach.grading.evidence import Alignment, WordVectors, align, word_vectors
from coach.ports import ClaimChecker, Encoded, KnownStatements
from coach.text.sentences import Statement

RELATED, SAME = 0.45, 0.70
"""Cosine (claims encoder) from which a statement is about a point, and from which it says as much as a phrasing of
the rubric does. Fitted on the shown half of the gold set, like SHARPNESS and LEAN (docs/grading.md)."""

SHARPNESS = 20.0
"""How steeply a statement turns from false to true with its margin, per unit of cosine."""

LEAN = 0.1
"""Margin at which a statement leans to one side by three quarters."""

TOUCHING, FIRM = 0.30, 0.50
"""Cosine with anything in the rubric from which a statement begins to count for the lean, and from which it does fully:
lower than for a point, since whatever an answer asserts on the subject shows whether it is right."""

TURNED_LEAST, TURNED_SHARE = 3, 0.5
"""How many of the related statements, and which share of them, disagree with their nearest phrasing in an answer that is
negated as a whole."""

ALIGNED, FULL = 0.35, 0.75
"""Share of a point's words from which a stretch is about it, and from which it says it all."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One key point weighed against an answer."""

    credit: float
    """How firmly the answer says it and rightly so, 0 to 1."""
    opposition: float
    """How firmly the answer says a misconception of it, 0 to 1."""
    evidence: tuple[int, ...]
    """Indexes of the statements that say it, in order; empty where none comes near."""
    against: int | None
    """Index of the statement that opposes it most; None where none does."""
    misconception: int | None
    """Which misconception that one is nearest to; None where a plain disagreement was found."""
    disagreement: Disagreement | None
    """Found in the words of the evidence."""
    alignment: Alignment
    """Which of its words the answer has."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A whole answer weighed."""

    points: tuple[Weighed, ...]
    """In the rubric's order."""
    coverage: float
    """Weighted share of the points that the answer says, 0 to 1."""
    wording: float
    """Weighted share of the points' words that the answer has, 0 to 1: each in one stretch where there are misconceptions to
    tell who means it, else anywhere."""
    lean: float
    """Of what is related to the question at all: -1 all false to 1 all true; 0 where nothing can be contrasted."""
    related: float
    """Share of the answer's words in statements that are related to some point, 0 to 1."""
    topic: float
    """Cosine of the answer as a whole with what the question is about, -1 to 1."""
    likeness: float
    """Weighted mean over the points of the cosine with the nearest statement, both less what the question says; -1 to 1."""
    aside_claims: tuple[tuple[int, int, float], ...]
    """(statement, aside, firmness 0 to 1) for statements that say the false side of an aside."""
    contrasted: bool
    """Whether the rubric has misconceptions of its own."""
    known: float
    """How far ``lean`` can be believed: 1 for such a rubric, 0 to 1 by the subject for others."""
    at_home: float
    """How far answers on the subject are like those that the scale for known subjects was made for, 0 to 1."""
    false_claims: tuple[FalseClaim, ...]
    """Found where the rubric has none of its own."""
    checker: str | None = None
    """The name of the entailment model that read the claims; None where none did."""


def weigh(
    rubric: Rubric,
    anchors: Anchors,
    statements: Sequence[Statement],
    encoded: Sequence[Encoded],
    asked: frozenset[str],
    spoken: int | None = None,
    checks: Callable[[], ClaimChecker | KnownStatements] | None = None,
) -> Weighing:
    """Weigh every point of a rubric against the statements of an answer (at least one of each).

    The first ``spoken`` statements are prose, the rest is code read aloud: code can say a point, but its stiff sentences
    are never held against an answer. ``checks`` opens what claims are compared with where there are no misconceptions.
    """
    contrasted = any(point.misconceptions for point in rubric.points)
    vectors = np.stack([item.vector for item in encoded])
    count = spoken or len(statements)
    turned = denied([statement.text for statement in statements])
    seen = contrast(anchors, vectors, [at + 1 < count for at in range(len(vectors))], turned)
    truth = _truth(rubric, seen, statements, count)
    said = [word_vectors(asserted(statement.text), item) for statement, item in zip(statements, encoded, strict=True)]
    _unsay({at for at, is_turned in enumerate(turned) if is_turned and truth[at] < 0.5}, seen, truth, said)
    checked = None
    if contrasted or checks is None:
        lean, related = _lean(seen, truth, statements[:count])
    else:
        checked = _checked(rubric, anchors, seen, vectors[:count], statements[:count], checks()).but(turned)
        lean, related = _weighted(checked.side, checked.counts, statements[:count])
        _unsay({false.claim for false in checked.false}, seen, truth, said)
    whole = (float(contrasted), float(contrasted))
    known, at_home = whole if checked is None else believed(checked, related, _size(statements[:count]))
    points = tuple(
        _weighed(at, point, anchors, seen, truth, statements, said, asked, count)
        for at, point in enumerate(rubric.points)
    )
    weights = np.array([point.weight for point in rubric.points])
    weights = weights / weights.sum()
    return Weighing(
        points,
        coverage=float(weights @ np.array([item.credit for item in points])),
        wording=float(weights @ np.array([_said_of(item.alignment, contrasted) for item in points])),
        lean=lean,
        related=related,
        topic=topicality(vectors[:count], anchors),
        likeness=float(weights @ likeness(vectors, anchors)),
        aside_claims=_aside_claims(seen, truth, count),
        contrasted=contrasted,
        known=known,
        at_home=at_home,
        false_claims=() if checked is None else checked.false,
        checker=None if checked is None else checked.model,
    )


def _truth(rubric: Rubric, seen: Contrast, statements: Sequence[Statement], spoken: int) -> NDArray[np.float32]:
    """Shape (stretches,): how likely each stretch is right, by the nearest thing that the whole rubric says of it.

    The embedding hardly sees the difference between O(n) and O(log n), nor a "not". A stated complexity other than
    that of the phrasing which a stretch is nearest to counts as false. Negations and opposites read off the words err
    too often to condemn one sentence; where many sentences of an answer are turned round, the answer is.
    """
    truth: NDArray[np.float32] = (1.0 / (1.0 + np.exp(-SHARPNESS * seen.margin))).astype(np.float32)
    owner = seen.right.argmax(axis=0)
    judged = 0
    turned: list[int] = []
    for at, stretch in enumerate(seen.stretches):
        if seen.right[:, at].max() < RELATED or truth[at] < 0.5:
            continue
        point = rubric.points[int(owner[at])]
        phrasing = (point.text, *point.right)[int(seen.right_at[int(owner[at]), at])]
        said = _text(statements, stretch.first, stretch.last)
        single = stretch.first == stretch.last and stretch.first < spoken
        judged += single
        if complexity(phrasing, said):
            truth[at] = min(truth[at], 0.1)
        elif single and disagreement(phrasing, said):
            turned.append(at)
    if len(turned) >= TURNED_LEAST and len(turned) >= TURNED_SHARE * judged:
        over = [at for at, stretch in enumerate(seen.stretches) if {stretch.first, stretch.last} & set(turned)]
        truth[over] = np.minimum(truth[over], 0.1)
    return truth


def _unsay(false: set[int], seen: Contrast, truth: NDArray[np.float32], said: list[WordVectors]) -> None:
    """What is held to be false is no evidence for any point, whatever words it shares with it."""
    over = [at for at, stretch in enumerate(seen.stretches) if {stretch.first, stretch.last} & false]
    truth[over] = 0.0
    for claim in false:
        said[claim] = WordVectors((), said[claim].vectors[:0])


def _weighed(
    at: int,
    point: KeyPoint,
    anchors: Anchors,
    seen: Contrast,
    truth: NDArray[np.float32],
    statements: Sequence[Statement],
    said: Sequence[WordVectors],
    asked: frozenset[str],
    spoken: int,
) -> Weighed:
    alignment = align(word_vectors(point.text, anchors.points[at].point), said, asked)
    near = np.clip((seen.right[at] - RELATED) / (SAME - RELATED), 0, 1)
    support = near * truth
    # Not by support: it is the same for everything that is near enough, and the nearest is the better quote.
    best = _best_stretch(seen.right[at] * truth, seen)
    credit = float(support[best])
    evidence = tuple(range(seen.stretches[best].first, seen.stretches[best].last + 1))
    if not point.misconceptions:
        credit, evidence = _by_words(credit, evidence, alignment)
    if credit > 0 and not point.misconceptions:
        for claim in evidence:
            found = disagreement(point.text, statements[claim].text)
            if found:
                return Weighed(0.0, max(0.4, credit), (), claim, None, found, alignment)
    near_wrong = np.clip((seen.wrong[at] - RELATED) / (SAME - RELATED), 0, 1) * (1 - truth)
    single = near_wrong[:spoken]
    worst = int(single.argmax())
    opposed = float(single[worst])
    return Weighed(
        credit,
        opposed,
        evidence if credit > 0 else (),
        worst if opposed > 0 else None,
        int(seen.wrong_at[at, worst]) if opposed > 0 else None,
        None,
        alignment,
    )


def _best_stretch(nearness: NDArray[np.float32], seen: Contrast) -> int:
    """The stretch that says the point best; a pair only where it clearly says more than one statement alone."""
    margin = np.array([0.0 if stretch.first == stretch.last else 0.05 for stretch in seen.stretches])
    return int((nearness - margin).argmax())


def _by_words(credit: float, evidence: tuple[int, ...], alignment: Alignment) -> tuple[float, tuple[int, ...]]:
    """Without misconceptions to compare with, the words decide as much as the sentence's meaning."""
    words_say = float(np.clip((alignment.coverage - ALIGNED) / (FULL - ALIGNED), 0, 1))
    if words_say > credit:
        evidence = tuple(range(alignment.first, alignment.last + 1))
    return 0.5 * (credit + words_say), evidence


def _lean(seen: Contrast, truth: NDArray[np.float32], statements: Sequence[Statement]) -> tuple[float, float]:
    """Over single statements, weighted by their words and by how related they are."""
    count = len(statements)
    nearest = np.maximum(seen.nearest_right, seen.nearest_wrong)[:count]
    related = np.clip((nearest - TOUCHING) / (FIRM - TOUCHING), 0, 1)
    side = np.tanh(seen.margin[:count] / LEAN)
    side = np.where(truth[:count] <= 0.1, -np.abs(side), side)
    return _weighted(side, related, statements)


def _weighted(
    side: NDArray[np.floating], counts: NDArray[np.floating], statements: Sequence[Statement]
) -> tuple[float, float]:
    size = np.array([len(statement.text.split()) for statement in statements], dtype=np.float64)
    related = counts * size
    # A few related words are too little to lean on: below five they count towards neither side.
    lean = float((side * related).sum() / max(float(related.sum()), 5.0))
    return lean, float(related.sum() / max(float(size.sum()), 1.0))


def _size(statements: Sequence[Statement]) -> int:
    return sum(len(statement.text.split()) for statement in statements)


def _checked(
    rubric: Rubric,
    anchors: Anchors,
    seen: Contrast,
    vectors: NDArray[np.float32],
    statements: Sequence[Statement],
    checks: ClaimChecker | KnownStatements,
) -> Checked:
    if isinstance(checks, KnownStatements):
        return by_statements(checks, anchors.topic, vectors)
    return by_model(rubric, seen.right[:, : len(statements)], [statement.text for statement in statements], checks)


def _aside_claims(seen: Contrast, truth: NDArray[np.float32], count: int) -> tuple[tuple[int, int, float], ...]:
    """Statements whose nearest neighbour of all is the false side of an aside."""
    found = []
    for at in range(count):
        nearest = float(seen.aside_wrong[at])
        if seen.aside_wrong_at[at] < 0 or nearest < max(float(seen.wrong[:, at].max()), RELATED):
            continue
        firm = min(1.0, (nearest - RELATED) / (SAME - RELATED)) * (1 - float(truth[at]))
        if truth[at] < 0.5 and firm > 0:
            found.append((at, int(seen.aside_wrong_at[at]), firm))
    return tuple(found)


def _said_of(alignment: Alignment, contrasted: bool) -> float:
    return alignment.coverage if contrasted else alignment.anywhere


def _text(statements: Sequence[Statement], first: int, last: int) -> str:
    return " ".join(statement.text for statement in statements[first : last + 1])
