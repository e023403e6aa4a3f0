"""How long the app takes to its first frame and to leave, as a ratio to starting Python itself.

    python benchmarks/app_start.py [RUNS]

The real command in a pseudo-terminal of 80 by 24, warm file caches, the median of RUNS (default 7). The ratio is what
travels between machines: seconds depend on the processor and on what else it does.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SEEN = b"Start"
"""Words of the first screen."""


def bare() -> float:
    """Seconds that Python takes to do nothing."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - started


def app(home: str) -> tuple[float, float]:
    """Seconds to the first frame, and from the key that leaves to the end of the process."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COACH_HOME=home, PYTHONPATH=str(ROOT))
        os.execv(sys.executable, [sys.executable, "-m", "coach"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    drawn = read_until(terminal, SEEN)
    first = drawn - started
    left = time.perf_counter()
    os.write(terminal, b"q")
    read_until(terminal, None)
    os.waitpid(child, 0)
    return first, time.perf_counter() - left


def read_until(terminal: int, words: bytes | None) -> float:
    """The moment at which ``words`` were written, or the terminal was closed."""
    text = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], 60)
        if not ready:
            raise SystemExit("the app shows nothing")
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            if words is None:
                return time.perf_counter()
            raise SystemExit(f"the app ended early:\n{text.decode(errors='replace')}")
        text += part
        if words is not None and words in text:
            return time.perf_counter()


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as home:
        app(home)
        python = statistics.median(bare() for _ in range(runs))
        rows = [app(home) for _ in range(runs)]
    first = statistics.median(row[0] for row in rows)
    leaving = statistics.median(row[1] for row in rows)
    print(f"bare python   {python:6.3f} s")
    print(f"first frame   {first:6.3f} s   {first / python:5.1f} x bare python")
    print(f"leaving       {leaving:6.3f} s   {leaving / python:5.1f} x bare python (while the models load)")


if __name__ == "__main__":
    main()
