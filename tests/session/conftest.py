"""A session over a corpus of two questions, with the real models; what is slow is made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from coach.session import Session
from coach.wiring import open_session

DOCUMENT = """# Caches

**1. How does a least recently used cache find its victim?**

**Order of use:** a doubly linked list holds the entries, the one used last in front; the victim is at its end.

**2. What does salting a hot key cost?**

- **Reads:** a read has to ask for every salted variant of the key.
- **Aggregation:** it takes two steps, first by salted key and then by the real one.
"""


@pytest.fixture(scope="session")
def ready_models(together: Path) -> Path:
    """A folder of compiled models."""
    home = together / "session-models"
    with FileLock(together / "session-models.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_HOME", str(home))
        session = open_session()
        assert session.embedder.dimensions
        assert session.open_claims().dimensions
    return home / "index" / "models"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands in for the built-in documents."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "caches.md").write_text(DOCUMENT)
    (folder / "order.txt").write_text("caches.md\n")
    monkeypatch.setattr("coach.config.builtin_corpus", lambda: folder)
    return folder


@pytest.fixture
def notices() -> list[str]:
    """What sessions said, in order."""
    return []


@pytest.fixture
def opened(corpus: Path, ready_models: Path, tmp_path: Path, notices: list[str]) -> Callable[[], Session]:
    """Opens one more session over the same home, as one more command would."""
    models = tmp_path / "home" / "index" / "models"
    shutil.copytree(ready_models, models, copy_function=os.link)
    return lambda: open_session(notice=notices.append)
