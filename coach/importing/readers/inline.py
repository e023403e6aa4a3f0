"""Inline elements of HTML as Markdown marks, however they are nested or left open."""

from __future__ import annotations

import re

from coach.importing.readers.lines import Lines

INLINE = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "tt": "`", "samp": "`", "a": "["}
"""Element -> the mark that opens it in Markdown."""

_TARGET = re.compile(r"(?:#|https?://)[^\s()<>\"\\\x00-\x1f]{1,500}")
_MOST_OPEN = 20


class Inline:
    """Which marks are open in the text that ``lines`` gathers."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._open: list[tuple[str, str]] = []
        self._link = ""

    @property
    def is_code(self) -> bool:
        """Whether the text that comes is code."""
        return any(mark == "`" for _, mark in self._open)

    def start(self, tag: str, target: str = "", bold: bool = False) -> None:
        """An element begins; ``target`` is a link's, ``bold`` says that all the text is bold already."""
        mark = INLINE[tag]
        if self.is_code or any(known == mark for _, known in self._open) or (mark == "**" and bold):
            mark = ""
        elif mark == "[":
            found = _TARGET.fullmatch(target.strip())
            mark, self._link = ("[", target.strip()) if found else ("", "")
        if len(self._open) < _MOST_OPEN:
            self._open.append((tag, mark))
            self._lines.opened(mark)

    def end(self, tag: str) -> None:
        """An element ends; those opened inside it and still open are closed and opened again."""
        if not any(known == tag for known, _ in self._open):
            return
        again: list[str] = []
        while self._open:
            known, mark = self._open.pop()
            self._shut(mark)
            if known == tag:
                break
            again.append(known)
        for known in reversed(again):
            self.start(known)

    def newline(self) -> None:
        """A line break; no mark reaches over it."""
        opened = [tag for tag, _ in self._open]
        self.close()
        self._lines.newline()
        for tag in opened:
            self.start(tag)

    def close(self) -> None:
        """Close all marks."""
        while self._open:
            self._shut(self._open.pop()[1])

    def _shut(self, mark: str) -> None:
        if mark == "[":
            self._lines.closed("[", f"]({self._link})")
            self._link = ""
        elif mark:
            self._lines.closed(mark, mark)
