from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.practice.classroom.roster import Roster, file_name

ODD = [
    "../../etc/passwd",
    "CON",
    "nul.txt",
    'a/b\\c:d*e?"f|',
    "x" * 400,
    "李雷",
    "",
    " ",
    ".hidden",
    "-rf",
    "Ünï cödé",
    "\x00",
]


@given(st.text(), st.text())
def test_names_of_files_are_safe_and_tell_students_apart(one: str, other: str) -> None:
    name = file_name(one)
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])", name)
    assert (name == file_name(other)) == (one == other)


def test_odd_names_stay_apart_even_where_case_does_not_count() -> None:
    names = {file_name(name) for name in [*ODD, "con", "Con", "ünï cödé"]}
    assert len(names) == len(ODD) + 3
    assert file_name("Ada Lovelace") == file_name("Ada Lovelace")
    assert file_name("Ada Lovelace").startswith("ada-lovelace-")


CLASS = Roster(["Ada Lovelace", "Müller, Jürgen", "Mark Spark", "ada@uni.example", "s1234567", "Plato"])


@pytest.mark.parametrize(
    "answer",
    [
        "I am Ada Lovelace and I say so.",
        "ADA  LOVELACE",
        "By Lovelace, Ada: it is so.",
        "Jürgen Müller helped me.",
        "Write to ada@uni.example or to s1234567!",
    ],
)
def test_full_names_addresses_and_numbers_of_the_class_are_masked_anywhere(answer: str) -> None:
    masked = CLASS.masked(answer, "Somebody Else")
    assert len(masked) == len(answer)
    for part in ("ada", "lovelace", "müller", "jürgen", "1234567", "uni.example"):
        assert part not in masked.lower()


def test_parts_of_a_name_are_words_unless_they_head_or_sign() -> None:
    text = "Mark Spark\n\nMark each row, then let Spark write it; Plato would say so.\n\nYours, Mark"
    masked = CLASS.masked(text, "Mark Spark")
    assert "Mark each row, then let Spark write it; Plato would say so." in masked
    assert masked.startswith("XXXX XXXXX\n")
    assert masked.endswith("Yours, XXXX")


@given(st.lists(st.text(max_size=15), max_size=5), st.text(max_size=80), st.text(max_size=15))
def test_masking_keeps_the_length_and_the_lines(names: list[str], answer: str, student: str) -> None:
    masked = Roster(names).masked(answer, student)
    assert len(masked) == len(answer)
    assert [len(line) for line in masked.split("\n")] == [len(line) for line in answer.split("\n")]


def test_an_empty_class_masks_nothing() -> None:
    assert Roster([]).masked("Ada Lovelace was here, and stayed for the whole of it.", "") == (
        "Ada Lovelace was here, and stayed for the whole of it."
    )
