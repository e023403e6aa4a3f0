"""Writes ``schemas/N.sql``, a small history as the newest schema N keeps it. Run once, when N is released.

PYTHONPATH=.:tests python tests/practice/history/dump_schema.py
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from coach.domain import Outcome
from coach.domain.practice import Circumstances, Draft, Origin, Override, Rating
from coach.practice.history.schema import APPLICATION_ID, MIGRATIONS
from practice.samples import Desk, graded, question

FOLDER = Path(__file__).parent / "schemas"


def fill(desk: Desk) -> None:
    """What the migration test looks for."""
    desk.now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    item = question(9)
    first = desk.submit(item, "Hash partitioning spreads keys; it's even.", Circumstances(Origin.DRILL, 95.0, 0, 0.6))
    desk.later(seconds=2)
    desk.grade(first, graded(item, 62, [("hash", Outcome.COVERED), ("skew", Outcome.MISSING)]))
    desk.later(minutes=2)
    desk.history.override(first.id, Override(70, "It was all there; nearly.", desk.now), Rating.GOOD)
    desk.later(seconds=12)
    desk.submit(question(4), "Waits.")
    desk.history.save_draft(Draft("q4", "Half an answer", desk.now, 30.0))
    desk.history.cards(desk.schedule, desk.now)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "history.db")
        fill(desk)
        desk.history.close()
        with closing(sqlite3.connect(desk.path)) as connection:
            lines = [*connection.iterdump()]
    version = len(MIGRATIONS)
    lines += [f"PRAGMA application_id={APPLICATION_ID};", f"PRAGMA user_version={version};", "PRAGMA journal_mode=WAL;"]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{version}.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
