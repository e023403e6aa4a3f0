"""Which questions of an edited document are the ones that were there before."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from coach.domain import ParsedQuestion, Question

LEAST_SHARED = 0.6
"""Share of common words (Dice) from which a reworded question is still the same; chosen so that a changed clause
passes and another question on the same subject does not."""

LEAST_SHARED_SAME_ANSWER = 0.25
"""The same where the answer stayed word for word."""

LEAST_SHARED_BEHIND = 0.4
"""Share of common words in answer and material from which one of several questions of one text is the same."""

_MOST_HOLDERS = 200
"""Questions that are looked at for one common word."""

_FEW = 5
"""Words from which a text says enough to be compared."""

_MOST_PAIRS = 100_000
"""Pairs of questions of one text whose answers are compared."""


def match(known: Sequence[Question], found: Sequence[ParsedQuestion]) -> list[tuple[ParsedQuestion, Question | None]]:
    """Pair each question found with the known one that it continues, or None for a new one.

    Equal text first; of repeats those whose answer and material stayed, then those most alike in these, then those of
    the same place. At last the most alike of what is left.
    """
    waiting: dict[str, list[Question]] = defaultdict(list)
    items: dict[str, list[int]] = defaultdict(list)
    for question in known:
        waiting[_key(question.text)].append(question)
    for index, item in enumerate(found):
        items[_key(item.text)].append(index)
    pairs: dict[int, Question] = {}
    repeated = set()
    for text, group in items.items():
        same = waiting.get(text)
        if same is not None:
            if len(same) > 1 or len(group) > 1:
                repeated.add(text)
            _pair(same, group, found, pairs)
    left = [question for group in waiting.values() for question in group]
    used: set[str] = set()
    open_items = [index for index in range(len(found)) if index not in pairs]
    for _, index, question in sorted(
        _likeness(found, open_items, left, repeated), key=lambda row: (-row[0], row[1], row[2].number)
    ):
        if index not in pairs and question.id not in used:
            pairs[index] = question
            used.add(question.id)
    return [(item, pairs.get(index)) for index, item in enumerate(found)]


def _pair(same: list[Question], group: list[int], found: Sequence[ParsedQuestion], pairs: dict[int, Question]) -> None:
    """Pair known and found questions of one text; those paired leave ``same``."""
    _take(same, group, found, pairs, lambda item: (_behind(item), item.section))
    _take(same, group, found, pairs, _behind)
    if len(same) == 1 and len(group) == 1 and group[0] not in pairs:
        _take(same, group, found, pairs, lambda item: "")
    waiting = [index for index in group if index not in pairs]
    if 0 < len(same) * len(waiting) <= _MOST_PAIRS:
        words = [_words(_behind(old)) for old in same]
        alike = [
            (_dice(old, new), index, place)
            for index in waiting
            for new in (_words(_behind(found[index])),)
            for place, old in enumerate(words)
        ]
        taken: set[int] = set()
        for share, index, place in sorted(alike, key=lambda row: (-row[0], row[1], row[2])):
            if share >= LEAST_SHARED_BEHIND and index not in pairs and place not in taken:
                pairs[index] = same[place]
                taken.add(place)
        same[:] = [old for place, old in enumerate(same) if place not in taken]
    _take(same, group, found, pairs, lambda item: (item.section, item.printed))
    numbered = [old for old in same if old.printed is not None]
    _take(numbered, group, found, pairs, lambda item: item.printed)
    left = {old.id for old in numbered}
    same[:] = [old for old in same if old.printed is None or old.id in left]


def _take(
    same: list[Question],
    group: list[int],
    found: Sequence[ParsedQuestion],
    pairs: dict[int, Question],
    key: Callable[[Question | ParsedQuestion], object],
) -> None:
    """Pair those of equal keys, in order."""
    if not same:
        return
    by_key: dict[object, list[Question]] = defaultdict(list)
    for old in reversed(same):
        by_key[key(old)].append(old)
    taken: set[str] = set()
    for index in group:
        fits = by_key.get(key(found[index])) if index not in pairs else None
        if fits:
            pairs[index] = fits.pop()
            taken.add(pairs[index].id)
    same[:] = [old for old in same if old.id not in taken]


def _likeness(
    found: Sequence[ParsedQuestion], open_items: Sequence[int], left: Sequence[Question], repeated: set[str]
) -> list[tuple[float, int, Question]]:
    """Pairs that may be one question, with their likeness; of texts that repeat only those of another text."""
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
        shared = Counter(place for word in words for place in holders.get(word, ())[:_MOST_HOLDERS])
        text = _key(found[index].text)
        same_answer = set(by_answer.get(_key(found[index].answer), ())) if found[index].answer else set()
        for place, common in shared.items():
            if text in repeated and _key(left[place].text) == text:
                continue
            dice = 2 * common / (len(words) + len(sets[place]))
            least = LEAST_SHARED_SAME_ANSWER if place in same_answer else LEAST_SHARED
            if dice >= least:
                rows.append((dice + (1.0 if place in same_answer else 0.0), index, left[place]))
    return rows


def _behind(item: Question | ParsedQuestion) -> str:
    """Answer and material of a question, as far as they count."""
    answer = item.reference if isinstance(item, Question) else item.answer
    return _key(f"{item.material}\n{answer}")


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if min(len(one), len(other)) >= _FEW else 0.0


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
