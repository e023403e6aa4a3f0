"""Runs of equal letters, as paged and word-processed documents have them, and the Markdown that says the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coach.importing.readers import marks

_MONO = re.compile(
    r"mono|courier|consol|menlo|monaco|inconsolata|(?:^|[a-z])code|typewriter|cmtt|sftt|lmtt|ectt|fixed|fira ?code|terminal"
    r"|nimbusmon|hack|cascadia",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one kind."""

    text: str
    bold: bool = False
    italic: bool = False
    mono: bool = False
    size: float = 0.0
    """In points; 0 where it is unknown."""


def is_mono(font: str) -> bool:
    """Whether a font's name says that its letters are all of one width."""
    return _MONO.search(font) is not None


def plain_text(runs: Iterable[Run]) -> str:
    """The words alone."""
    return "".join(run.text for run in runs)


def markdown(runs: Sequence[Run]) -> str:
    """The runs as inline Markdown; marks are put inside the spaces round them, code gets backticks."""
    parts: list[str] = []
    for (bold, mono), group in groupby(_spread(runs), key=lambda run: (run.bold and not run.mono, run.mono)):
        for piece in re.split(r"(\n)", "".join(run.text for run in group)):
            words = piece.strip(" \t\xa0")
            if not words:
                parts.append(piece.replace("\t", " "))
                continue
            lead, tail = piece[: len(piece) - len(piece.lstrip(" \t\xa0"))], piece[len(piece.rstrip(" \t\xa0")) :]
            inner = marks.code_span(words) if mono else marks.escaped(words)
            parts.append(f"{lead}**{inner}**{tail}" if bold else f"{lead}{inner}{tail}")
    return re.sub(r"[ \t\xa0]+", " ", "".join(parts))


def _spread(runs: Sequence[Run]) -> list[Run]:
    """The runs, those of white space alone in the letters of the run before, so that they part nothing."""
    spread: list[Run] = []
    for run in runs:
        if not run.text.strip() and spread:
            before = spread[-1]
            run = Run(run.text, before.bold, before.italic, before.mono, before.size)
        spread.append(run)
    return spread
