"""Markdown and plain text: as they stand. A ``.txt`` file may be a text export of Anki, which is told by its first line."""

from __future__ import annotations

import re
from pathlib import Path

from coach.importing import decoding
from coach.importing.readers import html
from coach.importing.source import Limits, Source

_BLOCK = re.compile(
    r"</?(?:html|body|head|div|p|ul|ol|li|table|tr|td|th|section|article|h[1-6]|dl|dt|dd|span)\b[^<>]*>", re.IGNORECASE
)
_SAMPLE = 400
_LEAST = 8
_MOSTLY = 0.75


def read(path: Path, limits: Limits) -> Source:
    """The text of a Markdown file. Raises NotFound and UnreadableInput."""
    text, note = decoding.text_of(decoding.read_bytes(path, limits.max_bytes), path.name)
    if _is_page(text):
        text, positions = html.markdown_of(text)
        return Source(text, (note,) if note else (), positions=positions)
    return Source(text, (note,) if note else ())


def _is_page(text: str) -> bool:
    """Whether a text is nearly all HTML, whatever its name says."""
    rows = [row.lstrip() for row in text.split("\n", _SAMPLE)[:_SAMPLE]]
    filled = [row for row in rows if row]
    tagged = sum(row[0] == "<" and _BLOCK.match(row) is not None for row in filled)
    return tagged >= max(_LEAST, _MOSTLY * len(filled))


def read_text(path: Path, limits: Limits) -> Source:
    """A text file, which may be one of Anki's exports or a table under another name. Raises as ``read``."""
    source = read(path, limits)
    from coach.importing.readers import anki

    return anki.source_of(source.text, source.notes) if anki.is_export(source.text) else source
