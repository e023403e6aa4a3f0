"""Pack what is commonly said, rightly and wrongly, about the subjects that coach knows (coach/models/claims/known.npz).

    python training/pack_known.py

Statements of the hand-made rubrics and of training/confusions as vectors of the shipped claims encoder, in 8 bits, and
for each false one what is true instead. Run it after either of these has changed. Grading reads it where a rubric lists
no misconceptions (``coach/grading/checked.py``).
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import tomllib
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach.catalogue.rubrics import parse
from coach.config import Paths
from coach.models import stamp as stamps
from coach.models.shipped import KNOWN, PACK, open_claims, quantised

RIGHT_KEPT, ALSO_KEPT = 3, 0
"""Right phrasings of a point, and other wordings of a misconception, that are taken: with twice as many the figures are
the same and the file is twice as large."""


@dataclass
class Subject:
    """One question, or one file of confusions."""

    name: str
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)
    """For each of ``wrong``."""


def main() -> None:
    """Read, embed, write."""
    subjects = [*rubric_subjects(), *confusion_subjects()]
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        encoder = open_claims(Paths(home, (), home, home / "config.toml", home / "index", ()))
        right = [encoder.vectors(subject.right) for subject in subjects]
        wrong = [encoder.vectors(subject.wrong) for subject in subjects]
    about = np.stack([vectors.mean(axis=0) for vectors in right])
    about /= np.linalg.norm(about, axis=1, keepdims=True)
    arrays: dict[str, np.ndarray] = {}
    for label, matrix in (("right", np.concatenate(right)), ("wrong", np.concatenate(wrong)), ("subjects", about)):
        arrays[label], arrays[f"{label}_scale"] = quantised(matrix.astype(np.float32), by_row=True)
    truths = json.dumps([truth for subject in subjects for truth in subject.truths], ensure_ascii=False)
    arrays["truths"] = np.frombuffer(zlib.compress(truths.encode(), 9), dtype=np.uint8)
    arrays["made_from"] = np.frombuffer(made_from(subjects).encode(), dtype=np.uint8)
    np.savez_compressed(PACK / KNOWN, **arrays)
    size = (PACK / KNOWN).stat().st_size / 1e6
    print(f"{len(arrays['right'])} right, {len(arrays['wrong'])} false, {len(subjects)} subjects: {size:.1f} MB")
    print(f"{PACK}: {sum(file.stat().st_size for file in PACK.iterdir()) / 1e6:.1f} MB")


def made_from(subjects: list[Subject]) -> str:
    """Hex digest over encoder and statements, by which a test sees that the packed vectors are theirs."""
    texts = json.dumps([[subject.name, subject.right, subject.wrong, subject.truths] for subject in subjects])
    return hashlib.sha256(f"{stamps.read(PACK).fingerprint} {texts}".encode()).hexdigest()


def rubric_subjects() -> list[Subject]:
    """One a hand-made rubric, called ``deck/number``."""
    found = []
    for path in sorted((ROOT / "corpus" / "rubrics").glob("*/*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rubric = parse(data, path.stem, "shipped", str(path))
        subject = Subject(f"{path.parent.name}/{path.stem}")
        for point in rubric.points:
            subject.right += [point.text, *point.right[:RIGHT_KEPT]]
            for false in point.misconceptions:
                wordings = [false.text, *false.also[:ALSO_KEPT]]
                subject.wrong += wordings
                subject.truths += [false.why or point.text] * len(wordings)
        for aside in rubric.asides:
            subject.right.append(aside.right)
            subject.wrong.append(aside.wrong)
            subject.truths.append(aside.why or aside.right)
        found.append(subject)
    return found


def confusion_subjects() -> list[Subject]:
    """One a file of training/confusions."""
    found = []
    for path in sorted((ROOT / "training" / "confusions").glob("*.tsv")):
        subject = Subject(path.stem)
        for line in path.read_text(encoding="utf-8").splitlines():
            columns = [column.strip() for column in line.split("\t")]
            if len(columns) == 4 and all(columns):
                reference, agrees, contradicts, _ = columns
                subject.right += [reference, agrees]
                subject.wrong.append(contradicts)
                subject.truths.append(reference)
        found.append(subject)
    return found


if __name__ == "__main__":
    main()
