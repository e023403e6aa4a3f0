from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from coach.practice.export import charts

names = st.text(max_size=50)
values = st.floats(-50, 150, allow_nan=False)


def inside(svg: str) -> None:
    """Well formed, and every place within the picture."""
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for item in root.iter():
        for name, most in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            if name in item.attrib:
                assert -1 <= float(item.attrib[name]) <= most + 1
        for x, y in re.findall(r"([-\d.]+),([-\d.]+)", item.attrib.get("points", "")):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
    assert "<script" not in svg


@given(names, st.lists(st.tuples(names, values, names), max_size=8))
def test_bars(title: str, rows: list[tuple[str, float, str]]) -> None:
    svg = charts.bars(title, rows)
    inside(svg)
    assert svg.count("<rect") == len(rows)


@given(names, st.lists(st.tuples(names, st.none() | values, st.none() | values), max_size=20))
def test_lines(title: str, rows: list[tuple[str, float | None, float | None]]) -> None:
    series = [("one", [row[1] for row in rows]), ("other", [row[2] for row in rows])]
    svg = charts.lines(title, [row[0] for row in rows], series)
    inside(svg)
    assert svg.count("<circle") == sum(value is not None for row in rows for value in row[1:])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 500)), max_size=5))
def test_a_curve(points: list[tuple[float, float, int]]) -> None:
    svg = charts.curve("Scores <b>", points)
    inside(svg)
    assert "Scores &lt;b&gt;" in svg
    assert svg.count("<circle") == len(points)
