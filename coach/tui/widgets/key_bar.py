"""The line at the bottom: the keys of the screen in front, to read and to click on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

GAP = "  "
"""Between two keys."""


class KeyBar(Widget):
    """One widget for the whole line, where the toolkit's own footer has one for each key: screens open the faster."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[tuple[str, str, str], ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        by_action: dict[str, Binding] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled:
                by_action.setdefault(binding.action, binding)
        found = tuple(
            (self.app.get_key_display(binding), binding.description, binding.key) for binding in by_action.values()
        )
        if found != self._keys:
            self._keys = found
            self.refresh()

    def render(self) -> Content:
        return shown(self._keys, self.size.width)


def shown(keys: Sequence[tuple[str, str, str]], width: int) -> Content:
    """As many whole keys as ``width`` cells take, with ``…`` where some are left out; each is (seen, label, name)."""
    parts: list[Content] = []
    left = width
    for at, (seen, label, name) in enumerate(keys):
        gap = len(GAP) if parts else 0
        room = left if at == len(keys) - 1 else left - len(GAP) - 1
        takes = gap + cell_len(f"{seen} {label}")
        if takes > room:
            parts.append(Content("…"))
            break
        left -= takes
        click = Style.from_meta({"@click": f"app.simulate_key('{name}')"})
        key = Content.assemble((seen, "bold $footer-key-foreground"), (f" {label}", "$footer-description-foreground"))
        parts.append(key.stylize(click))
    return Content(GAP).join(parts)
