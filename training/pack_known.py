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

DIRECTIONS = 256
"""Of the encoder's 384 in which the statements differ most: they hold 96 % of the vectors' squares, and the cosine of near
statements changes by 0.005, hardly more than by the rounding to 8 bits."""


@dataclass
class Subject:
    """One question, or one file of confusions."""

    name: str
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)
    """For each of ``wrong``."""
    right_of: list[int] = field(default_factory=list)
    """For each of ``right`` the number of its matter within the subject."""
    wrong_of: list[int] = field(default_factory=list)
    """The same for each of ``wrong``."""

    def add(self, right: list[str], wrong: list[tuple[str, str]]) -> None:
        """One matter: ways to say it, and what is falsely said of it with what is true instead. Nothing where one side lacks."""
        if right and wrong:
            number = max(self.right_of, default=-1) + 1
            self.right += right
            self.right_of += [number] * len(right)
            self.wrong += [false for false, _ in wrong]
            self.wrong_of += [number] * len(wrong)
            self.truths += [truth for _, truth in wrong]


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
    basis = directions(np.concatenate([*right, *wrong]))
    matrices = {
        "right": np.concatenate(right) @ basis,
        "wrong": np.concatenate(wrong) @ basis,
        "basis": basis,
        "subjects": about,
    }
    arrays: dict[str, np.ndarray] = {}
    for label, matrix in matrices.items():
        arrays[label], arrays[f"{label}_scale"] = quantised(matrix.astype(np.float32), by_row=label != "basis")
    for label in ("right_of", "wrong_of"):
        arrays[label] = matters([getattr(subject, label) for subject in subjects])
    truths = json.dumps([truth for subject in subjects for truth in subject.truths], ensure_ascii=False)
    arrays["truths"] = np.frombuffer(zlib.compress(truths.encode(), 9), dtype=np.uint8)
    arrays["made_from"] = np.frombuffer(made_from(subjects).encode(), dtype=np.uint8)
    np.savez_compressed(PACK / KNOWN, **arrays)
    size = (PACK / KNOWN).stat().st_size / 1e6
    print(f"{len(arrays['right'])} right, {len(arrays['wrong'])} false, {len(subjects)} subjects: {size:.1f} MB")
    print(f"{PACK}: {sum(file.stat().st_size for file in PACK.iterdir()) / 1e6:.1f} MB")


def directions(vectors: np.ndarray) -> np.ndarray:
    """Orthonormal columns, shape (d, DIRECTIONS): those that hold most of the rows (n, d)."""
    _, found = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)
    return found[:, ::-1][:, :DIRECTIONS]


def matters(numbers: list[list[int]]) -> np.ndarray:
    """The numbers of matters within each subject as numbers over all."""
    first = 0
    found: list[int] = []
    for own in numbers:
        found += [first + number for number in own]
        first += max(own, default=-1) + 1
    return np.array(found, dtype=np.uint16)


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
            false = [
                (text, wrong.why or point.text)
                for wrong in point.misconceptions
                for text in (wrong.text, *wrong.also[:ALSO_KEPT])
            ]
            subject.add([point.text, *point.right[:RIGHT_KEPT]], false)
        for aside in rubric.asides:
            subject.add([aside.right], [(aside.wrong, aside.why or aside.right)])
        found.append(subject)
    return found


def confusion_subjects() -> list[Subject]:
    """One a file of training/confusions."""
    found = []
    for path in sorted((ROOT / "training" / "confusions").rglob("*.tsv")):
        subject = Subject(path.stem)
        for line in path.read_text(encoding="utf-8").splitlines():
            columns = [column.strip() for column in line.split("\t")]
            if len(columns) == 4 and all(columns):
                reference, agrees, contradicts, _ = columns
                subject.add([reference, agrees], [(contradicts, reference)])
        found.append(subject)
    return found


if __name__ == "__main__":
    main()
