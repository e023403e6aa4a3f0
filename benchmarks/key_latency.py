"""How long a key waits until it is seen, once the models are loaded: in the real app, and in a bare one beside it.

    python benchmarks/key_latency.py [--keys N] [--home FOLDER]

The real command in a pseudo-terminal of 80 by 24. A key is sent, and the time is taken when the bytes have come that
make the emulated screen show what the key does; then, after a pause of a typist's length, the next. Each row says
how many keys, and the median, 95th percentile and worst in milliseconds. The bare app is a Textual app with nothing but
a text area, driven in the same way before and after: what it takes is the toolkit's and the machine's part, and the
ratio to it is what travels between machines.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parent.parent
SIZE = (80, 24)
GOAL_MS = 50
WAIT = 300.0
"""Seconds after which the benchmark gives up; a first start compiles the embedding model."""

BARE = """
from textual.app import App
from textual.widgets import TextArea
class Bare(App):
    def compose(self):
        yield TextArea(soft_wrap=True)
Bare().run()
"""

WORDS = (
    "A hash of the key spreads rows evenly over the partitions, so a key of high cardinality is the better choice. "
    "Skew shows when a few keys hold most of the rows; then I salt the hot key and aggregate in two steps. "
)

State = Callable[["Terminal"], object]


class Terminal:
    """A program behind a pseudo-terminal, and the screen as it has drawn it."""

    def __init__(self, command: list[str], home: str) -> None:
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COACH_HOME=home, PYTHONPATH=str(ROOT))
            os.execv(sys.executable, [sys.executable, *command])
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.screen.display)

    def draw(self, seconds: float) -> float | None:
        """Draw what comes within that time; when it came, or None."""
        ready, _, _ = select.select([self.end], [], [], seconds)
        if not ready:
            return None
        part = os.read(self.end, 1 << 16)
        came = time.perf_counter()
        self.stream.feed(part)
        return came

    def rest(self, seconds: float) -> None:
        """Draw for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.draw(left)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self.end, keys.encode())

    def until(self, holds: Callable[[str], bool]) -> None:
        """Draw until something holds of the screen."""
        end = time.perf_counter() + WAIT
        while not holds(self.text):
            if time.perf_counter() > end:
                raise SystemExit(f"it does not come:\n{self.text}")
            self.draw(0.5)

    def timed(self, key: str, state: State) -> float:
        """Milliseconds from a key to another state of the screen."""
        before = state(self)
        sent = time.perf_counter()
        self.send(key)
        while True:
            came = self.draw(10)
            if came is None:
                raise SystemExit(f"the key {key!r} changes nothing:\n{self.text}")
            if state(self) != before:
                return 1000 * (came - sent)

    def close(self, key: str) -> None:
        """Leave the program."""
        self.send(key)
        try:
            while self.draw(5) is not None:
                pass
        except OSError:
            pass
        os.waitpid(self.child, 0)
        os.close(self.end)


def chosen(terminal: Terminal) -> object:
    """Everything written and every row's background: a list's chosen row has one of its own, or stands still and scrolls."""
    rows = [terminal.screen.buffer[row] for row in range(SIZE[1])]
    return terminal.text, tuple((row[at].bg, row[at].reverse) for row in rows for at in (4, 8))


def box(terminal: Terminal) -> object:
    """The letters in the box and its cursor; neither clock nor footer."""
    return tuple(line(row)(terminal) for row, text in enumerate(terminal.screen.display) if "│" in text)


def line(number: int) -> State:
    """One line of the screen with its cursor."""
    return lambda terminal: tuple(
        (cell.data, cell.bg, cell.reverse) for cell in (terminal.screen.buffer[number][x] for x in range(SIZE[0]))
    )


def everything(terminal: Terminal) -> object:
    """All letters and colours of the bare app."""
    return tuple(line(row)(terminal) for row in range(SIZE[1]))


def typed(terminal: Terminal, keys: Iterator[str], count: int, state: State) -> list[float]:
    """Keys one by one, each after the one before was seen and a pause."""
    pauses = random.Random(1)
    found = []
    for key in (next(keys) for _ in range(count)):
        found.append(terminal.timed(key, state))
        terminal.rest(pauses.uniform(0.0, 0.06))
    return found


def bare(home: str, count: int) -> list[float]:
    """A text area alone."""
    terminal = Terminal(["-c", BARE], home)
    terminal.until(lambda text: "▔" in text or "│" in text)
    terminal.rest(1.0)
    found = typed(terminal, cycle(WORDS), count, everything)
    terminal.close("\x11")
    return found


def coach(home: str) -> Terminal:
    """The app, warm, on its first screen and at rest."""
    terminal = Terminal(["-m", "coach"], home)
    terminal.until(lambda text: "● ready" in text and "new questions" in text.lower() and " of 66" in text)
    terminal.rest(2.0)
    return terminal


