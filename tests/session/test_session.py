from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.catalogue import rubrics
from coach.domain import Rubric, Status
from coach.errors import ConfigError, NotFound, StoreLocked, UsageError
from coach.retrieval import index
from coach.session import Session
from coach.session.batch import batch
from coach.session.grading import ad_hoc_question
from coach.session.searches import kept_searches
from session.conftest import DOCUMENT

Open = Callable[[], Session]

SALTED = "Every read has to ask for each salted variant of the key, and an aggregation takes two steps."


def test_a_grade_builds_what_it_needs_once(opened: Open, notices: list[str]) -> None:
    first = opened()
    grade = first.grade(first.library.find("2"), SALTED)
    assert grade.status is Status.GRADED
    assert [passage.question.number for passage in grade.references][:1] == [2]
    assert len(notices) == 1
    second = opened()
    assert second.grade(second.library.find("2"), SALTED) == grade
    assert len(notices) == 1, "nothing is built twice, and nothing said"


def test_a_batch_grades_as_single_calls_do(opened: Open) -> None:
    session = opened()
    rows = [{"q": 2, "answer": SALTED}, {"q": "caches/1", "answer": "The end of a list ordered by use."}, {"q": 2}]
    lines = list(batch(session, "\n".join(map(json.dumps, rows)), False, "offline"))
    assert [line.line for line in lines] == [1, 2, 3]
    assert lines[0].grade == session.grade(session.library.find("2"), SALTED)
    assert lines[1].grade is not None
    assert lines[1].grade.question.number == 1
    assert lines[2].grade is None
    assert lines[2].error


def test_a_model_that_is_not_there_ends_a_batch(opened: Open) -> None:
    with pytest.raises(ConfigError):
        list(batch(opened(), '{"q": 2, "answer": "x"}', False, "llm"))


def test_an_edited_rubric_counts_at_once(opened: Open) -> None:
    session = opened()
    question = session.library.find("2")
    derived = session.rubric(question)
    assert session.rubric(question) is derived, "read once"
    changed = rubrics.as_toml(derived, question).replace("every salted variant", "each salted variant")
    edited = rubrics.save_overlay(question, session.paths, changed)
    assert session.rubric(question) == edited != derived
    assert session.rubric(question).origin == "edited"


def test_a_question_outside_any_deck_is_stable() -> None:
    made = ad_hoc_question("What  is\nit?", "**It:** a thing.")
    assert made == ad_hoc_question("What  is\nit?", "**It:** a thing.")
    assert made.text == "What is it?"
    assert made.id != ad_hoc_question("What is it?", "Another.").id


def test_searches_are_kept_until_a_rubric_or_document_changes(opened: Open) -> None:
    session = opened()
    read: list[int] = []

    def reading() -> dict[str, tuple[str, ...]]:
        read.append(1)
        return {"q": ("one",)}

    for _ in range(2):
        assert kept_searches(session.library, session.paths, reading) == {"q": ("one",)}
    assert len(read) == 1
    folder = session.paths.rubric_overlay / "caches"
    folder.mkdir(parents=True)
    (folder / "x.toml").write_text("")
    kept_searches(session.library, session.paths, reading)
    assert len(read) == 2
    os.utime(folder / "x.toml", (1, 1))
    kept_searches(session.library, session.paths, reading)
    assert len(read) == 3
    for rubbish in ("", "[]", '{"state": 1}', '{"state": "x", "searches": 7}'):
        (session.paths.index / "searches.json").write_text(rubbish)
        assert kept_searches(session.library, session.paths, reading) == {"q": ("one",)}
    assert len(read) == 7


