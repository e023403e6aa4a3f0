"""Where the words of a query stand in too many pages, the rarest decide; in a small corpus nothing is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.retrieval import words


@pytest.fixture
def index(tmp_path: Path) -> words.Words:
    pages = [
        words.Page(f"q{n}", f"frequent rare{n}", "", "", "frequently said" + " often" * (n % 2)) for n in range(200)
    ]
    words.write(tmp_path / "words.sqlite", pages)
    return words.Words(tmp_path / "words.sqlite")


def test_frequent_words_are_left_out_beyond_the_bound(index: words.Words, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "frequent often rare7"
    assert len(index.scores(query, 500)) == 200
    monkeypatch.setattr(words, "MOST_POSTINGS", 150)
    assert len(index.scores(query, 500)) == 100  # those of often, of which one is that of rare7
    monkeypatch.setattr(words, "MOST_POSTINGS", 50)
    assert [name for name, _ in index.scores(query, 500)] == ["q7"]
    assert index.scores("frequent", 10)
    assert index.scores("unknown words", 10) == []


def test_a_query_of_nothing_but_very_frequent_words_is_left_to_the_vectors(
    index: words.Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_POSTINGS", 50)
    monkeypatch.setattr(words, "MOST_ALONE", 150)
    assert index.scores("frequent said", 10) == []
    assert {name for name, _ in index.scores("frequent often", 500)} == {f"q{n}" for n in range(1, 200, 2)}
    assert [name for name, _ in index.scores("frequent rare4 said", 10)] == ["q4"]


def test_words_are_counted_by_their_stems(index: words.Words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_POSTINGS", 50)
    assert [name for name, _ in index.scores("frequenting rare9", 500)] == ["q9"]
