"""Finds quotes in an answer: exactly, else but for white space, typography, case and invisible characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from coach.domain import Evidence, Span
from coach.text.sealing import folded

MOST_APART = 600
"""Code points between two parts of a quote that leaves something out with an ellipsis."""

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3,})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,})\s*")
_WRAPPING = " \t\n\"'“”„‘’«»`"


class Quotable:
    """An answer, and the spans of it that may be evidence."""

    def __init__(self, text: str, allowed: Sequence[Span]) -> None:
        """``allowed`` in order, not overlapping: no orders to the grader, no echo of the question, no repeats."""
        self._text = text
        self._allowed = tuple(allowed)

    def found(self, quote: str) -> tuple[Evidence, ...]:
        """The answer's own words that ``quote`` repeats, as far as they may be evidence; empty where there are none."""
        parts = [part.strip(_WRAPPING) for part in _ELLIPSIS.split(quote)]
        parts = [part for part in parts if any(letter.isalnum() for letter in part)]
        if not parts:
            return ()
        for first in self._occurrences(parts[0]):
            spans = [first]
            for part in parts[1:]:
                after = next((span for span in self._occurrences(part) if span.start >= spans[-1].end), None)
                if after is None or after.start - spans[-1].end > MOST_APART:
                    break
                spans.append(after)
            if len(spans) < len(parts):
                continue
            usable = [Evidence(piece, piece.of(self._text)) for span in spans for piece in self._usable(span)]
            if usable:
                return tuple(usable)
        return ()

    def _occurrences(self, quote: str) -> Iterator[Span]:
        """Where ``quote`` stands in the text, exact places first."""
        exact = [Span(at, at + len(quote)) for at in _places(self._text, quote)]
        yield from exact
        wanted = folded(quote)[0].strip()
        text, origins = self._folded
        for at in _places(text, wanted):
            span = Span(origins[at], origins[at + len(wanted) - 1] + 1)
            if span not in exact:
                yield span

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        return folded(self._text)

    def _usable(self, span: Span) -> list[Span]:
        """The parts of ``span`` that may be evidence; neighbours with next to nothing between them are one."""
        pieces: list[Span] = []
        for allowed in self._allowed:
            start, end = max(span.start, allowed.start), min(span.end, allowed.end)
            if end <= start or not any(letter.isalnum() for letter in self._text[start:end]):
                continue
            if pieces and start - pieces[-1].end <= _LIST_MARK:
                pieces[-1] = Span(pieces[-1].start, end)
            else:
                pieces.append(Span(start, end))
        return pieces


_LIST_MARK = 8
"""Code points between two statements of one paragraph or list: a line end, a bullet, a number."""


def _places(text: str, wanted: str) -> Iterator[int]:
    """Every place of ``wanted`` that does not cut a word in two."""
    if not wanted:
        return
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        cuts_before = at > 0 and text[at - 1].isalnum() and wanted[0].isalnum()
        cuts_after = end < len(text) and text[end].isalnum() and wanted[-1].isalnum()
        if not cuts_before and not cuts_after:
            yield at
        at = text.find(wanted, at + 1)
