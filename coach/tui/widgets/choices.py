"""A few things to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Choices(OptionList):
    """Rows of (name, text); the name comes back as the option's id."""

    def offer(self, rows: Iterable[tuple[str, str]]) -> None:
        """Show ``rows``, the first chosen."""
        self.clear_options()
        self.add_options([Option(Content(f" {text}"), id=name) for name, text in rows])
        self.highlighted = 0
