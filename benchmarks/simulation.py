"""Ten years of practice by a noisy learner: does the schedule do what it promises?

    python benchmarks/simulation.py [--years N] [--questions N] [--retention R] [--longest DAYS] [--seed N]

The learner forgets by FSRS's own curve with its published parameters, but each question sticks better or worse with
them than the schedule knows (a factor of 0.7 to 1.4), they practise on six days of seven, and the grader errs: one
grade in forty is far off, the others by about ten points. What is checked: intervals grow with success, shrink with
failure, never exceed the maximum, and the share of recalled answers is near the one that was asked for.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.domain import Kind
from coach.domain.practice import Card, Rating, Review
from coach.practice.planning.schedule import Fsrs, is_due, rating_of

START = date(2026, 1, 1)
FAR_OFF = 0.025
"""Share of the grades that have nothing to do with the answer's recall."""

MIX = (Kind.CONCEPT, Kind.CONCEPT, Kind.DESIGN, Kind.CODING, Kind.BEHAVIOURAL)


@dataclass
class Item:
    """A question in the learner's head, and its card."""

    name: str
    kind: Kind
    stickiness: float
    reviews: list[Review] = field(default_factory=list)
    truth: list[Review] = field(default_factory=list)
    """What was recalled in truth, as ratings."""
    card: Card | None = None


@dataclass(frozen=True)
class Answer:
    """One answer to a card that was due."""

    kind: Kind
    recalled: bool
    expected: float
    """The chance of recall that the schedule saw in it on that day."""
    passed: bool
    """By its rating."""
    before: int
    """Days of the last interval."""
    after: int
    """Days of the next one."""
    on_time: bool


@dataclass(frozen=True)
class Figures:
    """What a simulation shows."""

    answers: int
    retention: float
    """Share of recalled answers to cards that were seen before and not due to the maximum, on the day they fell due."""
    retention_all: float
    """The same over all answers to cards seen before, late ones too."""
    retention_behavioural: float
    grown: float
    """Share of passed answers after which the interval is longer (or at its maximum); days are rounded, so that a hard
    one may leave a short interval as it is."""
    never_shorter: float
    """Share of passed answers after which it is at least as long."""
    shrunk: float
    """Share of failed ones after which it is shorter (or one day)."""
    longest: int
    median_last: float


def simulate(years: float, questions: int, schedule: Fsrs, seed: int) -> Iterator[Answer]:
    """Every answer to a card that had been seen before, in order."""
    chance = Random(seed)
    nature = Fsrs(0.9, 100_000)
    items = [
        Item(f"q{number}", MIX[number % len(MIX)], math.exp(chance.uniform(math.log(0.7), math.log(1.4))))
        for number in range(questions)
    ]
    new = list(items)
    for day_number in range(round(365 * years)):
        day = START + timedelta(days=day_number)
        if chance.random() < 1 / 7:
            continue
        due = [item for item in items if item.card is not None and is_due(item.card, day)]
        for item in [*due, *(new.pop() for _ in range(min(3, len(new))))]:
            answer = answered(item, day, schedule, nature, chance)
            if answer is not None:
                yield answer


def answered(item: Item, day: date, schedule: Fsrs, nature: Fsrs, chance: Random) -> Answer | None:
    """The learner answers; the grade rates the card, and memory changes by what was recalled in truth."""
    old = item.card
    recalled = chance.random() < (memory(item, day, nature) if old else 0.5)
    score = round(min(100, max(0, chance.gauss(80, 10) if recalled else chance.gauss(30, 10))))
    if chance.random() < FAR_OFF:
        score = chance.randint(0, 100)
    at = datetime.combine(day, time(18), UTC)
    said, true = rating_of(score), Rating.GOOD if recalled else Rating.AGAIN
    item.truth.append(Review("a", item.name, None, true, at, day))
    item.reviews.append(Review("a", item.name, None, said, at, day))
    expected = schedule.recall(old, day) if old else 0.0
    item.card = schedule.card(item.kind, item.reviews)
    if old is None:
        return None
    passed = said is not Rating.AGAIN
    return Answer(item.kind, recalled, expected, passed, old.interval, item.card.interval, day == old.due)


def memory(item: Item, day: date, nature: Fsrs) -> float:
    """The true chance of recall: time runs slower for what sticks."""
    known = nature.card(Kind.CONCEPT, item.truth)
    elapsed = (day - known.last_day).days / item.stickiness
    return nature.recall(known, known.last_day + timedelta(days=round(elapsed)))


def figures(years: float, questions: int, retention: float, longest: int, seed: int) -> Figures:
    found = list(simulate(years, questions, Fsrs(retention, longest), seed))
    facts = [answer for answer in found if answer.kind is not Kind.BEHAVIOURAL]
    # At the maximum a card comes before it would have to: it is recalled more often, as it should be.
    timely = [answer for answer in facts if answer.before < longest and answer.on_time]
    stories = [a for a in found if a.kind is Kind.BEHAVIOURAL and a.before < longest and a.on_time]
    passed = [answer for answer in found if answer.passed]
    failed = [answer for answer in found if not answer.passed]
    return Figures(
        len(found),
        statistics.mean(answer.recalled for answer in timely),
        statistics.mean(answer.recalled for answer in facts),
        statistics.mean(answer.recalled for answer in stories),
        statistics.mean(answer.after > answer.before or answer.after == longest for answer in passed),
        statistics.mean(answer.after >= answer.before for answer in passed),
        statistics.mean(answer.after < answer.before or answer.after == 1 for answer in failed),
        max(answer.after for answer in found),
        statistics.median(answer.after for answer in found[-questions:]),
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--years", type=float, default=10)
    options.add_argument("--questions", type=int, default=100)
    options.add_argument("--retention", type=float, action="append", help="may be given several times")
    options.add_argument("--longest", type=int, default=365)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    print(f"{given.years:g} years, {given.questions} questions, at most {given.longest} days between reviews")
    print("desired  measured  all     stories  answers  grown  kept  shrunk  longest  median of the last intervals")
    for retention in given.retention or [0.8, 0.85, 0.9, 0.95]:
        found = figures(given.years, given.questions, retention, given.longest, given.seed)
        print(
            f"{retention:6.2f} {found.retention:9.3f} {found.retention_all:7.3f} {found.retention_behavioural:8.3f}"
            f" {found.answers:8d} {found.grown:7.3f} {found.never_shorter:5.3f} {found.shrunk:6.3f} {found.longest:7d} {found.median_last:8.0f}"
        )
        within = abs(found.retention - retention) <= 0.05
        print(f"        within 5 points of the desired: {'yes' if within else 'NO'}")


if __name__ == "__main__":
    main()
