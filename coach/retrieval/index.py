"""Brings the store in step with the questions, one whole generation at a time.

A build makes a new collection, a new word index and a new snapshot beside the old ones, then swaps ``current.json``,
then drops what is older than the generation before: a kill at any moment leaves one whole index in force, and a reader
of the old one can finish. Vectors are reused by the digest of the text that they were made from. Neither texts nor
vectors are ever held all at once.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.domain import Question
from coach.ports import Embedder, Progress, unwatched
from coach.retrieval import snapshot, store, words
from coach.retrieval.chunks import CHUNKER_VERSION
from coach.retrieval.journal import Journal
from coach.retrieval.making import Known, make
from coach.retrieval.rows import PARTS, Part
from coach.retrieval.snapshot import SCHEMA, Stamp, read_stamp, stamp_path
from coach.storage import make_folder, unwritable, writer_lock

WAIT_SECONDS = 5.0
"""How long a second writer waits for the first."""

_GENERATED = re.compile(r"(?:snapshot-(\d+)|words-(\d+)\.sqlite|chroma-(\d+))(?:-journal)?$")
_HEADINGS = re.compile(r"^#{1,6}[ \t]+(.+)$|\*\*(.+?)\*\*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build did."""

    embedded: int
    """Texts that went through the model."""
    reused: int
    """Texts whose vectors were known."""
    removed: int
    """Texts of the generation before that are gone."""
    chunks: int
    """Chunks in the index."""
    generation: int
    """The generation in force."""


def build(
    questions: Sequence[Question],
    searches: Mapping[str, Sequence[str]],
    embedder: Embedder,
    folder: Path,
    chroma_url: str = "",
    rebuild: bool = False,
    progress: Progress = unwatched,
) -> IndexReport:
    """Index the questions; ``searches`` gives by question id how somebody with the problem would put it.

    Does nothing where the index is current; ``rebuild`` makes everything anew all the same. Raises StoreLocked when
    another process builds for longer than a few seconds, StoreUnwritable for a full or read-only disk, StoreCorrupt
    when the old store can't be read, BackendUnreachable and ConfigError for a Chroma server.
    """
    with writer_lock(folder / "lock", "building the index", WAIT_SECONDS):
        wanted = digest(questions, searches)
        before = read_stamp(folder)
        old = snapshot.Snapshot.open(folder, embedder.fingerprint)
        old_keys = old.rows.keys() if old else []
        journal = Journal(folder, embedder.fingerprint, embedder.dimensions)
        if not rebuild and before and old and is_current(wanted, embedder.fingerprint, folder, chroma_url):
            _remove(journal.path)
            chunks = int((old.rows.parts == PARTS.index(Part.CHUNK)).sum())
            return IndexReport(0, len(set(old_keys)), 0, chunks, before.generation)
        stamp = _next(folder, before, embedder.fingerprint, chroma_url, wanted, rebuild)
        if before or not stamp_path(folder).exists():
            _drop_unfinished(folder, before.generation if before else 0)
        if rebuild:
            _remove(journal.path)
        places = {} if rebuild or before is None else {key: row for row, key in enumerate(old_keys)}
        known = Known(folder / (before.snapshot if before else ""), places)
        with journal:
            made = make(questions, searches, embedder, folder / stamp.snapshot, known, journal, progress)
        _write(folder, stamp, before, made.rows, _pages(questions, searches), progress)
        _remove(journal.path)
        gone = len(set(old_keys) - made.texts)
        return IndexReport(made.embedded, len(made.texts) - made.embedded, gone, made.chunks, stamp.generation)


def is_current(questions_digest: str, fingerprint: str, folder: Path, chroma_url: str = "") -> bool:
    """Whether the index in ``folder`` holds exactly these questions by this model; opens no store."""
    stamp = read_stamp(folder)
    if stamp is None or not stamp.fits(fingerprint):
        return False
    if (stamp.digest, stamp.server, stamp.chroma_version) != (questions_digest, chroma_url, store.version()):
        return False
    whole = (folder / stamp.words).is_file() and snapshot.is_whole(folder / stamp.snapshot)
    return whole and (bool(chroma_url) or (folder / stamp.chroma).is_dir())


