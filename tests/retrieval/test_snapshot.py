from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.domain import Chunk, Span
from coach.retrieval import index
from coach.retrieval.snapshot import NEAR, Part, Row, Snapshot, load, save

from .toys import QUESTIONS, SEARCHES, BagEmbedder

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[Row]:
    def chunk(name: str, owner: str) -> Row:
        return Row(owner, Part.CHUNK, name * 8, Chunk(name, owner, f"text {name}", "A > B", Span(1, 9)))

    return [
        Row("q1", Part.QUESTION, "k"),
        chunk("a", "q1"),
        chunk("b", "q1"),
        chunk("c", "q2"),
        chunk("d", "q2"),
        Row("q2", Part.SEARCH, "s"),
        chunk("e", "q3"),
        Row("q4", Part.QUESTION, "k4"),
    ]


def vectors() -> np.ndarray:
    cosines = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9, NEAR - 0.01, 0.95])
    return np.stack([cosines, np.sqrt(1 - cosines**2)], 1).astype(np.float32)


X = np.array([1, 0], np.float32)


def test_a_snapshot_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    save(tmp_path / "s", rows(), vectors())
    found = load(tmp_path / "s")
    assert found is not None and list(found.rows) == rows()
    assert np.array_equal(found.vectors, vectors())
    assert isinstance(found.vectors, np.memmap)


def test_the_own_passage_comes_first_and_others_only_when_near() -> None:
    found = Snapshot(rows(), vectors()).beside("q1", X, 5)
    assert [(chunk.id, round(cosine, 3)) for chunk, cosine in found] == [("b", 0.3), ("d", 0.8)]
    assert len(Snapshot(rows(), vectors()).beside("q1", X, 1)) == 1
    assert Snapshot(rows(), vectors()).beside("q1", X, 0) == []


def test_a_question_without_chunks_has_no_own_passage() -> None:
    found = Snapshot(rows(), vectors()).beside("q4", X, 1)
    assert [chunk.id for chunk, _ in found] == ["d"]


def test_likeness_is_the_best_of_each_part() -> None:
    likeness = Snapshot(rows(), vectors()).likeness("q2", X)
    assert (likeness.chunk, likeness.answer, likeness.search) == pytest.approx((0.8, 0.0, 0.9))
    assert likeness.passage is not None and likeness.passage.id == "d"
    assert Snapshot(rows(), vectors()).likeness("nobody", X).passage is None


@pytest.mark.parametrize("damage", ["rows.json", "vectors.npy"])
def test_damage_is_none(tmp_path: Path, damage: str) -> None:
    save(tmp_path, rows(), vectors())
    for raw in (b"", b"[1]", b'[["q","c","k",1]]', (tmp_path / damage).read_bytes()[:-30]):
        (tmp_path / damage).write_bytes(raw)
        assert load(tmp_path) is None
    (tmp_path / damage).unlink()
    assert load(tmp_path) is None


def test_only_a_fitting_snapshot_opens_and_chromadb_stays_shut(tmp_path: Path) -> None:
    assert Snapshot.open(tmp_path, "bag-of-words") is None
    index.build(QUESTIONS, SEARCHES, BagEmbedder(), tmp_path)
    assert Snapshot.open(tmp_path, "another model") is None
    script = (
        "import sys, pathlib; from coach.retrieval import index, search\n"
        "from coach.retrieval.snapshot import Snapshot\n"
        f"found = Snapshot.open(pathlib.Path({str(tmp_path)!r}), 'bag-of-words')\n"
        "print(len(found.beside('q1', found.vectors[0], 1)), {'chromadb', 'torch', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "1 set()\n", done.stderr
