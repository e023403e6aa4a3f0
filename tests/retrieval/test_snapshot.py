from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.domain import Chunk, Span
from coach.errors import StoreCorrupt
from coach.retrieval import index, snapshot
from coach.retrieval.rows import Part, Row, Writer
from coach.retrieval.snapshot import NEAR, Snapshot, load, write_vectors

from .toys import QUESTIONS, SEARCHES, BagEmbedder

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[Row]:
    def chunk(name: str, owner: str) -> Row:
        return Row(owner, Part.CHUNK, name * 32, Chunk(name, owner, f"text {name}", "A > B", Span(1, 9)))

    return [
        Row("q1", Part.QUESTION, "0" * 32),
        chunk("a", "q1"),
        chunk("b", "q1"),
        chunk("c", "q2"),
        chunk("d", "q2"),
        Row("q2", Part.SEARCH, "1" * 32),
        chunk("e", "q3"),
        Row("q4", Part.QUESTION, "2" * 32),
    ]


def vectors() -> np.ndarray:
    cosines = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9, NEAR - 0.01, 0.95])
    return np.stack([cosines, np.sqrt(1 - cosines**2)], 1).astype(np.float32)


X = np.array([1, 0], np.float32)


def save(folder: Path) -> None:
    with Writer(folder) as writer:
        for row in rows():
            writer.add(row)
        writer.finish()
    write_vectors(folder, iter([vectors()[:3], vectors()[3:]]), len(rows()), 2)


@pytest.fixture
def saved(tmp_path: Path) -> Snapshot:
    save(tmp_path / "s")
    found = load(tmp_path / "s")
    assert found is not None
    return found


def test_a_snapshot_comes_back_as_it_was_saved(saved: Snapshot) -> None:
    found = saved
    assert list(found.rows) == rows() and found.rows[-1] == rows()[-1] and found.rows[1:3] == rows()[1:3]
    keys = found.rows.keys()
    assert [key.hex() for key in keys] == [row.key for row in rows()]
    assert [found.rows.of(name) for name in ("q1", "q2", "q4", "q5")] == [(0, 3), (3, 6), (7, 8), (0, 0)]
    assert np.array_equal(found.vectors, vectors())
    assert isinstance(found.vectors, np.memmap)


def test_the_own_passage_comes_first_and_others_only_when_near(saved: Snapshot) -> None:
    found = saved.beside("q1", X, 5)
    assert [(chunk.id, round(cosine, 3)) for chunk, cosine in found] == [("b", 0.3), ("d", 0.8)]
    assert len(saved.beside("q1", X, 1)) == 1
    assert saved.beside("q1", X, 0) == []


def test_a_question_without_chunks_has_no_own_passage(saved: Snapshot) -> None:
    found = saved.beside("q4", X, 1)
    assert [chunk.id for chunk, _ in found] == ["d"]


def test_likeness_is_the_best_of_each_part(saved: Snapshot) -> None:
    (likeness,) = saved.likenesses(["q2"], X)
    assert (likeness.chunk, likeness.answer, likeness.search) == pytest.approx((0.8, 0.0, 0.9))
    assert likeness.row is not None and saved.rows.chunk(likeness.row).id == "d"
    assert saved.likenesses(["nobody"], X)[0].row is None


def test_a_large_snapshot_is_mapped_for_each_use(
    tmp_path: Path, saved: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, likeness = saved.beside("q1", X, 5), saved.likenesses(["q1", "q2"], X)
    monkeypatch.setattr(snapshot, "_AT_ONCE", 3)
    assert saved.beside("q1", X, 5) == whole
    assert saved.likenesses(["q1", "q2"], X) == likeness
    shutil.rmtree(tmp_path / "s")
    assert saved.beside("q1", X, 5) == whole, "later builds may have removed it under a reader"


@pytest.mark.parametrize("damage", ["head.json", "table.npy", "passages.jsonl", "vectors.npy"])
def test_damage_is_none(tmp_path: Path, damage: str) -> None:
    save(tmp_path)
    for raw in (b"", b"[1]", b'{"questions": ["q1"]}', (tmp_path / damage).read_bytes()[:-30]):
        (tmp_path / damage).write_bytes(raw)
        assert load(tmp_path) is None
    (tmp_path / damage).unlink()
    assert load(tmp_path) is None


def test_a_passage_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    save(tmp_path)
    passages = tmp_path / "passages.jsonl"
    passages.write_bytes(b"#" * passages.stat().st_size)
    found = load(tmp_path)
    assert found is not None
    with pytest.raises(StoreCorrupt, match="damaged"):
        found.rows.chunk(1)


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
