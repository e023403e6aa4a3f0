"""``.env.example`` lists every setting with its default and its meaning, in the order of the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from coach import config
from coach.config import Settings

PATH = Path(__file__).parent.parent / ".env.example"


def test_the_same_settings_in_the_same_order_with_the_same_defaults_and_words() -> None:
    text = PATH.read_text(encoding="utf-8")
    found = re.findall(r"^# (.+)\n#((?:COACH|OPENAI)_\w+)=(.*)$", text, re.M)
    expected = [
        (
            item.metadata["doc"],
            item.metadata["env"],
            str(int(item.default)) if isinstance(item.default, bool) else str(item.default),
        )
        for item in fields(Settings)
    ]
    assert found == expected
    assert len(re.findall(r"(?:COACH|OPENAI)_\w+=", text)) == len(expected)


def test_with_every_mark_taken_off_it_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "checkout", lambda: None)
    text = re.sub(r"^#(?=COACH_|OPENAI_)", "", PATH.read_text(encoding="utf-8"), flags=re.M)
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    loaded = config.load({"COACH_HOME": str(tmp_path)})
    assert loaded.settings == Settings(home=str(tmp_path))
    assert loaded.problems == ()
