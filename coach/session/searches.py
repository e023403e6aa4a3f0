"""What people search for, from all rubric files, kept in one file: reading 66 rubrics takes longer than a grade."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import StoreUnwritable
from coach.storage import write_atomically

if TYPE_CHECKING:
    from coach.catalogue.library import Library
    from coach.config import Paths

FORMAT = 1
"""Raised when equal rubric files would give other searches."""

Searches = dict[str, tuple[str, ...]]
"""Question id -> other ways in which somebody would look for it."""


def kept_searches(library: Library, paths: Paths, read: Callable[[], Searches]) -> Searches:
    """As ``read`` gives them, or as they were kept while no rubric file and no document has changed since."""
    path = paths.index / "searches.json"
    state = _state(library, paths)
    try:
        kept = json.loads(path.read_bytes())
        if kept["state"] == state:
            return {str(name): tuple(map(str, texts)) for name, texts in kept["searches"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # never kept, or damaged: the rubrics are read again
    found = read()
    with suppress(StoreUnwritable):  # a read-only index only costs time at the next command
        write_atomically(path, json.dumps({"state": state, "searches": found}))
    return found


def _state(library: Library, paths: Paths) -> str:
    """Digest over the documents and over name, size and time of every rubric file."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for entry in library.entries:
        digest.update(f"{entry.slug}\0{entry.source}\0{entry.digest}\0{entry.removed}\0".encode())
    for folder in (paths.builtin_corpus / "rubrics", paths.rubric_overlay):
        for path in _rubric_files(folder):
            status = path.stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _rubric_files(folder: Path) -> Iterator[Path]:
    """Rubric files two levels down, in order."""
    return (path for path in sorted(folder.glob("*/*.toml")))
