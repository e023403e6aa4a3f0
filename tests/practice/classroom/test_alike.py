from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.practice.classroom.alike import pairs

ONE = "The hot key is salted so that its rows spread over many partitions, and a second step adds the partial sums up again."
OTHER = "Range partitions keep neighbours together, which helps scans but sends every new row of a growing key to one place."


def test_a_copy_with_a_few_words_changed_is_found() -> None:
    copy = ONE.replace("many", "several").replace("a second", "another")
    (pair,) = pairs({"a": ONE, "b": OTHER, "c": copy})
    assert (pair.first, pair.second) == ("a", "c")
    assert 0.5 <= pair.share < 1


def test_what_the_reference_says_is_no_sign_of_copying() -> None:
    assert pairs({"a": ONE, "b": ONE}, ("q", f"It is known: {ONE}")) == []


def test_what_many_write_is_no_sign_of_copying() -> None:
    answers = {f"s{n}": ONE for n in range(12)}
    assert pairs(answers) == []
    assert len(pairs(dict(list(answers.items())[:4]))) == 6


def test_short_answers_say_nothing() -> None:
    assert pairs({"a": "Use a queue and retry it later.", "b": "Use a queue and retry it later."}) == []


@given(st.lists(st.sampled_from(["hot", "key", "salt", "row", "sum", "scan", "log"]), min_size=14, max_size=40))
def test_a_longer_answer_that_holds_another_one_whole_is_fully_alike(words: list[str]) -> None:
    text = " ".join(words)
    for pair in pairs({"a": text, "b": f"{text} and more of my own that nobody else has"}):
        assert pair.share == 1.0
