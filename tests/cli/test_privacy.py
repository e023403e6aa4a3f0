"""What a command leaves behind, and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import SAMPLE, Result


def test_a_grade_leaves_nothing_outside_its_home(
    process: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """onnxruntime, left to itself, keeps an identifier and a queue of reports to its maker below the user's home."""
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY")
    (tmp_path / "somebody").mkdir()
    monkeypatch.chdir(tmp_path / "somebody")
    result = process("grade", "-", "--q", 9, stdin=SAMPLE.encode(), HOME=str(tmp_path / "somebody"))
    assert result.code == 0
    assert list((tmp_path / "somebody").rglob("*")) == []
