"""What a reader of one format makes of a file, and what it may spend on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.domain import Document, ParsedQuestion
from coach.ports import Progress, unwatched

MAX_BYTES = 64_000_000
"""The largest document where the caller names no limit."""

_LINE = re.compile(r"(?<=^Line )\d+")
"""Where a note of the parser names a line."""

MAX_PAGES = 2_000
"""The longest paged document where the caller names no limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be, and who is told how far its reader has come."""

    max_bytes: int = MAX_BYTES
    """Of the file, and of what it unpacks to."""
    max_pages: int = MAX_PAGES
    """Of a paged document."""
    progress: Progress = unwatched
    """Told about slow work, page by page."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as one Markdown text, or as questions where the format names them itself."""

    text: str = ""
    """Markdown. Its lines are those of the file unless ``positions`` says otherwise."""
    notes: tuple[str, ...] = ()
    """Doubts of the reader."""
    title: str = ""
    """What the file says it is called; empty where it doesn't, or where its first heading says it."""
    positions: tuple[int, ...] = ()
    """For each line of ``text`` the 1-based line of the file that it comes from, ascending; of a format without lines,
    the line or paragraph of its text. Empty where the two are the same."""
    questions: tuple[ParsedQuestion, ...] | None = None
    """Set by readers of formats in which question and answer are fields; nothing is looked for in ``text`` then."""


def positioned(document: Document, positions: Sequence[int]) -> Document:
    """A document parsed from a reader's text, its lines turned into those of the file."""

    def place(line: int) -> int:
        return positions[min(line, len(positions)) - 1] if line > 0 else line

    return replace(
        document,
        questions=tuple(replace(one, line=place(one.line)) for one in document.questions),
        orphans=tuple(replace(one, line=place(one.line)) for one in document.orphans),
        notes=tuple(_LINE.sub(lambda found: str(place(int(found[0]))), note) for note in document.notes),
    )
