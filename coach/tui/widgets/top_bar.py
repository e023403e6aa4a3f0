"""The line at the top: where one is, and who grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from coach.tui.app import CoachApp


class TopBar(Widget):
    """``coach › Practice`` on the left; offline or online, the grader and the models' state on the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def retitle(self, title: str) -> None:
        """Say where one is now."""
        self._title = title
        self.refresh()

    def render(self) -> Content:
        app = cast("CoachApp", self.app)
        left = Content.assemble(("coach", "bold $accent"), (" › ", "$muted"), (self._title, "bold"))
        right = Content.assemble((app.standing, "$muted"), "  ", (app.warmth, "$muted"))
        gap = self.size.width - cell_len(left.plain) - cell_len(right.plain)
        if gap < 1:
            return left.truncate(max(0, self.size.width - cell_len(app.warmth) - 1), ellipsis=True).append(
                Content(" " + app.warmth)
            )
        return Content.assemble(left, " " * gap, right)
