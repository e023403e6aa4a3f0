"""Documents into the library: the built-in ones, the user's own, and what an import does with a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from coach import importing
from coach.catalogue import library as catalogue
from coach.catalogue.library import Changes, Entry, Library
from coach.config import Paths, Settings
from coach.domain import Document
from coach.errors import ConfigError, NotFound, StoreLocked, StoreUnwritable, UsageError
from coach.importing.source import Limits, unwatched
from coach.ports import Progress
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


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A document on disk that the library does not hold in this form."""

    path: Path
    source: str
    """Its name in the catalogue; for one of a further folder with its path from there, since names may repeat."""
    builtin: bool
    digest: str


def synchronised(paths: Paths, settings: Settings, notice: Callable[[str], None]) -> Library:
    """The library, brought in step with the documents on disk: built-in ones first, so that their numbers are fixed.

    Where the data folder can't be written, the library is made in memory, and says so. A document of a further folder
    that can't be read is passed over, and said. Raises ConfigError where COACH_CORPUS is no folder.
    """
    library = catalogue.load(paths.catalogue)
    behind = _behind(library, paths)
    if not behind:
        return library
    try:
        with writer_lock(paths.catalogue / "lock", "registering documents", LOCK_WAIT):
            library = catalogue.load(paths.catalogue)
            for item in _behind(library, paths):
                library, entry = _registered(library, item, settings, notice)
                if entry is not None:
                    catalogue.save(paths.catalogue, entry)
    except (StoreUnwritable, StoreLocked) as problem:
        notice(f"Nothing is kept this time. {problem}")
        for item in behind:
            library, _ = _registered(library, item, settings, notice)
    return library


def parsed(path: Path, deck: str | None, settings: Settings, progress: Progress = unwatched) -> Document:
    """A document as it would be imported."""
    limits = Limits(settings.max_document_mb << 20, settings.max_pages, progress)
    return importing.read(path, deck=catalogue.slug(deck) if deck else None, limits=limits)


def brought_in(
    path: Path, deck: str | None, paths: Paths, settings: Settings, progress: Progress = unwatched
) -> tuple[Library, Imported]:
    """Copy a document into the user's corpus and register its questions. Idempotent.

    The library has to be synchronised before, so that the built-in documents have their numbers.
    """
    document = parsed(path, deck, settings, progress)
    digest = _digest(path)
    with writer_lock(paths.catalogue / "lock", "registering documents", LOCK_WAIT):
        library = catalogue.load(paths.catalogue)
        before = library.entry_of(document.deck, document.source)
        changed, entry, changes = library.register(document, digest, builtin=False)
        _refuse_another_document(document, before, changes)
        _copy(path, paths.corpora[0] / document.deck)
        catalogue.save(paths.catalogue, entry)
    already = before is not None and not before.removed and before.digest == digest
    return changed, Imported(document, changes, already)


def _refuse_another_document(document: Document, before: Entry | None, changes: Changes) -> None:
    """An import continues a document of the same name; it must not push out one that has nothing in common with it."""
    if before is None or before.removed:
        return
    if before.builtin:
        raise UsageError(
            f"The deck {document.deck!r} with a document called {document.source!r} is built in.",
            "Give yours another name: --deck NAME.",
        )
    if before.questions and document.questions and not changes.kept:
        raise UsageError(
            f"The deck {document.deck!r} holds another document called {document.source!r}, without a question in common.",
            "Keep them apart: --deck NAME.",
        )


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


def _behind(library: Library, paths: Paths) -> list[_Waiting]:
    documents = [(path, path.name, True) for path in sorted_builtin(paths.builtin_corpus)]
    for folder in paths.corpora[1:]:
        if not folder.is_dir():
            raise ConfigError(f"COACH_CORPUS is no folder: {folder}.", "Name a folder of documents, or unset it.")
        for path in sorted(folder.rglob("*")):
            if _is_document(path):
                documents.append((path, f"{folder.name}/{path.relative_to(folder).as_posix()}", False))
    known = {(entry.source, entry.digest) for entry in library.entries}
    found = [_Waiting(path, source, builtin, _digest(path)) for path, source, builtin in documents]
    return [item for item in found if (item.source, item.digest) not in known]


def sorted_builtin(folder: Path) -> list[Path]:
    """The built-in documents in the order that fixes their numbers: as ``corpus/order.txt`` lists them."""
    order = (folder / "order.txt").read_text(encoding="utf-8").split()
    return [folder / name for name in order]


def _registered(
    library: Library, item: _Waiting, settings: Settings, notice: Callable[[str], None]
) -> tuple[Library, Entry | None]:
    try:
        document = replace(parsed(item.path, None, settings), source=item.source)
    except UsageError as problem:
        if item.builtin:
            raise
        notice(f"Passed over {item.path}: {problem.message}")
        return library, None
    changed, entry, _ = library.register(document, item.digest, item.builtin)
    return changed, entry


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
