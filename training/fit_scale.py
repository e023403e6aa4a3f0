"""Fit the few numbers of coach.grading.score on the shown half of the gold set, questions kept apart.

    python training/fit_scale.py            # prints the parameters and what they reach on questions left out
    python training/fit_scale.py --ablation # what they reach on these when one part is withheld from the fit

Every parameter has the sign it should have by construction; the bends are bounded; length is not among them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from agreement import DATA, question_of, report

from coach.domain import Flag, Kind
from coach.grading import guard
from coach.grading.certainty import CLOSE
from coach.grading.claims import asserted
from coach.grading.evidence import asked_stems
from coach.grading.offline import claims_of
from coach.grading.score import LIST_CAP, story_share
from coach.grading.story import read_story
from coach.grading.verdicts import weigh
from coach.text.cleaning import plain
from coach.text.sentences import Statement
from coach.text.sentences import statements as statements_of
from coach.wiring import open_session

FOLDS = 8
LARGE = 15.0
"""Error, of 100, from which it counts by its size rather than by its square."""


@dataclass
class Case:
    """One answer, measured."""

    row: dict
    target: float
    behavioural: bool
    features: np.ndarray | None
    """coverage, wording, story, lean, topic; None where the guards settle it."""
    listed: bool
    related: float = 0.0
    """Share of its words in statements that are related to the question."""
    unguarded: np.ndarray | None = None
    """The same as if nothing had been settled or cut; None for an empty answer."""


def main() -> None:
    """Fit twice (told stories apart), and report on left-out questions."""
    cases = measured()
    if "--ablation" in sys.argv:
        ablation(cases)
        return
    scores, finals = left_out(cases)
    names = ("points", "words", "story", "bend", "steep", "middle", "topic_steep", "topic_middle")
    for behavioural, final in zip((False, True), finals, strict=True):
        print(
            "told stories" if behavioural else "other kinds", dict(zip(names, np.round(shaped(final), 3), strict=True))
        )
    print("\nOn questions left out of the fit:")
    report([(case.row, float(score)) for case, score in zip(cases, scores, strict=True)])
    print_certainty(cases, scores)
    print_trust(cases, scores)
    for kind in Kind:
        rows = [at for at, case in enumerate(cases) if case.row["coach_kind"] == kind.value]
        ours, theirs = scores[rows], np.array([cases[at].target for at in rows])
        print(f"{kind.value:<12} r {np.corrcoef(ours, theirs)[0, 1]:.3f}  ({len(rows)})")


def left_out(cases: list[Case]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Each answer's score by parameters that saw no answer to its question, and the parameters fitted on all."""
    scores = np.zeros(len(cases))
    finals = []
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
        finals.append(fit([cases[at] for at in chosen], behavioural))
    return scores, finals


WITHHELD = {
    "points said": (0, 0.0),
    "words of the points": (1, 0.0),
    "told story": (2, 0.0),
    "truth of the claims": (3, 1.0),
    "nearness to the subject": (4, 1.0),
}
"""Part -> its column among the features, and the value at which it says nothing."""


def ablation(cases: list[Case]) -> None:
    """The same figures when one part is the same for every answer, and when the guards settle nothing but silence."""
    target = np.array([case.target for case in cases])
    print("withheld                      r    MAE  P(good > wrong)")
    for name, (column, value) in {"nothing": (0, None), **WITHHELD}.items():
        changed = []
        for case in cases:
            features = case.features
            if features is not None and value is not None:
                features = features.copy()
                features[column] = value
            changed.append(Case(case.row, case.target, case.behavioural, features, case.listed))
        _line(name, left_out(changed)[0], target, cases)
    unguarded = [Case(case.row, case.target, case.behavioural, case.unguarded, False) for case in cases]
    _line("guards", left_out(unguarded)[0], target, cases)


def _line(name: str, scores: np.ndarray, target: np.ndarray, cases: list[Case]) -> None:
    good, wrong = (
        {case.row["question"]: score for case, score in zip(cases, scores, strict=True) if case.row["kind"] == kind}
        for kind in ("good", "wrong")
    )
    above = np.mean([good[question] > wrong[question] for question in good if question in wrong])
    r = np.corrcoef(scores, target)[0, 1]
    print(f"{name:<26} {r:.3f}  {np.abs(scores - target).mean():5.1f}  {above:.3f}")


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


SURE = 0.8
"""Confidence from which a grade counts as sure."""