def digest(questions: Sequence[Question], searches: Mapping[str, Sequence[str]]) -> str:
    """Hex digest over all that the index is made from, in the order of ``questions``."""
    made = hashlib.sha256(b"[")
    for number, q in enumerate(questions):
        part = json.dumps([q.id, q.text, q.section, q.reference, list(searches.get(q.id, ()))])
        made.update(f"{', ' if number else ''}{part}".encode("ascii"))
    made.update(b"]")
    return made.hexdigest()


def _pages(questions: Sequence[Question], searches: Mapping[str, Sequence[str]]) -> Iterator[words.Page]:
    for question in questions:
        yield words.Page(
            question.id,
            f"{question.text} {question.section or ''}",
            "\n".join(searches.get(question.id, ())),
            "\n".join(first or second for first, second in _HEADINGS.findall(question.reference)),
            question.reference,
        )


def _next(folder: Path, before: Stamp | None, fingerprint: str, chroma_url: str, wanted: str, rebuild: bool) -> Stamp:
    """The stamp of the generation to be built; its number was never used in this folder."""
    used = [int(number) for path in _generated(folder) for number in _numbers(path)]
    generation = max([0, *used, *([before.generation] if before else [])]) + 1
    version = store.version()
    keep = before is not None and not rebuild and before.fits(fingerprint) and before.chroma_version == version
    chroma = before.chroma if before and keep and before.server == chroma_url else f"chroma-{generation}"
    return Stamp(
        schema=SCHEMA,
        chroma_version=version,
        fingerprint=fingerprint,
        chunker=CHUNKER_VERSION,
        generation=generation,
        server=chroma_url,
        chroma=chroma,
        collection=f"{_collection_prefix(folder)}{generation}",
        words=f"words-{generation}.sqlite",
        snapshot=f"snapshot-{generation}",
        digest=wanted,
    )


def _collection_prefix(folder: Path) -> str:
    """Tells this index's collections from those of others on a shared server."""
    import getpass
    import platform

    whose = "\0".join((platform.node(), getpass.getuser(), str(folder.resolve())))
    return f"coach-{hashlib.sha256(whose.encode()).hexdigest()[:16]}-"


def _write(
    folder: Path,
    stamp: Stamp,
    before: Stamp | None,
    count: int,
    pages: Iterator[words.Page],
    progress: Progress,
) -> None:
    """Fill words and store from what the snapshot holds, put the generation in force, and drop what is older than the
    one before.
    """
    words.write(folder / stamp.words, pages)
    if not stamp.server:
        make_folder(folder / stamp.chroma)
    opened = store.Store(folder / stamp.chroma, stamp.server)
    try:
        if stamp.collection in opened.names():
            opened.drop(stamp.collection)
        vectors = folder / stamp.snapshot
        opened.fill(
            stamp.collection,
            count,
            lambda start, stop: snapshot.vectors_in(vectors)[start:stop],
            lambda done: progress("storing", done, count),
        )
        snapshot.write_stamp(folder, stamp)
        kept = [stamp, *([before] if before else [])]
        for name in opened.names():
            if name.startswith(_collection_prefix(folder)) and name not in {one.collection for one in kept}:
                opened.drop(name)
    finally:
        opened.close()
    for path in _generated(folder):
        if path.name not in {name for one in kept for name in (one.chroma, one.words, one.snapshot)}:
            _remove(path)


def _drop_unfinished(folder: Path, generation: int) -> None:
    """Remove what killed builds left of generations after the one in force: nobody can be reading them."""
    for path in _generated(folder):
        if any(int(number) > generation for number in _numbers(path)):
            _remove(path)


def _generated(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _GENERATED.match(path.name))


def _numbers(path: Path) -> list[str]:
    found = _GENERATED.match(path.name)
    return [number for number in found.groups() if number] if found else []


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as problem:
        raise unwritable(path, problem) from problem
