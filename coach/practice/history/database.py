"""The SQLite file of the history: opened, brought to the newest schema, backed up, checked. The one door of sqlite3.

A connection belongs to its thread. Several processes may use the file at once: readers never wait (WAL), a writer waits
for another one at most ``BUSY_SECONDS``. What SQLite says is wrong comes out as a StoreError with what to do.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from coach.errors import StoreCorrupt, StoreError, StoreLocked, StoreUnwritable
from coach.practice.history.schema import APPLICATION_ID, MIGRATIONS
from coach.storage import make_folder, unwritable, writer_lock

BUSY_SECONDS = 10.0
"""How long a writer waits for another process."""

BACKUPS_KEPT = 5
"""Older ones go when a new one is made."""

Migration = Callable[[sqlite3.Connection], None]


class Database:
    """One SQLite file."""

    def __init__(self, path: Path, now: datetime, migrations: Sequence[Migration] = MIGRATIONS) -> None:
        """Open ``path``, creating or migrating it. Raises StoreError. ``now`` goes into records and names of backups."""
        self.path = path
        self._migrations = migrations
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        with self.explained():
            self._prepare(now)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._guard:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
            self._local = threading.local()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread, for queries that need not agree with each other. Raises StoreError."""
        with self.explained():
            yield self._connection()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, committed to the disk at its end, or not done at all. Raises StoreError."""
        with self.explained():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def check(self) -> list[str]:
        """What SQLite finds wrong in the file; empty where all is well. Raises StoreError where it cannot be read."""
        with self.reading() as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            broken = [
                f"{table}: row {row} refers to a missing row of {parent}"
                for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(20)
            ]
        return [line for line in found if line != "ok"] + broken

    def backups(self) -> list[Path]:
        """Copies made before migrations, oldest first."""
        return sorted(self.path.parent.glob(f"{self.path.stem}-schema*.db"), key=lambda path: path.stat().st_mtime_ns)

    def erased(self) -> None:
        """Forget everything: all rows, their traces in the file, and the backups. Raises StoreError."""
        with self.writing() as connection:
            for table in ("reviews", "verdicts", "grades", "overrides", "answers", "attempts"):
                connection.execute(f"DELETE FROM {table}")
            for table in ("questions", "tallies", "cards", "drafts", "states", "actions", "undone"):
                connection.execute(f"DELETE FROM {table}")
        with self.reading() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for copy in self.backups():
            copy.unlink(missing_ok=True)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what SQLite and the system raise into StoreErrors."""
        try:
            yield
        except sqlite3.DatabaseError as problem:
            found = self._explanation(problem)
            if found is None:
                raise
            raise found from problem
        except OSError as problem:
            raise unwritable(self.path, problem) from problem

    # --- opening --------------------------------------------------------------------------------

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Only close() crosses threads, when nobody uses the database any more.
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            with self._guard:
                self._opened.append(connection)
            self._local.connection = connection
        return connection

    def _prepare(self, now: datetime) -> None:
        if not self.path.exists():
            make_folder(self.path.parent)
            # SQLite gives its side files the mode of the database.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = self._connection()
        version = self._version(connection)
        if version == len(self._migrations):
            return
        with writer_lock(self.path.with_suffix(".lock"), "migrating the history", wait_seconds=BUSY_SECONDS):
            version = self._version(connection)
            if version:
                self._back_up(connection, version, now)
            self._to_wal(connection)
            for number in range(version + 1, len(self._migrations) + 1):
                self._migrate(connection, number, now)

    def _version(self, connection: sqlite3.Connection) -> int:
        """The schema's version; 0 for an empty file. Raises StoreCorrupt for a foreign or newer file."""
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if mark != APPLICATION_ID and (tables or mark or version):
            raise StoreCorrupt(
                f"{self.path} is a database of another program.", "Move it away; coach then begins a new history."
            )
        if version > len(self._migrations):
            raise StoreError(
                f"The history {self.path} was written by a newer coach (schema {version}, this one knows "
                f"{len(self._migrations)}).",
                "Update coach, or point COACH_HOME at another folder.",
            )
        return int(version)

    def _to_wal(self, connection: sqlite3.Connection) -> None:
        """SQLite does not wait for others here as it does elsewhere."""
        for _ in range(100):
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as problem:
                if problem.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                time.sleep(BUSY_SECONDS / 100)
        raise StoreLocked(f"The history {self.path} is in use.", "Close the other program, then try again.")

    def _migrate(self, connection: sqlite3.Connection, number: int, now: datetime) -> None:
        migration = self._migrations[number - 1]
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL)"
            )
            migration(connection)
            connection.execute(
                "INSERT INTO migrations VALUES (?, ?, ?)", (number, migration.__name__.strip("_"), now.isoformat())
            )
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _back_up(self, connection: sqlite3.Connection, version: int, now: datetime) -> None:
        """A copy of the database as it is, whatever others write meanwhile."""
        target = self.path.with_name(f"{self.path.stem}-schema{version}-{now:%Y%m%dT%H%M%S}.db")
        partial = target.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(partial)) as copy:
            connection.backup(copy)
        partial.replace(target)
        for old in self.backups()[:-BACKUPS_KEPT]:
            old.unlink(missing_ok=True)

    # --- what went wrong ------------------------------------------------------------------------

    def _explanation(self, problem: sqlite3.DatabaseError) -> StoreError | None:
        """None for what is no fault of the file but of this program."""
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return StoreLocked(
                f"Another program holds the history {self.path}.", "Close it, or wait for it, then try again."
            )
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
            return StoreUnwritable(
                f"The history {self.path} cannot be written: {problem}.",
                "Fix the permissions of the file and its folder, or point COACH_HOME at a folder you can write; "
                "`coach grade --no-save` grades without it.",
            )
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            return StoreUnwritable(
                f"The history {self.path} cannot be written: {problem}.", "Free some space on the disk, then try again."
            )
        missing = code == sqlite3.SQLITE_ERROR and "no such" in str(problem)
        if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT) and not missing:
            return None
        copies = self.backups()
        newest = f"put its backup {copies[-1]} in its place" if copies else "coach then begins a new one"
        return StoreCorrupt(
            f"The history {self.path} is damaged or is no database: {problem}.",
            f"Move it away (with its -wal and -shm files) and {newest}; `coach doctor` says what is wrong with it.",
        )
