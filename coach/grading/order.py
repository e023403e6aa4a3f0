"""Do the words stand in an order in which they can say anything?

An encoder of sentences hardly sees word order, so a right answer with its words shuffled would be graded as one. Some
pairs of neighbours never occur in English, "the of" or "is and", and occur all the time where words are shuffled; and
so do words like "The" in the middle of a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.text.sentences import Form, Statement
from coach.text.terms import words

_DETERMINERS = frozenset("a an the my your our their its his every each".split())
_PREPOSITIONS = frozenset("of in on at by for from with into to than as".split())
_VERBS = frozenset("is are was were can could will would should must may might has".split())
_JOINING = frozenset("and or but because if".split())

_AFTER_DETERMINER = frozenset(
    "of is are was were be been am has have had do does did can could will would should must may might and or but if so because"
    " then than a an the in on at by for from with into to as it they we i you he she that which who when while where".split()
)
_AFTER_PREPOSITION = frozenset(
    "of is are was were been am has had does did can could will would should must may might and or but so because then than"
    " at by for from with into he she".split()
)
_AFTER_VERB = frozenset("of is are was were and or but than can could will would must".split())
_AFTER_JOINING = frozenset("of or but than and".split())
_OPENING = (_DETERMINERS | _PREPOSITIONS | _JOINING | frozenset("so then when this it we they there that".split())) - {
    "a"
}
"""Words that have a capital only where a sentence begins."""

FORBIDDEN = {
    word: following
    for group, following in (
        (_DETERMINERS, _AFTER_DETERMINER),
        (_PREPOSITIONS, _AFTER_PREPOSITION),
        (_VERBS, _AFTER_VERB),
        (_JOINING, _AFTER_JOINING),
    )
    for word in group
}
"""Word -> what English (hardly) ever puts right after it."""

SHARE, LEAST = 0.09, 10
"""Share of such words with a forbidden neighbour from which words are in no order, and how many of them it takes to tell.
Gold answers with three of them: 0.073 at most; nine of ten of the same answers shuffled: above."""


def is_disordered(found: Sequence[Statement]) -> bool:
    """Whether the prose among the statements of an answer is words in no order. Too few words are given the doubt."""
    wrong, seen = disorder(found)
    return seen >= LEAST and wrong >= max(3, SHARE * seen)


def disorder(found: Sequence[Statement]) -> tuple[int, int]:
    """How many words have a neighbour that they can't have, of how many that are looked at."""
    wrong = seen = 0
    for statement in found:
        if statement.form is not Form.PROSE:
            continue
        for one, other in pairwise(word.text for word in words(statement.text)):
            if one in FORBIDDEN:
                seen += 1
                wrong += other in FORBIDDEN[one]
        wrong += _torn(statement.text)
    return wrong, seen


def _torn(text: str) -> int:
    """Words with the capital of a sentence's beginning that stand in the middle of one."""
    found = 0
    for before, word in pairwise(words(text)):
        between = text[before.span.end : word.span.start]
        letters = word.span.of(text)
        if word.text in _OPENING and letters.istitle() and between == " " and not before.span.of(text).istitle():
            found += 1
    return found
