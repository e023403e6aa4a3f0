"""Bytes of a text file as text, with a note where the encoding had to be guessed."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from coach.errors import NotFound, UnreadableInput

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PRINTABLE_SHARE = 0.97
"""Share of characters that must be letters, digits, punctuation or white space in a Windows-1252 text."""


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The whole file. Raises NotFound where there is none, UnreadableInput for folders and files over ``max_bytes``."""
    try:
        if path.is_dir():
            raise UnreadableInput(f"{path} is a folder, not a document.", "Name the files in it.")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(f"{path} is no regular file.", "Save what it gives into a file first.")
        size = status.st_size
        if size > max_bytes:
            raise _too_large(path, size, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Check the path.") from None
    except (OSError, ValueError) as problem:
        raise UnreadableInput(f"{path} cannot be read: {problem}.", "Check its permissions.") from problem
    if len(data) > max_bytes:
        raise _too_large(path, len(data), max_bytes)
    return data


def text_of(data: bytes, name: str) -> tuple[str, str]:
    """The text and a note (empty where the encoding was certain); no byte-order mark, every line end a line feed.

    Raises UnreadableInput for binary data and for bytes that are text in no known encoding.
    """
    text, note = _decoded(data, name)
    if "\x00" in text:
        raise _binary(name)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), note


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith(_UTF16):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError as problem:
            raise UnreadableInput(f"{name} is damaged UTF-16.", "Save it as UTF-8.") from problem
    if b"\x00" in data:
        raise _binary(name)
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise UnreadableInput(f"{name} is not text in UTF-8, UTF-16 or Windows-1252.", "Save it as UTF-8.") from problem
    if sum(character.isprintable() or character in "\n\r\t\f\v" for character in text) < _PRINTABLE_SHARE * len(text):
        raise _binary(name)
    return text, "The file is not UTF-8; it was read as Windows-1252."


def _binary(name: str) -> UnreadableInput:
    return UnreadableInput(f"{name} is not a text file.", "Give a Markdown or plain text document.")


def _too_large(path: Path, size: int, most: int) -> UnreadableInput:
    return UnreadableInput(
        f"{path} has {size / 1e6:.1f} MB; at most {most / 1e6:.0f} MB are read.",
        "Split it, or raise COACH_MAX_DOCUMENT_MB.",
    )
