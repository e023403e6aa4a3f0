"""Put what ``coach grade examples/answer.md --q 9`` really prints into README.md, between its two markers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- transcript -->", "<!-- end of transcript -->"
COMMAND = ("grade", "examples/answer.md", "--q", "9", "--no-save")
SHOWN = 60
"""Lines of the transcript; the rest is left out, and that is said."""


def transcript() -> str:
    """The command and what it prints, as a fenced block."""
    with tempfile.TemporaryDirectory() as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
        done = subprocess.run(
            [sys.executable, "-m", "coach", *COMMAND],
            cwd=ROOT,
            env=environment | {"COACH_HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
    lines = done.stdout.rstrip("\n").splitlines()
    left = len(lines) - SHOWN
    tail = [f"… and {left} more lines"] if left > 0 else []
    return "\n".join(["```text", f"$ coach {' '.join(COMMAND[:-1])}", *lines[:SHOWN], *tail, "```"])


def main() -> None:
    """Replace what stands between the markers."""
    path = ROOT / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{transcript()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
