"""Search by words: SQLite FTS5 with stemming and BM25, one row a question, in a file of its own.

Written once as a whole by the index, read ever after. One of the two doors to sqlite3.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coach.errors import StoreCorrupt, StoreError, StoreLocked, StoreUnwritable

WEIGHTS = (2.0, 2.0, 1.0, 1.0)
"""BM25 weights of the columns question, searches, heading, body: the searches count as much as the
question. Tried on the queries of benchmarks/data, not cross-validated."""

_RANK = f"bm25({', '.join(map(str, WEIGHTS))})"

MAX_TERMS = 64
"""Distinct terms of a query that are looked up; the embedding model reads no more of it either."""

MOST_POSTINGS = 8_000
"""Pages in which the terms of one query may stand, all together: beyond that the most frequent terms, which tell least
apart, are left out. Ranking a page takes SQLite about a microsecond; with 2,000 pages a search among 100,000 questions
found fewer of them first. The built-in corpus never reaches it."""

MOST_ALONE = 20_000
"""Pages in which the rarest term may stand, where it alone is beyond the bound already; a query of nothing but more
frequent ones is left to the vectors."""

_STOP_WORDS = """
    a about after again all also an and any are as at be because been before but by can could did do does each else
    every few for from had has have he her here him his how i if in into is it its just like me more most much my no
    nobody nor not now of off on one only or other our out over own same she should so some somebody such than that the
    their them then there these they this those to too under up us very was we were what when where which while who whom
    whose why will with without would you your
"""
_STOP = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """What is known in words about one question."""

    question_id: str
    question: str
    """The question's text with its section."""
    searches: str
    """How somebody with this problem would put it."""
    heading: str
    """The headings inside the answer."""
    body: str
    """The whole reference answer."""


def write(path: Path, pages: Iterable[Page]) -> None:
    """Make a new word index at ``path``. Raises StoreUnwritable or StoreCorrupt."""
    with _explained(path):
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        try:
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute(
                "CREATE VIRTUAL TABLE pages USING fts5("
                "question, searches, heading, body, id UNINDEXED, tokenize = 'porter unicode61', detail = full)"
            )
            connection.executemany(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
                (
                    (_clean(p.question), _clean(p.searches), _clean(p.heading), _clean(p.body), p.question_id)
                    for p in pages
                ),
            )
            connection.execute("INSERT INTO pages(pages) VALUES ('optimize')")
            # FTS5 counts the pages of a term by going through all of them: too slow while somebody waits.
            connection.execute("CREATE VIRTUAL TABLE temp.counted USING fts5vocab(main, pages, row)")
            connection.execute("CREATE TABLE stems (stem TEXT PRIMARY KEY, pages INTEGER NOT NULL) WITHOUT ROWID")
            connection.execute("INSERT INTO stems SELECT term, doc FROM temp.counted")
            connection.commit()
        finally:
            connection.close()


class Words:
    """An open word index, read only."""

    def __init__(self, path: Path) -> None:
        """Open ``path``. Raises StoreCorrupt where it is missing or no word index."""
        self._path = path
        with _explained(path):
            uri = f"{path.absolute().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            last = self._connection.execute("SELECT rowid FROM pages ORDER BY rowid DESC LIMIT 1").fetchone()
            self._pages = int(last[0]) if last else 0
            self._connection.execute("CREATE VIRTUAL TABLE temp.asked USING fts5(text, tokenize = 'porter unicode61')")
            self._connection.execute("CREATE VIRTUAL TABLE temp.asked_stems USING fts5vocab(temp, asked, instance)")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def scores(self, text: str, limit: int) -> list[tuple[str, float]]:
        """(question id, BM25 score above 0), best first; empty where no word of ``text`` is known."""
        terms = query_terms(text)
        if not terms:
            return []
        if self._pages * len(terms) > MOST_POSTINGS:
            terms = self._telling(terms)
            if not terms:
                return []
        match = " OR ".join(f'"{term}"' for term in terms)
        with _explained(self._path):
            # Row numbers only, ranked inside FTS5: the text of the matches is never read.
            rows = self._connection.execute(
                "SELECT rowid, rank FROM pages WHERE pages MATCH ? AND rank MATCH ? ORDER BY rank LIMIT ?",
                (match, _RANK, limit),
            ).fetchall()
            named = [(self._name(row), -cost) for row, cost in rows]
        return sorted(named, key=lambda pair: (-pair[1], pair[0]))

    def _name(self, row: int) -> str:
        """Id of the question that a page is about."""
        found = self._connection.execute("SELECT id FROM pages WHERE rowid = ?", (row,)).fetchone()
        return str(found[0])

    def _telling(self, terms: list[str]) -> list[str]:
        """The rarest of the terms, as many as together stand in MOST_POSTINGS pages, in their order."""
        with _explained(self._path):
            pages = self._pages_with(terms)
        chosen: set[str] = set()
        used = 0
        for term in sorted(pages, key=lambda term: pages[term]):
            used += pages[term]
            if used > (MOST_POSTINGS if chosen else MOST_ALONE):
                break
            chosen.add(term)
        return [term for term in terms if term in chosen]

    def _pages_with(self, terms: list[str]) -> dict[str, int]:
        """In how many pages each term stands, by the stems that the index has of it; without those that stand in none."""
        self._connection.execute("DELETE FROM temp.asked")
        self._connection.executemany("INSERT INTO temp.asked (rowid, text) VALUES (?, ?)", list(enumerate(terms)))
        found: dict[str, int] = {}
        for place, pages in self._connection.execute(
            "SELECT doc, min(coalesce(pages, 0)) FROM temp.asked_stems LEFT JOIN stems ON stem = term GROUP BY doc"
        ):
            if pages:
                found[terms[place]] = pages
        return found


def query_terms(text: str) -> list[str]:
    """The words to look up, in order, without repeats and stop words (all of them where nothing else is said)."""
    words = list(dict.fromkeys(found.group().lower() for found in _WORD.finditer(text)))
    return ([word for word in words if word not in _STOP] or words)[:MAX_TERMS]


def _clean(text: str) -> str:
    """Lone surrogates can't be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeEncodeError) as problem:
        raise _error(path, problem) from problem


def _error(path: Path, problem: Exception) -> StoreError:
    text = str(problem).lower()
    hint = "Run `coach index --rebuild`."
    if "locked" in text:
        return StoreLocked(f"The word index {path} is in use by another process.", "Try again in a moment.")
    if isinstance(problem, OSError) or any(sign in text for sign in ("readonly", "disk is full", "disk i/o")):
        return StoreUnwritable(f"The word index {path} can't be written ({problem}).", f"Free some space. {hint}")
    return StoreCorrupt(f"The word index {path} can't be read ({problem}).", hint)
