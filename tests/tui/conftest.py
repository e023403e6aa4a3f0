"""The real app over a small corpus with the real models, driven through Pilot; what is slow is made once."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from textual.pilot import Pilot

from coach.ports import Embedder
from coach.session import Session
from coach.tui.app import CoachApp, make_app
from coach.wiring import open_session

DOCUMENT = """# Caches

## Eviction

**1. How does a least recently used cache find its victim?**

- **Order of use:** a doubly linked list holds the entries, the one used last in front; the victim is at its end.
- **Look-up:** a hash map from key to list node finds an entry in constant time.

## Skew

**2. What does salting a hot key cost?**

- **Reads:** a read has to ask for every salted variant of the key.
- **Aggregation:** it takes two steps, first by salted key and then by the real one.

**3. What does [red]markup[/red] in a [bold]question[/bold] do?**

- **Nothing:** text of a document is shown as it stands, brackets included.
"""

GOOD = (
    "A doubly linked list holds the entries in order of use, the most recently used in front, so the victim stands at "
    "the end of the list. A hash map from the key to the list node finds an entry in constant time."
)
HALF = "The victim stands at the end of a doubly linked list. I would evict that one."

WAIT = 90.0
"""Seconds after which a test gives up waiting; nothing is asserted on how long anything takes."""

Opener = Callable[[], Session]


def journey(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """An asynchronous test as pytest runs it."""

    @functools.wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    return run


async def wait_until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Let the app run until something holds."""
    async with asyncio.timeout(WAIT):
        while True:
            await pilot.pause()
            if holds():
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(session: Session, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[CoachApp, Pilot[None]]]:
    """The app, warm, and at the end at rest: no thread of it is still at work."""
    app = make_app(session)
    async with app.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: app.background.is_warm and app.warmth.endswith("ready"))
        yield app, pilot
    async with asyncio.timeout(WAIT):
        while app.background.is_busy:
            await asyncio.sleep(0.01)


def screen_text(app: CoachApp) -> str:
    """What stands on the screen, line by line."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(line.text.rstrip() for line in lines[:height]) if width else ""


def on(app: CoachApp, name: str) -> bool:
    """Whether a screen of this class is in front, and mounted."""
    return type(app.screen).__name__ == name and app.screen.is_mounted


Work = Awaitable[None]


@pytest.fixture(scope="session")
def models(together: Path) -> tuple[Embedder, Embedder]:
    """The two encoders, loaded once for all tests here."""
    home = together / "tui-models"
    with FileLock(together / "tui-models.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_HOME", str(home))
        session = open_session()
        return session.embedder, session.open_claims()


@pytest.fixture(scope="session")
def template(together: Path, models: tuple[Embedder, Embedder]) -> Path:
    """A corpus and a home with its index built."""
    root = together / "tui-template"
    with FileLock(together / "tui-template.lock"), pytest.MonkeyPatch.context() as patch:
        if not (root / "done").exists():
            corpus = root / "corpus"
            corpus.mkdir(parents=True)
            (corpus / "caches.md").write_text(DOCUMENT, encoding="utf-8")
            (corpus / "order.txt").write_text("caches.md\n", encoding="utf-8")
            patch.setattr("coach.config.builtin_corpus", lambda: corpus)
            patch.setenv("COACH_HOME", str(root / "home"))
            session = _with(open_session(), models)
            assert session.snapshot is not None
            (root / "done").touch()
    return root


def _with(session: Session, models: tuple[Embedder, Embedder]) -> Session:
    session.open_embedder = lambda progress: models[0]
    session.open_claims = lambda: models[1]
    return session


@pytest.fixture
def opened(
    template: Path, models: tuple[Embedder, Embedder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Opener:
    """Opens sessions over a home of this test's own, as one start of coach after the other would."""
    home = tmp_path / "home"
    shutil.copytree(template / "home", home, copy_function=_linked)
    monkeypatch.setattr("coach.config.builtin_corpus", lambda: template / "corpus")
    monkeypatch.setenv("COACH_HOME", str(home))
    return lambda: _with(open_session(), models)


def _linked(source: str, target: str) -> object:
    return os.link(source, target) if "models" in Path(source).parts else shutil.copy2(source, target)


@pytest.fixture
def session(opened: Opener) -> Session:
    return opened()
