"""Lines that a person types, or that a pipe brings, with a deadline where that is possible.

On a terminal of a POSIX system a wait ends at its deadline even in the middle of a line, and ``unfinished`` then gives
what stands there. In a pipe, and on Windows, the time is only looked at between lines.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections import deque
from collections.abc import Callable


class TimedLines:
    """Standard input, line by line."""

    def __init__(self) -> None:
        self.interactive = sys.stdin.isatty()
        """Whether a person sits there."""
        self._timed = self.interactive and os.name == "posix"
        self._waiting: deque[str] = deque()
        self._decoder = codecs.getincrementaldecoder(sys.stdin.encoding or "utf-8")("replace")
        self._partial = ""

    def next(self, seconds: float | None = None) -> str | None:
        """The next line without its end; None when ``seconds`` went by. Raises EOFError at the end of the input."""
        if self._waiting:
            return self._waiting.popleft()
        if not self._timed:
            line = sys.stdin.readline()
            if not line:
                raise EOFError
            return line.rstrip("\r\n")
        return self._from_terminal(seconds)

    def put_back(self, line: str) -> None:
        """Let ``line`` be the next one again."""
        self._waiting.appendleft(line)

    def unfinished(self) -> str:
        """What was typed since the last line end; the line begins anew."""
        typed = self._partial + (self._taken_from_terminal() if self._timed else "")
        self._partial = ""
        return typed

    def _from_terminal(self, seconds: float | None) -> str | None:
        import select

        while True:
            if not select.select([sys.stdin.fileno()], [], [], seconds)[0]:
                return None
            raw = os.read(sys.stdin.fileno(), 65536)
            if not raw and not self._partial:
                raise EOFError
            if not raw:  # Ctrl-D after some words: the line is complete
                line, self._partial = self._partial, ""
                return line
            *whole, self._partial = (self._partial + self._decoder.decode(raw)).split("\n")
            self._waiting.extend(line.rstrip("\r") for line in whole)
            if self._waiting:
                return self._waiting.popleft()

    def _taken_from_terminal(self) -> str:
        """The words that the terminal still holds because their line has no end: it gives them when told to hold none."""
        import select
        import termios

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        now = termios.tcgetattr(descriptor)
        now[3] &= ~termios.ICANON
        termios.tcsetattr(descriptor, termios.TCSANOW, now)
        try:
            held = b""
            while select.select([descriptor], [], [], 0)[0] and (more := os.read(descriptor, 65536)):
                held += more
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, before)
        return self._decoder.decode(held)


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