def test_rubric_vectors_are_kept_on_disk(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened()
    grade = first.grade(first.library.find("2"), SALTED)
    (kept,) = (first.paths.index / "rubrics").glob("*/*.npz")
    with monkeypatch.context() as patch:

        def refuse(rubric: Rubric, *_: object) -> None:
            raise AssertionError("embedded again")

        patch.setattr("coach.grading.anchors.encode", refuse)
        second = opened()
        assert second.grade(second.library.find("2"), SALTED) == grade
    kept.write_bytes(b"rubbish")
    third = opened()
    assert third.grade(third.library.find("2"), SALTED) == grade
    assert kept.read_bytes() != b"rubbish"


def test_a_grade_waits_for_another_process_that_builds(
    opened: Open, notices: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try finds the lock held, the second the index built by the other process."""
    session, other = opened(), opened()
    real = index.build

    def held(*given: object, **named: object) -> index.IndexReport:
        monkeypatch.setattr(index, "build", real)
        other.index()
        raise StoreLocked("Another coach process (pid 7) is building the index.")

    monkeypatch.setattr(index, "build", held)
    assert session.snapshot is not None
    assert "pid 7" in notices[-1]
    assert "Waiting" in notices[-1]


def test_whoever_builds_for_minutes_is_named(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*given: object, **named: object) -> index.IndexReport:
        raise StoreLocked("Another coach process (pid 7) is building the index.")

    monkeypatch.setattr(index, "build", held)
    with pytest.raises(StoreLocked, match="pid 7"):
        opened().up_to_date()


# --- documents --------------------------------------------------------------------------------


def test_an_import_is_copied_and_done_once(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "queues.md"
    file.write_text("## Queues\n\n1. What is back pressure?\n\nThe reader slows the writer down.\n")
    session = opened()
    (first,) = session.import_documents([file], None)
    assert (first.changes.added, first.already) == (1, False)
    assert (session.paths.corpora[0] / "queues" / "queues.md").read_text() == file.read_text()
    (second,) = session.import_documents([file], None)
    assert (second.changes.added, second.changes.kept, second.already) == (0, 1, True)
    assert opened().library.find("queues/1").number == 3


def test_two_imports_at_once_never_share_a_number(opened: Open, tmp_path: Path) -> None:
    queues, trees = tmp_path / "queues.md", tmp_path / "trees.md"
    queues.write_text("1. What is back pressure?\n\nThe reader slows the writer.\n")
    trees.write_text("1. What is a heap?\n\nA tree in an array.\n")
    opened().import_documents([queues], None)
    early = opened()
    assert len(early.library.questions) == 3
    opened().import_documents([trees], None)
    queues.write_text(queues.read_text() + "\n2. What is a dead letter?\n\nA message that nobody can read.\n")
    early.import_documents([queues], None)
    numbers = {question.text: question.number for question in opened().library.questions}
    assert numbers["What is a heap?"] == 4
    assert numbers["What is a dead letter?"] == 5


def test_a_built_in_deck_is_not_overwritten(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "caches.md"
    file.write_text(DOCUMENT)
    with pytest.raises(UsageError, match="built in"):
        opened().import_documents([file], None)
    (item,) = opened().import_documents([file], "mine")
    assert item.document.deck == "mine"


def test_folders_stand_for_the_documents_in_them(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    with pytest.raises(NotFound, match="No document"):
        opened().parse([folder], None)
    (folder / "b.md").write_text("1. What is B?\n\nB.\n")
    (folder / "deep" / "a.txt").write_text("1. What is A?\n\nA.\n")
    (folder / ".hidden.md").write_text("1. What is hidden?\n\nThis.\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    assert [document.source for document in opened().parse([folder], None)] == ["b.md", "a.txt"]
    with pytest.raises(NotFound, match="No such file"):
        opened().parse([tmp_path / "none.md"], None)


def test_a_changed_document_is_read_again_and_keeps_its_numbers(opened: Open, corpus: Path) -> None:
    before = {question.text: (question.id, question.number) for question in opened().library.questions}
    (corpus / "caches.md").write_text(
        DOCUMENT.replace("# Caches\n", "# Caches\n\n**0. What is a cache?**\n\nA copy.\n")
    )
    after = {question.text: (question.id, question.number) for question in opened().library.questions}
    assert after.pop("What is a cache?")[1] == 3
    assert after == before


def test_a_further_corpus_is_read_beside_the_built_in_one(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "further"
    folder.mkdir()
    (folder / "trees.md").write_text("1. What is a heap?\n\nA tree in an array.\n")
    monkeypatch.setenv("COACH_CORPUS", str(folder))
    assert opened().library.find("trees/1").number == 3
