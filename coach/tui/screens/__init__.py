"""The screens, each imported when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.screen import Screen

TABLE = {
    "home": ("home", "HomeScreen"),
    "library": ("library", "LibraryScreen"),
    "mock": ("mock", "MockScreen"),
    "progress": ("progress", "ProgressScreen"),
    "settings": ("settings", "SettingsScreen"),
}
"""Name -> (module here, class) of the screens that need nothing but the app."""


def make(name: str) -> Screen[None]:
    """A new screen by name."""
    module, kind = TABLE[name]
    return cast("Screen[None]", getattr(import_module(f"coach.tui.screens.{module}"), kind)())
