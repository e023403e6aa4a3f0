"""The file: opened by many at once, migrated with a copy kept, refused in words where it cannot be used."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from coach.errors import StoreCorrupt, StoreError, StoreLocked, StoreUnwritable
from coach.practice.history import History, database
from coach.practice.history.database import Database
from coach.practice.history.schema import MIGRATIONS
from practice.samples import NOON, Desk, graded, question

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = Path(__file__).parent / "schemas"


# --- migrations -----------------------------------------------------------------------------------


def more(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE drafts ADD COLUMN colour TEXT")


def broken(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half_done (x)")
    connection.execute("INSERT INTO nowhere VALUES (1)")


def test_there_is_a_dump_of_every_released_schema() -> None:
    assert sorted(path.stem for path in SCHEMAS.glob("*.sql")) == [str(n) for n in range(1, len(MIGRATIONS) + 1)]


@pytest.mark.parametrize("dump", sorted(SCHEMAS.glob("*.sql")), ids=lambda path: path.stem)
def test_a_database_of_every_released_schema_opens_with_all_that_is_in_it(dump: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    desk = Desk(path)
    rows = desk.history.summaries()
    assert [(row.id, row.score, row.override) for row in rows] == [
        ("01kjpy879g000002", None, None),
        ("01kjpy44e0000001", 62, 70),
    ]
    full = desk.history.attempt("01kjpy44e0000001")
    assert full.answer == "Hash partitioning spreads keys; it's even."
    assert full.grade is not None
    assert [verdict.outcome.value for verdict in full.grade.points] == ["covered", "missing"]
    assert full.question.reference == "Reference 9."
    assert [card.point_id for card in desk.history.cards(desk.schedule, NOON)] == ["skew", None]
    assert [tally.point_id for tally in desk.history.tallies()] == ["skew", "hash"]
    draft = desk.history.draft("q4")
    assert draft is not None
    assert draft.text == "Half an answer"
    assert desk.history.check() == []
    desk.answered(question(), 80)
    assert desk.history.undo(NOON) is not None
    desk.history.close()
    copies = list(tmp_path.glob("history-schema*.db"))
    assert len(copies) == (0 if int(dump.stem) == len(MIGRATIONS) else 1)


def test_a_migration_keeps_a_copy_and_its_record(desk: Desk) -> None:
    desk.answered(question(), 80)
    desk.history.close()
    newer = Database(desk.path, NOON, (*MIGRATIONS, more))
    with newer.reading() as connection:
        assert [row[:2] for row in connection.execute("SELECT * FROM migrations")] == [(1, "first"), (2, "more")]
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (1,)
    (copy,) = newer.backups()
    newer.close()
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    copy.rename(desk.path.with_name("copy.db"))
    old = History(desk.path.with_name("copy.db"), NOON)
    assert old.count() == 1
    old.close()


def test_a_migration_that_fails_changes_nothing(desk: Desk) -> None:
    desk.answered(question(), 80)
    desk.history.close()
    with pytest.raises(StoreCorrupt, match="nowhere"):
        Database(desk.path, NOON, (*MIGRATIONS, more, broken))
    # The one before it stands; the failed one left no table behind.
    between = Database(desk.path, NOON, (*MIGRATIONS, more))
    with between.reading() as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'half_done'").fetchone() is None
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (1,)
    between.close()


def test_a_newer_history_is_left_alone(desk: Desk) -> None:
    desk.history.close()
    Database(desk.path, NOON, (*MIGRATIONS, more)).close()
    with pytest.raises(StoreError, match="newer coach") as refused:
        History(desk.path, NOON)
    assert refused.value.exit_code == 7


def test_only_the_latest_copies_are_kept(desk: Desk) -> None:
    desk.history.close()
    for number in range(database.BACKUPS_KEPT + 2):
        copy = desk.path.with_name(f"history-schema1-2026010{number}T000000.db")
        copy.write_bytes(b"")
        os.utime(copy, (number, number))
    Database(desk.path, NOON, (*MIGRATIONS, more)).close()
    found = sorted(path.name for path in desk.path.parent.glob("history-schema*.db"))
    assert len(found) == database.BACKUPS_KEPT
    assert found[-1] == "history-schema1-20260302T120000.db"


# --- what cannot be used --------------------------------------------------------------------------


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def text(path: Path) -> None:
    path.write_text("This is no database. " * 100)


def torn(path: Path) -> None:
    History(path, NOON).close()
    raw = bytearray(path.read_bytes())
    raw[100 : len(raw) // 2] = b"\x5a" * (len(raw) // 2 - 100)
    path.write_bytes(raw)


def robbed(path: Path) -> None:
    History(path, NOON).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE answers")


@pytest.mark.parametrize("spoil", [foreign, text, torn, robbed])
def test_what_is_damaged_or_foreign_is_refused_with_advice(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(StoreCorrupt) as refused:
        History(path, NOON).attempts()
    assert refused.value.exit_code == 7
    assert str(path) in refused.value.message
    assert "ove it away" in refused.value.hint
    assert path.read_bytes() == before


def test_a_folder_in_its_place_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    with pytest.raises(StoreUnwritable):
        History(tmp_path / "history.db", NOON)


def test_a_file_in_the_place_of_its_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreUnwritable):
        History(tmp_path / "data" / "history.db", NOON)


def test_a_writer_that_stays_is_named_as_such(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.history.close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        history = History(desk.path, NOON)
        desk.history = history
        with pytest.raises(StoreLocked) as refused:
            desk.submit(question())
        assert refused.value.exit_code == 7
        # Readers don't wait for it.
        assert history.attempts() == []
        other.execute("ROLLBACK")
    desk.submit(question())


def test_damage_is_found_when_it_is_looked_for(desk: Desk) -> None:
    for number in range(40):
        desk.submit(question(number), "answer " * 200)
    desk.history.close()
    raw = bytearray(desk.path.read_bytes())
    raw[-4096 * 3 : -4096] = bytes(2 * 4096)
    desk.path.write_bytes(raw)
    desk.history = History(desk.path, NOON)
    try:
        found = desk.history.check()
    except StoreCorrupt as problem:
        found = [problem.message]
    assert found


# --- several processes ----------------------------------------------------------------------------

WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from coach.domain.practice import Draft
from practice.samples import NOON, Desk, graded, question
from coach.domain import Outcome

desk = Desk(Path(sys.argv[1]))
desk.history.submit  # opened
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    desk._ids = int(sys.argv[2]) + number
    desk.history.save_draft(Draft(f"q{number % 5}", f"typing {number}", desk.now))
    made = desk.submit(question(number % 5), f"answer {number} " * 50)
    print(made.id, flush=True)
    desk.grade(made, graded(made.question, 30 + number % 60, [("a", Outcome.MISSING)]))
    desk.later(days=1)
print("done", flush=True)
"""


def writer(path: Path, first: int, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first), str(count)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    # They also create the file at the same moment.
    running = [writer(path, 1000 * number, 8) for number in range(3)]
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        out, _ = process.communicate()
        assert process.returncode == 0
        assert out.endswith("done\n")
    history = History(path, NOON)
    assert history.count() == 24
    assert {row.status for row in history.summaries()} == {"graded"}
    assert history.check() == []
    history.close()


@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_kill_loses_no_submitted_answer(after: int, tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    process = writer(path, 0, 100_000)
    assert process.stdin
    assert process.stdout
    process.stdin.write("go\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    told = [process.stdout.readline().strip() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    process.stdin.close()
    desk = Desk(path)
    kept = {item.id: item for item in desk.history.attempts()}
    assert set(told) <= set(kept)
    assert all(item.answer.startswith("answer ") for item in kept.values())
    assert desk.history.drafts()
    assert desk.history.check() == []
    # What was killed between submission and grade waits for its grade, and can have it.
    for item in desk.history.pending():
        desk.grade(item, graded(item.question, 50))
    assert desk.history.pending() == []
    desk.history.close()