def print_trust(cases: list[Case], scores: np.ndarray) -> None:
    """The parameters of the confidence, and on questions left out of their fit: how often it is right, by its size."""
    chosen = [at for at, case in enumerate(cases) if case.features is not None]
    error = np.array([abs(round(scores[at]) - cases[at].target) for at in chosen])
    doubts = np.array([(abs(round(scores[at]) - 50) / 50, -cases[at].related) for at in chosen])
    asked = np.array([cases[at].row["question"] for at in chosen])
    confidence = np.zeros(len(chosen))
    questions = sorted(set(asked))
    for fold in range(FOLDS):
        left_out = np.isin(asked, questions[fold::FOLDS])
        confidence[left_out] = chance(fit_trust(doubts[~left_out], error[~left_out] <= CLOSE), doubts[left_out])
    print("confidence:", np.round(fit_trust(doubts, error <= CLOSE), 2))
    for least in np.arange(0.2, 1.0, 0.1):
        inside = (confidence >= least) & (confidence < least + 0.1)
        if inside.any():
            close, within = np.mean(error[inside] <= CLOSE), np.mean(error[inside] <= 15)
            print(
                f"{least:.1f} - {least + 0.1:.1f}  {inside.sum():4}  {close:.2f} within {CLOSE}, {within:.2f} within 15"
            )
    sure = confidence >= SURE
    print(f"{sure.sum()} of {len(sure)} are sure ({SURE}); {np.mean(error[sure] <= 15):.3f} of these within 15")


def chance(parameters: np.ndarray, doubts: np.ndarray) -> np.ndarray:
    """Confidence for rows of (distance from the middle, related share turned round)."""
    return _sigmoid(parameters[0] + doubts @ parameters[1:])


def fit_trust(doubts: np.ndarray, close: np.ndarray) -> np.ndarray:
    """Logistic regression with a light pull to zero, as scikit-learn has it by default; signs as they should be."""
    from scipy.optimize import minimize

    def cost(parameters: np.ndarray) -> float:
        sure = np.clip(chance(parameters, doubts), 1e-9, 1 - 1e-9)
        loss = -np.sum(np.log(np.where(close, sure, 1 - sure)))
        return float(loss + 0.5 * np.sum((parameters[1:] * doubts.std(axis=0)) ** 2))

    bounds = [(None, None), (0, None), (0, None)]
    return np.asarray(minimize(cost, np.zeros(3), method="L-BFGS-B", bounds=bounds).x)


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

        def weighed(
            statements: Sequence[Statement], row: dict = row, question=question, rubric=rubric
        ) -> tuple[np.ndarray, float]:
            kept, spoken = claims_of(statements, row["answer"])
            encoded = grader._embedder.encode([asserted(statement.text) for statement in kept])
            weighing = weigh(
                rubric, grader._anchors_of(question, rubric), kept, encoded, asked_stems(question.text), spoken
            )
            story = story_share(read_story(statements))
            features = np.array([weighing.coverage, weighing.wording, story, weighing.lean, weighing.topic])
            return features, weighing.related

        every = statements_of(row["answer"])
        unguarded = weighed(every)[0] if every else None
        features, related = None, 0.0
        if screened.settled is None and screened.kept:
            features, related = weighed(screened.kept)
        target = 10 * float(np.mean(row["scores"]))
        listed = Flag.KEYWORD_STUFFING in screened.flags
        cases.append(Case(row, target, question.kind is Kind.BEHAVIOURAL, features, listed, related, unguarded))
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
    """Least errors with a pull to the start: light, and ten times as strong for the few told stories."""
    from scipy.optimize import minimize

    start = np.array([0.6, -0.5, 0.6 if behavioural else -3.0, 0.0, 1.1, 0.1, 3.0, 0.62])
    used = [case for case in train if case.features is not None and not case.listed]
    target = np.array([case.target for case in used])
    features = np.stack([case.features for case in used])

    def cost(raw: np.ndarray) -> float:
        error = curve(raw, features, behavioural) - target
        pull = (raw - start) / np.array([1, 1, 1, 1.5, 0.4, 0.3, 0.4, 0.05])
        # Squares up to about LARGE, then straight: what is quite misread should not bend the scale for the rest.
        loss = 2 * LARGE * (np.sqrt(error**2 + LARGE**2) - LARGE)
        return float(np.mean(loss) + (60.0 if behavioural else 6.0) * np.mean(pull**2))

    found = minimize(cost, start, method="Nelder-Mead", options={"maxiter": 1500, "maxfev": 1500})
    return np.asarray(found.x)


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(value, -40, 40)))


if __name__ == "__main__":
    main()
