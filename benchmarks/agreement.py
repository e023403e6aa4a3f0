"""How far the offline grader agrees with expert readers.

    python benchmarks/agreement.py                 # the shown half of the gold set, graded as `coach grade` grades
    python benchmarks/agreement.py --derived-rubrics   # the same without the hand-made rubrics
    python benchmarks/agreement.py --cosine        # what everybody builds: cosine of answer and reference
    python benchmarks/agreement.py --robust        # padded, repeated, respelt, shuffled and negated answers
    python benchmarks/agreement.py --imported      # 24 questions on other subjects, imported as a user's document
    python benchmarks/agreement.py --public FOLDER # SAF and SciEntsBank, imported and graded like a user's document

The readers are two independent language models in the role of an expert interviewer, not people. Prints Pearson r,
mean absolute error (of 100), P(good > fluent wrong), means per kind and per attack, and r with length held constant.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.domain import Question
from coach.session import Session
from coach.wiring import open_session

Row = dict[str, Any]
"""One answer of the gold set, as its README describes it."""

DATA = Path(__file__).parent / "data" / "gold_dev.jsonl"
IMPORTED = Path(__file__).parent / "data" / "imported_dev.jsonl"


def main() -> None:
    """Grade, compare, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--derived-rubrics", action="store_true")
    options.add_argument("--cosine", action="store_true")
    options.add_argument("--robust", action="store_true")
    options.add_argument("--imported", action="store_true")
    options.add_argument("--public", type=Path, metavar="FOLDER")
    options.add_argument("--most", type=int, help="with --public: at most about so many answers a split")
    options.add_argument("--details", action="store_true", help="print each answer's score beside the readers'")
    chosen = options.parse_args()
    if chosen.public:
        import public_sets

        public_sets.report(chosen.public, chosen.most)
        return
    rows = _rows(IMPORTED if chosen.imported else chosen.data)
    coach = open_session(notice=lambda text: print(text, file=sys.stderr))
    if chosen.robust:
        import robustness

        robustness.report(coach, rows)
        return
    if chosen.imported:
        import public_sets

        named = [{**row, "reference_answer": row["reference"], "student_answer": row["answer"]} for row in rows]
        graded = list(zip(rows, public_sets.graded(named, public_sets.noted).tolist(), strict=True))
    else:
        graded = [(row, _score(coach, row, chosen)) for row in rows]
    report(graded)
    if chosen.details:
        for row, score in sorted(graded, key=lambda pair: (pair[0]["question"], pair[0]["kind"])):
            print(
                f"{row['aid']:<28} {row['kind']:<16} {row['attack'] or '':<18} readers {_readers(row):5.1f}  coach {score:5.1f}"
            )


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def question_of(coach: Session, name: str) -> Question:
    """The catalogue's question for ``principal-09`` or ``de-36``."""
    deck, number = name.rsplit("-", 1)
    return coach.library.find(
        {"principal": "principal-data-engineer", "de": "data-engineering"}[deck] + f"/{int(number)}"
    )


def _score(coach: Session, row: dict, chosen: argparse.Namespace) -> float:
    question = question_of(coach, row["question"])
    if chosen.cosine:
        answer, reference = coach.embedder.vectors([row["answer"] or " ", question.reference])
        return 100 * float(answer @ reference)
    if chosen.derived_rubrics:
        from coach.grading.rubric import derive

        return float(coach.offline_grader.grade(question, derive(question), row["answer"]).score or 0)
    return float(coach.offline_grader.grade(question, coach.rubric(question), row["answer"]).score or 0)


def report(graded: list[tuple[dict, float]]) -> None:
    """Print every figure."""
    ours = np.array([score for _, score in graded])
    theirs = np.array([_readers(row) for row, _ in graded])
    length = np.array([math.log(1 + len(row["answer"].split())) for row, _ in graded])
    print(f"answers {len(graded)}, questions {len({row['question'] for row, _ in graded})}")
    print(f"Pearson r {_r(ours, theirs):.3f}   with log length held constant {_partial(ours, theirs, length):.3f}")
    print(
        f"MAE of 100 {np.abs(ours - theirs).mean():.1f}   r of our score with log length {_r(ours, length):.2f} (readers' {_r(theirs, length):.2f})"
    )
    for high, low in (
        ("good", "wrong"),
        ("strong", "wrong"),
        ("memorised", "wrong"),
        ("partial", "wrong"),
        ("good", "wrong_own_words"),
    ):
        print(
            f"P({high} > {low}) {_above(graded, high, low):.3f}  (all pairs {_above(graded, high, low, pairs=False):.3f})"
        )
    print("kind               readers  coach   (n)")
    for kind, scores in _grouped(graded, "kind").items():
        print(f"  {kind:<17} {scores[0]:6.1f} {scores[1]:6.1f}   ({scores[2]})")
    print("attack             readers  coach  highest   (n)")
    for attack, scores in _grouped([pair for pair in graded if pair[0]["attack"]], "attack").items():
        print(f"  {attack:<17} {scores[0]:6.1f} {scores[1]:6.1f} {scores[3]:6.1f}   ({scores[2]})")


def _readers(row: dict) -> float:
    return 10 * statistics.mean(row["scores"])


def _r(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _partial(one: np.ndarray, other: np.ndarray, held: np.ndarray) -> float:
    a, b, c = _r(one, other), _r(one, held), _r(other, held)
    return (a - b * c) / math.sqrt((1 - b * b) * (1 - c * c))


def _above(graded: list[tuple[dict, float]], high: str, low: str, pairs: bool = True) -> float:
    """P that an answer of kind ``high`` scores above one of kind ``low``; of the same question where ``pairs``."""
    wins = []
    for row, score in graded:
        for other, lower in graded:
            if row["kind"] == high and other["kind"] == low and (not pairs or row["question"] == other["question"]):
                wins.append(1.0 if score > lower else 0.5 if score == lower else 0.0)
    return statistics.mean(wins) if wins else float("nan")


def _grouped(graded: list[tuple[dict, float]], key: str) -> dict[str, tuple[float, float, int, float]]:
    groups: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row, score in graded:
        groups[row[key]].append((_readers(row), score))
    return {
        name: (
            statistics.mean(a for a, _ in pairs),
            statistics.mean(b for _, b in pairs),
            len(pairs),
            max(b for _, b in pairs),
        )
        for name, pairs in sorted(groups.items())
    }


if __name__ == "__main__":
    main()
