"""Documents into the library: the built-in ones, the user's own, and what an import does with a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from coach import importing
from coach.catalogue import library as catalogue
from coach.catalogue import lookup
from coach.catalogue.library import Changes, Entry, Library
from coach.config import Paths, Settings
from coach.domain import Deck, Document
from coach.errors import ConfigError, NotFound, StoreLocked, StoreUnwritable, UsageError
from coach.ports import Progress, unwatched
from coach.session.folders import Found, is_document
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
    passed_over: str = ""
    """Why the document was not taken in; empty where it was."""


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
    from coach.importing.source import Limits

    limits = Limits(settings.max_document_mb << 20, settings.max_pages, progress)
    return importing.read(path, deck=catalogue.slug(deck) if deck else None, limits=limits)


def brought_in(
    path: Path,
    deck: str | None,
    paths: Paths,
    settings: Settings,
    progress: Progress = unwatched,
    stays: bool = True,
) -> tuple[Library, Imported]:
    """Copy a document into the user's corpus and register its questions. Idempotent.

    ``stays`` is whether the file will still be there tomorrow: then it is recognised again under another name.
    The library has to be synchronised before, so that the built-in documents have their numbers.
    """
    document = parsed(path, deck, settings, progress)
    digest = _digest(path)
    origin = str(path.resolve()) if stays else ""
    with writer_lock(paths.catalogue / "lock", "registering documents", LOCK_WAIT):
        library = catalogue.load(paths.catalogue)
        before = library.entry_of(document.deck, document.source)
        if not document.questions:
            return library, Imported(document, Changes(), False, "no questions were recognised in it")
        former = lookup.former_self(library, document, origin, lambda place: not Path(place).exists())
        changed, entry, changes = library.register(document, digest, False, origin, former)
        _refuse_another_document(document, before, changes)
        _copy(path, paths.corpora[0] / document.deck, document.source)
        if former is not None:
            _follow(former, document, paths)
        catalogue.save(paths.catalogue, entry)
    already = before is not None and not before.removed and before.digest == digest
    return changed, Imported(document, changes, already)


def taken_in(
    found: Found,
    deck: str | None,
    paths: Paths,
    settings: Settings,
    library: Library,
    progress: Progress = unwatched,
    stays: bool = True,
) -> tuple[Library, Imported]:
    """``brought_in`` for a file of a folder too: there, what cannot be taken in is passed over, with the reason."""
    try:
        return brought_in(found.path, deck or found.deck, paths, settings, progress, stays)
    except (UsageError, NotFound) as problem:
        if found.named:
            raise
        name = found.path.name
        return library, Imported(Document(name, "", name, ()), Changes(), False, problem.message)


def save_layout(path: Path, deck: str | None, settings: Settings) -> Path:
    """Write the side file of a document. Raises UsageError where there is one already, StoreUnwritable."""
    from coach.importing import layout, saved

    side = layout.side_path(path)
    document = parsed(path, deck, settings)
    if side.exists():
        raise UsageError(f"{side} is there already.", "Correct that one, or delete it first.")
    try:
        side.write_text(saved.text_of(document), encoding="utf-8")
    except OSError as problem:
        raise unwritable(side, problem) from problem
    return side


def removed(deck: Deck, paths: Paths) -> Library:
    """The library without a deck: its copies are deleted, its numbers and ids stay taken. Raises UsageError for built-in ones."""
    with writer_lock(paths.catalogue / "lock", "removing a deck", LOCK_WAIT):
        library = catalogue.load(paths.catalogue)
        for entry in library.entries:
            if entry.slug != deck.slug or entry.removed:
                continue
            if entry.builtin:
                raise UsageError(
                    f"The deck {deck.slug!r} is built in and stays.", "`--deck NAME` leaves it out of a listing."
                )
            gone = replace(entry, removed=True)
            library = library.with_entry(gone)
            catalogue.save(paths.catalogue, gone)
            _forget(paths.corpora[0] / entry.slug / entry.source)
    return library


def _follow(former: Entry, document: Document, paths: Paths) -> None:
    """Take what belongs to a document along to its new name: the rubrics that the user wrote; its old copy goes."""
    if (former.slug, former.source) != (document.deck, document.source):
        _forget(paths.corpora[0] / former.slug / former.source)
    if former.slug == document.deck:
        return
    for question in (*former.questions, *former.retired):
        own = paths.rubric_overlay / former.slug / f"{question.id}.toml"
        if own.is_file():
            make_folder(paths.rubric_overlay / document.deck)
            own.replace(paths.rubric_overlay / document.deck / own.name)


def _forget(copy: Path) -> None:
    """Delete the copy of a document and of its side file."""
    try:
        for file in (copy, copy.with_suffix(".coach.toml")):
            file.unlink(missing_ok=True)
        if copy.parent.is_dir() and not any(copy.parent.iterdir()):
            copy.parent.rmdir()
    except OSError as problem:
        raise unwritable(copy, problem) from problem


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


def _behind(library: Library, paths: Paths) -> list[_Waiting]:
    documents = [(path, path.name, True) for path in sorted_builtin(paths.builtin_corpus)]
    for folder in paths.corpora[1:]:
        if not folder.is_dir():
            raise ConfigError(f"COACH_CORPUS is no folder: {folder}.", "Name a folder of documents, or unset it.")
        for path in sorted(folder.rglob("*")):
            if is_document(path):
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
    before = library.entry_of(document.deck, document.source)
    changed, entry, _ = library.register(document, item.digest, item.builtin)
    if before is not None and before.removed:
        entry = replace(entry, removed=True)
        changed = changed.with_entry(entry)
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


def _copy(path: Path, folder: Path, name: str) -> None:
    import shutil

    make_folder(folder)
    names = (name, Path(name).with_suffix(".coach.toml").name)
    for file, called in zip((path, path.with_suffix(".coach.toml")), names, strict=True):
        target = folder / called
        if not file.is_file():
            target.unlink(missing_ok=True)
            continue
        if target.exists() and target.samefile(file):
            continue
        try:
            shutil.copyfile(file, target)
            target.chmod(0o600)
        except OSError as problem:
            raise unwritable(target, problem) from problem
