"""The use cases that both front ends call. Synchronous; prints nothing: what happens on the way goes to ``progress``
and ``notice``, what came of it is returned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from coach.catalogue import rubrics
from coach.config import Loaded, Paths, Settings
from coach.domain import Passage, Question, Rubric
from coach.ports import Embedder, Progress
from coach.session import documents
from coach.session.documents import Imported

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from coach.catalogue.library import Library
    from coach.domain import Document, Grade
    from coach.grading.offline import OfflineGrader
    from coach.retrieval.index import IndexReport
    from coach.retrieval.search import Search
    from coach.retrieval.snapshot import Snapshot


SHOWN_REFERENCES = 4
"""Passages shown with a grade: the question's own, and up to three of others."""


def _silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _unheard(message: str) -> None:
    """A notice that nobody reads."""


@dataclass
class Session:
    """One user's coach, opened lazily: a use case loads only what it needs."""

    loaded: Loaded
    paths: Paths
    open_embedder: Callable[[Progress], Embedder]
    """Opens the embedding model, compiling it where that was never done."""
    progress: Progress = _silent
    notice: Callable[[str], None] = _unheard
    """Takes one sentence about something that is done unasked."""
    _ad_hoc: dict[str, Question] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self.loaded.settings

    @cached_property
    def library(self) -> Library:
        """Decks and questions, in step with the documents."""
        return documents.synchronised(self.paths, self.settings, self.notice)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self.open_embedder(self.progress)

    # --- questions ----------------------------------------------------------------------------

    def rubric(self, question: Question) -> Rubric:
        """The user's rubric, else the shipped one, else the one derived from the reference."""
        from coach.grading.rubric import derive

        if question.deck:
            written = rubrics.written(question, self.library.deck(question.deck), self.paths)
            if written is not None:
                return written
        return derive(question)

    def searches(self) -> dict[str, tuple[str, ...]]:
        """For each question, other ways in which somebody would look for it; from hand-made rubrics only."""
        found = {}
        for deck in self.library.decks:
            for question in deck.questions:
                written = rubrics.written(question, deck, self.paths)
                if written is not None:
                    found[question.id] = rubrics.search_texts(written)
        return found

    # --- documents and index ------------------------------------------------------------------

    def parse(self, paths: list[Path], deck: str | None) -> list[Document]:
        """Documents as they would be imported; changes nothing."""
        return [documents.parsed(path, deck, self.settings) for path in documents.expanded(paths)]

    def import_documents(self, paths: list[Path], deck: str | None) -> list[Imported]:
        """Bring documents into the corpus. The index follows with ``index()``."""
        library = self.library
        results = []
        for path in documents.expanded(paths):
            library, imported = documents.brought_in(path, deck, library, self.paths, self.settings)
            results.append(imported)
        self.__dict__["library"] = library
        return results

    def index(self, rebuild: bool = False) -> IndexReport:
        """Bring the store in step with the library."""
        from coach.retrieval import index

        return index.build(
            self.library.questions,
            self.searches(),
            self.embedder,
            self.paths.index,
            chroma_url=self.settings.chroma_url,
            rebuild=rebuild,
            progress=self.progress,
        )

    def up_to_date(self) -> None:
        """Build the index where it is missing or behind."""
        from coach.retrieval import index

        digest = index.digest(self.library.questions, self.searches())
        if not index.is_current(digest, self.embedder.fingerprint, self.paths.index):
            self.notice(f"Bringing the index in step with {len(self.library.questions)} questions …")
            self.index()

    # --- search -------------------------------------------------------------------------------

    @cached_property
    def _search(self) -> Search:
        from coach.retrieval.search import Search

        self.up_to_date()
        return Search(self.paths.index, self.embedder, self.library.by_id, chroma_url=self.settings.chroma_url)

    def search(self, text: str, limit: int) -> list[Passage]:
        """Passages for a text, best first."""
        return self._search.search(text, limit)

    # --- grading ------------------------------------------------------------------------------

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """What a grade needs of the store; built where it is missing. None where it can't be written."""
        from coach.errors import StoreUnwritable
        from coach.retrieval.snapshot import Snapshot

        try:
            self.up_to_date()
        except StoreUnwritable as problem:
            self.notice(f"Grading without references from other questions. {problem}")
            return None
        return Snapshot.open(self.paths.index, self.embedder.fingerprint)

    @cached_property
    def offline_grader(self) -> OfflineGrader:
        from coach.grading.offline import OfflineGrader
        from coach.session.anchors import kept_anchors

        return OfflineGrader(self.embedder, kept_anchors(self.paths.index, self.embedder), self._beside)

    def _beside(self, question: Question, vector: NDArray[np.float32]) -> tuple[Passage, ...]:
        """The passages to show with a grade: the question's own first, then others that the answer touches."""
        if self.snapshot is None:
            return ()
        unit = vector / max(float((vector @ vector) ** 0.5), 1e-9)
        near = self.snapshot.beside(question.id, unit, SHOWN_REFERENCES)
        known = self.library.by_id
        return tuple(
            Passage(known[chunk.question_id], chunk.text, known[chunk.question_id].section, round(max(0.0, cosine), 4))
            for chunk, cosine in near
            if chunk.question_id in known
        )

    def grade(self, question: Question, answer: str, grader: str = "auto") -> Grade:
        """Grade one answer. Raises ConfigError where a language model is asked for and none is there."""
        from coach.session.grading import graded

        return graded(self, question, answer, grader)
