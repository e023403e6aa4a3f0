"""Files that hold answers, read with care: missing, binary, huge and foreign ones each say what they are."""

from __future__ import annotations

import stat
from pathlib import Path

from coach.errors import NotFound, UnreadableInput


def answer_text(path: Path, max_mb: int) -> str:
    """The text of an answer file. Raises NotFound or UnreadableInput."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableInput(f"{path} is a folder.", "Name the file that holds the answer.")
        with path.open("rb") as file:
            raw = file.read((max_mb << 20) + 1)
    except FileNotFoundError as problem:
        raise NotFound(f"No such file: {path}.", "Check the path, or use - to read standard input.") from problem
    except OSError as problem:
        raise UnreadableInput(f"{path} cannot be read: {problem.strerror or problem}.", "Check the path.") from problem
    return decoded(raw, str(path), max_mb)


def decoded(raw: bytes, name: str, max_mb: int) -> str:
    """Text from bytes: UTF-8 (a byte-order mark dropped), UTF-16 with a mark, else Windows-1252; newlines untouched.

    Raises UnreadableInput for what is binary or over ``max_mb`` megabytes.
    """
    if len(raw) > max_mb << 20:
        raise UnreadableInput(
            f"{name} is larger than {max_mb} MB.", "An answer is a few pages; COACH_MAX_INPUT_MB raises the limit."
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in raw:
        raise UnreadableInput(f"{name} is a binary file.", "Save the answer as plain text or Markdown.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_like_text(text, _MOST_CONTROLS[encoding]):
            return text
    raise UnreadableInput(f"{name} is not text in UTF-8, UTF-16 or Windows-1252.", "Save it as UTF-8.")


_MOST_CONTROLS = {"utf-8-sig": 0.1, "utf-16": 0.1, "cp1252": 0.01}
"""Share of control characters up to which it is text: any bytes decode as Windows-1252, few as UTF-8."""


def _looks_like_text(text: str, most: float) -> bool:
    odd = sum(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text)
    return odd <= most * len(text)
