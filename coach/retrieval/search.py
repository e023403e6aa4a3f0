"""Search by meaning and by words, fused, one passage a question.

Chroma and the word index each name candidates; every candidate is then scored exactly from the snapshot's vectors, so
that the order depends on no approximation. The score is a sum of cosines and the normalised BM25 score: reciprocal
ranks were measured to be worse than words alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain import Passage, Question
from coach.errors import StoreCorrupt
from coach.ports import Embedder
from coach.retrieval.snapshot import Likeness, Snapshot, Stamp, load, read_stamp, stamp_path
from coach.retrieval.store import REBUILD, Collection, Store
from coach.retrieval.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ANSWER, WORDS = 1.0, 0.5
"""Weights of the whole answer and of words, where the nearest chunk or way to put the problem counts 1.
benchmarks/retrieval.py chooses them by cross-validation; recall is flat from 0.3 to 0.7 of the second."""

_VECTORS = 96
"""How many nearest vectors Chroma is asked for; a question has about 15."""
_PAGES = 32
"""How many questions the word index is asked for."""
_WORD = re.compile(r"\w")


@dataclass(slots=True)
class _Opened:
    """One generation as a reader holds it; the parts that cost time are opened when first needed."""

    mark: tuple[int, int, int]
    stamp: Stamp
    snapshot: Snapshot
    words: Words | None = None
    store: Store | None = None
    collection: Collection | None = None

    def close(self) -> None:
        if self.words is not None:
            self.words.close()
        if self.store is not None:
            self.store.close()


class Search:
    """Implements ports.PassageSearch. May be shared between threads: calls wait for each other."""

    def __init__(
        self, folder: Path, embedder: Embedder, questions: Mapping[str, Question], chroma_url: str = ""
    ) -> None:
        """Opens nothing yet. ``questions`` by id; what the index knows beyond them is passed over."""
        self._folder = folder
        self._embedder = embedder
        self._questions = questions
        self._chroma_url = chroma_url
        self._opened: _Opened | None = None
        self._lock = threading.Lock()

    def search(self, text: str, limit: int) -> list[Passage]:
        """Best first, at most one passage a question; empty for a text without a word.

        Raises StoreCorrupt where there is no index that fits, StoreLocked where it is in use, BackendUnreachable for
        a Chroma server that does not answer.
        """
        if limit <= 0 or not _WORD.search(text):
            return []
        return self.search_vector(text, self._embedder.vectors([text])[0], limit)

    def search_vector(self, text: str, vector: NDArray[np.float32], limit: int) -> list[Passage]:
        """As ``search``, for a text whose vector, shape (d,), is known."""
        with self._lock:
            try:
                return self._search(text, vector, limit)
            except StoreCorrupt:
                # The collection may have been dropped by a build between two looks at the stamp.
                self._close()
                return self._search(text, vector, limit)

    def beside(self, question: Question, vector: NDArray[np.float32], limit: int) -> list[Passage]:
        """The question's own passage first, then those of other questions near to ``vector``. Opens no chromadb."""
        with self._lock:
            found = self._current().snapshot.beside(question.id, vector, limit)
        known = {**self._questions, question.id: question}
        return [
            Passage(known[chunk.question_id], chunk.text, known[chunk.question_id].section, _unit(cosine))
            for chunk, cosine in found
            if chunk.question_id in known
        ]

    def close(self) -> None:
        """Let go of all files; the next search opens them again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _current(self) -> _Opened:
        """The generation in force, reopened where the stamp has changed since the last look."""
        try:
            status = stamp_path(self._folder).stat()
        except OSError as problem:
            raise StoreCorrupt(f"There is no index in {self._folder}.", "Run `coach index`.") from problem
        mark = (status.st_mtime_ns, status.st_ino, status.st_size)
        if self._opened is not None and self._opened.mark == mark:
            return self._opened
        self._close()
        stamp = read_stamp(self._folder)
        if stamp is None:
            raise StoreCorrupt(f"The index in {self._folder} can't be read.", REBUILD)
        if not stamp.fits(self._embedder.fingerprint):
            raise StoreCorrupt(
                f"The index in {self._folder} was made by another model or version.", "Run `coach index`."
            )
        snapshot = load(self._folder / stamp.snapshot)
        if snapshot is None:
            raise StoreCorrupt(f"The index in {self._folder} is damaged.", REBUILD)
        self._opened = _Opened(mark, stamp, snapshot)
        return self._opened

    def _search(self, text: str, vector: NDArray[np.float32], limit: int) -> list[Passage]:
        opened = self._current()
        pages = dict(self._words(opened).scores(text, _PAGES))
        best_page = max(pages.values(), default=0.0) or 1.0
        names = set(pages)
        for row, _ in self._collection(opened).nearest(vector, min(_VECTORS, max(len(opened.snapshot.rows), 1))):
            names.add(opened.snapshot.rows.owner(int(row)))
        scored: list[tuple[float, int, Question, int | None]] = []
        known = [name for name in names if name in self._questions]
        for name, likeness in zip(known, opened.snapshot.likenesses(known, vector), strict=True):
            question = self._questions[name]
            score = _fused(likeness, pages.get(name, 0.0) / best_page)
            scored.append((-score, question.number, question, likeness.row))
        scored.sort(key=lambda item: item[:2])
        return [
            Passage(
                question,
                question.text if row is None else opened.snapshot.rows.chunk(row).text,
                question.section,
                -cost,
            )
            for cost, _, question, row in scored[:limit]
        ]

    def _words(self, opened: _Opened) -> Words:
        if opened.words is None:
            opened.words = Words(self._folder / opened.stamp.words)
        return opened.words

    def _collection(self, opened: _Opened) -> Collection:
        if opened.collection is None:
            if not opened.stamp.server and not (self._folder / opened.stamp.chroma / "chroma.sqlite3").is_file():
                raise StoreCorrupt(f"The vector store in {self._folder} is missing.", REBUILD)
            opened.store = opened.store or Store(self._folder / opened.stamp.chroma, opened.stamp.server)
            opened.collection = opened.store.collection(opened.stamp.collection)
        return opened.collection


def _fused(likeness: Likeness, words: float) -> float:
    """0 to 1; ``words`` is the BM25 score as a share of the best one."""
    total = max(likeness.chunk, likeness.search) + ANSWER * likeness.answer + WORDS * words
    return _unit(total / (1.0 + ANSWER + WORDS))


def _unit(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 6)
