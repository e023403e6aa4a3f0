"""Documents into the library: the built-in ones, the user's own, and what an import does with a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from coach import importing
from coach.catalogue import library as catalogue
from coach.catalogue.library import Changes, Entry, Library
from coach.config import Paths, Settings
from coach.domain import Document
from coach.errors import NotFound, StoreLocked, StoreUnwritable, UsageError
from coach.storage import make_folder, unwritable, writer_lock

LOCK_WAIT = 20.0
"""Seconds to wait for another process that registers documents: that takes under a second, unless a disk hangs."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did with one document."""

    document: Document
    changes: Changes
    already: bool
    """The very same document was there before."""


def synchronised(paths: Paths, settings: Settings, notice: Callable[[str], None]) -> Library:
    """The library, brought in step with the documents on disk: built-in ones first, so that their numbers are fixed.

    Where the data folder can't be written, the library is made in memory, and says so.
    """
    library = catalogue.load(paths.catalogue)
    behind = _behind(library, paths)
    if not behind:
        return library
    try:
        with writer_lock(paths.catalogue / "lock", "registering documents", LOCK_WAIT):
            library = catalogue.load(paths.catalogue)
            for path, builtin in _behind(library, paths):
                library, entry, _ = _registered(library, path, builtin, None, settings)
                catalogue.save(paths.catalogue, entry)
    except (StoreUnwritable, StoreLocked) as problem:
        notice(f"Nothing is kept this time. {problem}")
        for path, builtin in behind:
            library, _, _ = _registered(library, path, builtin, None, settings)
    return library


def parsed(path: Path, deck: str | None, settings: Settings) -> Document:
    """A document as it would be imported."""
    return importing.read(path, deck=catalogue.slug(deck) if deck else None, max_bytes=settings.max_document_mb << 20)


def brought_in(
    path: Path, deck: str | None, library: Library, paths: Paths, settings: Settings
) -> tuple[Library, Imported]:
    """Copy a document into the user's corpus and register its questions. Idempotent."""
    document = parsed(path, deck, settings)
    digest = _digest(path)
    before = library.entry_of(document.deck, document.source)
    if before and before.builtin:
        raise UsageError(
            f"The deck {document.deck!r} with a document called {document.source!r} is built in.",
            "Give yours another name: --deck NAME.",
        )
    with writer_lock(paths.catalogue / "lock", "registering documents", LOCK_WAIT):
        library = catalogue.load(paths.catalogue) if before is None else library
        changed, entry, changes = library.register(document, digest, builtin=False)
        _copy(path, paths.corpora[0] / document.deck)
        catalogue.save(paths.catalogue, entry)
    already = before is not None and not before.removed and before.digest == digest
    return changed, Imported(document, changes, already)


def expanded(paths: Iterable[Path]) -> list[Path]:
    """Files as they are, folders as the documents in them. Raises NotFound."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [found for found in sorted(path.rglob("*")) if _is_document(found)]
            if not inside:
                raise NotFound(f"No document in {path}.", f"Known formats: {', '.join(sorted(importing.READERS))}.")
            files += inside
        elif path.exists():
            files.append(path)
        else:
            raise NotFound(f"No such file: {path}.", "Check the path.")
    return files


def _behind(library: Library, paths: Paths) -> list[tuple[Path, bool]]:
    documents = [(path, True) for path in sorted_builtin(paths.builtin_corpus)]
    for folder in paths.corpora[1:]:
        documents += [(path, False) for path in sorted(folder.rglob("*")) if _is_document(path)]
    known = {(entry.source, entry.digest) for entry in library.entries}
    return [(path, builtin) for path, builtin in documents if (path.name, _digest(path)) not in known]


def sorted_builtin(folder: Path) -> list[Path]:
    """The built-in documents in the order that fixes their numbers: as ``corpus/order.txt`` lists them."""
    order = (folder / "order.txt").read_text(encoding="utf-8").split()
    return [folder / name for name in order]


def _registered(
    library: Library, path: Path, builtin: bool, deck: str | None, settings: Settings
) -> tuple[Library, Entry, Changes]:
    document = parsed(path, deck, settings)
    return library.register(document, _digest(path), builtin)


def _digest(path: Path) -> str:
    """Over the document, its side file and the importer's version: equal digests give equal questions."""
    digest = hashlib.sha256(f"{importing.VERSION}".encode())
    for file in (path, path.with_suffix(".coach.toml")):
        try:
            digest.update(file.read_bytes())
        except FileNotFoundError:
            digest.update(b"\0none")
        except OSError as problem:
            raise UsageError(f"Cannot read {file}: {problem.strerror}.", "Check its permissions.") from problem
    return digest.hexdigest()[:16]


def _is_document(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in importing.READERS and not path.name.startswith(".")


def _copy(path: Path, folder: Path) -> None:
    import shutil

    make_folder(folder)
    for file in (path, path.with_suffix(".coach.toml")):
        target = folder / file.name
        if not file.is_file() or (target.exists() and target.samefile(file)):
            continue
        try:
            shutil.copyfile(file, target)
            target.chmod(0o600)
        except OSError as problem:
            raise unwritable(target, problem) from problem
