"""Texts that wait for their vectors, kept in a file: those of 100,000 questions would fill memory for an hour."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from coach.storage import unwritable

_SEED = 7


class Pending:
    """Texts by their digests, written once and read back in batches. The file goes with the instance."""

    def __init__(self, path: Path) -> None:
        """Raises StoreUnwritable, as all methods do."""
        self._path = path
        self._places: dict[bytes, tuple[int, int]] = {}
        self._end = 0
        try:
            self._file: BinaryIO = path.open("w+b")
        except OSError as problem:
            raise unwritable(path, problem) from problem

    def __enter__(self) -> Pending:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: bytes, text: str) -> None:
        """One more text; a known one is passed over."""
        if key in self._places:
            return
        raw = text.encode("utf-8", "surrogatepass")
        try:
            self._file.write(raw)
        except OSError as problem:
            raise unwritable(self._path, problem) from problem
        self._places[key] = (self._end, len(raw))
        self._end += len(raw)

    def batches(self, size: int) -> Iterator[tuple[list[bytes], list[str]]]:
        """Digests and texts, ``size`` at a time, of like length each, to pad little.

        Short and long batches come mixed, the same way each time: from the pace so far can then be told how long the
        rest will take.
        """
        keys = sorted(self._places, key=lambda key: (self._places[key][1], key))
        starts = list(range(0, len(keys), size))
        random.Random(_SEED).shuffle(starts)
        for start in starts:
            chosen = keys[start : start + size]
            yield chosen, [self._read(key) for key in chosen]

    def _read(self, key: bytes) -> str:
        start, size = self._places[key]
        try:
            self._file.seek(start)
            return self._file.read(size).decode("utf-8", "surrogatepass")
        except OSError as problem:
            raise unwritable(self._path, problem) from problem
