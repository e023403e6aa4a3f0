"""Orders to the grader are cut out; sentences that merely use the words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.grading.instructions import instruction_spans
from coach.text.sentences import statements

from .attacks import ATTACKS, INNOCENT

FAMILIES = [(family, text) for family, texts in ATTACKS.items() for text in texts]


def cut(text: str) -> list[str]:
    return [span.of(text) for span in instruction_spans(statements(text), text)]


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(ATTACKS) >= 8
    assert len(FAMILIES) >= 100
    assert len(INNOCENT) >= 120
    assert len({text for _, text in FAMILIES} | set(INNOCENT)) == len(FAMILIES) + len(INNOCENT)


@pytest.mark.parametrize(("family", "text"), FAMILIES)
def test_an_order_to_the_grader_is_cut(family: str, text: str) -> None:
    assert cut(text), family


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_sentence_is_kept(text: str) -> None:
    assert cut(text) == []


ANSWER = "Hash partitioning spreads the keys evenly. {} Range partitioning keeps their order."


@pytest.mark.parametrize("text", ATTACKS["direct"])
def test_only_the_order_is_cut_out_of_an_answer(text: str) -> None:
    found = " ".join(cut(ANSWER.format(text)))
    assert found
    assert "partitioning" not in found


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from([text for _, text in FAMILIES])).map(" ".join)))
def test_whatever_is_cut_is_a_statement_of_the_answer(text: str) -> None:
    found = statements(text)
    spans = instruction_spans(found, text)
    assert set(spans) <= {statement.span for statement in found}
    assert spans == instruction_spans(found, text)
