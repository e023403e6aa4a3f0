"""Some years of a noisy learner, in short; ``benchmarks/simulation.py`` has the long one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_spec = importlib.util.spec_from_file_location("simulation", ROOT / "benchmarks" / "simulation.py")
assert _spec
assert _spec.loader
simulation = importlib.util.module_from_spec(_spec)
sys.modules["simulation"] = simulation
_spec.loader.exec_module(simulation)


@pytest.mark.parametrize("retention", [0.8, 0.9])
def test_the_schedule_does_what_it_promises(retention: float) -> None:
    found = simulation.figures(4, 40, retention, longest=120, seed=1)
    assert found.answers > 300
    assert abs(found.retention - retention) <= 0.05
    assert found.never_shorter == 1
    assert found.grown > 0.9
    assert found.shrunk == 1
    assert found.longest == 120
