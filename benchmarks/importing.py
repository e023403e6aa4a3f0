"""How well the importer recognises questions: every document with a ``*.truth.json`` beside it in a folder.

    python benchmarks/importing.py FOLDER [--misses]

The truth of ``notes.md`` is ``notes.md.truth.json``: an object whose ``questions`` each have ``question`` and
``has_answer``, and may have ``section`` (and ``subsection``: either is right), ``line`` and ``answer_starts``. A question counts as found where its text does, letters and
digits only; of repeated texts each counts. Documents in whose truth nothing is answered are negative controls as far
as answers go. Seconds are of processor time, for reading the file and parsing it, best of three.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coach.catalogue.library import normalised
from coach.domain import ParsedQuestion
from coach.importing import READERS, read
from coach.text.cleaning import one_line


@dataclass
class Row:
    """What one document came to."""

    name: str
    truth: int
    found: int
    matched: int
    answers_right: int
    sections: int
    sections_right: int
    answered_wrongly: int
    """Answers that the truth has not, in a document without answers; None in others."""
    seconds: float
    megabytes: float
    starts: int = 0
    starts_right: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    wrong_answers: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was found that is a question."""
        return self.matched / self.found if self.found else float(self.truth == 0)

    @property
    def recall(self) -> float:
        """Share of the questions that were found."""
        return self.matched / self.truth if self.truth else float(self.found == 0)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def key(text: str) -> str:
    """A text as far as it counts for comparing."""
    return normalised(unicodedata.normalize("NFKC", one_line(text)))


def same_start(expected: str, answer: str) -> bool:
    """Whether an answer starts as the truth says, a label before either of them aside."""
    want, have = (_words(text)[:4] for text in (expected, answer[:400]))
    return have[: len(want)] == want[: len(have)] and bool(have)


def _words(text: str) -> list[str]:
    bare = re.sub(r"```\w*|[`<>]", " ", text)
    return re.sub(r"^(?:answers? )+", "", key(bare)).split()


def compare(name: str, truth: Sequence[dict[str, Any]], found: Sequence[ParsedQuestion]) -> Row:
    """Pair questions of one text in order, those on the truth's own line first."""
    waiting: dict[str, list[ParsedQuestion]] = defaultdict(list)
    for question in found:
        waiting[key(question.text)].append(question)
    row = Row(name, len(truth), len(found), 0, 0, 0, 0, 0, 0.0, 0.0)
    for item in truth:
        same = waiting[key(item["question"])]
        if not same:
            row.missed.append(f"{item.get('line')}: {item['question']}")
            continue
        question = next((one for one in same if one.line == item.get("line")), same[0])
        same.remove(question)
        row.matched += 1
        right = question.has_answer == item["has_answer"]
        row.answers_right += right
        if not right:
            row.wrong_answers.append(f"{question.line}: {question.text} -> {question.answer[:100]!r}")
        if item.get("answer_starts") and item["has_answer"]:
            row.starts += 1
            row.starts_right += same_start(item["answer_starts"], question.answer)
            if not same_start(item["answer_starts"], question.answer):
                row.wrong_answers.append(
                    f"{question.line}: starts {question.answer[:60]!r}, not {item['answer_starts']!r}"
                )
        if "section" in item:
            row.sections += 1
            names = {key(item.get(level) or "") for level in ("section", "subsection")} - (
                {""} if item["section"] else set()
            )
            row.sections_right += key(question.section or "") in names
    row.invented = [f"{question.line}: {question.text}" for rest in waiting.values() for question in rest]
    if not any(item["has_answer"] for item in truth):
        row.answered_wrongly = sum(question.has_answer for question in found)
    return row


def measured(path: Path) -> Row:
    """The row of one document."""
    truth = json.loads(path.with_name(path.name + ".truth.json").read_text(encoding="utf-8"))
    spent = []
    for _ in range(3):
        start = time.process_time()
        document = read(path)
        spent.append(time.process_time() - start)
    row = compare(f"{path.parent.name}/{path.name}", truth["questions"], document.questions)
    row.seconds, row.megabytes = min(spent), path.stat().st_size / 1e6
    return row


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="name what was missed and what was invented")
    chosen = parser.parse_args()
    suffix = ".truth.json"
    documents = [path.with_name(path.name.removesuffix(suffix)) for path in sorted(chosen.folder.rglob(f"*{suffix}"))]
    rows = []
    for path in documents:
        if path.suffix.lower() not in READERS:
            print(f"not read: {path.name} ({path.suffix} has no reader)")
            continue
        rows.append(measured(path))
    print(
        f"{'document':44} {'truth':>5} {'found':>5} {'P':>6} {'R':>6} {'F1':>6} {'answer':>6} {'starts':>6} {'sect.':>6} {'MB/s':>6}"
    )
    for row in rows:
        answers = row.answers_right / row.matched if row.matched else 1.0
        sections = f"{row.sections_right / row.sections:6.3f}" if row.sections else "     -"
        starts = f"{row.starts_right / row.starts:6.3f}" if row.starts else "     -"
        print(
            f"{row.name[-44:]:44} {row.truth:5} {row.found:5} {row.precision:6.3f} {row.recall:6.3f} {row.f1:6.3f}"
            f" {answers:6.3f} {starts} {sections} {row.megabytes / row.seconds:6.2f}"
            + (f"  answers invented: {row.answered_wrongly}" if row.answered_wrongly else "")
        )
        if chosen.misses:
            for title, texts in (
                ("missed", row.missed),
                ("invented", row.invented),
                ("answer wrong", row.wrong_answers),
            ):
                for text in texts:
                    print(f"    {title}: {text[:160]}")
    if rows:
        matched = sum(row.matched for row in rows)
        judged = sum(row.sections for row in rows)
        print(
            f"\nmacro F1 {sum(row.f1 for row in rows) / len(rows):.4f}, "
            f"has-answer {sum(row.answers_right for row in rows) / max(matched, 1):.4f} of {matched} matched, "
            f"section {sum(row.sections_right for row in rows) / max(judged, 1):.4f}, "
            f"{sum(row.megabytes for row in rows) / sum(row.seconds for row in rows):.2f} MB/s"
        )


if __name__ == "__main__":
    main()
