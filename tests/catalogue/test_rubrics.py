"""Rubric files: read, written, edited, and those that ship."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.catalogue import rubrics
from coach.catalogue.library import Library
from coach.config import Paths, builtin_corpus
from coach.domain import Aside, Deck, Importance, KeyPoint, Kind, Misconception, Question, Rubric
from coach.errors import UsageError
from coach.importing import read

QUESTION = Question("q1", 1, "deck", 1, Kind.CONCEPT, "What is a log?", "A list.", printed="1")
DECK = Deck("deck", "Deck", "deck.md", True, (QUESTION,))
LEAST = {"points": [{"text": "A log is a list."}]}


def paths_at(home: Path) -> Paths:
    return Paths(home / "builtin", (home / "corpus",), home, home / "config.toml", home / "index", ())


def test_defaults_of_a_short_rubric() -> None:
    rubric = rubrics.parse(LEAST, "q1", "edited", "file")
    (point,) = rubric.points
    assert point == KeyPoint("p1", "A log is a list.", Importance.SHOULD, rubrics.WEIGHTS[Importance.SHOULD])
    assert rubric.origin == "edited"
    assert rubric.hash


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "no [[points]]"),
        ({"points": []}, "no [[points]]"),
        ({"points": "x"}, "no [[points]]"),
        ({"points": [{"text": " "}]}, "point 1 has no text"),
        ({"points": [3]}, "point 1 has no text"),
        ({"points": [{"text": "a", "importance": "vital"}]}, "importance 'vital'"),
        ({"points": [{"text": "a", "weight": 0}]}, "weight 0"),
        ({"points": [{"text": "a", "weight": True}]}, "weight True"),
        ({"points": [{"text": "a", "weight": float("nan")}]}, "weight nan"),
        ({"points": [{"text": "a", "weight": "1"}]}, "weight '1'"),
        ({"points": [{"text": "a", "right": "b"}]}, "right is not a list of texts"),
        ({"points": [{"text": "a", "misconceptions": 1}]}, "misconceptions of point 1"),
        ({"points": [{"text": "a", "misconceptions": [{"why": "b"}]}]}, "misconception of point 1 has no text"),
        ({"points": [{"text": "a", "id": "x"}, {"text": "b", "id": "x"}]}, "share the id 'x'"),
        ({"points": [{"text": "a"}], "searches": [1]}, "searches is not a list of texts"),
        ({"points": [{"text": "a"}], "asides": "b"}, "aside 1 lacks"),
        ({"points": [{"text": "a"}], "asides": [{"right": "b"}]}, "aside 1 lacks"),
    ],
)
def test_a_mistake_names_its_place(data: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        rubrics.parse(data, "q1", "edited", "FILE")
    assert said in caught.value.message
    assert caught.value.message.startswith("FILE")
    assert caught.value.hint


LINES = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
POINTS = st.builds(
    KeyPoint,
    st.just("id"),
    LINES,
    st.sampled_from(Importance),
    st.floats(0.01, 10),
    st.lists(LINES, max_size=3).map(tuple),
    st.lists(st.builds(Misconception, LINES, LINES), max_size=3).map(tuple),
    st.text(max_size=20),
)


ASIDES = st.builds(Aside, LINES, LINES, LINES)


@given(st.lists(POINTS, min_size=1, max_size=4), st.lists(LINES, max_size=3), st.lists(ASIDES, max_size=2))
def test_written_and_read_back_is_the_same(points: list[KeyPoint], searches: list[str], asides: list[Aside]) -> None:
    named = tuple(replace(point, id=f"point-{number}") for number, point in enumerate(points))
    rubric = rubrics.sealed(Rubric("q1", named, "edited", "", tuple(searches), tuple(asides)))
    text = rubrics.as_toml(rubric, QUESTION)
    assert rubrics.parse(tomllib.loads(text), "q1", "edited", "file") == rubric


def test_the_hash_covers_what_can_change_a_grade_and_no_more() -> None:
    rubric = rubrics.parse(LEAST, "q1", "shipped", "file")
    (point,) = rubric.points

    def hash_with(**changes: Any) -> str:
        return rubrics.sealed(replace(rubric, points=(replace(point, **changes),))).hash

    assert hash_with() == rubric.hash
    assert hash_with(probe="What?") == rubric.hash
    assert (
        rubrics.sealed(replace(rubric, asides=(Aside("a", "b", "why"),))).hash
        == rubrics.sealed(replace(rubric, asides=(Aside("a", "b", "because"),))).hash
    )
    changed = [
        hash_with(text="B"),
        hash_with(weight=2.0),
        hash_with(right=("b",)),
        hash_with(misconceptions=(Misconception("c"),)),
        hash_with(importance=Importance.MUST),
        hash_with(id="other"),
        rubrics.sealed(replace(rubric, searches=("x",))).hash,
        rubrics.sealed(replace(rubric, asides=(Aside("a", "b"),))).hash,
    ]
    assert len({rubric.hash, *changed}) == 9


def test_an_edit_lives_in_the_overlay_and_wins(tmp_path: Path) -> None:
    paths = paths_at(tmp_path)
    shipped = paths.builtin_corpus / "rubrics" / "deck" / "01.toml"
    shipped.parent.mkdir(parents=True)
    shipped.write_text('question = "What is a log?"\n[[points]]\ntext = "Shipped."\n')
    before = shipped.read_bytes()
    found = rubrics.written(QUESTION, DECK, paths)
    assert found is not None
    assert found.origin == "shipped"
    saved = rubrics.save_overlay(QUESTION, paths, '[[points]]\ntext = "Mine."\n')
    assert rubrics.written(QUESTION, DECK, paths) == saved
    assert (saved.origin, saved.points[0].text) == ("edited", "Mine.")
    assert shipped.read_bytes() == before
    assert rubrics.overlay_file(QUESTION, paths).is_relative_to(tmp_path / "rubrics")


@pytest.mark.parametrize("text", ["[[points]", '[[points]]\ntext = ""\n', ""])
def test_a_broken_edit_changes_nothing(tmp_path: Path, text: str) -> None:
    paths = paths_at(tmp_path)
    with pytest.raises(UsageError):
        rubrics.save_overlay(QUESTION, paths, text)
    assert not rubrics.overlay_file(QUESTION, paths).exists()


def test_a_damaged_file_says_how_to_go_back(tmp_path: Path) -> None:
    paths = paths_at(tmp_path)
    path = rubrics.overlay_file(QUESTION, paths)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError) as caught:
        rubrics.written(QUESTION, DECK, paths)
    assert str(path) in caught.value.message
    assert "delete it" in caught.value.hint


def test_the_rubric_of_another_text_is_not_used(tmp_path: Path) -> None:
    paths = paths_at(tmp_path)
    shipped = paths.builtin_corpus / "rubrics" / "deck" / "01.toml"
    shipped.parent.mkdir(parents=True)
    shipped.write_text('question = "What is a queue?"\n[[points]]\ntext = "Shipped."\n')
    assert rubrics.written(QUESTION, DECK, paths) is None
    assert rubrics.written(QUESTION, replace(DECK, builtin=False), paths) is None


# --- what ships -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> list[tuple[Question, Rubric]]:
    corpus = builtin_corpus()
    library = Library()
    for name in (corpus / "order.txt").read_text().split():
        library, _, _ = library.register(read(corpus / name), "d", builtin=True)
    paths = replace(paths_at(corpus / "nobody"), builtin_corpus=corpus)
    rows = [(q, rubrics.written(q, library.deck(q.deck), paths)) for q in library.questions]
    return [(question, rubric) for question, rubric in rows if rubric is not None]


def test_every_built_in_question_has_its_rubric(shipped: list[tuple[Question, Rubric]]) -> None:
    assert [question.number for question, _ in shipped] == list(range(1, 67))
    files = list((builtin_corpus() / "rubrics").glob("*/*.toml"))
    assert len(files) == len(shipped)


def test_shipped_rubrics_are_whole(shipped: list[tuple[Question, Rubric]]) -> None:
    for question, rubric in shipped:
        assert 5 <= len(rubric.points) <= 12, question.number
        assert any(point.importance is Importance.MUST for point in rubric.points), question.number
        assert rubric.searches, question.number
        for point in rubric.points:
            where = f"{question.number} {point.id}"
            assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", point.id), where
            assert point.probe.endswith(("?", ".")), where
            assert point.right, where
            assert all(wrong.why for wrong in point.misconceptions), where
            said = [point.text, *point.right, *(wrong.text for wrong in point.misconceptions)]
            assert len(set(said)) == len(said), where
