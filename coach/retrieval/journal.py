"""Vectors made so far by a build that has not finished: a killed build goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from coach.storage import make_folder, unwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEY_BYTES = 16
"""A text's digest takes 32 hexadecimal digits."""


class Journal:
    """An append-only file of (digest, vector) records of one model. A torn last record is dropped."""

    def __init__(self, folder: Path, fingerprint: str, dimensions: int) -> None:
        """Opens nothing yet; the file is ``journal-<fingerprint>.bin`` in ``folder``."""
        self.path = folder / f"journal-{fingerprint[:16]}.bin"
        self._dimensions = dimensions
        self._file: BinaryIO | None = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def read(self) -> dict[str, NDArray[np.float32]]:
        """Digest -> vector of shape (d,), as far as they were written whole. Raises StoreUnwritable."""
        import numpy as np

        size = KEY_BYTES + 4 * self._dimensions
        try:
            raw = self.path.read_bytes() if self.path.is_file() else b""
            if len(raw) % size:
                raw = raw[: len(raw) - len(raw) % size]
                with self.path.open("r+b") as file:
                    file.truncate(len(raw))
        except OSError as problem:
            raise unwritable(self.path, problem) from problem
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(raw), size):
            vector = np.frombuffer(raw, np.float32, self._dimensions, start + KEY_BYTES)
            if abs(float(np.linalg.norm(vector)) - 1.0) < 1e-3:
                found[raw[start : start + KEY_BYTES].hex()] = vector
        return found

    def append(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, shape (len(keys), d). Raises StoreUnwritable."""
        try:
            if self._file is None:
                make_folder(self.path.parent)
                self._file = self.path.open("ab")
            for key, vector in zip(keys, vectors, strict=True):
                self._file.write(bytes.fromhex(key) + vector.astype("float32").tobytes())
            self._file.flush()
        except OSError as problem:
            raise unwritable(self.path, problem) from problem
