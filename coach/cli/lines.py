"""Reading what somebody writes, line by line: from a terminal with its editing keys, or from a pipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click

END = "."
"""A line that ends an answer."""

KEPT_EVERY = 2.0
"""Seconds between two looks at what is being typed."""


@dataclass
class Written:
    """What was written, and how it ended."""

    lines: list[str] = field(default_factory=list)
    command: str | None = None
    """The command that stopped the writing, with its words; None where the answer was ended."""
    at_end: bool = False
    """Whether there is nothing more to read."""

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines).strip("\n")


class Lines:
    """The lines of standard input, with one step back."""

    def __init__(self) -> None:
        self.terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self._back: list[str] = []
        self._over = False
        if self.terminal:
            # Gives input() its editing keys, and lets a half-written line be seen.
            import readline

            self._typed: Callable[[], str] = readline.get_line_buffer
        else:
            self._typed = str

    def next(self, prompt: str = "") -> str | None:
        """The next line without its end; None where there is none. The prompt shows on a terminal only."""
        if self._back:
            return self._back.pop()
        if self._over:
            return None
        try:
            # Through a pipe nobody is asked, and what comes is taken as it is.
            line = input(prompt) if self.terminal else _piped()
        except EOFError:
            line = None
        if line is None:
            self._over = True
            if self.terminal:
                click.echo()
        return line

    def peek(self) -> str | None:
        """The next line, which stays the next one. Waits for it."""
        line = self.next()
        if line is not None:
            self._back.append(line)
        return line

    def written(
        self, begun: str, keep: Callable[[str], None], commands: frozenset[str], stop_at_blank: bool = False
    ) -> Written:
        """Lines up to one with a single dot, a command or the end. ``begun`` is what was there before.

        ``keep`` gets the text on a terminal, at most ``KEPT_EVERY`` seconds after it was typed.
        """
        found = Written(begun.split("\n") if begun else [])
        with self._watched(found.lines, keep):
            while True:
                line = self.next("> ")
                if line is None:
                    found.at_end = True
                    return found
                word = line.strip()
                if word == END or (stop_at_blank and not word and found.text):
                    return found
                if word.split(" ", 1)[0].lower() in commands:
                    found.command = word
                    return found
                found.lines.append(line)

    @contextmanager
    def _watched(self, lines: list[str], keep: Callable[[str], None]) -> Iterator[None]:
        if not self.terminal:
            yield
            return
        done = threading.Event()

        def now() -> str:
            return "\n".join([*lines, self._typed()]).rstrip("\n")

        def watch() -> None:
            last = "\n".join(lines)
            while not done.wait(KEPT_EVERY):
                text = now()
                if text != last:
                    keep(text)
                    last = text

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        except KeyboardInterrupt:
            keep(now())
            raise
        finally:
            done.set()
            watcher.join(timeout=5 * KEPT_EVERY)


def _piped() -> str | None:
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None
