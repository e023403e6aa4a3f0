from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.errors import StoreCorrupt, StoreUnwritable
from coach.retrieval.words import MAX_TERMS, Page, Words, query_terms, write

PAGES = (
    Page("q1", "How does partitioning work?", "one server is always busy", "Strategies", "Hash, range and list."),
    Page("q2", "What is replication?", "", "Modes", "Replicas follow a leader; hash checks compare them."),
)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    path = tmp_path_factory.mktemp("a folder with ? and #") / "words.sqlite"
    write(path, PAGES)
    return Words(path)


def test_words_are_stemmed_and_found_in_every_column(words: Words) -> None:
    for text in ("partitioned", "busy servers", "strategy", "ranges"):
        assert [name for name, _ in words.scores(text, 5)] == ["q1"], text


def test_the_question_itself_weighs_more_than_the_body(words: Words) -> None:
    found = words.scores("replication hash", 5)
    assert found[0][0] == "q2" and found[0][1] > found[1][1] > 0


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(st.text(), st.sampled_from(['"', "a AND (", "NEAR(x", "col:x", "*", "hash^2", "\x00hash", "-", "'"]))
)
def test_any_text_is_a_query(words: Words, text: str) -> None:
    for _, score in words.scores(text, 5):
        assert score > 0


def test_operators_are_plain_words(words: Words) -> None:
    assert words.scores("hash NOT replicas", 5) == words.scores("replicas hash not", 5)


def test_a_long_query_is_shortened(words: Words) -> None:
    text = " ".join(f"w{number}" for number in range(10_000))
    assert len(query_terms(text)) == MAX_TERMS
    assert words.scores(text + " hash", 5) == []


def test_stop_words_count_only_where_nothing_else_is_said() -> None:
    assert query_terms("What is the hash?") == ["hash"]
    assert query_terms("what is it") == ["what", "is", "it"]


def test_a_lone_surrogate_can_be_indexed(tmp_path: Path) -> None:
    write(tmp_path / "w.sqlite", [Page("q", "half \ud800 pair", "", "", "")])
    opened = Words(tmp_path / "w.sqlite")
    assert opened.scores("pair \ud800", 5)
    opened.close()


def test_missing_damaged_and_unwritable_files(tmp_path: Path) -> None:
    with pytest.raises(StoreCorrupt, match="index --rebuild"):
        Words(tmp_path / "none.sqlite")
    (tmp_path / "bad.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreCorrupt, match="index --rebuild"):
        Words(tmp_path / "bad.sqlite")
    (tmp_path / "file").write_text("")
    with pytest.raises((StoreUnwritable, StoreCorrupt)):
        write(tmp_path / "file" / "w.sqlite", PAGES)
