"""The packed statements are those of the rubrics and confusions in this repository."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from coach.errors import StoreCorrupt
from coach.models import shipped

ROOT = Path(__file__).resolve().parents[2]


def test_the_pack_is_in_step_with_rubrics_and_confusions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "training"), *sys.path])
    import pack_known

    subjects = [*pack_known.rubric_subjects(), *pack_known.confusion_subjects()]
    with np.load(shipped.PACK / shipped.KNOWN) as arrays:
        packed = arrays["made_from"].tobytes().decode()
    assert packed == pack_known.made_from(subjects), "run training/pack_known.py"


def test_what_ships_is_under_30_megabytes() -> None:
    assert sum(file.stat().st_size for file in shipped.PACK.iterdir()) < 30e6


def test_a_damaged_pack_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / shipped.KNOWN).write_bytes(b"PK nothing")
    monkeypatch.setattr(shipped, "PACK", tmp_path)
    with pytest.raises(StoreCorrupt, match="Install"):
        shipped.open_known()
