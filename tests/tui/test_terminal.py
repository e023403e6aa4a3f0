"""The real command in a real terminal: from its start to a grade, and out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from tests.cli.conftest import environment

SIZE = (80, 24)

WAIT = 120.0

ANSWER = (
    "I would partition by a hash of the key so that high cardinality spreads evenly, and salt the few hot keys so that "
    "a skewed key goes to several partitions, with a second aggregation that takes the salt off again."
)


class Terminal:
    """coach behind a pseudo-terminal, and what it has drawn so far."""

    def __init__(self, home: Path, **extra: str) -> None:
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.execve(
                sys.executable, [sys.executable, "-m", "coach"], environment(home, {"TERM": "xterm-256color", **extra})
            )
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.ByteStream(self.screen)
        self.code: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def type(self, text: str) -> None:
        os.write(self.end, text.encode())

    def paste(self, text: str) -> None:
        self.type(f"\x1b[200~{text}\x1b[201~")

    def until(self, holds: Callable[[str], bool]) -> None:
        """Draw until something holds of the screen."""
        end = time.monotonic() + WAIT
        while not holds(self.text):
            assert time.monotonic() < end, self.text
            assert self._draw(), self.text

    def ended(self) -> int:
        """The exit code, once the process has gone."""
        while self._draw():
            pass
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        return self.code

    def _draw(self) -> bool:
        """Draw what has come; False once the terminal is closed."""
        ready, _, _ = select.select([self.end], [], [], 0.5)
        if not ready:
            return True
        try:
            part = os.read(self.end, 65536)
        except OSError:
            return False
        # pyte does not know how to answer or skip the questions about newer protocols that an app asks at its start.
        self.stream.feed(part)
        return bool(part)


@pytest.fixture
def terminal(own_home: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(**extra: str) -> Terminal:
        opened.append(Terminal(own_home, **extra))
        return opened[-1]

    yield start
    for item in opened:
        if item.code is None:
            os.kill(item.child, 9)
            os.waitpid(item.child, 0)
        os.close(item.end)


def test_from_the_start_through_the_editor_to_a_grade_and_out(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(f"import sys\nopen(sys.argv[1], 'a').write({' ' + ANSWER!r})\n", encoding="utf-8")
    coach = terminal(EDITOR=f"{sys.executable} {editor}")
    # Typed before anything is drawn: the key waits in the terminal, and the words after it go into the box it opens.
    coach.type("o9\r")
    coach.until(lambda text: "Explain data partitioning" in text and "Your answer" in text)
    coach.paste("In short, [b]briefly[/b]:")
    coach.until(lambda text: "[b]briefly[/b]" in text)
    coach.type("\x1bOS")
    coach.until(lambda text: "salt" in text)
    coach.type("\x13")
    coach.until(lambda text: "how good was that" in text)
    coach.type("3")
    coach.until(lambda text: "Points" in text and "you guessed 60" in text)
    assert "graded by offline" in coach.text
    coach.type("\x11")
    assert coach.ended() == 0


def test_no_colour_is_drawn_where_none_is_wanted(terminal: Callable[..., Terminal]) -> None:
    coach = terminal(NO_COLOR="1")
    coach.until(lambda text: "Ask the coach" in text)
    shades = {
        colour for row in coach.screen.buffer.values() for cell in row.values() for colour in (cell.fg, cell.bg)
    } - {"default"}
    assert all(len({shade[0:2], shade[2:4], shade[4:6]}) == 1 for shade in shades if len(shade) == 6)
    coach.type("q")
    assert coach.ended() == 0
