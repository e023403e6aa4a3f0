"""What Textual, in the version that is pinned, keeps of screens that are gone."""

from __future__ import annotations

import gc
from typing import Any

from textual._styles_cache import StylesCache
from textual.app import App


def let_go(app: App[Any]) -> None:
    """Drop it, and sweep now, while nobody types. Without this every screen that was ever open is looked through at each sweep for garbage, which came to
    hold the keys up for 100 ms after a dozen of them.

    Two places: a cache of colours, whose key is the object that asked for them, and with it all lines it has drawn; and
    the list of widgets that follow the theme, which is only cleared when the theme changes.
    """
    StylesCache.get_inner_outer.cache_clear()
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(widget, told) for widget, told in watchers if widget.is_running]
    gc.collect()
