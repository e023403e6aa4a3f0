"""Brings the store in step with the questions, one whole generation at a time.

A build makes a new collection, a new word index and a new snapshot beside the old ones, then swaps ``current.json``,
then drops what is older than the generation before: a kill at any moment leaves one whole index in force, and a reader
of the old one can finish. Vectors are reused by the digest of the text that they were made from.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain import Chunk, Question
from coach.ports import Embedder, Progress
from coach.retrieval import snapshot, store, words
from coach.retrieval.chunks import CHUNKER_VERSION, cut
from coach.retrieval.journal import KEY_BYTES, Journal
from coach.retrieval.snapshot import SCHEMA, Part, Row, Stamp, read_stamp
from coach.storage import make_folder, unwritable, writer_lock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WAIT_SECONDS = 5.0
"""How long a second writer waits for the first."""

_BATCH = 32
"""Texts embedded, and then kept in the journal, at a time."""

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
    progress: Progress | None = None,
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
        journal = Journal(folder, embedder.fingerprint, embedder.dimensions)
        if not rebuild and before and old and is_current(wanted, embedder.fingerprint, folder, chroma_url):
            _remove(journal.path)
            chunks = sum(row.part is Part.CHUNK for row in old.rows)
            return IndexReport(0, len({row.key for row in old.rows}), 0, chunks, before.generation)
        rows, texts = _plan(questions, searches, embedder)
        known = {} if rebuild or old is None else dict(old.by_key())
        if rebuild:
            _remove(journal.path)
        with journal:
            embedded = _embed(texts, known, embedder, journal, progress)
        vectors = _stacked(rows, known, embedder.dimensions)
        stamp = _next(folder, before, embedder.fingerprint, chroma_url, wanted, rebuild)
        _write(folder, stamp, before, rows, vectors, _pages(questions, searches), progress)
        _remove(journal.path)
        gone = {row.key for row in old.rows} - texts.keys() if old else set()
        chunks = sum(row.part is Part.CHUNK for row in rows)
        return IndexReport(embedded, len(texts) - embedded, len(gone), chunks, stamp.generation)


def is_current(questions_digest: str, fingerprint: str, folder: Path, chroma_url: str = "") -> bool:
    """Whether the index in ``folder`` holds exactly these questions by this model; opens no store."""
    stamp = read_stamp(folder)
    if stamp is None or not stamp.fits(fingerprint):
        return False
    if (stamp.digest, stamp.server, stamp.chroma_version) != (questions_digest, chroma_url, store.version()):
        return False
    needed = [folder / stamp.words, folder / stamp.snapshot / "rows.json", folder / stamp.snapshot / "vectors.npy"]
    return all(path.is_file() for path in needed) and (bool(chroma_url) or (folder / stamp.chroma).is_dir())


def digest(questions: Sequence[Question], searches: Mapping[str, Sequence[str]]) -> str:
    """Hex digest over all that the index is made from, in the order of ``questions``."""
    parts = [[q.id, q.text, q.section, q.reference, list(searches.get(q.id, ()))] for q in questions]
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _plan(
    questions: Sequence[Question], searches: Mapping[str, Sequence[str]], embedder: Embedder
) -> tuple[list[Row], dict[str, str]]:
    """What the vectors shall stand for, and the text of each digest."""
    rows: list[Row] = []
    texts: dict[str, str] = {}
    for question in questions:
        for part, text, chunk in _parts(question, searches.get(question.id, ()), embedder):
            raw = text.encode("utf-8", "surrogatepass")
            key = hashlib.sha256(raw).hexdigest()[: 2 * KEY_BYTES]
            texts[key] = text
            rows.append(Row(question.id, part, key, chunk))
    return rows, texts


def _parts(question: Question, searches: Sequence[str], embedder: Embedder) -> Iterator[tuple[Part, str, Chunk | None]]:
    yield Part.QUESTION, question.text, None
    if question.reference:
        yield Part.ANSWER, f"{question.text}\n{question.reference}", None
    for chunk in cut(question, embedder):
        yield Part.CHUNK, f"{chunk.context}\n{chunk.text}" if chunk.context else chunk.text, chunk
    for search in searches:
        yield Part.SEARCH, search, None


def _embed(
    texts: Mapping[str, str],
    known: dict[str, NDArray[np.float32]],
    embedder: Embedder,
    journal: Journal,
    progress: Progress | None,
) -> int:
    """Add the vectors of all unknown texts to ``known``; their number. Like lengths go together, to pad little."""
    if any(key not in known for key in texts):
        known.update({key: vector for key, vector in journal.read().items() if key in texts})
    missing = sorted((key for key in texts if key not in known), key=lambda key: (len(texts[key]), key))
    for start in range(0, len(missing), _BATCH):
        keys = missing[start : start + _BATCH]
        vectors = embedder.vectors([texts[key] for key in keys])
        journal.append(keys, vectors)
        known.update(zip(keys, vectors, strict=True))
        if progress:
            progress("embedding", start + len(keys), len(missing))
    return len(missing)


def _stacked(rows: Sequence[Row], known: Mapping[str, NDArray[np.float32]], dimensions: int) -> NDArray[np.float32]:
    import numpy as np

    if not rows:
        return np.zeros((0, dimensions), np.float32)
    return np.stack([known[row.key] for row in rows]).astype(np.float32)


def _pages(questions: Sequence[Question], searches: Mapping[str, Sequence[str]]) -> list[words.Page]:
    return [
        words.Page(
            question.id,
            f"{question.text} {question.section or ''}",
            "\n".join(searches.get(question.id, ())),
            "\n".join(first or second for first, second in _HEADINGS.findall(question.reference)),
            question.reference,
        )
        for question in questions
    ]


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
    rows: Sequence[Row],
    vectors: NDArray[np.float32],
    pages: Sequence[words.Page],
    progress: Progress | None,
) -> None:
    """Write a generation, put it in force, and drop what is older than the one before."""
    words.write(folder / stamp.words, pages)
    snapshot.save(folder / stamp.snapshot, rows, vectors)
    if not stamp.server:
        make_folder(folder / stamp.chroma)
    opened = store.Store(folder / stamp.chroma, stamp.server)
    try:
        if stamp.collection in opened.names():
            opened.drop(stamp.collection)
        told = (lambda done: progress("storing", done, len(rows))) if progress else (lambda done: None)
        opened.fill(stamp.collection, [str(index) for index in range(len(rows))], vectors, told)
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
