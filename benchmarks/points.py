"""How well a short review tells right from wrong: every sampled phrasing and misconception judged by the others.

    python benchmarks/points.py [--sample N]

Each right phrasing and each misconception of the hand-made rubrics is taken out of its rubric and graded against its
point; a right phrasing of another point of the same question is graded too. The encoder has seen these rubrics in
training, so the figures are on the kind side; what they compare (thresholds, changes) stays comparable.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from coach.domain import KeyPoint, Kind, Question, Rubric
from coach.grading.anchors import Anchors
from coach.grading.point import PointGrader
from coach.session.anchors import kept_anchors
from coach.wiring import open_session

Row = tuple[str, Question, Rubric, KeyPoint, Anchors, str]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=200, help="of each side")
    count: int = options.parse_args().sample
    session = open_session()
    claims = session.open_claims()
    rows = sampled(session, kept_anchors(session.paths.index, claims), count)
    seen: dict[str, Counter[str]] = {}
    for side, question, rubric, point, anchors, text in rows:
        grader = PointGrader(claims, lambda question, rubric, found=anchors: found, lambda: session.offline_grader)
        made = grader.grade(question, rubric, point, text)
        told = made.points[0].outcome.value if made.points else f"{made.status.value}: {made.reason}"
        seen.setdefault(side, Counter())[told] += 1
    for side, counter in seen.items():
        whole = sum(counter.values())
        print(f"{side:<28}" + "".join(f"{name:>14} {100 * n / whole:3.0f} %" for name, n in sorted(counter.items())))


def sampled(session: object, anchors_of: object, count: int) -> list[Row]:
    chance = random.Random(1)
    points = [
        (question, rubric, at)
        for question in session.library.questions  # type: ignore[attr-defined]
        if question.kind is not Kind.BEHAVIOURAL
        for rubric in [session.rubric(question)]  # type: ignore[attr-defined]
        for at, point in enumerate(rubric.points)
        if len(point.right) > 1 and len(point.misconceptions) > 1 and len(rubric.points) > 1
    ]
    rows: list[Row] = []
    for question, rubric, at in chance.sample(points, min(count, len(points))):
        point, anchors = rubric.points[at], anchors_of(question, rubric)  # type: ignore[operator]
        right = chance.randrange(len(point.right))
        without = replace(point, right=point.right[:right] + point.right[right + 1 :])
        rows.append(
            (
                "right, unseen phrasing",
                *less(question, rubric, at, without, anchors, 1 + right, None),
                point.right[right],
            )
        )
        wrong = chance.randrange(len(point.misconceptions))
        text = point.misconceptions[wrong].text
        without = replace(point, misconceptions=point.misconceptions[:wrong] + point.misconceptions[wrong + 1 :])
        rows.append(("wrong, unseen misconception", *less(question, rubric, at, without, anchors, None, wrong), text))
        rows.append(("wrong, listed misconception", question, rubric, point, anchors, text))
        other = chance.choice([item for item in rubric.points if item.id != point.id])
        rows.append(("another point", question, rubric, point, anchors, chance.choice((other.text, *other.right))))
    return rows


def less(
    question: Question, rubric: Rubric, at: int, point: KeyPoint, anchors: Anchors, right: int | None, wrong: int | None
) -> tuple[Question, Rubric, KeyPoint, Anchors]:
    """The same without one phrasing or one misconception."""
    old = anchors.points[at]
    made = replace(
        old,
        right=old.right if right is None else np.delete(old.right, right, axis=0),
        wrong=old.wrong if wrong is None else np.delete(old.wrong, wrong, axis=0),
    )
    points = tuple(point if n == at else item for n, item in enumerate(rubric.points))
    kept = tuple(made if n == at else item for n, item in enumerate(anchors.points))
    return question, replace(rubric, points=points), point, replace(anchors, points=kept)


if __name__ == "__main__":
    main()
