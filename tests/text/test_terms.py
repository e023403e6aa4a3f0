"""Words, stems and what carries meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.text.terms import FUNCTION_WORDS, NEGATIONS, content_stems, overlap, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It doesn’t fit", ["it", "doesn't", "fit"]),
        ("C++ and C# beat C", ["c++", "and", "c#", "beat", "c"]),
        ("snake_case and camelCase", ["snake", "case", "and", "camelcase"]),
        ("Größe über 3,5 GB", ["größe", "über", "3", "5", "gb"]),
        ("O(n log n)", ["o", "n", "log", "n"]),
        ("'quoted' words'", ["quoted", "words"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_words_stand_where_they_say() -> None:
    text = "Don’t  move\nIT"
    assert [word.span.of(text) for word in words(text)] == ["Don’t", "move", "IT"]


@pytest.mark.parametrize(
    "group", [("partition", "partitions", "partitioned"), ("cache", "caches", "cached", "caching")]
)
def test_forms_of_a_word_share_a_stem(group: tuple[str, ...]) -> None:
    assert len({stem(word) for word in group}) == 1


@pytest.mark.parametrize("word", ["s3", "io", "k8s", "c++", ""])
def test_names_are_not_stemmed(word: str) -> None:
    assert stem(word) == word


def test_content_leaves_grammar_out_and_negations_in() -> None:
    assert content_stems("It is not the cache that fails") == ["not", "cach", "fail"]


def test_negations_are_no_function_words() -> None:
    assert not NEGATIONS & FUNCTION_WORDS


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [("ab", "abc", 1.0), ("ab", "bc", 0.5), ("", "abc", 0.0), ("a", "", 0.0), ("aab", "a", 0.5)],
)
def test_overlap(part: str, whole: str, share: float) -> None:
    assert overlap(part, whole) == share


@given(st.text(max_size=200))
def test_any_text_has_words_in_order(text: str) -> None:
    position = 0
    for word in words(text):
        assert position <= word.span.start < word.span.end <= len(text)
        assert word.text == word.span.of(text).lower().replace("’", "'")
        assert word.stem == stem(word.text)
        position = word.span.end
