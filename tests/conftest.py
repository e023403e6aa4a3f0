"""Every test in a world of its own: no variables of the person at the keyboard, no network, one hypothesis profile."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("coach", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("coach")

# onnxruntime reads this when it is loaded, and would otherwise report to its maker.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_FOREIGN = ("COACH_", "OPENAI_", "CHROMA_", "XDG_", "NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "COLUMNS")


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(autouse=True)
def own_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty home, and none of the settings that lie about on this machine."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Connections leave this machine in no test; loopback and sockets of the file system may be used."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test connects to {address}")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()
