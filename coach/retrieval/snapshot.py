"""The index's stamp, and a small read-only copy of its vectors that opens in milliseconds without chromadb.

``current.json`` names the generation in force; it is replaced atomically as the last step of a build. A snapshot
folder holds ``vectors.npy`` (float32, shape (n, d), unit rows) and what each vector stands for (see ``rows``). Both are
mapped rather than read: what nobody asks for stays on disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, cast

from coach.domain import Chunk
from coach.retrieval.chunks import CHUNKER_VERSION
from coach.retrieval.rows import FILES, PARTS, Part, Rows
from coach.storage import unwritable, write_atomically

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = 2
"""Version of everything that lies in the index folder."""

NEAR = 0.6
"""Cosine from which a passage of another question is worth showing beside an answer. Of the reference answers taken as
answers it lets 1.3 others through on average, feature stores, slow Spark jobs and lakehouses among them
(benchmarks/retrieval.py, last table)."""

_BLOCK = 512
"""Rows multiplied at a time."""

_AT_ONCE = 32_768
"""Vectors that are mapped at a time where there are more: memory does not grow by what a scan has read."""

_CHUNK = PARTS.index(Part.CHUNK)
_ANSWER = PARTS.index(Part.ANSWER)


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
class Likeness:
    """How near one question is to a vector; cosines, 0 where it has no such part."""

    chunk: float
    """Of its nearest chunk."""
    answer: float
    """Of the whole."""
    search: float
    """Of the nearest among its own text and the ways to put the problem."""
    row: int | None
    """Of the nearest chunk; None where the question has no reference."""


class Snapshot:
    """Chunks and vectors of one generation, read only."""

    def __init__(self, rows: Rows, vectors: NDArray[np.float32], folder: Path) -> None:
        """``vectors`` has shape (len(rows), d); ``folder`` is where they lie."""
        self.rows = rows
        self.vectors = vectors
        self._folder = folder

    @staticmethod
    def open(index_dir: Path, fingerprint: str) -> Snapshot | None:
        """The snapshot in force; None where there is none, or none that fits this code and this model."""
        stamp = read_stamp(index_dir)
        return load(index_dir / stamp.snapshot) if stamp is not None and stamp.fits(fingerprint) else None

    def likenesses(self, question_ids: Iterable[str], vector: NDArray[np.float32]) -> list[Likeness]:
        """How near each question is to a unit vector of shape (d,)."""
        vectors = self._mapped()
        return [self._likeness(vectors, name, vector) for name in question_ids]

    def _likeness(self, vectors: NDArray[np.float32], name: str, vector: NDArray[np.float32]) -> Likeness:
        start, stop = self.rows.of(name)
        cosines = cosines_of(vectors[start:stop], vector).tolist()
        chunk = answer = search = 0.0
        nearest: int | None = None
        for row, (part, cosine) in enumerate(zip(self.rows.parts[start:stop].tolist(), cosines, strict=True), start):
            if part == _CHUNK:
                nearest = row if nearest is None or cosine > chunk else nearest
                chunk = max(chunk, cosine)
            elif part == _ANSWER:
                answer = max(answer, cosine)
            else:
                search = max(search, cosine)
        return Likeness(chunk, answer, search, nearest)

    def beside(self, question_id: str, vector: NDArray[np.float32], limit: int) -> list[tuple[Chunk, float]]:
        """(chunk, cosine) of the question's own nearest chunk, then those of other questions, one each, nearest first.

        ``vector`` has shape (d,) and unit length. At most ``limit``; of other questions only what is really near.
        """
        import numpy as np

        starts = range(0, max(len(self.vectors), 1), _AT_ONCE)
        cosines = np.concatenate([cosines_of(self._mapped()[start : start + _AT_ONCE], vector) for start in starts])
        of_chunks = self.rows.parts == _CHUNK
        start, stop = self.rows.of(question_id)
        near = np.flatnonzero(of_chunks & (cosines >= NEAR))
        best: dict[int, tuple[float, int]] = {}
        for row, owner, cosine in zip(
            near.tolist(), self.rows.owners[near].tolist(), cosines[near].tolist(), strict=True
        ):
            if not start <= row < stop and (owner not in best or cosine > best[owner][0]):
                best[owner] = (cosine, row)
        own = [start + int(row) for row in np.flatnonzero(of_chunks[start:stop])]
        found = [(self.rows.chunk(row), float(cosines[row])) for row in sorted(own, key=lambda r: -cosines[r])[:1]]
        return [*found[:limit], *self._nearest(list(best.values()), max(limit - len(found), 0))]

    def _mapped(self) -> NDArray[np.float32]:
        """The vectors; of a large snapshot mapped for this use only, as long as its folder is there."""
        if len(self.vectors) > _AT_ONCE:
            with suppress(OSError):
                return vectors_in(self._folder)
        return self.vectors

    def _nearest(self, rows: list[tuple[float, int]], limit: int) -> list[tuple[Chunk, float]]:
        """The chunks of the ``limit`` rows with the highest cosines; only what may be among them is read."""
        if limit == 0 or not rows:
            return []
        least = sorted((cosine for cosine, _ in rows), reverse=True)[:limit][-1]
        pairs = [(self.rows.chunk(row), cosine) for cosine, row in rows if cosine >= least]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0].id))[:limit]


def cosines_of(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Products of unit rows, shape (n, d), with a unit vector, shape (d,): shape (n,).

    In blocks that BLAS does not share out between threads: on two cores their waiting for each other often took 8 ms
    instead of 0.2 at 12,000 rows, and sums could come to depend on the number of cores.
    """
    import numpy as np

    if len(vectors) <= _BLOCK:
        return np.asarray(vectors @ vector)
    return np.concatenate([vectors[start : start + _BLOCK] @ vector for start in range(0, len(vectors), _BLOCK)])


def write_vectors(folder: Path, blocks: Iterator[NDArray[np.float32]], count: int, dimensions: int) -> None:
    """Write ``count`` vectors in blocks of shape (any, d), none of which is kept. Raises StoreUnwritable."""
    import numpy as np

    head = {"descr": "<f4", "fortran_order": False, "shape": (count, dimensions)}
    try:
        with (folder / "vectors.npy").open("wb") as file:
            np.lib.format.write_array_header_1_0(file, head)
            for block in blocks:
                file.write(np.ascontiguousarray(block, dtype="<f4").tobytes())
    except OSError as problem:
        raise unwritable(folder, problem) from problem


def load(folder: Path) -> Snapshot | None:
    """A snapshot by its folder; None where it is missing or damaged."""
    import numpy as np

    try:
        rows = Rows(folder)
        vectors = vectors_in(folder)
    except (OSError, ValueError, TypeError, KeyError, IndexError, EOFError):
        return None
    if vectors.ndim != 2 or len(vectors) != len(rows) or vectors.dtype != np.float32:
        return None
    return Snapshot(rows, vectors, folder)


def vectors_in(folder: Path) -> NDArray[np.float32]:
    """A snapshot's vectors, mapped; what was read of them is let go with the array."""
    import numpy as np

    return cast("NDArray[np.float32]", np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False))


def is_whole(folder: Path) -> bool:
    """Whether all files of a snapshot are there; opens none."""
    return all((folder / name).is_file() for name in (*FILES, "vectors.npy"))
