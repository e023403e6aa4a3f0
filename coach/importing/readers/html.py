"""HTML pages as Markdown, token by token: no tree, so nesting costs nothing; nothing is fetched, no script is run."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from coach.importing import decoding
from coach.importing.readers.page import Page
from coach.importing.readers.tokens import tokens
from coach.importing.source import Limits, Source

_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w.:-]{2,30})", re.IGNORECASE)
_CHARSETS = re.compile(
    r"iso-?8859-\d+|windows-125\d|cp125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb(?:k|2312|18030)|big5", re.IGNORECASE
)


def read(path: Path, limits: Limits) -> Source:
    """A page as Markdown. Raises NotFound and UnreadableInput."""
    data = decoding.read_bytes(path, limits.max_bytes)
    declared = _declared(data)
    text, note = (declared, "") if declared is not None else decoding.text_of(data, path.name)
    markdown, positions, title = _converted(text)
    return Source(markdown, (note,) if note else (), title, positions)


def markdown_of(text: str) -> tuple[str, tuple[int, ...]]:
    """HTML as Markdown, and for each of its lines the line of ``text`` that it comes from."""
    markdown, positions, _ = _converted(text)
    return markdown, positions


def _declared(data: bytes) -> str | None:
    """The text in the encoding that the page names, where that is neither UTF-8 nor UTF-16 nor Windows-1252."""
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii", "ignore") if found else ""
    if not _CHARSETS.fullmatch(name) or b"\x00" in data:
        return None
    try:
        return codecs.decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    except (UnicodeDecodeError, LookupError):
        return None


def _converted(text: str) -> tuple[str, tuple[int, ...], str]:
    page = Page()
    for token in tokens(text):
        page.take(token)
    return page.finished()
