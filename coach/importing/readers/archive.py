"""Zipped documents, which nobody vouches for: sizes are checked before anything is unpacked, XML without DTDs."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from types import TracebackType
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from coach.errors import UnreadableInput
from coach.importing import decoding

MOST_RATIO = 100
"""A part that unpacks to more than this many times its size is a bomb; text packs to a tenth."""
_HARMLESS = 1_000_000
"""Bytes up to which the ratio doesn't matter."""
_UNPACKING = (
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
)
"""What zipfile raises for damaged, encrypted and strangely packed parts."""
_MOST_PARTS = 20_000
_MOST_DEPTH = 300


class Archive:
    """A zip file, open for reading parts by their exact names; nothing is written to the disk."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        """Open ``path``. Raises NotFound, and UnreadableInput for what is no zip file or too large."""
        self._name = path.name
        self._max_bytes = max_bytes
        data = decoding.read_bytes(path, max_bytes)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (OSError, ValueError, EOFError, struct.error, zipfile.BadZipFile, NotImplementedError) as problem:
            raise UnreadableInput(f"{path.name} is no zip archive, as its suffix says.", "Save it again.") from problem
        self._parts = {info.filename: info for info in self._zip.infolist()}
        if len(self._parts) > _MOST_PARTS:
            raise UnreadableInput(f"{path.name} has {len(self._parts)} parts.", "No document has that many.")

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def tree(self, part: str) -> Element | None:
        """A part's XML; None where there is no such part. Raises UnreadableInput for damaged or hostile parts."""
        info = self._parts.get(part)
        if info is None:
            return None
        if info.file_size > self._max_bytes:
            raise _too_large(f"{part} in {self._name}", info.file_size, self._max_bytes)
        if info.file_size > max(_HARMLESS, MOST_RATIO * info.compress_size):
            raise UnreadableInput(
                f"{part} in {self._name} would unpack to {info.file_size / 1e6:.0f} MB from {info.compress_size} bytes.",
                "That is no document.",
            )
        try:
            with self._zip.open(info) as file:
                data = file.read(info.file_size + 1)
        except _UNPACKING as problem:
            raise self._damaged(part, problem) from problem
        if len(data) > info.file_size:
            raise self._damaged(part, ValueError("it is larger than it says"))
        try:
            return tree(data)
        except ValueError as problem:
            raise self._damaged(part, problem) from problem

    def _damaged(self, part: str, problem: Exception) -> UnreadableInput:
        return UnreadableInput(f"{part} in {self._name} is damaged ({str(problem)[:120]}).", "Save the document again.")


def tree(data: bytes) -> Element:
    """XML as elements whose names are ``{namespace}name``. No DTD, so no entities of its own and no address to fetch.

    Raises ValueError for what is no XML, has a document type or is nested too deep.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = 0

    def name(raw: str) -> str:
        return "{" + raw if "}" in raw else raw

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise ValueError("its XML is nested too deep")
        builder.start(name(tag), {name(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name(tag))

    def refuse(*_: object) -> None:
        raise ValueError("its XML has a document type, which no such document needs")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise ValueError(f"it is no XML: {problem}") from problem
    return builder.close()


def _too_large(name: str, size: int, most: int) -> UnreadableInput:
    return UnreadableInput(
        f"{name} has {size / 1e6:.1f} MB; at most {most / 1e6:.0f} MB are read.",
        "Split it, or raise COACH_MAX_DOCUMENT_MB.",
    )
