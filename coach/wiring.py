"""Settings to session: the one place where concrete classes are chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coach import config
from coach.ports import ChatModel, ClaimChecker, Embedder, KnownStatements, Progress, unwatched
from coach.session import Session, _unheard


def open_session(
    flags: Mapping[str, Any] | None = None,
    progress: Progress = unwatched,
    notice: Callable[[str], None] = _unheard,
) -> Session:
    """A session over this user's settings. Opens nothing yet. Raises ConfigError."""
    loaded = config.load(flags=flags)
    for problem in loaded.problems:
        notice(problem)
    paths = config.paths_of(loaded.settings)

    def open_embedder(progress: Progress) -> Embedder:
        from coach import models

        return models.open_embedder(loaded.settings, paths, progress)

    def open_claims() -> Embedder:
        from coach.models.shipped import open_claims

        return open_claims(paths)

    def open_checks() -> ClaimChecker | KnownStatements:
        if loaded.settings.nli_model:
            from coach.models.entailment import open_named

            return open_named(loaded.settings)
        from coach.models.shipped import open_known

        return open_known()

    def open_model() -> ChatModel:
        from coach import llm

        return llm.open_model(loaded, paths, notice)

    return Session(loaded, paths, open_embedder, open_claims, open_checks, open_model, progress, notice)
