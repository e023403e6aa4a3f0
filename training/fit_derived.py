"""Fit the scale for derived rubrics on unknown subjects (``coach.grading.score.DERIVED``) on Beetle's test splits.

    python training/fit_derived.py beetle.csv

Beetle (SemEval-2013 Task 7) has short answers about circuits: correct counts as 100, partly correct as 50, all else as 0.
About 220 answers of each test split, every n-th. Prints the parameters, and how far such a score can be trusted
(``CERTAINTY_DERIVED``).
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach.catalogue.kinds import kind_of
from coach.domain import Question
from coach.grading import guard
from coach.grading.anchors import encode
from coach.grading.claims import asserted
from coach.grading.evidence import asked_stems
from coach.grading.offline import claims_of
from coach.grading.rubric import derive
from coach.grading.verdicts import weigh
from coach.text.cleaning import plain
from coach.wiring import open_session

TARGETS = {"correct": 100.0, "partially_correct_incomplete": 50.0}
A_SPLIT = 220
LIKE_LEAST = 0.35
"""Likeness up to which nothing is earned. Not fitted: Beetle has hardly an answer off its subject, and would take none."""
START = np.array([-1.0, -0.6, 0.3, 0.0])


def main() -> None:
    """Fit, and print."""
    features, target = measured(Path(sys.argv[1]))
    found = fit(features, target)
    points, words, like = np.exp(found[:3])
    print(f"points {points:.3f}  words {words:.3f}  like {like:.3f}  bend {_bend(found):.3f}  like_least {LIKE_LEAST}")
    scores = curve(found, features)
    print(f"{len(target)} answers, r {np.corrcoef(scores, target)[0, 1]:.3f}")
    for least, most in ((0, 15), (15, 35), (35, 60), (60, 100)):
        error = (target - scores)[(scores >= least) & (scores <= most)]
        low, high = np.quantile(error, [0.1, 0.9])
        print(f"({most}, {np.mean(np.abs(error) <= 15):.2f}, {-low:.0f}, {high:.0f}),  # {len(error)} answers")


def measured(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Coverage, wording and likeness of each answer, shape (n, 3), and what it should get."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] != "train"]
    splits = [[row for row in rows if row["split"] == name] for name in dict.fromkeys(row["split"] for row in rows)]
    encoder = open_session().claims
    made, features, target = {}, [], []
    for row in (row for split in splits for row in split[:: max(1, len(split) // A_SPLIT)]):
        text, reference = (" ".join(row[name].split()) for name in ("question", "reference_answer"))
        if row["question_id"] not in made:
            question = Question("q", 1, "", 1, kind_of(text, None), text, reference)
            rubric = derive(question)
            made[row["question_id"]] = question, rubric, encode(rubric, text, encoder)
        question, rubric, anchors = made[row["question_id"]]
        screened = guard.screen(row["student_answer"], text, plain(reference))
        if screened.settled is None and screened.kept:
            kept, spoken = claims_of(screened.kept, row["student_answer"])
            encoded = encoder.encode([asserted(statement.text) for statement in kept])
            weighing = weigh(rubric, anchors, kept, encoded, asked_stems(text), spoken)
            features.append([weighing.coverage, weighing.wording, weighing.likeness])
            target.append(TARGETS.get(row["label_5way"], 0.0))
    return np.array(features), np.array(target)


def curve(raw: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Scores for features of shape (n, 3)."""
    points, words, like = np.exp(raw[:3])
    coverage, wording, likeness = features.T
    said = points * coverage + words * wording + like * np.maximum(likeness - LIKE_LEAST, 0.0)
    return 100 * (1 - np.exp(-(said ** _bend(raw))))


def fit(features: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least squares with a light pull to the start."""
    from scipy.optimize import minimize

    def cost(raw: np.ndarray) -> float:
        error = curve(raw, features) - target
        return float(np.mean(error**2) + 6.0 * np.mean(((raw - START) / np.array([1, 1, 1, 1.5])) ** 2))

    return np.asarray(minimize(cost, START, method="Nelder-Mead", options={"maxiter": 2000, "maxfev": 2000}).x)


def _bend(raw: np.ndarray) -> float:
    return float(1.0 + 2.0 / (1.0 + np.exp(-raw[3])))


if __name__ == "__main__":
    main()
