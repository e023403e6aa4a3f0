from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from coach.domain import Kind, Question
from coach.practice.mock.mix import mix
from coach.practice.standing.progress import section_of
from tests.practice.made import NOON, question

KINDS = list(Kind)
corpora = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from("ABC")), max_size=40).map(
    lambda rows: [question(n, kind, section) for n, (kind, section) in enumerate(rows)]
)


@given(corpora, st.integers(1, 12), st.integers(0, 2**32))
def test_as_many_different_questions_as_there_are_and_every_kind_among_them(
    corpus: list[Question], count: int, seed: int
) -> None:
    found = mix(corpus, count, Random(seed))
    assert len(found) == min(count, len(corpus))
    assert len({item.id for item in found}) == len(found)
    assert set(found) <= set(corpus)
    kinds = {item.kind for item in corpus}
    if count >= len(kinds):
        assert {item.kind for item in found} == kinds
    assert found == mix(corpus, count, Random(seed))


@given(corpora, st.integers(1, 12), st.integers(0, 2**32))
def test_a_kind_has_its_share(corpus: list[Question], count: int, seed: int) -> None:
    found = mix(corpus, count, Random(seed))
    there, chosen = Counter(item.kind for item in corpus), Counter(item.kind for item in found)
    for kind, number in there.items():
        share = min(count, len(corpus)) * number / len(corpus)
        assert chosen[kind] <= max(1, share + 1)


def test_sections_take_turns_and_what_was_asked_lately_waits() -> None:
    corpus = [question(n, section="A" if n < 8 else "B") for n in range(16)]
    found = mix(corpus, 6, Random(1))
    assert Counter(section_of(item) for item in found) == {"A": 3, "B": 3}
    asked = {f"q{n}": NOON - timedelta(days=n) for n in range(16) if n not in (2, 9)}
    assert {item.id for item in mix(corpus, 2, Random(3), asked)} == {"q2", "q9"}
    assert {item.id for item in mix(corpus, 4, Random(3), asked)} == {"q2", "q9", "q7", "q15"}


def test_kinds_change_from_question_to_question() -> None:
    corpus = [question(n, Kind.CONCEPT if n % 2 else Kind.CODING) for n in range(20)]
    found = mix(corpus, 8, Random(5))
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(found))


def test_near_twins_do_not_meet() -> None:
    corpus = [question(n) for n in range(10)]

    def apart(one: Question, other: Question) -> bool:
        return one.number % 5 != other.number % 5

    found = mix(corpus, 8, Random(0), apart=apart)
    assert len(found) == 5
    assert len({item.number % 5 for item in found}) == 5


def test_another_seed_is_another_interview() -> None:
    corpus = [question(n) for n in range(40)]
    assert len({tuple(item.id for item in mix(corpus, 5, Random(seed))) for seed in range(10)}) > 5
