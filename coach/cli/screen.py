"""How the command line shows things: JSON or wrapped text on stdout, progress and notices on stderr."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from coach.text.pace import Pace
from coach.text.printable import printable

if TYPE_CHECKING:
    from coach.ports import Progress


def coloured(stream: TextIO) -> bool:
    """Whether colour may go to ``stream``: a terminal, and nobody said no (NO_COLOR, TERM=dumb)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, **style: Any) -> str:
    """``text`` in colour where colour is welcome. The words alone must always be enough."""
    return click.style(text, **style) if coloured(sys.stdout) else text


def width() -> int:
    """Columns for text: the terminal's, at most 100; 80 off a terminal."""
    if not sys.stdout.isatty():
        return 80
    import shutil

    return min(100, shutil.get_terminal_size((80, 24)).columns)


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> str:
    """``text`` wrapped to the width, made safe for the terminal."""
    return textwrap.fill(
        " ".join(printable(text).split()),
        width=width(),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def say(text: str = "") -> None:
    """A line of the result."""
    click.echo(text, color=coloured(sys.stdout))


def say_json(data: Any) -> None:
    """The result as JSON, indented for a person, stable for a script."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def say_json_line(data: Any) -> None:
    """One object on one line, written at once."""
    click.echo(json.dumps(data, ensure_ascii=False))


def notice(message: str) -> None:
    """Something that is no result."""
    click.echo(printable(message), err=True)


@contextmanager
def progress_shown(clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Progress bars on stderr, with the time left for long work; nothing off a terminal."""
    if not coloured(sys.stderr) and (not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"):
        yield lambda what, done, total: None
        return
    bars = _Bars(clock)
    try:
        yield bars.show
    finally:
        bars.close()


class _Bars:
    """One bar a kind of work; rich is loaded when the first one is due."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}
        self._pace = Pace(clock)

    def show(self, what: str, done: int, total: int) -> None:
        if self._progress is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._progress = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[left]}", markup=False),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total or None, left="")
        left = self._pace.left(what, done, total)
        self._progress.update(self._tasks[what], completed=done, total=total or None, left=left)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
