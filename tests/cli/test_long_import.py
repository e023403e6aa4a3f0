"""A long PDF shows how far it is, can be stopped, and leaves nothing half imported; limits are said, with exit code 2."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coach.config import load, paths_of
from tests.cli.conftest import environment, interruptible
from tests.importing.printing import book


def test_it_is_stopped_by_an_interrupt(tmp_path: Path) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(book(1200))
    home = tmp_path / "home"
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coach", "import", str(path)],
        env=environment(home, {"TERM": "xterm", "COLUMNS": "100"}),
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        preexec_fn=interruptible,
    )
    os.close(terminal)
    shown = b""
    try:
        while b"reading book.pdf" not in shown and (read := os.read(screen, 4096)):
            shown += read
        process.send_signal(signal.SIGINT)
        while True:
            shown += os.read(screen, 4096)
    except OSError:  # the terminal is closed when the process has gone
        pass
    finally:
        os.close(screen)
    assert process.wait(timeout=60) == 130
    assert b"Interrupted" in shown
    assert b"Traceback" not in shown
    paths = paths_of(load({"COACH_HOME": str(home)}).settings)
    assert not list(paths.corpora[0].rglob("*.pdf"))
    assert not [file for file in paths.catalogue.glob("*.json") if "book" in file.name]


@pytest.mark.parametrize(("setting", "value"), [("COACH_MAX_PAGES", "2"), ("COACH_MAX_DOCUMENT_MB", "0")])
def test_limits_are_said(tmp_path: Path, setting: str, value: str) -> None:
    path = tmp_path / "book.pdf"
    path.write_bytes(book(3))
    command = [sys.executable, "-m", "coach", "import", str(path), "--dry-run"]
    done = subprocess.run(command, env=environment(tmp_path / "home", {setting: value}), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert setting in done.stderr
