"""The index's stamp, and a small read-only copy of its vectors that opens in milliseconds without chromadb.

``current.json`` names the generation in force; it is replaced atomically as the last step of a build. A snapshot
folder holds ``rows.json`` (what each vector stands for) and ``vectors.npy`` (float32, shape (n, d), unit rows).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.domain import Chunk, Span
from coach.retrieval.chunks import CHUNKER_VERSION
from coach.storage import make_folder, write_atomically

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = 1
"""Version of everything that lies in the index folder."""

NEAR = 0.6
"""Cosine from which a passage of another question is worth showing beside an answer. Of the reference answers taken as
answers it lets 1.3 others through on average, feature stores, slow Spark jobs and lakehouses among them
(benchmarks/retrieval.py, last table)."""

_BLOCK = 512
"""Rows multiplied at a time."""


class Part(StrEnum):
    """What a vector stands for."""

    CHUNK = "c"
    QUESTION = "q"
    ANSWER = "a"
    """The question with the whole answer, as far as the model reads."""
    SEARCH = "s"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What ``current.json`` says."""

    schema: int
    chroma_version: str
    fingerprint: str
    """Of the embedding model."""
    chunker: int
    generation: int
    """Counts up by at least 1 with every build."""
    server: str
    """The Chroma server's address; empty for a local store."""
    chroma: str
    """Folder of the local store, relative to the index."""
    collection: str
    words: str
    """File of the word index, relative to the index."""
    snapshot: str
    """Folder of the snapshot, relative to the index."""
    digest: str
    """Over the questions and searches that were indexed."""

    def fits(self, fingerprint: str) -> bool:
        """Whether this code and this model can read what the stamp is on."""
        return (self.schema, self.fingerprint, self.chunker) == (SCHEMA, fingerprint, CHUNKER_VERSION)


def stamp_path(folder: Path) -> Path:
    """Where the stamp of the index in ``folder`` lies."""
    return folder / "current.json"


def read_stamp(folder: Path) -> Stamp | None:
    """The stamp of the index in ``folder``; None where there is none that can be read."""
    try:
        raw = json.loads(stamp_path(folder).read_bytes())
        values = {item.name: raw[item.name] for item in fields(Stamp)}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    numbers = ("schema", "chunker", "generation")
    if any(not isinstance(value, int if name in numbers else str) for name, value in values.items()):
        return None
    return Stamp(**values)


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Put a generation in force. Raises StoreUnwritable."""
    write_atomically(stamp_path(folder), json.dumps(asdict(stamp), indent=1) + "\n")


@dataclass(frozen=True, slots=True)
class Row:
    """What one vector stands for."""

    question_id: str
    part: Part
    key: str
    """Hex digest of the text that was embedded."""
    chunk: Chunk | None = None
    """Set for chunks only."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near one question is to a vector; cosines, 0 where it has no such part."""

    chunk: float
    """Of its nearest chunk."""
    answer: float
    """Of the whole."""
    search: float
    """Of the nearest among its own text and the ways to put the problem."""
    passage: Chunk | None
    """The nearest chunk; None where the question has no reference."""


