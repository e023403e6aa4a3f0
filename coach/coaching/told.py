"""Prose in pieces, as it comes, with who says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """Something the coach says. Its pieces can be read once."""

    pieces: Iterator[str]
    """Together the text; they come as a model writes them."""
    by: str
    """The model's name, or ``offline``."""
    prompt: str | None = None
    """The prompt's version; None offline."""

    def text(self) -> str:
        """All of it at once."""
        return "".join(self.pieces)
