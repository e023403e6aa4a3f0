"""One real compilation of the default model for all tests here, shared between the processes of pytest-xdist."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.config import Paths, Settings
from coach.models import open_embedder
from coach.models.serve import OnnxEmbedder


def paths_at(home: Path, *shared: Path) -> Paths:
    return Paths(home / "builtin", (), home, home / "config.toml", home / "index", shared)


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session")
def compiled(together: Path) -> Path:
    """``Paths.models`` of a home in which the default model is compiled."""
    paths = paths_at(together / "compiled-home")
    open_embedder(Settings(), paths)
    return paths.models


@pytest.fixture(scope="session")
def embedder(compiled: Path) -> OnnxEmbedder:
    return open_embedder(Settings(), paths_at(compiled.parent.parent))


@pytest.fixture
def paths(tmp_path: Path, compiled: Path) -> Paths:
    """A fresh home that may take the compiled model from elsewhere."""
    return paths_at(tmp_path / "home", compiled)


@pytest.fixture
def no_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("compiled though it should not")

    monkeypatch.setattr("coach.models.compile.compile_model", refuse)


@pytest.fixture(scope="session")
def tiny(together: Path) -> Callable[[str], Path]:
    """Small random sentence-transformers models by name; see tiny.py."""
    from filelock import FileLock

    folder = together / "tiny"
    with FileLock(together / "tiny.lock"):
        if not folder.exists():
            command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("tiny.py")), str(folder)]
            subprocess.run(command, check=True, capture_output=True)
    return lambda name: folder / name
