"""Dark, light, and the terminal's own sixteen colours."""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="dark",
    primary="#7fa6f5",
    secondary="#5f7fbf",
    accent="#e8b15c",
    success="#86c98b",
    warning="#e6c14f",
    error="#f0787f",
    foreground="#d9dee8",
    background="#14171d",
    surface="#1a1e26",
    panel="#232934",
    dark=True,
    variables={
        "muted": "#8b94a7",
        "footer-key-foreground": "#e8b15c",
        "border-blurred": "#343c4c",
        "border": "#7fa6f5",
        "block-cursor-background": "#2c3750",
        "block-cursor-foreground": "#f4f6fa",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#222a3a",
        "block-cursor-blurred-foreground": "#d9dee8",
        "block-cursor-blurred-text-style": "bold",
        "scrollbar": "#343c4c",
        "scrollbar-background": "#14171d",
    },
)

LIGHT = Theme(
    name="light",
    primary="#2f5fc4",
    secondary="#4d6fae",
    accent="#a15c00",
    success="#217a35",
    warning="#8a6100",
    error="#b3262e",
    foreground="#20242c",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e6e3db",
    dark=False,
    variables={
        "muted": "#6b6f78",
        "footer-key-foreground": "#a15c00",
        "border-blurred": "#c9c5ba",
        "border": "#2f5fc4",
        "block-cursor-background": "#d5dff3",
        "block-cursor-foreground": "#14171d",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#e9e7e0",
        "block-cursor-blurred-foreground": "#20242c",
        "block-cursor-blurred-text-style": "bold",
        "scrollbar": "#c9c5ba",
        "scrollbar-background": "#fbfaf7",
    },
)

_ANSI = BUILTIN_THEMES["ansi-dark"]

TERMINAL = replace(
    _ANSI,
    name="terminal",
    accent="ansi_yellow",
    variables={
        **_ANSI.variables,
        "muted": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "border": "ansi_blue",
    },
)

THEMES = (DARK, LIGHT, TERMINAL)
