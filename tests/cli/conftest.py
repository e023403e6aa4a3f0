"""Runs coach as a user would: in this process where that is enough (fast), in one of its own where it is the point."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from coach.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent

SAMPLE = (ROOT / "examples" / "answer.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def items(self) -> list[dict[str, Any]]:
        assert self.json.keys() == {"schema_version", "items"}
        assert self.json["schema_version"] == 1
        return list(self.json["items"])


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A process's variables; coach is found in the checkout whether it is installed or not."""
    return {**os.environ, "COACH_HOME": str(home), "PYTHONPATH": str(ROOT), **(extra or {})}


def interruptible() -> None:
    """Run in a child before coach starts: a suite that was started in the background hands on that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_home(together: Path) -> Path:
    """A home with its model and index ready. Not for tests that change what is in it."""
    home = together / "coach-home"
    with FileLock(together / "coach-home.lock"):
        if not (home / "index" / "current.json").exists():
            command = [
                sys.executable,
                "-m",
                "coach",
                "grade",
                str(ROOT / "examples" / "answer.md"),
                "--q",
                "9",
                "--no-save",
            ]
            done = subprocess.run(command, env=environment(home), capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def own_home(shared_home: Path, tmp_path: Path) -> Path:
    """A copy of the shared home that a test may change, without a history; large model files are links to the same bytes."""
    home = tmp_path / "own-home"

    def copy(source: str, target: str) -> object:
        return os.link(source, target) if "models" in Path(source).parts else shutil.copy2(source, target)

    shutil.copytree(shared_home, home, copy_function=copy, ignore=shutil.ignore_patterns("history*"))
    return home


@pytest.fixture
def coach(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs one command in this process; ``home`` defaults to the shared one."""

    def run(*arguments: object, stdin: str | bytes = b"", home: Path = shared_home, **extra: str) -> Result:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (raw, b"", b"")]
        with monkeypatch.context() as patch:
            patch.setenv("COACH_HOME", str(home))
            for name, value in extra.items():
                patch.setenv(name, value)
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            with pytest.raises(SystemExit) as left:
                main([str(argument) for argument in arguments])
            for stream in streams[1:]:
                stream.flush()
        out, err = (stream.buffer.getvalue().decode("utf-8") for stream in streams[1:])  # type: ignore[attr-defined]
        code = left.value.code
        assert isinstance(code, int)
        assert "Traceback" not in err
        return Result(code, out, err)

    return run


@pytest.fixture
def process(shared_home: Path) -> Callable[..., Result]:
    """Runs one command in a process of its own."""

    def run(*arguments: object, stdin: bytes = b"", home: Path = shared_home, **extra: str) -> Result:
        command = [sys.executable, "-m", "coach", *map(str, arguments)]
        done = subprocess.run(command, input=stdin, env=environment(home, extra), capture_output=True, timeout=300)
        err = done.stderr.decode()
        assert "Traceback" not in err
        return Result(done.returncode, done.stdout.decode(), err)

    return run
