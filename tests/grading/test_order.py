"""Words in no order."""

from __future__ import annotations

import random

from coach.grading.order import disorder, is_disordered
from coach.text.sentences import statements

ANSWER = """A hash index finds one key in constant time on average, but it keeps no order, so a range scan has to look at
every bucket. A B-tree keeps the keys sorted in pages of a fixed size, which makes both a look-up and a range scan cheap, and
because the tree is shallow only a few pages are read from the disk. I would take the B-tree as the default and the hash
index only for a table that is read by its exact key and never by a range of keys or in the order of the keys."""


def test_prose_is_in_order() -> None:
    assert not is_disordered(statements(ANSWER))


def test_the_same_words_shuffled_are_not() -> None:
    words = ANSWER.split()
    for seed in range(5):
        random.Random(seed).shuffle(words)
        assert is_disordered(statements(" ".join(words)))


def test_a_few_words_get_the_doubt_and_code_is_no_prose() -> None:
    assert not is_disordered(statements("the of is and the of a is"))
    assert not is_disordered(statements("```\nthe of is and the of a is the and of the is of the and\n```"))


def test_a_capital_in_the_middle_of_a_sentence_is_a_sign_of_it() -> None:
    torn = "keys bucket table The sorted range look-up In pages shallow disk Because tree exact order The key"
    assert disorder(statements(torn))[0] == 4
    assert disorder(statements("In short: The tree is better. The B Tree keeps order."))[0] == 0
