from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.errors import StoreCorrupt, StoreLocked, StoreUnwritable
from coach.retrieval import index, store
from coach.retrieval.journal import Journal
from coach.retrieval.search import Search
from coach.retrieval.snapshot import Snapshot, read_stamp, stamp_path
from coach.storage import writer_lock

from .toys import BY_ID, QUESTIONS, SEARCHES, BagEmbedder, question

SIXTH = question(6, "What is a sixth question?", "#### One\n\nIts answer.\n\n#### Two\n\nIts rest.")


def best(folder: Path, text: str) -> str:
    search = Search(folder, BagEmbedder(), {**BY_ID, "q6": SIXTH})
    found = search.search(text, 1)[0].question.id
    search.close()
    return found


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[-1].isdigit() or path.suffix == ".sqlite")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    index.build(QUESTIONS, SEARCHES, BagEmbedder(), tmp_path)
    return tmp_path


def test_only_what_changed_is_embedded(tmp_path: Path) -> None:
    bag = BagEmbedder()
    first = index.build(QUESTIONS, SEARCHES, bag, tmp_path)
    assert first.embedded == len(bag.seen) == len(set(bag.seen)) and (first.reused, first.removed) == (0, 0)
    assert first.generation == 1 and first.chunks == 5

    bag.seen.clear()
    again = index.build(QUESTIONS, SEARCHES, bag, tmp_path)
    assert bag.seen == []
    assert again == index.IndexReport(0, first.embedded, 0, 5, 1)

    changed = dataclasses.replace(QUESTIONS[0], reference=QUESTIONS[0].reference.replace("constant", "fast"))
    third = index.build((changed, *QUESTIONS[1:]), SEARCHES, bag, tmp_path)
    assert len(bag.seen) == third.embedded == 2, "the chunk and the whole answer"
    assert (third.reused, third.removed, third.generation) == (first.embedded - 2, 2, 2)

    fourth = index.build(QUESTIONS[1:], SEARCHES, bag, tmp_path)
    assert fourth.embedded == 0 and fourth.removed > 0 and fourth.chunks == 3
    assert best(tmp_path, "least recently used entry") != "q1"


def test_the_sixth_question_is_found_once_it_is_in(built: Path) -> None:
    index.build((*QUESTIONS, SIXTH), SEARCHES, BagEmbedder(), built)
    assert best(built, "sixth") == "q6"


def test_a_rebuild_embeds_everything_in_a_new_folder(built: Path) -> None:
    report = index.build(QUESTIONS, SEARCHES, BagEmbedder(), built, rebuild=True)
    assert report.reused == 0 and report.generation == 2
    assert generations(built) == [
        "chroma-1",
        "chroma-2",
        "snapshot-1",
        "snapshot-2",
        "words-1.sqlite",
        "words-2.sqlite",
    ]
    index.build(QUESTIONS[1:], SEARCHES, BagEmbedder(), built)
    assert generations(built) == ["chroma-2", "snapshot-2", "snapshot-3", "words-2.sqlite", "words-3.sqlite"]
    opened = store.Store(built / "chroma-2")
    assert [name.rsplit("-", 1)[1] for name in opened.names()] == ["2", "3"]
    opened.close()


def test_another_model_makes_all_anew_and_is_not_current(built: Path) -> None:
    other = BagEmbedder()
    other.fingerprint = "another"
    digest = index.digest(QUESTIONS, SEARCHES)
    assert index.is_current(digest, "bag-of-words", built)
    assert not index.is_current(digest, "another", built)
    report = index.build(QUESTIONS, SEARCHES, other, built)
    assert report.reused == 0 and index.is_current(digest, "another", built)


def test_another_chroma_takes_a_new_folder_but_keeps_the_vectors(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "version", lambda: "99.0")
    assert not index.is_current(index.digest(QUESTIONS, SEARCHES), "bag-of-words", built)
    report = index.build(QUESTIONS, SEARCHES, BagEmbedder(), built)
    assert report.embedded == 0 and (built / "chroma-2").is_dir()


def test_the_digest_sees_text_answers_searches_and_order() -> None:
    base = index.digest(QUESTIONS, SEARCHES)
    assert base == index.digest(list(QUESTIONS), {key: list(value) for key, value in reversed(SEARCHES.items())})
    edited = (dataclasses.replace(QUESTIONS[0], text="Other?"), *QUESTIONS[1:])
    others = [index.digest(edited, SEARCHES), index.digest(QUESTIONS, {}), index.digest(QUESTIONS[1:], SEARCHES)]
    assert len({base, *others}) == 4


