"""Lines that a person types, or that a pipe brings, with a deadline where that is possible.

On a terminal of a POSIX system a wait ends at its deadline even in the middle of a line, what stands in the line is
seen while it is typed, and the line has its editing keys. In a pipe, and on Windows, time passes between lines only.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

EACH = 1.0
"""Seconds between two looks at the line that is being typed."""


class _TimeUp(Exception):
    """The deadline came while somebody typed."""


class TimedLines:
    """Standard input, line by line."""

    def __init__(self) -> None:
        self.interactive = sys.stdin.isatty()
        """Whether a person sits there."""
        self._waiting: deque[str] = deque()
        self._partial = ""
        self._typed: Callable[[], str] | None = None
        if self.interactive and sys.stdout.isatty() and sys.stdin.fileno() == 0:
            with suppress(ImportError):  # not on Windows
                import readline

                # Its import gives input() its editing keys; without them the terminal itself holds the line.
                self._typed = readline.get_line_buffer

    def next(self, seconds: float | None = None, each: Callable[[str], None] | None = None) -> str | None:
        """The next line without its end; None when ``seconds`` went by. Raises EOFError at the end of the input.

        On a terminal ``each`` gets what stands in the line so far, every ``EACH`` seconds.
        """
        if self._waiting:
            return self._waiting.popleft()
        if not self.interactive:
            line = sys.stdin.readline()
            if not line:
                raise EOFError
            return line.rstrip("\r\n")
        self._partial = ""
        return self._watched(seconds, each) if seconds is not None or each is not None else _read()

    def put_back(self, line: str) -> None:
        """Let ``line`` be the next one again."""
        self._waiting.appendleft(line)

    def unfinished(self) -> str:
        """What stood in the line when its time was up; the line begins anew."""
        from_terminal = self.interactive and self._typed is None
        typed = self._taken_from_terminal() if from_terminal else self._partial
        self._partial = ""
        return typed

    def _watched(self, seconds: float | None, each: Callable[[str], None] | None) -> str | None:
        import signal

        if not hasattr(signal, "setitimer"):
            return _read()
        end = None if seconds is None else time.monotonic() + seconds
        read: list[str] = []

        def wait() -> None:
            left = EACH if end is None else min(EACH, end - time.monotonic())
            # It repeats: a signal that comes just before the wait for a key begins does not end that wait.
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), EACH)

        def look(*anything: object) -> None:
            if read:
                return
            self._partial = self._typed() if self._typed else ""
            if end is not None and time.monotonic() >= end:
                raise _TimeUp
            if each is not None and self._partial:
                each(self._partial)
            wait()

        before = signal.signal(signal.SIGALRM, look)
        try:
            wait()
            read.append(_read())
        except _TimeUp:
            return None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return read[0]

    def _taken_from_terminal(self) -> str:
        """The words that the terminal still holds because their line has no end: it gives them when told to hold none."""
        with suppress(ImportError):  # not on Windows
            import os
            import select
            import termios

            descriptor = sys.stdin.fileno()
            before = termios.tcgetattr(descriptor)
            now = termios.tcgetattr(descriptor)
            now[3] &= ~termios.ICANON
            termios.tcsetattr(descriptor, termios.TCSANOW, now)
            held = b""
            try:
                while select.select([descriptor], [], [], 0)[0] and (more := os.read(descriptor, 65536)):
                    held += more
            finally:
                termios.tcsetattr(descriptor, termios.TCSANOW, before)
            return held.decode(sys.stdin.encoding or "utf-8", "replace")
        return ""


def _read() -> str:
    """A line of a terminal. Raises EOFError."""
    return input()


def asked_yes(lines: TimedLines, say: Callable[[str], None], question: str) -> bool:
    """A yes or a no; Enter is a yes, the end of the input and anything else a no. A pipe is not told the question."""
    if lines.interactive:
        say(f"{question} [Y/n]")
    try:
        return (lines.next() or "").strip().lower() in ("", "y", "yes")
    except EOFError:
        return False


def asked_share(lines: TimedLines, say: Callable[[str], None], question: str) -> float | None:
    """A number from 0 to 100 as a share; None for Enter and the end of the input.

    A pipe is not told the question, and a line of it that is no such number is left for what comes next.
    """
    if lines.interactive:
        say(question)
    while True:
        try:
            line = (lines.next() or "").strip()
        except EOFError:
            return None
        if not line:
            return None
        share = share_of(line)
        if share is not None:
            return share
        if not lines.interactive:
            lines.put_back(line)
            return None
        say("A number from 0 to 100, or Enter.")


def share_of(text: str) -> float | None:
    """A percentage as a share from 0 to 1; None where it is none."""
    digits = text.strip().removesuffix("%").strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 3) or int(digits) > 100:
        return None
    return int(digits) / 100
