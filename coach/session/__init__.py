"""The use cases that both front ends call. Synchronous; prints nothing: what happens on the way goes to ``progress``
and ``notice``, what came of it is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

from coach.domain import Passage, Question, Rubric
from coach.ports import unwatched
from coach.session.use_cases import UseCases

if TYPE_CHECKING:
    from pathlib import Path

    from coach.catalogue.library import Library
    from coach.config import Loaded, Paths, Settings
    from coach.domain import Deck, Document, Grade
    from coach.grading.anchors import Anchors
    from coach.grading.offline import OfflineGrader
    from coach.grading.point import PointGrader
    from coach.ports import ChatModel, ClaimChecker, Embedder, KnownStatements, Progress
    from coach.retrieval.index import IndexReport
    from coach.retrieval.search import Search
    from coach.retrieval.snapshot import Snapshot
    from coach.session.documents import Imported


SHOWN_REFERENCES = 4
"""Passages shown with a grade: the question's own, and up to three of others."""

TELLING_STATEMENTS = 2
"""How many of an answer's statements, the longest, decide what else it touches."""

BUILD_WAITS = 24
"""How often a command waits for another process that builds the index, 5 seconds each."""


def _unheard(message: str) -> None:
    """A notice that nobody reads."""


@dataclass
class Session(UseCases):
    """One user's coach, opened lazily: a use case loads only what it needs."""

    loaded: Loaded
    paths: Paths
    open_embedder: Callable[[Progress], Embedder]
    """Opens the embedding model of the index, compiling it where that was never done."""
    open_claims: Callable[[], Embedder]
    """Opens the encoder that answers are graded with; it ships with coach and does not depend on the settings."""
    open_checks: Callable[[], ClaimChecker | KnownStatements]
    """Opens what claims are checked against where a rubric lists no misconceptions."""
    open_model: Callable[[], ChatModel]
    """Opens the language model that the settings name; connects to nothing yet. Raises ConfigError."""
    progress: Progress = unwatched
    notice: Callable[[str], None] = _unheard
    """Takes one sentence about something that is done unasked."""
    _rubrics: dict[tuple[Question, int], Rubric] = field(default_factory=dict)
    """By question and modification time of the user's own rubric file: reading a rubric takes 5 ms."""

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self.loaded.settings

    @cached_property
    def library(self) -> Library:
        """Decks and questions, in step with the documents."""
        from coach.session import documents

        return documents.synchronised(self.paths, self.settings, self.notice)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self.open_embedder(self.progress)

    # --- questions ----------------------------------------------------------------------------

    def rubric(self, question: Question) -> Rubric:
        """The user's rubric, else the shipped one, else the one derived from the reference."""
        from coach.catalogue import rubrics

        overlay = rubrics.overlay_file(question, self.paths)
        key = (question, overlay.stat().st_mtime_ns if overlay.is_file() else 0)
        if key not in self._rubrics:
            self._rubrics[key] = self._rubric(question)
        return self._rubrics[key]

    def _rubric(self, question: Question) -> Rubric:
        from coach.catalogue import rubrics
        from coach.grading.rubric import derive

        if question.deck:
            written = rubrics.written(question, self.library.deck(question.deck), self.paths)
            if written is not None:
                return written
        return derive(question)

    def searches(self) -> dict[str, tuple[str, ...]]:
        """For each question, other ways in which somebody would look for it; from hand-made rubrics only."""
        from coach.session.searches import kept_searches

        return kept_searches(self.library, self.paths, self._searches)

    def _searches(self) -> dict[str, tuple[str, ...]]:
        from coach.catalogue import rubrics

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
        from coach.session import documents, folders

        files = folders.expanded(paths)
        return [documents.parsed(found.path, deck or found.deck, self.settings, self.progress) for found in files]

    def save_layouts(self, paths: list[Path], deck: str | None) -> list[Path]:
        """Write what is recognised in each document into a side file beside it, to be corrected; where they are.

        Raises UsageError where there is one already.
        """
        from coach.session import documents, folders

        return [documents.save_layout(found.path, deck, self.settings) for found in folders.expanded(paths)]

    def import_documents(self, paths: list[Path], deck: str | None, passing: Sequence[Path] = ()) -> list[Imported]:
        """Bring documents into the corpus; those ``passing`` will not stay where they are. The index follows with ``index()``."""
        from coach.session import documents, folders

        library = self.library
        results = []
        for found in folders.expanded(paths):
            stays = found.path not in passing
            library, imported = documents.taken_in(
                found, deck, self.paths, self.settings, library, self.progress, stays
            )
            results.append(imported)
        self.__dict__["library"] = library
        return results

    def remove(self, deck: str) -> Deck:
        """Take a deck out; its numbers are never given again, and its history stays. The index follows with ``index()``.

        Raises NotFound, and UsageError for a built-in deck.
        """
        from coach.session import documents

        found = self.library.deck(deck)
        self.__dict__["library"] = documents.removed(found, self.paths)
        return found

    def index(self, rebuild: bool = False) -> IndexReport:
        """Bring the store in step with the library; a damaged one is built anew."""
        from coach.errors import StoreCorrupt

        try:
            return self._index(rebuild)
        except StoreCorrupt as problem:
            if rebuild:
                raise
            self.notice(f"{problem.message} Building it anew …")
            return self._index(rebuild=True)

    def _index(self, rebuild: bool) -> IndexReport:
        from coach.retrieval import index

        # What was opened over the index as it was is opened anew.
        for opened in ("_search", "snapshot"):
            self.__dict__.pop(opened, None)
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
        """Build the index where it is missing or behind, or wait for another process that is building it."""
        from coach.errors import StoreLocked
        from coach.retrieval import index

        digest = index.digest(self.library.questions, self.searches())
        for attempt in range(BUILD_WAITS):
            if index.is_current(digest, self.embedder.fingerprint, self.paths.index, self.settings.chroma_url):
                return
            if attempt == 0:
                self.notice(f"Bringing the index in step with {len(self.library.questions)} questions …")
            try:
                self.index()
                return
            except StoreLocked as problem:
                if attempt == BUILD_WAITS - 1:
                    raise
                if attempt == 0:
                    self.notice(f"{problem.message} Waiting for it …")

    # --- search -------------------------------------------------------------------------------

    @cached_property
    def _search(self) -> Search:
        from coach.retrieval.search import Search

        self.up_to_date()
        return Search(self.paths.index, self.embedder, self.library.by_id, chroma_url=self.settings.chroma_url)

    def search(self, text: str, limit: int) -> list[Passage]:
        """Passages for a text, best first; a damaged index is built anew."""
        from coach.errors import StoreCorrupt

        try:
            return self._search.search(text, limit)
        except StoreCorrupt as problem:
            self.notice(f"{problem.message} Building it anew …")
            self._search.close()
            self.index(rebuild=True)
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
        found = Snapshot.open(self.paths.index, self.embedder.fingerprint)
        if found is None:
            self.notice(f"The index in {self.paths.index} is damaged. Building it anew …")
            self.index(rebuild=True)
            found = Snapshot.open(self.paths.index, self.embedder.fingerprint)
        return found

    @cached_property
    def offline_grader(self) -> OfflineGrader:
        """The grader that needs no language model."""
        from coach.grading.offline import OfflineGrader

        return OfflineGrader(self.claims, self.anchors, self._beside, cache(self.open_checks))

    @cached_property
    def point_grader(self) -> PointGrader:
        """The grader of short answers to a single key point."""
        from coach.grading.point import PointGrader

        return PointGrader(self.claims, self.anchors, lambda: self.offline_grader)

    @cached_property
    def claims(self) -> Embedder:
        """The encoder that answers are graded with."""
        return self.open_claims()

    @cached_property
    def anchors(self) -> Callable[[Question, Rubric], Anchors]:
        """Gives the vectors of a rubric."""
        from coach.session.anchors import kept_anchors

        return kept_anchors(self.paths.index, self.claims)

    @cached_property
    def model(self) -> ChatModel:
        """The language model. Raises ConfigError where none is set, or it can't be used as it is set."""
        return self.open_model()

    def _beside(self, question: Question, statements: Sequence[str]) -> tuple[Passage, ...]:
        """The passages to show with a grade: the question's own first, then others that the answer touches."""
        if self.snapshot is None:
            return ()
        telling = sorted(statements, key=lambda text: (-len(text), text))[:TELLING_STATEMENTS]
        vector = self.embedder.vectors(telling).sum(axis=0)
        unit = vector / max(float((vector @ vector) ** 0.5), 1e-9)
        near = self.snapshot.beside(question.id, unit, SHOWN_REFERENCES)
        known = self.library.by_id
        return tuple(
            Passage(known[chunk.question_id], chunk.text, known[chunk.question_id].section, round(max(0.0, cosine), 4))
            for chunk, cosine in near
            if chunk.question_id in known
        )

    def grade(self, question: Question, answer: str, grader: str = "auto", samples: int = 1) -> Grade:
        """Grade one answer, with a language model ``samples`` times. Raises ConfigError where one is asked for and none
        is set; one that fails makes an ungraded grade.
        """
        from coach.session.grading import graded

        return graded(self, question, answer, grader, samples)
