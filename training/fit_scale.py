"""Fit the few numbers of coach.grading.score on the shown half of the gold set, questions kept apart.

    python training/fit_scale.py            # prints the parameters and what they reach on questions left out

Every parameter has the sign it should have by construction; the bends are bounded; length is not among them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from agreement import DATA, question_of, report

from coach.domain import Flag, Kind
from coach.grading import guard
from coach.grading.evidence import asked_stems
from coach.grading.offline import claims_of
from coach.grading.score import LIST_CAP, story_share
from coach.grading.story import read_story
from coach.grading.verdicts import weigh
from coach.text.cleaning import plain
from coach.wiring import open_session

FOLDS = 8


@dataclass
class Case:
    """One answer, measured."""

    row: dict
    target: float
    behavioural: bool
    features: np.ndarray | None
    """coverage, wording, story, lean, topic; None where the guards settle it."""
    listed: bool


def main() -> None:
    """Fit twice (told stories apart), and report on left-out questions."""
    cases = measured()
    scores = np.zeros(len(cases))
    for behavioural in (False, True):
        chosen = [at for at, case in enumerate(cases) if case.behavioural == behavioural]
        questions = sorted({cases[at].row["question"] for at in chosen})
        for fold in range(FOLDS):
            left_out = set(questions[fold::FOLDS])
            train = [cases[at] for at in chosen if cases[at].row["question"] not in left_out]
            parameters = fit(train, behavioural)
            for at in chosen:
                if cases[at].row["question"] in left_out:
                    scores[at] = predicted(parameters, cases[at])
        names = ("points", "words", "story", "bend", "steep", "middle", "topic_steep", "topic_middle")
        final = fit([cases[at] for at in chosen], behavioural)
        print(
            "told stories" if behavioural else "other kinds", dict(zip(names, np.round(shaped(final), 3), strict=True))
        )
    print("\nOn questions left out of the fit:")
    report([(case.row, float(score)) for case, score in zip(cases, scores, strict=True)])
    print_certainty(cases, scores)
    for kind in Kind:
        rows = [at for at, case in enumerate(cases) if case.row["coach_kind"] == kind.value]
        ours, theirs = scores[rows], np.array([cases[at].target for at in rows])
        print(f"{kind.value:<12} r {np.corrcoef(ours, theirs)[0, 1]:.3f}  ({len(rows)})")


def print_certainty(cases: list[Case], scores: np.ndarray) -> None:
    """For each stretch of scores: how often a reader is within 15 points, and where 80 % of the readers are."""
    target = np.array([case.target for case in cases])
    settled = np.array([case.features is None for case in cases])
    for least, most in zip((0, 6, 16, 36, 61, 81, 94), (5, 15, 35, 60, 80, 93, 100), strict=True):
        inside = (np.round(scores) >= least) & (np.round(scores) <= most) & ~settled
        error = target[inside] - scores[inside]
        if inside.any():
            low, high = np.quantile(error, [0.1, 0.9])
            within = float(np.mean(np.abs(error) <= 15))
            print(f"({most}, {within:.2f}, {max(0, -low):.0f}, {max(0, high):.0f}),  # {inside.sum()} answers")


def measured() -> list[Case]:
    """What the grader measures of every answer, before any scale."""
    coach = open_session()
    grader = coach.offline_grader
    cases = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = question_of(coach, row["question"])
        rubric = coach.rubric(question)
        row["coach_kind"] = question.kind.value
        screened = guard.screen(row["answer"], question.text, plain(question.reference))
        features = None
        if screened.settled is None and screened.kept:
            kept, spoken = claims_of(screened.kept, row["answer"])
            encoded = grader._embedder.encode([statement.text for statement in kept])
            weighing = weigh(
                rubric, grader._anchors_of(question, rubric), kept, encoded, asked_stems(question.text), spoken
            )
            story = story_share(read_story(screened.kept))
            features = np.array([weighing.coverage, weighing.wording, story, weighing.lean, weighing.topic])
        target = 10 * float(np.mean(row["scores"]))
        listed = Flag.KEYWORD_STUFFING in screened.flags
        cases.append(Case(row, target, question.kind is Kind.BEHAVIOURAL, features, listed))
    return cases


def shaped(raw: np.ndarray) -> np.ndarray:
    """Free numbers to parameters with the right signs and bounds."""
    points, words, story, steep, topic_steep = np.exp(raw[[0, 1, 2, 4, 6]])
    bend = 1.0 + 2.0 / (1.0 + np.exp(-raw[3]))
    return np.array([points, words, story, bend, steep, raw[5], topic_steep, raw[7]])


def predicted(parameters: np.ndarray, case: Case) -> float:
    """The score that the parameters give to one answer."""
    if case.features is None:
        return 0.0
    score = float(curve(parameters, case.features[np.newaxis], case.behavioural)[0])
    return min(score, LIST_CAP) if case.listed else score


def curve(parameters: np.ndarray, features: np.ndarray, behavioural: bool) -> np.ndarray:
    """Scores for features of shape (n, 5)."""
    points, words, story, bend, steep, middle, topic_steep, topic_middle = shaped(parameters)
    coverage, wording, told, lean, topic = features.T
    said = points * coverage + words * wording + (story * told if behavioural else 0.0)
    said = said * _sigmoid(steep * (lean - middle)) * _sigmoid(topic_steep * (topic - topic_middle))
    return 100 * (1 - np.exp(-(np.maximum(said, 0.0) ** bend)))


def fit(train: list[Case], behavioural: bool) -> np.ndarray:
    """Least squares with a light pull to the start."""
    from scipy.optimize import minimize

    start = np.array([0.6, -0.5, 0.6 if behavioural else -3.0, 0.0, 1.1, 0.1, 3.0, 0.62])
    used = [case for case in train if case.features is not None and not case.listed]
    target = np.array([case.target for case in used])
    features = np.stack([case.features for case in used])

    def cost(raw: np.ndarray) -> float:
        error = curve(raw, features, behavioural) - target
        pull = (raw - start) / np.array([1, 1, 1, 1.5, 0.4, 0.3, 0.4, 0.05])
        return float(np.mean(error**2) + 6.0 * np.mean(pull**2))

    found = minimize(cost, start, method="Nelder-Mead", options={"maxiter": 1500, "maxfev": 1500})
    return np.asarray(found.x)


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(value, -40, 40)))


if __name__ == "__main__":
    main()
