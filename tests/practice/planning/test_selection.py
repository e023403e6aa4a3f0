"""What is asked next."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain import Importance, KeyPoint, Kind, Outcome, Question
from coach.domain.plans import MissedPoint, Standing, Tally
from coach.domain.practice import Card
from coach.practice.planning.selection import TWINS_APART, Situation, Words, chosen, hardness, points_to_ask
from practice.samples import NOON, question

WORDS = [
    "alpha",
    "bravo",
    "charlie",
    "delta",
    "echo",
    "foxtrot",
    "golf",
    "hotel",
    "india",
    "juliet",
    "kilo",
    "lima",
    "mike",
    "november",
    "oscar",
    "papa",
]
POOL = [question(number, text=f"What is {word} {word}ish?") for number, word in enumerate(WORDS, 1)]
TWIN = question(90, text="What is alpha alphaish exactly?")


def card(item: Question) -> Card:
    return Card(item.id, None, date(2026, 3, 1), 1, 2.0, 5.0, NOON, date(2026, 2, 1), 1, 0)


def standing(item: Question, *scores: int) -> Standing:
    return Standing(item.id, len(scores), NOON, scores)


def ids(questions: list[Question]) -> list[str]:
    return [item.id for item in questions]


def test_due_comes_first_then_weak_then_new_then_what_rests() -> None:
    known = {item.id: standing(item, 90) for item in POOL[:6]} | {"q3": standing(POOL[2], 80, 30)}
    situation = Situation(POOL[:8], [card(POOL[4]), card(POOL[1])], known)
    found = ids(chosen(situation, 8, Random(1)))
    assert found[:3] == ["q5", "q2", "q3"]
    assert set(found[3:5]) == {"q7", "q8"}
    assert set(found[5:]) == {"q1", "q4", "q6"}
    assert ids(chosen(situation, 8, Random(1), ("weak",))) == ["q3"]
    assert ids(chosen(situation, 1, Random(1), ("due",))) == ["q5"]


def test_the_weakest_comes_first_and_a_missed_point_is_a_weakness() -> None:
    known = {item.id: standing(item, score) for item, score in zip(POOL, (60, 20, 85, 90), strict=False)}
    tallies = [Tally("q3", "a", 3, 3, 3, Outcome.MISSING), Tally("q4", "b", 3, 1, 0, Outcome.COVERED)]
    found = chosen(Situation(POOL[:4], standings=known, tallies=tallies), 9, Random(1), ("weak",))
    assert ids(found) == ["q2", "q3", "q1"]


def test_a_point_missed_twice_comes_back_in_another_question() -> None:
    point = KeyPoint("a", "Salting a hot key costs two aggregations.", Importance.MUST, 1.0)
    other = question(50, text="How do you join?", reference="A hot key is salted, and salting costs two aggregations.")
    pool = [*POOL[:5], other]
    known = {item.id: standing(item, 90) for item in pool}
    twice, once = (MissedPoint(POOL[0], point, times) for times in (2, 1))
    assert ids(chosen(Situation(pool, standings=known, missed=[twice]), 9, Random(1), ("weak",))) == ["q50"]
    assert chosen(Situation(pool, standings=known, missed=[once]), 9, Random(1), ("weak",)) == []


def test_new_questions_take_turns_over_sections() -> None:
    found = chosen(Situation(POOL), 9, Random(4), ("new",))
    sections = [item.section for item in found]
    for at in range(0, 9, 3):
        assert len(set(sections[at : at + 3])) == 3


def test_new_questions_follow_what_one_can_do() -> None:
    easy = [question(n, text=f"{w}?", section="S", reference="Short.") for n, w in enumerate(WORDS[:6], 1)]
    hard = [
        question(n, Kind.DESIGN, text=f"{w}?", section="S", reference="long " * 600)
        for n, w in enumerate(WORDS[6:12], 7)
    ]
    assert hardness(hard[0]) > hardness(easy[0]) + 0.3
    struggling = chosen(Situation([*easy, *hard], scores=[20, 35, 30]), 4, Random(1), ("new",))
    doing_well = chosen(Situation([*easy, *hard], scores=[95, 90, 88]), 4, Random(1), ("new",))
    assert {item.kind for item in struggling} == {Kind.CONCEPT}
    assert {item.kind for item in doing_well} == {Kind.DESIGN}


def test_near_twins_are_told_from_other_questions() -> None:
    words = Words([*POOL, TWIN])
    assert words.twins("q1", "q90")
    assert not words.twins("q1", "q2")
    assert words.twins("q2", "q2")
    assert not words.twins("q2", "unknown")


def test_near_twins_keep_their_distance() -> None:
    pool = [POOL[0], TWIN, *POOL[1:6]]
    found = ids(chosen(Situation(pool, [card(item) for item in pool]), 7, Random(1)))
    assert set(found) == {item.id for item in pool}
    assert abs(found.index("q1") - found.index("q90")) > TWINS_APART


pools = st.lists(st.sampled_from([*POOL, TWIN]), unique_by=lambda item: item.id, max_size=17)


@given(pools, pools, pools, st.integers(0, 20), st.integers(0, 5), st.lists(st.sampled_from(POOL), max_size=3))
def test_whatever_the_situation(
    pool: list[Question],
    due: list[Question],
    known: list[Question],
    count: int,
    seed: int,
    recent: list[Question],
) -> None:
    situation = Situation(
        pool,
        [card(item) for item in due],
        {item.id: standing(item, 40 + item.number % 60) for item in known},
        recent=[item.id for item in recent],
        scores=[50],
    )
    found = ids(chosen(situation, count, Random(seed)))
    assert found == ids(chosen(situation, count, Random(seed)))
    assert len(found) == len(set(found)) <= count
    assert set(found) <= {item.id for item in pool}
    if recent and found:
        assert found[0] != recent[0].id
    # Only a question that was asked just now is left out, and only where nothing else is there to come between.
    assert len(found) >= min(count, len(pool)) - 1


@pytest.mark.parametrize(("recent", "first"), [("q1", "q2"), (None, "q1"), ("q2", "q1")])
def test_points_change_questions_by_turns(recent: str | None, first: str) -> None:
    points = [KeyPoint(name, f"Point {name}", Importance.MUST, 1.0) for name in "abc"]
    missed = [
        MissedPoint(POOL[0], points[0], 2),
        MissedPoint(POOL[0], points[1], 1),
        MissedPoint(POOL[1], points[2], 1),
    ]
    found = points_to_ask(missed, 9, recent)
    assert found[0].question.id == first
    assert found[0].question.id != found[1].question.id
    assert len(found) == 3
    assert len(points_to_ask(missed, 2, recent)) == 2
