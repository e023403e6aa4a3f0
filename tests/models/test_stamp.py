from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import StoreCorrupt
from coach.models import stamp as stamps
from coach.models.stamp import Artefact, Recipe, SourceFile, Stamp


def a_stamp(folder: str = "/nowhere") -> Stamp:
    recipe = Recipe(3, 10, (1,), (2,), 0, ("input_ids",), "mean", ("Tanh",))
    files = (SourceFile("config.json", 2, 5),)
    return Stamp(stamps.COMPILER, "a/b", folder, files, "f", {"x": Artefact(1, "d")}, recipe, (0.5, 0.25), "cpu")


def test_a_stamp_survives_its_file(tmp_path: Path) -> None:
    (tmp_path / stamps.STAMP).write_text(stamps.dumps(a_stamp()))
    assert stamps.read(tmp_path) == a_stamp()


def test_another_compiler_s_stamp_is_none(tmp_path: Path) -> None:
    (tmp_path / stamps.STAMP).write_text(stamps.dumps(a_stamp()).replace('"compiler": "1"', '"compiler": "0"'))
    with pytest.raises(StoreCorrupt):
        stamps.read(tmp_path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(json.loads(stamps.dumps(a_stamp())))), json_values)
def test_a_damaged_stamp_is_read_or_refused_in_one_way(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    table = json.loads(stamps.dumps(a_stamp()))
    table[key] = value
    folder = tmp_path_factory.mktemp("stamp")
    (folder / stamps.STAMP).write_text(json.dumps(table))
    try:
        found = stamps.read(folder)
    except StoreCorrupt:
        return
    assert isinstance(found, Stamp)
    assert found.describes(folder) in (True, False)
    assert found.is_current() in (True, False)


def test_a_source_is_current_while_sizes_and_times_stay(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    item = stamps.seen(tmp_path, "config.json")
    assert item is not None
    fields = json.loads(stamps.dumps(a_stamp(str(tmp_path))))
    fields["files"] = [{"name": item.name, "size": item.size, "modified": item.modified}]
    assert stamps.parse(fields).is_current()
    fields["files"][0]["modified"] += 1
    assert not stamps.parse(fields).is_current()
