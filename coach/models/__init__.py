"""The embedding model: named in the settings, compiled once, served by onnxruntime.

This is the door. Importing it loads neither numpy nor any library of models.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from coach.config import Paths, Settings
from coach.errors import BackendUnreachable, ConfigError, StoreCorrupt, StoreUnwritable
from coach.models import weights
from coach.models.stamp import Stamp
from coach.ports import Progress

if TYPE_CHECKING:
    from coach.models.serve import OnnxEmbedder
    from coach.models.weights import Source


def open_embedder(settings: Settings, paths: Paths, progress: Progress | None = None) -> OnnxEmbedder:
    """The embedder of the settings' model, compiled first where no compiled form of it fits.

    Raises ConfigError for a model that is missing, altered or not supported, BackendUnreachable where a hub model has
    to be fetched and cannot be, StoreUnwritable where it has to be compiled and there is no room to keep it,
    StoreLocked where another process compiles for longer than ten minutes.
    """
    name = weights.canonical(settings.embedding_model)
    current = (
        (folder, stamp) for folder, stamp in _compiled(paths.models) if stamp.source == name and stamp.is_current()
    )
    return _first_usable(current) or _prepared(name, settings, paths, progress)


def fingerprint_of(settings: Settings, paths: Paths) -> str | None:
    """Which model the settings mean, without opening it; None where it has not been compiled for this user yet."""
    name = weights.canonical(settings.embedding_model)
    return next(
        (stamp.fingerprint for _, stamp in _compiled(paths.models) if stamp.source == name and stamp.is_current()), None
    )


def _prepared(name: str, settings: Settings, paths: Paths, progress: Progress | None) -> OnnxEmbedder:
    """Find the source, then adopt or compile it under the writer's lock."""
    if progress is not None:
        progress("looking for the embedding model", 0, 0)
    try:
        source = weights.locate(name, settings)
    except (ConfigError, BackendUnreachable):
        # A hub model may be gone from the download cache and is whole here all the same.
        compiled = ((folder, stamp) for folder, stamp in _compiled(paths.models) if stamp.source == name)
        embedder = _first_usable(compiled) if weights.is_hub_name(name) else None
        if embedder is None:
            raise
        return embedder
    try:
        return _made(source, paths, progress)
    except StoreUnwritable:
        places = (paths.models, *paths.shared_models)
        embedder = _first_usable(found for place in places for found in _compiled(place, source.fingerprint))
        if embedder is None:
            raise
        return embedder


def _made(source: Source, paths: Paths, progress: Progress | None) -> OnnxEmbedder:
    from coach.models import compile as compiling
    from coach.models.serve import load

    target = paths.models / compiling.folder_name(source.name, source.fingerprint)
    with compiling.writing(paths.models):
        for folder, stamp in _compiled(paths.models, source.fingerprint):
            try:
                # Another process may have compiled it by now, or its source has only moved.
                embedder = load(folder, stamp)
            except StoreCorrupt:
                continue
            if stamp.source != source.name or not stamp.is_current():
                compiling.renew(folder, stamp, source)
            return embedder
        for place in paths.shared_models:
            for folder, stamp in _compiled(place, source.fingerprint):
                try:
                    return load(target, compiling.adopt(folder, stamp, source, target))
                except StoreCorrupt:
                    continue
        embedder = load(target, compiling.compile_model(source, target, progress))
        compiling.clear_older(paths.models, source)
        return embedder


def _compiled(place: Path, fingerprint: str | None = None) -> Iterator[tuple[Path, Stamp]]:
    from coach.models.compile import compiled_under

    return (found for found in compiled_under(place) if fingerprint is None or found[1].fingerprint == fingerprint)


def _first_usable(found: Iterator[tuple[Path, Stamp]]) -> OnnxEmbedder | None:
    from coach.models.serve import load

    for folder, stamp in found:
        try:
            return load(folder, stamp)
        except StoreCorrupt:
            continue  # what is damaged here is made again by whoever asked
    return None
