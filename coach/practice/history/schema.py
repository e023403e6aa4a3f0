"""The tables of the history, and how an older database becomes a newer one.

A migration is a function in ``MIGRATIONS``; its place there, counted from 1, is the schema's version after it. A
released migration is never changed: what it lacks comes in the next one. ``tests/practice/history/schemas`` holds a database
of every released version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x436F6163
"""Marks a SQLite file as coach's history ("Coac")."""


def _first(connection: sqlite3.Connection) -> None:
    """Attempts with their grades, cards with the reviews that they follow from, drafts, and what can be undone."""
    _run(connection, _FIRST)


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement, since executescript() would commit the transaction that it runs in."""
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first,)
"""In order. Each runs in one transaction with its record in the table ``migrations``."""

_FIRST = """
-- Questions as they were when they were answered; many attempts share one.
CREATE TABLE questions (
  digest TEXT PRIMARY KEY,
  body TEXT NOT NULL
) WITHOUT ROWID;

-- One row an attempt, without its texts: lists and figures read all of them.
CREATE TABLE attempts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  question_digest TEXT NOT NULL REFERENCES questions (digest),
  question_id TEXT NOT NULL,
  deck TEXT NOT NULL,
  section TEXT,
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  day TEXT NOT NULL,
  origin TEXT NOT NULL,
  seconds REAL,
  hints INTEGER NOT NULL,
  confidence REAL,
  reference_shown INTEGER NOT NULL,
  retry_of TEXT,
  mock TEXT,
  point TEXT,
  -- Of the grade that counts; null while there is none.
  status TEXT,
  score INTEGER,
  grader_kind TEXT,
  grader_name TEXT,
  grader_version TEXT,
  grader_model TEXT,
  -- The candidate's own score that counts.
  override INTEGER
);
CREATE INDEX attempts_by_question ON attempts (question_id, created_at);
CREATE INDEX attempts_by_time ON attempts (created_at, id);
CREATE INDEX attempts_by_day ON attempts (day);
CREATE INDEX attempts_by_mock ON attempts (mock) WHERE mock IS NOT NULL;
CREATE INDEX attempts_by_status ON attempts (status) WHERE status IS NOT 'graded';

CREATE TABLE answers (
  attempt_id TEXT PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) WITHOUT ROWID;

-- Every grade that an attempt ever got; body is a JSON record, compressed.
CREATE TABLE grades (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  elapsed_ms INTEGER NOT NULL,
  digest TEXT NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (attempt_id, at, digest)
);

CREATE TABLE overrides (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
  score INTEGER NOT NULL,
  note TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (attempt_id, at)
);

-- What became of each key point, by the grade that counts.
CREATE TABLE verdicts (
  question_id TEXT NOT NULL,
  point_id TEXT NOT NULL,
  attempt_seq INTEGER NOT NULL REFERENCES attempts (seq) ON DELETE CASCADE,
  outcome TEXT NOT NULL,
  PRIMARY KEY (question_id, point_id, attempt_seq)
) WITHOUT ROWID;

-- The verdicts added up, so that nobody has to read them all.
CREATE TABLE tallies (
  question_id TEXT NOT NULL,
  point_id TEXT NOT NULL,
  asked INTEGER NOT NULL,
  missed INTEGER NOT NULL,
  missed_last INTEGER NOT NULL,
  last_outcome TEXT NOT NULL,
  PRIMARY KEY (question_id, point_id)
) WITHOUT ROWID;

-- point_id is '' for a whole question.
CREATE TABLE reviews (
  attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL,
  point_id TEXT NOT NULL,
  rating TEXT NOT NULL,
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (question_id, point_id, at, attempt_id)
) WITHOUT ROWID;
CREATE INDEX reviews_by_attempt ON reviews (attempt_id);
CREATE INDEX reviews_by_day ON reviews (day);

-- What follows from the reviews. A stale one (due is null) is worked out again before anybody reads it.
CREATE TABLE cards (
  question_id TEXT NOT NULL,
  point_id TEXT NOT NULL,
  due TEXT,
  days INTEGER,
  stability REAL,
  difficulty REAL,
  last_review TEXT,
  last_day TEXT,
  reviews INTEGER,
  lapses INTEGER,
  PRIMARY KEY (question_id, point_id)
) WITHOUT ROWID;
CREATE INDEX cards_by_due ON cards (due);

-- key is a question's id, or whatever else names a text that is being written.
CREATE TABLE drafts (
  key TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  seconds REAL NOT NULL
) WITHOUT ROWID;

-- Small things kept by name as JSON: a mock interview that goes on, the parameters behind the cards.
CREATE TABLE states (
  key TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  saved_at TEXT NOT NULL
) WITHOUT ROWID;

-- What was done here and can be taken back, in order.
CREATE TABLE actions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  what TEXT NOT NULL,
  attempt_id TEXT,
  detail TEXT NOT NULL,
  at TEXT NOT NULL
);

-- Attempts that were taken back, as whole records.
CREATE TABLE undone (
  attempt_id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  body BLOB NOT NULL
) WITHOUT ROWID;
"""
