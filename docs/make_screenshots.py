"""Makes docs/screenshots/*.svg from the real app over the built-in documents.

python docs/make_screenshots.py

Nothing of the user at the keyboard is in them: the app runs in a COACH_HOME that is made for the occasion, over an
answer of the examples, with the offline grader.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SHOTS = ROOT / "docs" / "screenshots"

WAIT = 600
"""Seconds: a first run compiles the embedding model."""

EARLIER = (
    (9, "With skewed data I would hash the key, so that the rows spread evenly over the partitions."),
    (1, "CAP says that under a network partition a system has to choose between consistency and availability."),
    (3, "Row formats keep a record together, columnar formats keep a column together and compress better."),
)
"""Question and answer of the days before."""


async def until(pilot: Any, holds: Callable[[], bool]) -> None:
    """Let the app run until something holds."""
    async with asyncio.timeout(WAIT):
        while not holds():
            await pilot.pause(0.05)


def shot(app: Any, name: str) -> None:
    """Write what is on the screen."""
    # Textual names a font to be loaded from elsewhere; a page that shows the picture has one of its own.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", app.export_screenshot(title="coach"), flags=re.DOTALL)
    (SHOTS / f"{name}.svg").write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")


async def made(size: tuple[int, int], theme: str) -> None:
    """All screenshots of one size."""
    from coach.domain.practice import Circumstances, Origin
    from coach.tui.app import make_app
    from coach.tui.rounds import Round
    from coach.tui.screens import make
    from coach.tui.screens.verdict import VerdictScreen
    from coach.tui.widgets.point_list import PointList
    from coach.wiring import open_session

    session = open_session()
    for number, answer in EARLIER:
        if not session.practice.summaries(session.library.find(str(number)).id):
            session.practice.answered(
                session.library.find(str(number)), answer, Circumstances(Origin.APP, 90.0, confidence=0.7)
            )
    question = session.library.find("9")
    answer = (ROOT / "examples" / "answer.md").read_text(encoding="utf-8")
    attempt = session.practice.answered(question, answer, Circumstances(Origin.APP, 240.0, confidence=0.6))
    app = make_app(session)
    app.theme = theme
    suffix = "" if size[0] < 120 else "-wide"
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.warmth.endswith("ready"))
        await until(pilot, lambda: app.screen.query_one("#stand").border_title == "Where you stand")
        await pilot.pause(0.3)
        shot(app, f"home{suffix}")
        app.push_screen(VerdictScreen(attempt, Round("Due", (question,))))
        await until(pilot, lambda: bool(app.screen.query(PointList)) and bool(app.screen.query_one(PointList).rows))
        await pilot.press("down", "down")
        await pilot.pause(0.3)
        shot(app, f"verdict{suffix}")
        await pilot.press("escape")
        for name in ("library", "progress"):
            app.push_screen(make(name))
            await pilot.pause(1.0)
            shot(app, f"{name}{suffix}")
            app.pop_screen()
        await until(pilot, lambda: not app.background.is_busy)


def main() -> None:
    """Make them all."""
    SHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        for name in [name for name in os.environ if name.startswith(("COACH_", "OPENAI_"))]:
            del os.environ[name]
        os.environ["COACH_HOME"] = home
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        asyncio.run(made((100, 30), "dark"))
        asyncio.run(made((160, 45), "light"))
    # Threads of native libraries may still be there; an interpreter that ends under them may crash.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
