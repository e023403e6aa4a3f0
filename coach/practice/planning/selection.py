"""What to ask next. Pure: chance comes in as a ``Random``, what was done before as arguments.

In this order: what is due; what went badly, and questions that touch a key point missed twice elsewhere; what is new,
by turns over the sections and near to what one can do at present; what rests, the longest unseen in front. Never the
question that was asked last, and near twins keep their distance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from coach.domain import Kind, Question
from coach.domain.plans import MissedPoint, Standing, Tally
from coach.domain.practice import Card
from coach.practice.planning.schedule import GOOD_FROM
from coach.text.terms import content_stems

TWINS = 0.18
"""Weighted share of common words from which two questions are near twins. At 0.18 the built-in corpus has ten pairs,
such as the two feature stores; unrelated questions of one topic stay below."""

TWINS_APART = 3
"""Questions that stand between near twins, where there are enough."""

ECHOES = 0.45
"""Share of a key point's words, weighted by rarity, that another question and its reference have when it touches on it."""

TIERS = ("due", "weak", "new", "resting")
"""What there is to take from, best first."""

MISSED_TWICE = 2
"""Misses from which a point comes back elsewhere too."""

_BY_KIND = {Kind.BEHAVIOURAL: 0.3, Kind.CONCEPT: 0.35, Kind.PRACTICE: 0.45, Kind.CODING: 0.6, Kind.DESIGN: 0.75}
"""How hard a question of a kind is, 0 to 1, before anybody has answered it."""

_LONG = 500
"""Words of a reference that is as hard as they come."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the choice depends on."""

    pool: Sequence[Question]
    """What may be asked."""
    due: Sequence[Card] = ()
    """Cards of whole questions, the most urgent in front."""
    standings: Mapping[str, Standing] = field(default_factory=dict)
    """By question id."""
    tallies: Sequence[Tally] = ()
    """Key points, the longest row of misses in front."""
    missed: Sequence[MissedPoint] = ()
    """Key points missed at least twice and not said since, with their texts."""
    recent: Sequence[str] = ()
    """Ids of the questions asked last, the latest in front."""
    scores: Sequence[int] = ()
    """Of the latest whole answers to any question."""


