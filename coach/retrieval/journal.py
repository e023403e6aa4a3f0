"""Vectors made so far by a build that has not finished: a killed build goes on where it stopped.

The vectors stay in the file: of 300,000 there is one place each in memory, and they are read a block at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from coach.retrieval.rows import KEY_BYTES
from coach.storage import make_folder, unwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 4096
"""Records looked through at a time."""


class Journal:
    """An append-only file of (digest, vector) records of one model. A torn last record is dropped."""

    def __init__(self, folder: Path, fingerprint: str, dimensions: int) -> None:
        """Opens nothing yet; the file is ``journal-<fingerprint>.bin`` in ``folder``."""
        self.path = folder / f"journal-{fingerprint[:16]}.bin"
        self._dimensions = dimensions
        self._size = KEY_BYTES + 4 * dimensions
        self._file: BinaryIO | None = None
        self._places: dict[bytes, int] = {}

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def find(self) -> None:
        """Learn which vectors are there, as far as they were written whole. Raises StoreUnwritable."""
        import numpy as np

        self._places = {}
        try:
            whole = self.path.stat().st_size // self._size if self.path.is_file() else 0
            if not whole:
                return
            with self.path.open("r+b") as file:
                file.truncate(whole * self._size)
                for start in range(0, whole, _BLOCK):
                    found = np.fromfile(file, self._record(), min(_BLOCK, whole - start))
                    lengths = np.linalg.norm(found["vector"], axis=1)
                    for place in np.flatnonzero(np.abs(lengths - 1.0) < 1e-3).tolist():
                        self._places[found["key"][place].tobytes()] = start + place
        except OSError as problem:
            raise unwritable(self.path, problem) from problem

    def append(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, shape (len(keys), d). Raises StoreUnwritable."""
        try:
            if self._file is None:
                make_folder(self.path.parent)
                self._file = self.path.open("ab")
            first = self._file.tell() // self._size
            self._file.write(
                b"".join(key + vector.astype("<f4").tobytes() for key, vector in zip(keys, vectors, strict=True))
            )
            self._file.flush()
        except OSError as problem:
            raise unwritable(self.path, problem) from problem
        self._places.update(zip(keys, range(first, first + len(keys)), strict=True))

    def vectors(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """The vectors of keys that are there, shape (len(keys), d). Raises StoreUnwritable."""
        import numpy as np

        found = np.empty((len(keys), self._dimensions), np.float32)
        if not keys:
            return found
        try:
            with self.path.open("rb", buffering=0) as file:
                for row, key in enumerate(keys):
                    file.seek(self._places[key] * self._size + KEY_BYTES)
                    found[row] = np.frombuffer(file.read(4 * self._dimensions), "<f4")
        except (OSError, ValueError) as problem:
            raise unwritable(self.path, OSError(str(problem))) from problem
        return found

    def _record(self) -> np.dtype[Any]:
        import numpy as np

        return np.dtype([("key", "u1", (KEY_BYTES,)), ("vector", "<f4", (self._dimensions,))])
