"""Fit the scale for derived rubrics on known subjects (``coach.grading.score.KNOWN``) on the shown half of the gold set.

    python training/fit_known.py

Every question is graded by the rubric derived from its reference, and by what is commonly said on *other* questions: its
own statements are taken out of coach/models/claims/known.npz, as if its document were a user's. Prints the parameters,
and what they reach on questions that are left out of the fit too. (The claims encoder did learn from all questions.)
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))
sys.path.insert(0, str(ROOT / "training"))

from agreement import DATA, question_of, report
from fit_scale import print_certainty
from pack_known import confusion_subjects, rubric_subjects

from coach.domain import Flag, Kind
from coach.grading import guard
from coach.grading.claims import asserted
from coach.grading.evidence import asked_stems
from coach.grading.offline import claims_of
from coach.grading.rubric import derive
from coach.grading.verdicts import weigh
from coach.models.shipped import open_known
from coach.ports import KnownStatements
from coach.text.cleaning import plain
from coach.wiring import open_session

FOLDS = 8
START = np.array([-0.7, 0.0, 0.3, 0.3, 0.0, 2.5, 0.1, 3.0, 0.55])
SPREAD = np.array([1, 1, 1, 0.15, 1.5, 0.4, 0.15, 0.4, 0.06])
"""Where the parameters are pulled to, and how loosely."""


@dataclass
class Case:
    """One answer, measured."""

    row: dict
    target: float
    features: np.ndarray | None
    """coverage, wording, likeness, lean, topic; None where the guards settle it."""


def main() -> None:
    """Fit, and report on left-out questions. Told stories have a scale of their own and take no part."""
    cases = measured()
    scores = np.zeros(len(cases))
    questions = sorted({case.row["question"] for case in cases})
    for fold in range(FOLDS):
        left_out = set(questions[fold::FOLDS])
        parameters = fit([case for case in cases if case.row["question"] not in left_out])
        for at, case in enumerate(cases):
            if case.row["question"] in left_out and case.features is not None:
                scores[at] = curve(parameters, case.features[np.newaxis])[0]
    names = ("points", "words", "like", "like_least", "bend", "steep", "middle", "topic_steep", "topic_middle")
    print(dict(zip(names, np.round(shaped(fit(cases)), 3).tolist(), strict=True)))
    print("\nOn questions left out of the fit, and out of what is known:")
    report([(case.row, float(score)) for case, score in zip(cases, scores, strict=True)])
    print_certainty(cases, scores)


def measured() -> list[Case]:
    """What the grader measures of every answer."""
    coach = open_session()
    grader = coach.offline_grader
    known, subjects = open_known(), [*rubric_subjects(), *confusion_subjects()]
    cases = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = question_of(coach, row["question"])
        if question.kind is Kind.BEHAVIOURAL:
            continue
        rubric = derive(question)
        screened = guard.screen(row["answer"], question.text, plain(question.reference))
        features = None
        if screened.settled is None and screened.kept and Flag.KEYWORD_STUFFING not in screened.flags:
            kept, spoken = claims_of(screened.kept, row["answer"])
            encoded = grader._embedder.encode([asserted(statement.text) for statement in kept])
            others = without(known, subjects, f"{question.deck}/{row['question'].rsplit('-', 1)[1]}")
            weighing = weigh(
                rubric,
                grader._anchors_of(question, rubric),
                kept,
                encoded,
                asked_stems(question.text),
                spoken,
                lambda others=others: others,
            )
            features = np.array([weighing.coverage, weighing.wording, weighing.likeness, weighing.lean, weighing.topic])
        cases.append(Case(row, 10 * float(np.mean(row["scores"])), features))
    return cases


def without(known: KnownStatements, subjects: list, name: str) -> KnownStatements:
    """What is known but for one subject's statements. Raises ValueError where there is no such subject."""
    number = [subject.name for subject in subjects].index(name)
    right = np.repeat(np.arange(len(subjects)), [len(subject.right) for subject in subjects]) != number
    wrong = np.repeat(np.arange(len(subjects)), [len(subject.wrong) for subject in subjects]) != number
    truths = tuple(truth for truth, stays in zip(known.truths, wrong, strict=True) if stays)
    # The subject itself stays known: a scale for known subjects is wanted, and its neighbours are nearly as near.
    rights, wrongs = known.right_of[right], known.wrong_of[wrong]
    kept = np.unique(rights)
    return replace(
        known,
        right=known.right[right],
        wrong=known.wrong[wrong],
        right_of=np.searchsorted(kept, rights),
        wrong_of=np.searchsorted(kept, wrongs),
        truths=truths,
    )


def shaped(raw: np.ndarray) -> np.ndarray:
    """Free numbers to parameters with the right signs and bounds."""
    points, words, like, steep, topic_steep = np.exp(raw[[0, 1, 2, 5, 7]])
    bend = 1.0 + 2.0 / (1.0 + np.exp(-raw[4]))
    return np.array([points, words, like, raw[3], bend, steep, raw[6], topic_steep, raw[8]])


def curve(parameters: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Scores for features of shape (n, 5)."""
    points, words, like, least, bend, steep, middle, topic_steep, topic_middle = shaped(parameters)
    coverage, wording, likeness, lean, topic = features.T
    said = points * coverage + words * wording + like * np.maximum(likeness - least, 0.0)
    said = said / (1 + np.exp(-steep * (lean - middle))) / (1 + np.exp(-topic_steep * (topic - topic_middle)))
    return 100 * (1 - np.exp(-(said**bend)))


def fit(train: list[Case]) -> np.ndarray:
    """Least squares with a light pull to the start."""
    from scipy.optimize import minimize

    used = [case for case in train if case.features is not None]
    target = np.array([case.target for case in used])
    features = np.stack([case.features for case in used])

    def cost(raw: np.ndarray) -> float:
        error = curve(raw, features) - target
        return float(np.mean(error**2) + 6.0 * np.mean(((raw - START) / SPREAD) ** 2))

    return np.asarray(minimize(cost, START, method="Nelder-Mead", options={"maxiter": 2500, "maxfev": 2500}).x)


if __name__ == "__main__":
    main()
