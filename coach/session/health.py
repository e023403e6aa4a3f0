"""Is everything in order? Each check says what it found and, where something is wrong, what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach import config
from coach.errors import CoachError, StoreCorrupt

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.session import Session


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    """What was found."""
    hint: str = ""
    """What to do where it is not ok."""
    exit_code: int = 0
    """For the command, where it is not ok."""


def examine(session: Session) -> list[Check]:
    """Look at everything that a grade needs."""
    checks = [
        _tried("settings", lambda: _settings(session)),
        _tried("documents", lambda: _documents(session)),
        _tried("rubrics", lambda: _rubrics(session)),
        _tried("model", lambda: _model(session)),
        _tried("index", lambda: _index(session)),
        _tried("search", lambda: _search(session)),
        _tried("history", lambda: _history(session)),
    ]
    return [*checks, Check("leaves this machine", True, _what_leaves(session))]


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except CoachError as problem:
        return Check(name, False, problem.message, problem.hint, problem.exit_code)


def _settings(session: Session) -> str:
    changed = [name for name, source in session.loaded.sources.items() if source != "default"]
    own = ", ".join(f"{config.env_name(name)} from {session.loaded.sources[name]}" for name in changed)
    return f"read; {own}" if own else "read; all defaults"


def _documents(session: Session) -> str:
    library = session.library
    without = sum(not question.reference for question in library.questions)
    return f"{len(library.decks)} decks, {len(library.questions)} questions, {without} without an answer"


def _rubrics(session: Session) -> str:
    origins = [session.rubric(question).origin for question in session.library.questions]
    return ", ".join(f"{origins.count(origin)} {origin}" for origin in ("shipped", "edited", "derived"))


def _model(session: Session) -> str:
    embedder = session.embedder
    return f"{session.settings.embedding_model}, {embedder.dimensions} dimensions, {embedder.fingerprint[:12]}"


def _index(session: Session) -> str:
    from coach.retrieval.snapshot import read_stamp

    session.up_to_date()
    stamp = read_stamp(session.paths.index)
    if stamp is None:
        raise StoreCorrupt(f"The index in {session.paths.index} cannot be read.", "Mend it: coach index --rebuild.")
    return f"generation {stamp.generation}, made with chromadb {stamp.chroma_version}, in {session.paths.index}"


def _search(session: Session) -> str:
    found = session.search("partitioning a skewed data set", 1)
    return f"answers; finds question {found[0].question.number} for a sample" if found else "answers; finds nothing"


def _history(session: Session) -> str:
    practice = session.practice
    aim = f"aims at a recall of {practice.retention:.0%}" + (
        f" until {practice.interview}" if practice.interview is not None else ""
    )
    if not practice.path.exists():
        return f"nothing was answered yet; {aim}"
    broken = practice.history.check()
    if broken:
        raise StoreCorrupt(
            f"The history {practice.path} is damaged: {'; '.join(broken[:3])}.",
            "Move it away, or put one of its backups (history-schema*.db) in its place.",
        )
    return f"sound, {practice.history.count()} attempts, in {practice.path}; {aim}"


def _what_leaves(session: Session) -> str:
    settings = session.settings
    if settings.offline:
        return "nothing: COACH_OFFLINE is set"
    lines = []
    if settings.llm_base_url or settings.llm_provider or settings.llm_model:
        lines.append("answers graded with --grader llm, to the language model that is set")
    if settings.chroma_url:
        lines.append("passages and search vectors, to the Chroma server that is set")
    if settings.embedding_model != config.DEFAULT_MODEL:
        lines.append("the embedding model's name, to its hub, when it is first downloaded")
    return "; ".join(lines) if lines else "nothing: no model, key or server is set"
