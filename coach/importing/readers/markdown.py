"""Markdown and plain text: as they stand. A ``.txt`` file may be a text export of Anki, which is told by its first line."""

from __future__ import annotations

from pathlib import Path

from coach.importing import decoding
from coach.importing.source import Limits, Source


def read(path: Path, limits: Limits) -> Source:
    """The text of a Markdown file. Raises NotFound and UnreadableInput."""
    text, note = decoding.text_of(decoding.read_bytes(path, limits.max_bytes), path.name)
    return Source(text, (note,) if note else ())


def read_text(path: Path, limits: Limits) -> Source:
    """A text file, which may be one of Anki's exports or a table under another name. Raises as ``read``."""
    source = read(path, limits)
    from coach.importing.readers import anki

    return anki.source_of(source.text, source.notes) if anki.is_export(source.text) else source
