"""Files into documents: one function a format, one parser of questions for all of them.

A new format is a function ``(path, max_bytes) -> Source`` and a row in READERS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coach.catalogue.library import slug
from coach.domain import Document
from coach.errors import UsageError
from coach.importing import decoding, layout, questions
from coach.text.cleaning import one_line

VERSION = "2"
"""Changes whenever an equal file may give another document."""

MAX_BYTES = 64_000_000
"""The largest document where the caller names no limit."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as one Markdown text."""

    text: str
    """Markdown; its lines are those of the file."""
    notes: tuple[str, ...] = ()
    """Doubts of the reader."""


def _markdown(path: Path, max_bytes: int) -> Source:
    text, note = decoding.text_of(decoding.read_bytes(path, max_bytes), path.name)
    return Source(text, (note,) if note else ())


READERS: dict[str, Callable[[Path, int], Source]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".mdown": _markdown,
    ".txt": _markdown,
}
"""Suffix, in lower case -> reader."""


def read(path: Path, deck: str | None = None, max_bytes: int = MAX_BYTES) -> Document:
    """The document in the file at ``path``; ``deck`` overrides the name that file and side file give.

    Raises NotFound for a missing file, UnreadableInput for one that is binary, too large or in no known encoding, and
    UsageError for an unknown suffix or a side file with mistakes.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        if not path.exists():
            decoding.read_bytes(path, max_bytes)
        raise UsageError(f"{path.name} is of no known format.", f"The known suffixes are {known}.")
    source = reader(path, max_bytes)
    return document(source.text, path.name, deck, layout.side_file(path), source.notes)


def document(
    text: str,
    name: str,
    deck: str | None = None,
    corrections: layout.Layout | None = None,
    notes: tuple[str, ...] = (),
) -> Document:
    """The document in Markdown ``text`` from a file called ``name``. Raises UsageError for unknown kinds."""
    head, body = layout.front_matter(text, name)
    chosen = (corrections or layout.Layout()).over(head)
    parsed = questions.parse(body, name, chosen.pattern)
    stem = Path(name).stem
    return Document(
        title=one_line(chosen.title) or parsed.title or stem.replace("-", " ").replace("_", " ").strip() or name,
        deck=slug(deck or chosen.deck or stem),
        source=name,
        questions=chosen.applied(parsed.questions),
        orphans=parsed.orphans,
        notes=(*notes, *parsed.notes),
        pattern=parsed.families,
        levels=parsed.levels,
    )