class Words:
    """The words of questions, weighted by how rare they are among them."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._asked = {question.id: frozenset(content_stems(question.text)) for question in questions}
        counts: dict[str, int] = {}
        for stems in self._asked.values():
            for stem in stems:
                counts[stem] = counts.get(stem, 0) + 1
        self._rarity = {stem: math.log(len(self._asked) / count) + 0.1 for stem, count in counts.items()}
        self._unknown = math.log(max(1, len(self._asked))) + 0.1

    def twins(self, one: str, other: str) -> bool:
        """Whether two questions, by id, ask for nearly the same."""
        if one == other:
            return True
        mine, yours = self._asked.get(one, frozenset()), self._asked.get(other, frozenset())
        return bool(mine and yours) and self._weight(mine & yours) >= TWINS * self._weight(mine | yours)

    def _weight(self, stems: frozenset[str]) -> float:
        return sum(self._rarity.get(stem, self._unknown) for stem in stems)


def chosen(situation: Situation, count: int, chance: Random, tiers: Sequence[str] = ()) -> list[Question]:
    """Up to ``count`` questions in the order in which to ask them.

    ``tiers`` names what may be taken, of ``TIERS``; all of them where it is empty.
    """
    waiting: dict[str, Question] = {}
    for name in tiers or TIERS:
        for question in _tier(name, situation, chance):
            waiting.setdefault(question.id, question)
    return _apart(list(waiting.values()), situation, count)


def _tier(name: str, situation: Situation, chance: Random) -> list[Question]:
    if name == "due":
        return _due(situation)
    if name == "weak":
        return _weak(situation, chance)
    return _new(situation, chance) if name == "new" else _resting(situation)


def _apart(waiting: list[Question], situation: Situation, count: int) -> list[Question]:
    """The first ``count`` in order, where neither the last question nor a near twin of the latest ones comes next."""
    words = Words(situation.pool)
    asked = list(reversed(situation.recent[:TWINS_APART]))
    found: list[Question] = []
    while waiting and len(found) < count:
        near = asked[-TWINS_APART:]
        other = [question for question in waiting if not near or question.id != near[-1]]
        clear = (q for q in other if not any(words.twins(q.id, before) for before in near))
        best = next(clear, None) or next(iter(other), None)
        if best is None:
            break
        waiting.remove(best)
        asked.append(best.id)
        found.append(best)
    return found


def _due(situation: Situation) -> list[Question]:
    by_id = {question.id: question for question in situation.pool}
    return [by_id[card.question_id] for card in situation.due if card.question_id in by_id]


def _weak(situation: Situation, chance: Random) -> list[Question]:
    """What went badly last time or lacks a point, worst in front; then questions that touch a point missed elsewhere."""
    lacking: dict[str, int] = {}
    for tally in situation.tallies:
        lacking[tally.question_id] = lacking.get(tally.question_id, 0) + tally.missed_last
    weights: dict[str, float] = {}
    for question in situation.pool:
        standing = situation.standings.get(question.id)
        last = standing.scores[-1] if standing and standing.scores else None
        gap = max(0, GOOD_FROM - last) if last is not None else 0
        if gap or lacking.get(question.id):
            weights[question.id] = gap + 10 * lacking.get(question.id, 0)
    weak = sorted(
        (question for question in situation.pool if question.id in weights),
        key=lambda question: (-weights[question.id], chance.random()),
    )
    return [*weak, *_touching(situation)]


def _touching(situation: Situation) -> list[Question]:
    """For each point missed twice, the other question that touches on it most."""
    wanted = [item for item in situation.missed if item.times >= MISSED_TWICE]
    if not wanted:
        return []
    texts = {q.id: frozenset(content_stems(f"{q.text} {q.reference}")) for q in situation.pool}
    counts: dict[str, int] = {}
    for stems in texts.values():
        for stem in stems:
            counts[stem] = counts.get(stem, 0) + 1
    by_id = {question.id: question for question in situation.pool}
    found = []
    for item in wanted:
        point = {
            stem: math.log((1 + len(texts)) / (1 + counts.get(stem, 0))) for stem in content_stems(item.point.text)
        }
        whole = sum(point.values())
        others = [
            (sum(w for s, w in point.items() if s in texts[id_]), id_) for id_ in texts if id_ != item.question.id
        ]
        best, id_ = max(others, default=(0.0, ""))
        if whole and best >= ECHOES * whole:
            found.append(by_id[id_])
    return found


def _new(situation: Situation, chance: Random) -> list[Question]:
    """What was never answered: the sections by turns, in each the questions nearest to what one can do in front."""
    level = _level(situation.scores)
    sections: dict[tuple[str, str | None], list[Question]] = {}
    for question in situation.pool:
        if question.id not in situation.standings:
            sections.setdefault((question.deck, question.section), []).append(question)
    queues = [
        sorted(questions, key=lambda question: abs(hardness(question) - level) + 0.2 * chance.random())
        for questions in sections.values()
    ]
    chance.shuffle(queues)
    turns = max((len(queue) for queue in queues), default=0)
    return [queue[turn] for turn in range(turns) for queue in queues if turn < len(queue)]


def _resting(situation: Situation) -> list[Question]:
    seen = [question for question in situation.pool if question.id in situation.standings]
    return sorted(seen, key=lambda question: (situation.standings[question.id].last_at, question.number))


def hardness(question: Question) -> float:
    """How hard a question is likely to be, 0 to 1, by its kind and by how much its reference has to say."""
    return 0.5 * _BY_KIND[question.kind] + 0.5 * min(1.0, len(question.reference.split()) / _LONG)


def _level(scores: Sequence[int]) -> float:
    """How hard the next new question should be, 0 to 1: 0.4 for a beginner here, else by the mean of recent scores."""
    if not scores:
        return 0.4
    mean = sum(scores) / len(scores)
    return min(0.9, max(0.1, (mean - 30) / 60))


def points_to_ask(missed: Sequence[MissedPoint], count: int, recent: str | None) -> list[MissedPoint]:
    """Up to ``count`` key points in the order in which to ask for them, as given, with questions changing by turns.

    ``recent`` is the question asked last; it does not come first where there is another.
    """
    queues: dict[str, list[MissedPoint]] = {}
    for item in missed:
        queues.setdefault(item.question.id, []).append(item)
    order = list(queues)
    if recent in order[:1] and len(order) > 1:
        order.append(order.pop(0))
    turns = max((len(queue) for queue in queues.values()), default=0)
    return [queues[name][turn] for turn in range(turns) for name in order if turn < len(queues[name])][:count]
