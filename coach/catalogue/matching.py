"""Which questions of an edited document are the ones that were there before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from coach.domain import ParsedQuestion, Question

LEAST_SHARED = 0.6
"""Share of common words (Dice) from which a reworded question is still the same; chosen so that a changed clause
passes and another question on the same subject does not."""

LEAST_SHARED_SAME_ANSWER = 0.25
"""The same where the answer stayed word for word."""


def match(known: Sequence[Question], found: Sequence[ParsedQuestion]) -> list[tuple[ParsedQuestion, Question | None]]:
    """Pair each question found with the known one that it continues, or None for a new one.

    Equal text first (repeats by their answer, else in order), then the most alike of what is left.
    """
    waiting: dict[str, list[Question]] = defaultdict(list)
    for question in known:
        waiting[_key(question.text)].append(question)
    pairs: dict[int, Question] = {}
    # Of questions with one text, those whose answer stayed come first: the others must not take their numbers.
    for with_answer in (True, False):
        for index, item in enumerate(found):
            same = waiting[_key(item.text)] if index not in pairs else []
            fits = [one for one in same if not with_answer or _key(one.reference) == _key(item.answer)]
            if fits:
                pairs[index] = fits[0]
                same.remove(fits[0])
    left = [question for group in waiting.values() for question in group]
    used: set[str] = set()
    open_items = [index for index in range(len(found)) if index not in pairs]
    for _, index, question in sorted(
        _likeness(found, open_items, left), key=lambda row: (-row[0], row[1], row[2].number)
    ):
        if index not in pairs and question.id not in used:
            pairs[index] = question
            used.add(question.id)
    return [(item, pairs.get(index)) for index, item in enumerate(found)]


def _likeness(
    found: Sequence[ParsedQuestion], open_items: Sequence[int], left: Sequence[Question]
) -> list[tuple[float, int, Question]]:
    holders: dict[str, list[int]] = defaultdict(list)
    sets = [_words(question.text) for question in left]
    for place, words in enumerate(sets):
        for word in words:
            holders[word].append(place)
    by_answer: dict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(left):
        if question.reference:
            by_answer[_key(question.reference)].append(place)
    rows = []
    for index in open_items:
        words = _words(found[index].text)
        shared: dict[int, int] = defaultdict(int)
        for word in words:
            for place in holders.get(word, ())[:200]:
                shared[place] += 1
        same_answer = set(by_answer.get(_key(found[index].answer), ())) if found[index].answer else set()
        for place, common in shared.items():
            dice = 2 * common / (len(words) + len(sets[place]))
            least = LEAST_SHARED_SAME_ANSWER if place in same_answer else LEAST_SHARED
            if dice >= least:
                rows.append((dice + (1.0 if place in same_answer else 0.0), index, left[place]))
    return rows


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
