"""A few hundred damaged documents; thousands of them by ``benchmarks/fuzz_import.py``, from which this takes its tools."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "fuzz_import.py"


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = spec_from_file_location("fuzz_import", PATH)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_document_is_read_or_refused(fuzz: ModuleType, tmp_path: Path, seed: int) -> None:
    known = fuzz.originals()
    for number in range(seed, 160, 4):
        path = fuzz.written(tmp_path, 7, number, known)
        assert fuzz.attempt(path) in ("read", "empty", "refused"), (number, path)
        path.unlink()
