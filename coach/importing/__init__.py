"""Files into documents: one function a format, one parser of questions for all of them.

A new format is a function ``(path, limits) -> Source`` in a module of its own in ``readers/`` and a row in READERS.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from coach.catalogue.library import slug
from coach.domain import Document
from coach.errors import UsageError

# The parser is imported where it is used: every command asks for the version, and hardly one reads a document.
if TYPE_CHECKING:
    from coach.importing import layout
    from coach.importing.source import Limits, Source

VERSION = "6"
"""Changes whenever an equal file may give another document."""

READERS: dict[str, str] = {
    ".md": "markdown:read",
    ".markdown": "markdown:read",
    ".mdown": "markdown:read",
    ".txt": "markdown:read_text",
    ".html": "html:read",
    ".htm": "html:read",
    ".xhtml": "html:read",
    ".pdf": "pdf:read",
    ".docx": "docx:read",
    ".csv": "tables:read",
    ".tsv": "tables:read",
    ".tab": "tables:read",
    ".json": "structured:read",
    ".jsonl": "structured:read",
    ".ndjson": "structured:read",
}
"""Suffix, in lower case -> module of ``readers`` and its function ``(path, limits) -> Source``; loaded when used."""


def read(path: Path, deck: str | None = None, limits: Limits | None = None) -> Document:
    """The document in the file at ``path``; ``deck`` overrides the name that file and side file give.

    Raises NotFound for a missing file, UnreadableInput for one that is binary, too large, damaged or in no known
    encoding, and UsageError for an unknown suffix or a side file with mistakes.
    """
    from coach.importing import decoding, layout
    from coach.importing.source import Limits

    limits = limits or Limits()
    row = READERS.get(path.suffix.lower())
    if row is None:
        if not path.exists():
            decoding.read_bytes(path, limits.max_bytes)
        raise UsageError(f"{path.name} is of no known format.", f"The known suffixes are {', '.join(sorted(READERS))}.")
    module, _, function = row.partition(":")
    source: Source = getattr(import_module(f"coach.importing.readers.{module}"), function)(path, limits)
    return document_of(source, path.name, deck, layout.side_file(path))


def document_of(
    source: Source, name: str, deck: str | None = None, corrections: layout.Layout | None = None
) -> Document:
    """The document that a reader's ``source`` holds. Raises UsageError for unknown kinds."""
    from coach.importing.source import positioned
    from coach.text.cleaning import one_line

    if source.questions is None:
        made = document(source.text, name, deck, corrections, source.notes, one_line(source.title))
        return positioned(made, source.positions) if source.positions else made
    from coach.importing import layout

    chosen = corrections or layout.Layout()
    stem = Path(name).stem
    empty = sum(not question.has_answer for question in source.questions)
    doubts = (f"{empty} of {len(source.questions)} questions have no answer.",) if empty else ()
    return Document(
        title=one_line(chosen.title or source.title) or stem.replace("-", " ").replace("_", " ").strip() or name,
        deck=slug(deck or chosen.deck or stem),
        source=name,
        questions=chosen.applied(source.questions),
        notes=(*source.notes, *doubts),
    )


def document(
    text: str,
    name: str,
    deck: str | None = None,
    corrections: layout.Layout | None = None,
    notes: tuple[str, ...] = (),
    title: str = "",
) -> Document:
    """The document in Markdown ``text`` from a file called ``name``; ``title`` is used where the text has none.

    Raises UsageError for unknown kinds.
    """
    from coach.importing import layout, questions
    from coach.text.cleaning import one_line

    head, body = layout.front_matter(text, name)
    chosen = (corrections or layout.Layout()).over(head)
    parsed = questions.parse(body, name, chosen.pattern, one_line(chosen.title or title))
    stem = Path(name).stem
    return Document(
        title=one_line(chosen.title)
        or parsed.title
        or title
        or stem.replace("-", " ").replace("_", " ").strip()
        or name,
        deck=slug(deck or chosen.deck or stem),
        source=name,
        questions=chosen.applied(parsed.questions),
        orphans=parsed.orphans,
        notes=(*notes, *parsed.notes),
        pattern=parsed.families,
        levels=parsed.levels,
    )