def home_screen(terminal: Terminal, count: int) -> list[float]:
    """Up and down in the list of what can be started."""
    return typed(terminal, cycle(["\x1b[B"] * 4 + ["\x1b[A"] * 4), count, chosen)


def practice(terminal: Terminal, count: int) -> tuple[list[float], list[float]]:
    """An answer from its first word, and one that is long already. Leaves a long answer in the box."""
    terminal.send("n")
    terminal.until(lambda text: "Your answer" in text and "Question" in text)
    terminal.rest(1.0)
    short = typed(terminal, cycle(WORDS), count, box)
    terminal.send("\x1b[200~" + WORDS * 40 + "\x1b[201~")
    terminal.until(lambda text: "words" in text)
    terminal.rest(2.0)
    return short, typed(terminal, cycle(WORDS), count, box)


def handed_in(terminal: Terminal) -> None:
    """Submit what is in the box, without a guess."""
    terminal.send("\x13")
    terminal.until(lambda text: "how good was that" in text)
    terminal.send("0")
    terminal.until(lambda text: "Verdict" in text)


def grading(terminal: Terminal, count: int) -> list[float]:
    """The line under the verdict, while the grade is worked out: one answer after the other until there are enough."""
    found: list[float] = []
    pauses = random.Random(2)
    # No spaces: one at the end of the line moves the cursor only, and the line's text would not change.
    words = cycle("whyisthatso")
    handed_in(terminal)  # the long answer; not timed
    terminal.until(lambda text: "graded by" in text)
    while len(found) < count:
        # A question that is new each time: an answer that grew would take ever longer to grade and to draw.
        terminal.send("\x1b[21~")
        terminal.until(lambda text: "coach › Home" in text)
        terminal.rest(1.5)
        terminal.send("n")
        terminal.until(lambda text: "Your answer" in text and "Question" in text)
        terminal.rest(1.5)
        terminal.send("\x1b[200~" + WORDS * 6 + "\x1b[201~")
        terminal.rest(0.5)
        handed_in(terminal)
        terminal.send("a")
        while "graded by" not in terminal.text and len(found) < count:
            found.append(terminal.timed(next(words), line(SIZE[1] - 2)))
            terminal.rest(pauses.uniform(0.0, 0.06))
        terminal.until(lambda text: "graded by" in text)
        terminal.rest(0.5)
    return found


def library(terminal: Terminal, count: int) -> tuple[list[float], list[float]]:
    """The search line over all questions, then the list."""
    terminal.send("l")
    terminal.until(lambda text: "66 of 66" in text and "Library" in text)
    terminal.rest(1.0)
    keys = cycle([*"partition", *["\x7f"] * 9, *"cache", *["\x7f"] * 5])
    search = typed(terminal, keys, count - count % 28, line(1))
    terminal.rest(2.0)
    terminal.send("\x1b[B")
    terminal.rest(1.0)
    return search, typed(terminal, cycle(["\x1b[B"] * 20 + ["\x1b[A"] * 20), count, chosen)


def opening(terminal: Terminal, rounds: int) -> list[float]:
    """From the key that opens a screen to its first frame; each was opened once before."""
    found = []
    for at in range(rounds + 1):
        for key in "lpsmna":
            took = terminal.timed(key, line(0))
            if at:
                found.append(took)
            terminal.rest(0.7)
            terminal.send("\x1b[21~")
            terminal.until(lambda text: "coach › Home" in text)
            terminal.rest(0.5)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keys", type=int, default=300, help="for each row")
    options.add_argument("--home", help="a COACH_HOME to use; a temporary one where it is left out")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, count = given.home or folder, given.keys
        print(f"{'':34}{'keys':>6}{'median':>8}{'p95':>8}{'worst':>8}   ratio of medians to the bare app")
        alone = bare(home, count)
        rows: list[tuple[str, list[float]]] = []
        first = coach(home)
        rows.append(("home: up and down", home_screen(first, count)))
        rows += zip(("library: searching", "library: up and down"), library(first, count), strict=True)
        first.send("\x1b[21~")
        first.until(lambda text: "coach › Home" in text)
        rows.append(("opening a screen", opening(first, 5)))
        rows += zip(("practice: writing", "practice: 1,500 words there"), practice(first, count), strict=True)
        rows.append(("verdict: while a grade is made", grading(first, count)))
        first.close("\x11")
        alone += bare(home, count)
        base = statistics.median(alone)
        for name, found in (("bare app: writing", alone), *rows):
            told(name, found, base)


def told(name: str, found: list[float], base: float) -> None:
    """One row."""
    ordered = sorted(found)
    middle, worst = statistics.median(ordered), ordered[-1]
    late = ordered[int(0.95 * (len(ordered) - 1))]
    over = sum(one > GOAL_MS for one in ordered)
    words = f"   {over} over {GOAL_MS} ms" if over else ""
    print(f"{name:34}{len(ordered):6}{middle:8.1f}{late:8.1f}{worst:8.1f}   {middle / base:.1f}{words}")


if __name__ == "__main__":
    main()
