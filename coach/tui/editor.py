"""A text in the user's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.errors import UsageError

if TYPE_CHECKING:
    from textual.app import App


def can_edit(app: App[Any]) -> bool:
    """Whether there is a terminal that can be handed over to an editor: a browser has none."""
    return not app.is_web


def has_editor(app: App[Any]) -> bool:
    """Whether there is an editor to hand a text to."""
    return can_edit(app) and bool(_command())


def edited(app: App[None], text: str, suffix: str = ".md") -> str:
    """``text`` as it comes back from $VISUAL or $EDITOR; the app stands still meanwhile.

    Raises UsageError where there is no editor, it fails, or what holds the app cannot be left for it (a browser).
    """
    from textual.app import SuspendNotSupported

    command = _command()
    if not command:
        raise UsageError("No editor is set.", "Set VISUAL or EDITOR, to nano for one, and start coach again.")
    handle, name = tempfile.mkstemp(prefix="coach-", suffix=suffix)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            with app.suspend():
                code = subprocess.run([*shlex.split(command), name], check=False).returncode
        except SuspendNotSupported as problem:
            raise UsageError(
                "An editor cannot be opened from here.", "Start coach in a terminal for that."
            ) from problem
        except OSError as problem:
            raise UsageError(
                f"{command} cannot be started: {problem.strerror}.", "Check VISUAL and EDITOR."
            ) from problem
        if code:
            raise UsageError(f"{command} ended with code {code}.", "Nothing was taken over from it.")
        back = path.read_text(encoding="utf-8", errors="replace")
    finally:
        path.unlink(missing_ok=True)
    # Editors end a file with a line break; one that was not there before is theirs.
    return back if text.endswith("\n") else back.removesuffix("\n")


def _command() -> str | None:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR")
