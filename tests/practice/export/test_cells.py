from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.practice.export.cells import guarded, rows_as_csv, unguarded

text = st.text(st.characters(exclude_categories=["Cs"]))
risky = st.builds(
    lambda first, rest: first + rest, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'=", " =", "＝"]), text
)


@given(text | risky)
def test_what_is_guarded_comes_back_as_it_was(value: str) -> None:
    assert unguarded(guarded(value)) == value


@given(text | risky)
def test_no_cell_begins_like_a_formula(value: str) -> None:
    assert guarded(value).lstrip(" \u00a0\ufeff")[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("value", ["=1+1", "+44", "-5", "@SUM(A1)", "\t=x", '=HYPERLINK("x","y")', " =1", "＝1"])
def test_formulas_are_defused_and_plain_words_are_left_alone(value: str) -> None:
    assert guarded(value) == f"'{value}"
    assert guarded("plain = words - here") == "plain = words - here"
    assert guarded("") == ""


def test_a_spreadsheet_that_drops_the_mark_loses_nothing() -> None:
    assert unguarded("=good point") == "=good point"


@given(st.lists(st.lists(text | risky | st.integers() | st.none(), min_size=2, max_size=2), max_size=5))
def test_rows_are_read_back_by_any_reader_of_csv(rows: list[list[str | int | None]]) -> None:
    lines = "".join(rows_as_csv(("a", "b"), rows))
    read = list(csv.reader(io.StringIO(lines, newline="")))
    wanted = [
        ["" if item is None else guarded(item) if isinstance(item, str) else str(item) for item in row] for row in rows
    ]
    assert read == [["a", "b"], *wanted]


def test_numbers_stay_numbers() -> None:
    assert list(rows_as_csv(("a",), [[-5], [0.25]])) == ["a\r\n", "-5\r\n", "0.25\r\n"]