@pytest.mark.parametrize("missing", ["current.json", "words-1.sqlite", "snapshot-1", "chroma-1"])
def test_what_is_missing_or_damaged_is_made_again(built: Path, missing: str) -> None:
    path = built / missing
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_text("garbage") if missing == "current.json" else path.unlink()
    assert not index.is_current(index.digest(QUESTIONS, SEARCHES), "bag-of-words", built)
    index.build(QUESTIONS, SEARCHES, BagEmbedder(), built, rebuild=missing == "chroma-1")
    assert best(built, "least recently used entry") == "q1"


def test_a_damaged_store_says_so_and_a_rebuild_mends_it(built: Path) -> None:
    shutil.rmtree(built / "chroma-1")
    (built / "chroma-1").mkdir()
    (built / "chroma-1" / "chroma.sqlite3").write_bytes(b"damaged" * 999)
    with pytest.raises(StoreCorrupt, match="index --rebuild"):
        best(built, "least recently used entry")
    index.build(QUESTIONS, SEARCHES, BagEmbedder(), built, rebuild=True)
    assert best(built, "least recently used entry") == "q1"


def test_one_writer_at_a_time(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "WAIT_SECONDS", 0.05)
    with writer_lock(built / "lock", "building the index"), pytest.raises(StoreLocked, match="building the index"):
        index.build((*QUESTIONS, SIXTH), SEARCHES, BagEmbedder(), built)
    assert read_stamp(built) is not None


def test_a_full_disk_leaves_the_old_generation(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coach.storage.os.fsync", full)
    with pytest.raises(StoreUnwritable):
        index.build((*QUESTIONS, SIXTH), SEARCHES, BagEmbedder(), built)
    monkeypatch.undo()
    assert best(built, "least recently used entry") == "q1"
    assert index.is_current(index.digest(QUESTIONS, SEARCHES), "bag-of-words", built)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnwritable):
        index.build(QUESTIONS, SEARCHES, BagEmbedder(), tmp_path / "file" / "index")


def test_a_kill_at_any_moment_leaves_an_index_and_the_next_build_goes_on(built: Path, tmp_path: Path) -> None:
    points = ("embedding", "words", "half a store", "stamp", "sweep")
    script = Path(__file__).with_name("killed_build.py")
    running = []
    for number, point in enumerate(points):
        copy = tmp_path.parent / f"{tmp_path.name}-copy{number}"
        shutil.copytree(built, copy)
        command = [sys.executable, str(script), point, str(copy)]
        running.append((point, copy, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)))
    for point, copy, process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == -9, (point, errors.decode())
        assert best(copy, "least recently used entry") == "q1", point
        assert Snapshot.open(copy, "bag-of-words") is not None, point
        bag = BagEmbedder()
        report = index.build((*QUESTIONS, SIXTH), SEARCHES, bag, copy)
        assert report.generation == (2 if point == "sweep" else 3), point
        assert not (copy / "snapshot-2").exists() or point == "sweep", point
        assert len(bag.seen) == {"embedding": 2}.get(point, 0), point
        assert best(copy, "sixth") == "q6", point
        opened = store.Store(copy / "chroma-1")
        assert len(opened.names()) == 2, point
        opened.close()
        assert not list(copy.glob("journal-*"))


def test_a_torn_journal_keeps_what_is_whole(tmp_path: Path) -> None:
    unit = np.eye(2, 8, dtype=np.float32)
    one, two, three = (bytes([number]) * 16 for number in range(3))
    with Journal(tmp_path, "print", 8) as journal:
        journal.find()
        assert one not in journal
        journal.append([one, two], unit)
    journal.path.write_bytes(journal.path.read_bytes()[:-5])
    with Journal(tmp_path, "print", 8) as journal:
        journal.find()
        assert one in journal and two not in journal
        journal.append([three], unit[1:])
        assert np.array_equal(journal.vectors([three, one]), unit[::-1])


def test_a_record_that_is_no_unit_vector_is_made_again(tmp_path: Path) -> None:
    with Journal(tmp_path, "print", 8) as journal:
        journal.append([b"a" * 16, b"b" * 16], np.stack([np.zeros(8), np.eye(1, 8)[0]]).astype(np.float32))
    journal.find()
    assert b"a" * 16 not in journal and b"b" * 16 in journal


def test_progress_ends_at_its_total(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    index.build(QUESTIONS, SEARCHES, BagEmbedder(), tmp_path, progress=lambda *step: told.append(step))
    last = {name: (done, total) for name, done, total in told}
    assert set(last) == {"embedding", "storing"}
    assert all(done == total > 0 for done, total in last.values())


def test_no_questions_make_an_empty_index(tmp_path: Path) -> None:
    assert index.build([], {}, BagEmbedder(), tmp_path).chunks == 0
    search = Search(tmp_path, BagEmbedder(), {})
    assert search.search("anything", 3) == []
    search.close()


def test_a_stamp_of_the_wrong_shape_is_none(built: Path) -> None:
    for text in ("", "[]", "{}", '{"schema": 1}', "\x00"):
        stamp_path(built).write_text(text)
        assert read_stamp(built) is None
