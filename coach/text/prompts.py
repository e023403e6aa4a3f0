"""Prompts as files: ``NAME-VERSION.md`` beside the code that sends them. A changed prompt gets a new version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Prompt:
    """Fixed words for a language model."""

    version: str
    """The file's name without its suffix (``judge-1``); part of a grade's provenance."""
    text: str
    """What is sent, word for word."""


def read_prompt(folder: Path, version: str) -> Prompt:
    """The prompt ``version`` from ``folder``; it ships with coach, so a missing one is a fault of ours (OSError)."""
    return Prompt(version, (folder / f"{version}.md").read_text(encoding="utf-8").strip())
