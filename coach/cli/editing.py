"""An answer written in the user's editor, its draft kept while it is being written."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.domain import Question
    from coach.session import Session

RULE = "<!-- Write your answer above this line. -->"

LOOKS_EVERY = 2.0
"""Seconds between two looks at what the editor has saved."""


def written(coach: Session, question: Question, keep: bool) -> tuple[str, float]:
    """The answer and the seconds that it took. What was begun before is there again; ``keep`` keeps what is written.

    Raises UsageError where the editor was left without saving.
    """
    draft = coach.practice.draft(question.id) if keep else None
    begun, before = (draft.text, draft.seconds) if draft else ("", 0.0)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        path = Path(folder) / "answer.md"
        path.write_text(f"{begun}\n\n{RULE}\n<!-- {question.text} -->\n", encoding="utf-8")
        unsaved = path.stat().st_mtime_ns

        def seconds() -> float:
            return before + time.monotonic() - started

        def look(text: str) -> None:
            coach.practice.save_draft(question.id, text, seconds())

        with _watched(path, look if keep else None):
            click.edit(filename=os.fspath(path))
        if path.stat().st_mtime_ns == unsaved:
            raise UsageError("The editor was left without saving.", "Nothing was graded.")
        return _above(path.read_text(encoding="utf-8", errors="replace")), seconds()


def _above(text: str) -> str:
    return text.split(RULE)[0].strip()


@contextmanager
def _watched(path: Path, look: Callable[[str], None] | None) -> Iterator[None]:
    """Hand on what the editor saves, at most ``LOOKS_EVERY`` seconds later."""
    if look is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        last = _above(path.read_text(encoding="utf-8", errors="replace"))
        while True:
            over = done.wait(LOOKS_EVERY)
            try:
                text = _above(path.read_text(encoding="utf-8", errors="replace"))
            except OSError:
                text = last  # the editor is replacing the file
            if text != last:
                look(text)
                last = text
            if over:
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join(timeout=5 * LOOKS_EVERY)
