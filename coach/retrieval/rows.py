"""What each vector of a snapshot stands for, on disk: written row by row, read one row at a time.

``table.npy`` has a record of fixed size for every vector and is mapped, not read; ``passages.jsonl`` has a line for
every chunk, found by its place in the file; ``head.json`` has the questions' ids in the order of the rows. So that
opening the rows of 100,000 questions reads their ids and nothing else.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from coach.domain import Chunk, Span
from coach.errors import StoreCorrupt
from coach.storage import make_folder, unwritable, write_atomically

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEY_BYTES = 16
"""A text's digest takes 32 hexadecimal digits."""

FILES = ("head.json", "table.npy", "passages.jsonl")

_RECORD = [("key", "u1", (KEY_BYTES,)), ("question", "<i4"), ("part", "<i4"), ("place", "<i8")]
"""Digest of the text, place of the question in the head, place of the part in ``PARTS``, byte in the passages."""


class Part(StrEnum):
    """What a vector stands for."""

    CHUNK = "c"
    QUESTION = "q"
    ANSWER = "a"
    """The question with the whole answer, as far as the model reads."""
    SEARCH = "s"


PARTS = tuple(Part)
"""Their numbers in the table. Adding one at the end keeps old tables readable."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one vector stands for."""

    question_id: str
    part: Part
    key: str
    """Hex digest of the text that was embedded."""
    chunk: Chunk | None = None
    """Set for chunks only."""


class Writer:
    """Writes rows into a folder, which is made. Rows of one question must follow each other."""

    def __init__(self, folder: Path) -> None:
        """Raises StoreUnwritable, as all methods do."""
        self._folder = folder
        self._ids: list[str] = []
        self.keys: list[bytes] = []
        """The digest of every row, in order."""
        self._numbers = bytearray()
        self._bytes = 0
        make_folder(folder)
        try:
            self._passages: BinaryIO = (folder / "passages.jsonl").open("wb")
        except OSError as problem:
            raise unwritable(folder, problem) from problem

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._passages.close()

    def add(self, row: Row) -> None:
        """One more row."""
        if not self._ids or self._ids[-1] != row.question_id:
            self._ids.append(row.question_id)
        place = self._bytes if row.chunk is not None else -1
        self.keys.append(bytes.fromhex(row.key))
        self._numbers += struct.pack("<iiq", len(self._ids) - 1, PARTS.index(row.part), place)
        if row.chunk is not None:
            self._bytes += self._write(row.chunk)

    def finish(self) -> None:
        """Put everything on disk."""
        import numpy as np

        try:
            self._passages.close()
            table = np.empty(len(self.keys), _record())
            table["key"] = np.frombuffer(b"".join(self.keys), "u1").reshape(-1, KEY_BYTES)
            numbers = np.frombuffer(self._numbers, _RECORD[1:])
            for name in ("question", "part", "place"):
                table[name] = numbers[name]
            np.save(self._folder / "table.npy", table, allow_pickle=False)
        except OSError as problem:
            raise unwritable(self._folder, problem) from problem
        head = {"questions": self._ids, "bytes": self._bytes}
        write_atomically(self._folder / "head.json", json.dumps(head, separators=(",", ":")))

    def _write(self, chunk: Chunk) -> int:
        fields = [chunk.id, chunk.text, chunk.context, chunk.span.start, chunk.span.end]
        try:
            return self._passages.write(json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n")
        except OSError as problem:
            raise unwritable(self._folder, problem) from problem


class Rows(Sequence[Row]):
    """The rows in a folder, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError, ValueError, KeyError or TypeError where they are missing or damaged."""
        import numpy as np

        head = json.loads((folder / "head.json").read_bytes())
        self.question_ids: list[str] = head["questions"]
        self._table: NDArray[Any] = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
        self._path = folder / "passages.jsonl"
        # Mapped, so that they can still be read when later builds have removed the folder.
        with self._path.open("rb") as file:
            empty = not self._path.stat().st_size
            self._passages = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        owners = self._table["question"] if self._table.dtype == _record() else None
        if owners is None or len(self._passages) != head["bytes"]:
            raise ValueError("damaged")
        # Where each question's rows begin, and one past the last: they follow each other.
        self._starts = np.searchsorted(owners, np.arange(len(self.question_ids) + 1))
        if (len(owners) and owners[-1] != len(self.question_ids) - 1) or int(self._table["part"].max(initial=0)) >= len(
            PARTS
        ):
            raise ValueError("damaged")

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        record = self._table[index]
        part = PARTS[record["part"]]
        key = record["key"].tobytes().hex()
        return Row(self.owner(index), part, key, self.chunk(index) if part is Part.CHUNK else None)

    def owner(self, index: int) -> str:
        """Id of the question that a row belongs to."""
        return self.question_ids[int(self._table["question"][index])]

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """Of each row the place of its part in ``PARTS``, shape (n,)."""
        import numpy as np

        return np.ascontiguousarray(self._table["part"])

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """Of each row the place of its question in ``question_ids``, shape (n,)."""
        import numpy as np

        return np.ascontiguousarray(self._table["question"])

    def of(self, question_id: str) -> tuple[int, int]:
        """First row of a question, and one past its last; (0, 0) for one that has none."""
        place = self._places.get(question_id)
        return (0, 0) if place is None else (int(self._starts[place]), int(self._starts[place + 1]))

    def keys(self) -> list[bytes]:
        """The digest of every row, in order."""
        raw = self._table["key"].tobytes()
        return [raw[start : start + KEY_BYTES] for start in range(0, len(raw), KEY_BYTES)]

    def chunk(self, index: int) -> Chunk:
        """The chunk of a row that stands for one. Raises StoreCorrupt where it can't be read."""
        try:
            place = int(self._table["place"][index])
            line = self._passages[place : self._passages.find(b"\n", place)]
            name, text, context, start, end = json.loads(line)
        except (ValueError, TypeError) as problem:
            raise StoreCorrupt(f"{self._path} is damaged.", "Run `coach index --rebuild`.") from problem
        return Chunk(name, self.owner(index), text, context, Span(start, end))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.question_ids)}


def _record() -> np.dtype[Any]:
    import numpy as np

    return np.dtype(_RECORD)
