"""Agreement on public human-graded sets, graded as a user's own document: `coach import`, then `coach grade --batch`.

Called by ``agreement.py --public FOLDER``. The folder holds ``saf_en_v2.csv`` (SAF v2, MIT, Filighera et al. 2022) and
``sciEntsBank.csv`` (SemEval-2013 Task 7, CC BY-SA 3.0, Dzikovska et al. 2013); neither took part in any training.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent

Row = dict[str, str]


def report(folder: Path, most: int | None) -> None:
    """Print the figures of every set that the folder holds; ``most`` answers a set and split where it is given."""
    if (folder / "saf_en_v2.csv").is_file():
        saf(_rows(folder / "saf_en_v2.csv", most))
    if (folder / "sciEntsBank.csv").is_file():
        scientsbank(_rows(folder / "sciEntsBank.csv", most))


def saf(rows: Sequence[Row]) -> None:
    """Pearson r with the graders' scores, over all answers and over each split."""
    ours = graded(rows)
    theirs = np.array([float(row["score01"]) for row in rows])
    print(f"SAF v2: {len(rows)} answers, pooled r {_r(ours, theirs):.3f}")
    for split in sorted({row["split"] for row in rows}):
        at = [number for number, row in enumerate(rows) if row["split"] == split]
        print(f"  {split:<18} r {_r(ours[at], theirs[at]):.3f}  ({len(at)})")
    unseen = [number for number, row in enumerate(rows) if row["split"] != "train"]
    print(f"  both test splits   r {_r(ours[unseen], theirs[unseen]):.3f}  ({len(unseen)})")
    print(f"  within questions   r {_within(ours, theirs, rows):.3f}")


def scientsbank(rows: Sequence[Row]) -> None:
    """Macro-F1 of correct against the rest, with one threshold fitted on the training split."""
    ours = graded(rows)
    theirs = np.array([row["label_2way"] == "correct" for row in rows])
    train = np.array([row["split"] == "train" for row in rows])
    threshold = max(range(101), key=lambda cut: macro_f1(ours[train] >= cut, theirs[train]))
    print(f"SciEntsBank: {len(rows)} answers, correct from {threshold} on (fitted on the training split)")
    for split in sorted({row["split"] for row in rows}):
        at = np.array([row["split"] == split for row in rows])
        print(f"  {split:<18} 2-way macro-F1 {macro_f1(ours[at] >= threshold, theirs[at]):.3f}  ({at.sum()})")


def graded(rows: Sequence[Row], section: Callable[[Row], str] | None = None) -> np.ndarray:
    """Scores from 0 to 100, in order, by the real commands in a home of their own; ungraded counts as 0.

    ``section`` writes a question with its reference for the document that is imported.
    """
    with tempfile.TemporaryDirectory() as home:
        document = Path(home) / "public.json"
        first: dict[str, Row] = {}
        for row in rows:
            first.setdefault(row["question_id"], row)
        document = document.with_suffix(".md")
        document.write_text("".join((section or _section)(row) for row in first.values()), encoding="utf-8")
        _coach(home, "import", str(document), "--deck", "public")
        listed = json.loads(_coach(home, "questions", "--deck", "public", "--json"))["items"]
        if len(listed) != len(first):
            raise SystemExit(f"imported {len(listed)} questions of {len(first)}")
        ids = {name: item["id"] for name, item in zip(first, listed, strict=True)}
        batch = Path(home) / "answers.jsonl"
        lines = [json.dumps({"q": ids[row["question_id"]], "answer": row["student_answer"]}) for row in rows]
        batch.write_text("\n".join(lines) + "\n", encoding="utf-8")
        out = _coach(home, "grade", "--batch", str(batch), "--json", "--grader", "offline")
    return np.array([float(json.loads(line).get("score") or 0) for line in out.splitlines()])


def macro_f1(said: np.ndarray, true: np.ndarray) -> float:
    """Mean of the F1 of both classes."""
    found = []
    for said_side, true_side in ((said, true), (~said, ~true)):
        hits = float((said_side & true_side).sum())
        found.append(2 * hits / max(1.0, float(said_side.sum() + true_side.sum())))
    return sum(found) / 2


def noted(row: Row) -> str:
    """A section as study notes have it: the question as a heading, the answer below it with its own Markdown."""
    return f"## {row['question']}\n\n{row['reference_answer']}\n\n"


def _section(row: Row) -> str:
    question, answer = (" ".join(row[name].split()) for name in ("question", "reference_answer"))
    return f"## {question}\n\n**Answer:** {answer}\n\n"


def _coach(home: str, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    environment |= {"COACH_HOME": home, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "coach", *arguments], env=environment, cwd=home, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout


def _rows(path: Path, most: int | None) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if most is None:
        return rows
    by_split: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_split[row["split"]].append(row)
    return [row for group in by_split.values() for row in group[:: max(1, len(group) // most)]]


def _within(ours: np.ndarray, theirs: np.ndarray, rows: Sequence[Row]) -> float:
    """Pearson r after each question's own means are taken off."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[row["question_id"]].append(at)
    a, b = ours.copy(), theirs.copy()
    for at in groups.values():
        a[at] -= a[at].mean()
        b[at] -= b[at].mean()
    return _r(a, b)


def _r(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])
