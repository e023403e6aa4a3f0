"""Which files an import means: names, folders and patterns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coach import importing
from coach.errors import NotFound


@dataclass(frozen=True, slots=True)
class Found:
    """A file to import."""

    path: Path
    named: bool
    """Whether the user named it, rather than a folder or pattern that it is in."""
    deck: str | None = None
    """The deck's name where the file's own says nothing (``kafka/README.md``)."""


_NAMELESS = ("readme", "index")


def expanded(paths: Iterable[Path]) -> list[Found]:
    """Files as they are, folders and patterns (``notes/**/*.md``) as the documents in them. Raises NotFound."""
    files: dict[Path, Found] = {}
    for path in paths:
        if path.is_dir():
            inside = [found for found in sorted(path.rglob("*")) if is_document(found, path)]
            if not inside:
                raise NotFound(f"No document in {path}.", f"Known formats: {', '.join(sorted(importing.READERS))}.")
            for found in inside:
                files.setdefault(found, Found(found, False, _deck_of(found)))
        elif path.exists():
            files.setdefault(path, Found(path, True))
        else:
            matching = _matching(path)
            if not matching:
                raise NotFound(f"No such file: {path}.", "Check the path.")
            for found in matching:
                files.setdefault(found, Found(found, False, _deck_of(found)))
    return list(files.values())


def _matching(pattern: Path) -> list[Path]:
    """The documents that a pattern names where no shell has done so."""
    parts = pattern.parts
    first = next((n for n, part in enumerate(parts) if any(sign in part for sign in "*?[")), None)
    if first is None:
        return []
    try:
        found = sorted(Path(*parts[:first]).glob("/".join(parts[first:])))
    except (ValueError, OSError):
        return []
    return [path for path in found if is_document(path)]


def _deck_of(path: Path) -> str | None:
    """The folder's name for a file whose own says nothing."""
    return path.resolve().parent.name if path.stem.lower() in _NAMELESS else None


def is_document(path: Path, folder: Path | None = None) -> bool:
    """Whether a file is of a known format, and neither it nor a folder below ``folder`` is hidden."""
    inner = path.relative_to(folder).parts if folder else (path.name,)
    return (
        path.suffix.lower() in importing.READERS and not any(part.startswith(".") for part in inner) and path.is_file()
    )
