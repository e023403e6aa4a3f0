"""How far a language model that gives full marks to everything gets, once code has checked it.

    python benchmarks/persuaded.py                     # the shown half of the gold set, hand-made rubrics
    python benchmarks/persuaded.py --derived-rubrics   # as for imported documents

The model is scripted: it calls every point covered and quotes every sentence of the answer. For answers that readers
find worthless the score shows what the checks hold back, for good ones that they don't stand in the way. The last column
is for an honest model: the share of answers that would lose more than 10 points if it judged just as the readers did.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agreement import DATA, question_of

from coach.grading.judge import Judge
from coach.grading.rubric import derive
from coach.grading.tally import _ceiling
from coach.llm.scripted import ScriptedModel
from coach.ports import Message
from coach.wiring import open_session

WORTHLESS = 20
"""Readers' score up to which an answer is worthless."""


def full_marks(messages: Sequence[Message]) -> str:
    """Every point covered, with every sentence of the answer as its quote."""
    lines = messages[-1].text.split("\n")
    data = {
        line.split(" ")[1]: json.loads(lines[at + 1]) for at, line in enumerate(lines) if line.startswith("-----BEGIN")
    }
    quotes = [part for part in re.split(r"(?<=[.!?])\s+|\n+", data["answer"]["answer"]) if part.strip()]
    rows = [
        {"id": row["id"], "quotes": quotes[at::4] + quotes[:3], "reason": "Said.", "verdict": "covered"}
        for at, row in enumerate(data["points"]["points"])
    ]
    return json.dumps({"points": rows, "false_claims": []})


def main() -> None:
    """Grade, compare, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--derived-rubrics", action="store_true")
    chosen = options.parse_args()
    coach = open_session(notice=lambda text: print(text, file=sys.stderr))
    model = ScriptedModel(otherwise=full_marks, context=64_000)
    judge = Judge(model, coach.offline_grader, coach.claims, coach.anchors)
    scores: dict[str, list[tuple[float, int, float]]] = defaultdict(list)
    for line in chosen.data.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = question_of(coach, row["question"])
        rubric = derive(question) if chosen.derived_rubrics else coach.rubric(question)
        grade = judge.grade(question, rubric, row["answer"])
        readers = 10 * statistics.mean(row["scores"])
        offline = coach.offline_grader.grade(question, rubric, row["answer"])
        lost = max(0.0, readers - _ceiling(offline, suspect=False))
        scores[row["kind"]].append((readers, grade.score or 0, lost))
    print(f"{'kind':<17} {'n':>3}  readers  persuaded judge (mean, share above {WORTHLESS})  an honest one hurt")
    for kind, pairs in scores.items():
        judged = [score for _, score, _ in pairs]
        above = statistics.mean(score > WORTHLESS for score in judged)
        below = statistics.mean(lost > 10 for _, _, lost in pairs)
        print(
            f"{kind:<17} {len(pairs):>3}  {statistics.mean(r for r, _, _ in pairs):7.1f}  {statistics.mean(judged):6.1f}"
            f"  {above:5.2f}  {below:5.2f}"
        )


if __name__ == "__main__":
    main()
