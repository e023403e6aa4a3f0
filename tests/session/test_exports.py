from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.errors import StoreUnwritable, UnreadableInput
from coach.session import Session
from coach.session.exports import FORMATS
from tests.session.made import Clock, answered


@pytest.fixture
def coach(opened: Callable[[], Session]) -> Session:
    session, clock = opened(), Clock()
    session.practice.now = clock
    one, two = session.library.questions
    first = answered(session, one, 40, "It <b>is</b> so & |.\n```\n=1", confidence=0.9, seconds=30.0)
    clock.wait(days=5)
    answered(session, one, 90, "It is better.", retry_of=first.id)
    answered(session, two, None, "=waits \ud800")
    session.practice.override(first.id, 60, "+half")
    return session


def whole(coach: Session, form: str) -> str:
    return "".join(coach.exports.parts(form))


def test_json_brings_a_new_machine_to_the_same_state(coach: Session, tmp_path: Path) -> None:
    text = whole(coach, "json")
    assert len(json.loads(text)["items"]) == 3
    paths = type(coach.paths)(
        **{name: getattr(coach.paths, name) for name in coach.paths.__slots__} | {"data": tmp_path / "b"}
    )
    other = Session(coach.loaded, paths, coach.open_embedder, coach.open_claims, coach.open_checks, coach.open_model)
    other.practice.now = coach.practice.now
    assert other.exports.restore(text, "file") == (3, 0, [])
    assert other.exports.restore(text, "file") == (0, 0, [])
    assert other.practice.attempts() == coach.practice.attempts()
    assert other.practice.cards() == coach.practice.cards()
    assert other.stats.figures() == coach.stats.figures()
    assert whole(other, "json") == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"items": 3}', '{"schema_version": 9, "items": []}', "[" * 9999])
def test_what_is_no_history_is_refused(coach: Session, text: str) -> None:
    with pytest.raises(UnreadableInput):
        coach.exports.restore(text, "file")


def test_a_bad_item_stops_no_other(coach: Session, tmp_path: Path) -> None:
    data = json.loads(whole(coach, "json"))
    data["items"].insert(1, {"id": "x"})
    new, gained, problems = coach.exports.restore(json.dumps(data), "file")
    assert (new, gained) == (0, 0)
    assert len(problems) == 1
    assert problems[0].startswith("Item 2:")


def test_reports_hold_what_was_answered_escaped(coach: Session) -> None:
    markdown, page = whole(coach, "md"), whole(coach, "html")
    assert "It is better." in markdown
    assert "1. How does a least recently used cache find its victim?" in markdown.replace("\\", "")
    assert "<script" not in page
    assert "It is better." in page
    for text in (markdown, page):
        assert "Practice report" in text
        text.encode("utf-8")


def test_csv_has_a_row_an_attempt_and_no_formula(coach: Session) -> None:
    text = whole(coach, "csv")
    text.encode("utf-8")
    assert ",'=waits " in text
    assert ",'+half," in text
    assert '"It <b>is</b> so & |.\n```\n=1"' in text


def test_anki_has_a_note_a_question_and_since_narrows_it(coach: Session) -> None:
    assert len(coach.exports.notes()) == 2
    assert len(coach.exports.notes(coach.practice.now())) == 1
    first, _ = coach.exports.notes()
    assert "90 of 100" in first.back


def test_since_leaves_earlier_attempts_out(coach: Session) -> None:
    today = coach.practice.now()
    assert len(list(coach.exports.attempts(today))) == 2
    assert "It is better." in "".join(coach.exports.parts("md", today))
    assert "It \\<b" not in "".join(coach.exports.parts("md", today))


@pytest.mark.parametrize("form", FORMATS)
def test_files_are_private_and_whole_or_not_there(coach: Session, tmp_path: Path, form: str) -> None:
    path = tmp_path / "new" / f"out.{form}"
    coach.exports.write(form, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().decode("utf-8") == whole(coach, form)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnwritable):
        coach.exports.write(form, tmp_path / "file" / "out")


def test_what_breaks_halfway_leaves_the_old_file(
    coach: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    monkeypatch.setattr(coach.exports, "attempts", lambda since: iter([None]))
    with pytest.raises(AttributeError):
        coach.exports.write("json", path)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.glob("*out*")] == ["out"]
