"""A setting: its name, the field to change it in, and a few words on it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

LABEL, FIELD = 14, 34
"""Cells for the name, and for the field after it: its margin and width in the style sheet."""


class SettingRow(Widget):
    """Name and words are drawn under the field, which lies over the line between them: half as many widgets to open."""

    def __init__(self, label: str, field: Widget, words: str) -> None:
        super().__init__()
        self._label = label
        self._field = field
        self._words = words

    def compose(self) -> ComposeResult:
        yield self._field

    def render(self) -> Content:
        before = LABEL + FIELD + 2
        words = Content(self._words).truncate(max(1, self.size.width - before), ellipsis=True)
        return Content.assemble(f"{self._label:<{before}}", words.stylize("$muted"))
