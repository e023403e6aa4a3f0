"""Is everything in order? Each check says what it found and, where something is wrong, what mends it."""

from __future__ import annotations

import os
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


def examine(session: Session, with_model: bool = False) -> list[Check]:
    """Look at everything that a grade needs; ``with_model`` also tries the language model, which is sent two short texts."""
    checks = [
        _tried("settings", lambda: _settings(session)),
        _tried("documents", lambda: _documents(session)),
        _tried("rubrics", lambda: _rubrics(session)),
        _tried("model", lambda: _model(session)),
        _tried("index", lambda: _index(session)),
        _tried("search", lambda: _search(session)),
        _tried("history", lambda: _history(session)),
    ]
    if with_model:
        checks.append(_tried("language model", lambda: _language_model(session)))
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


def _language_model(session: Session) -> str:
    from coach import llm

    found = llm.check(session.open_model())
    parts = [f"{found.provider}, {found.model}" + (f" at {found.host}" if found.host else "")]
    if found.listed is False:
        parts.append(f"answers, though the server lists {', '.join(found.offered[:5]) or 'no model'}")
    parts.append(
        f"structured output by {found.rung}" if found.rung else f"no usable structured output: {found.why_not}"
    )
    if found.refused:
        parts.append(f"refuses {', '.join(found.refused)}")
    if found.first_word_after is not None:
        parts.append(f"first word after {found.first_word_after:g} s")
    if found.tokens_a_second is not None:
        parts.append(f"then about {found.tokens_a_second:g} tokens/s")
    parts.append(f"context {found.context} tokens, {'counted' if found.exact_tokens else 'estimated'}")
    return "; ".join(parts)


def _what_leaves(session: Session) -> str:
    from coach.llm import consent

    settings = session.settings
    to_model = consent.leaving(session.loaded, os.environ)
    if settings.offline:
        return f"nothing: COACH_OFFLINE is set; {to_model}" if to_model else "nothing: COACH_OFFLINE is set"
    lines = [to_model] if to_model else []
    if settings.chroma_url:
        lines.append("passages and search vectors, to the Chroma server that is set")
    if settings.embedding_model != config.DEFAULT_MODEL:
        lines.append("the embedding model's name, to its hub, when it is first downloaded")
    return "; ".join(lines) if lines else "nothing: no model, key or server is set"