class Snapshot:
    """Chunks and vectors of one generation, read only."""

    def __init__(self, rows: Sequence[Row], vectors: NDArray[np.float32]) -> None:
        """Rows of one question must follow each other; ``vectors`` has shape (len(rows), d)."""
        self.rows = rows
        self.vectors = vectors
        self._ranges: dict[str, tuple[int, int]] = {}
        for index, row in enumerate(rows):
            start, _ = self._ranges.get(row.question_id, (index, index))
            self._ranges[row.question_id] = (start, index + 1)

    @staticmethod
    def open(index_dir: Path, fingerprint: str) -> Snapshot | None:
        """The snapshot in force; None where there is none, or none that fits this code and this model."""
        stamp = read_stamp(index_dir)
        return load(index_dir / stamp.snapshot) if stamp is not None and stamp.fits(fingerprint) else None

    def likeness(self, question_id: str, vector: NDArray[np.float32]) -> Likeness:
        """How near a question is to a unit vector of shape (d,)."""
        start, stop = self._ranges.get(question_id, (0, 0))
        cosines = cosines_of(self.vectors[start:stop], vector).tolist()
        best = {Part.CHUNK: 0.0, Part.ANSWER: 0.0, Part.SEARCH: 0.0}
        passage: Chunk | None = None
        for row, cosine in zip(self.rows[start:stop], cosines, strict=True):
            part = Part.SEARCH if row.part is Part.QUESTION else row.part
            if row.chunk is not None and (passage is None or cosine > best[part]):
                passage = row.chunk
            best[part] = max(best[part], cosine)
        return Likeness(best[Part.CHUNK], best[Part.ANSWER], best[Part.SEARCH], passage)

    def beside(self, question_id: str, vector: NDArray[np.float32], limit: int) -> list[tuple[Chunk, float]]:
        """(chunk, cosine) of the question's own nearest chunk, then those of other questions, one each, nearest first.

        ``vector`` has shape (d,) and unit length. At most ``limit``; of other questions only what is really near.
        """
        cosines = cosines_of(self.vectors, vector).tolist()
        best: dict[str, tuple[Chunk, float]] = {}
        for row, cosine in zip(self.rows, cosines, strict=True):
            if row.chunk is not None and (row.question_id not in best or cosine > best[row.question_id][1]):
                best[row.question_id] = (row.chunk, float(cosine))
        own = best.pop(question_id, None)
        others = [pair for pair in best.values() if pair[1] >= NEAR]
        others.sort(key=lambda pair: (-pair[1], pair[0].id))
        return ([own] if own else [])[:limit] + others[: max(limit - (own is not None), 0)]

    def by_key(self) -> Mapping[str, NDArray[np.float32]]:
        """The vector of each text, by the text's digest."""
        return {row.key: self.vectors[index] for index, row in enumerate(self.rows)}


def cosines_of(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Products of unit rows, shape (n, d), with a unit vector, shape (d,): shape (n,).

    In blocks that BLAS does not share out between threads: on two cores their waiting for each other often took 8 ms
    instead of 0.2 at 12,000 rows, and sums could come to depend on the number of cores.
    """
    import numpy as np

    if len(vectors) <= _BLOCK:
        return np.asarray(vectors @ vector)
    return np.concatenate([vectors[start : start + _BLOCK] @ vector for start in range(0, len(vectors), _BLOCK)])


def save(folder: Path, rows: Sequence[Row], vectors: NDArray[np.float32]) -> None:
    """Write a snapshot into ``folder``, which is made. Raises StoreUnwritable."""
    import numpy as np

    make_folder(folder)
    raw = BytesIO()
    np.save(raw, np.ascontiguousarray(vectors, dtype=np.float32), allow_pickle=False)
    write_atomically(folder / "vectors.npy", raw.getvalue())
    write_atomically(folder / "rows.json", json.dumps([_packed(row) for row in rows], separators=(",", ":")))


def load(folder: Path) -> Snapshot | None:
    """A snapshot by its folder; None where it is missing or damaged."""
    import numpy as np

    try:
        rows = [_unpacked(item) for item in json.loads((folder / "rows.json").read_bytes())]
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, TypeError, KeyError, IndexError, EOFError):
        return None
    if vectors.ndim != 2 or len(vectors) != len(rows) or vectors.dtype != np.float32:
        return None
    return Snapshot(rows, vectors)


def _packed(row: Row) -> list[Any]:
    chunk = row.chunk
    head = [row.question_id, row.part.value, row.key]
    return head if chunk is None else [*head, chunk.id, chunk.text, chunk.context, chunk.span.start, chunk.span.end]


def _unpacked(item: list[Any]) -> Row:
    if len(item) == 3:
        return Row(item[0], Part(item[1]), item[2])
    question_id, part, key, name, text, context, start, end = item
    return Row(question_id, Part(part), key, Chunk(name, question_id, text, context, Span(start, end)))
