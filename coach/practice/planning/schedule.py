"""When to ask again: grades to ratings, ratings to cards by FSRS, cards to a plan. Pure; the one door of ``fsrs``.

The unit is the user's local day: an interval counts whole days, and what is due on a day is due from its first minute.
A card is a function of its reviews alone; what is undone or imported is worked out again from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from coach.domain import Flag, Importance, Kind, Outcome, Status
from coach.domain.practice import Attempt, Card, Circumstances, Rating, Review

if TYPE_CHECKING:
    import fsrs

    from coach.domain.plans import Plan

EASY_FROM, GOOD_FROM, HARD_FROM = 90, 70, 50
"""Scores from which an answer counts as recalled easily, well, or with difficulty: excellent, strong, acceptable."""

HINT_CAPS = {1: Rating.GOOD, 2: Rating.HARD, 3: Rating.AGAIN}
"""The best rating after so many steps of hints: the third one tells what was asked for."""

POINT_RATINGS = {
    Outcome.COVERED: Rating.GOOD,
    Outcome.PARTIAL: Rating.HARD,
    Outcome.MISSING: Rating.AGAIN,
    Outcome.CONTRADICTED: Rating.AGAIN,
}
"""What the verdict on one key point means for its card."""

STORY_SLACK = 1.5
"""One's own story fades less than facts do: behavioural questions may be forgotten this much more often, which at a
retention of 0.9 makes their intervals about twice as long."""

LEAST_RETENTION, MOST_RETENTION = 0.7, 0.97
"""Outside of these FSRS's intervals mean little."""

_ORDER = list(Rating)
_VERSION = "fsrs 6, days, 1"
"""Part of the fingerprint: raised with every change that can move a card."""


# --- from grades to ratings -----------------------------------------------------------------------


def rating_of(score: int, hints: int = 0) -> Rating:
    """What a score from 0 to 100 says about recall, given the steps of hints that were taken."""
    if score >= EASY_FROM:
        rating = Rating.EASY
    elif score >= GOOD_FROM:
        rating = Rating.GOOD
    else:
        rating = Rating.HARD if score >= HARD_FROM else Rating.AGAIN
    return _capped(rating, hints)


def is_due(card: Card | None, day: date) -> bool:
    """Whether an answer on ``day`` may rate the card; one that was never rated is due."""
    return card is None or card.due <= day


def reviews_of(attempt: Attempt, day: date, card_of: Callable[[str | None], Card | None]) -> list[Review]:
    """The ratings that come of an attempt's first grade, submitted on ``day``.

    Only an unaided answer at a due card rates it: no retry, nothing after the reference was shown, no pasted
    reference, nothing blank, no question outside the decks, and nothing without a grade. A whole answer rates its question, and those of its key points that have
    cards or were missed just now; an answer to a single point rates that point alone.
    """
    made, how = attempt.grade, attempt.circumstances
    earlier = [stored for stored in attempt.grades[:-1] if stored.grade.status is Status.GRADED]
    if made is None or made.status is not Status.GRADED or made.score is None or earlier or not _unaided(how):
        return []
    if Flag.PASTED_REFERENCE in made.flags or not attempt.question.deck or not attempt.answer.strip():
        return []
    ratings: list[tuple[str | None, Rating]] = []
    if how.point is None:
        counted = attempt.override.score if attempt.override else made.score
        ratings.append((None, rating_of(counted, how.hints)))
    # The points of a behavioural question are parts of one story, which nobody learns apart.
    for verdict in made.points if attempt.question.kind is not Kind.BEHAVIOURAL else ():
        extra = verdict.point.importance is Importance.BONUS and verdict.outcome is Outcome.MISSING
        if how.point not in (None, verdict.point.id) or (extra and how.point is None):
            continue
        rating = _capped(POINT_RATINGS[verdict.outcome], how.hints)
        # A point that never was a gap needs no card of its own: the question asks for it.
        if rating is Rating.AGAIN or how.point is not None or card_of(verdict.point.id) is not None:
            ratings.append((verdict.point.id, rating))
    return [
        Review(attempt.id, attempt.question.id, point_id, rating, attempt.created_at, day)
        for point_id, rating in ratings
        if _may_rate(card_of(point_id), attempt.created_at, day)
    ]


def _unaided(how: Circumstances) -> bool:
    return how.retry_of is None and not how.reference_shown


def _may_rate(card: Card | None, at: datetime, day: date) -> bool:
    """A grade may come days after its answer: what was reviewed since is not rated by the past."""
    return is_due(card, day) and (card is None or card.last_review < at)


def _capped(rating: Rating, hints: int) -> Rating:
    cap = HINT_CAPS.get(min(hints, max(HINT_CAPS)), Rating.EASY)
    return min(rating, cap, key=_ORDER.index)


# --- from ratings to cards ------------------------------------------------------------------------


class Fsrs:
    """FSRS with one user's wishes."""

    def __init__(self, retention: float = 0.9, longest: int = 365) -> None:
        """Aim at a chance of recall of ``retention`` when a card is due, at most ``longest`` days after a review."""
        self._retention = min(max(retention, LEAST_RETENTION), MOST_RETENTION)
        self._longest = max(1, longest)
        self._made: dict[float, fsrs.Scheduler] = {}

    @property
    def fingerprint(self) -> str:
        """Equal fingerprints make equal cards of equal reviews."""
        return f"{_VERSION}, {self._retention:g}, {self._longest}"

    def retention(self, kind: Kind) -> float:
        """The chance of recall that is aimed at for a kind of question."""
        slack = STORY_SLACK if kind is Kind.BEHAVIOURAL else 1.0
        return max(LEAST_RETENTION, 1.0 - slack * (1.0 - self._retention))

    def card(self, kind: Kind, history: Sequence[Review]) -> Card:
        """The card after these reviews (at least one), oldest first."""
        import fsrs

        scheduler = self._scheduler(self.retention(kind))
        card = fsrs.Card(card_id=0, due=_noon(history[0].day))
        lapses = 0
        learnt = False
        last = history[0].day
        for review in history:
            # Over a date line a day may come twice; the card's time never runs backwards.
            last = max(last, review.day)
            card, _ = scheduler.review_card(card, fsrs.Rating[review.rating.value.title()], _noon(last))
            lapses += learnt and review.rating is Rating.AGAIN
            learnt = learnt or review.rating is not Rating.AGAIN
        newest = history[-1]
        return Card(
            newest.question_id,
            newest.point_id,
            card.due.date(),
            (card.due.date() - last).days,
            float(card.stability or 0.0),
            float(card.difficulty or 0.0),
            newest.at,
            last,
            len(history),
            lapses,
        )

    def recall(self, card: Card, day: date) -> float:
        """The chance, 0 to 1, that a card's answer is still known on ``day``."""
        import fsrs

        state = fsrs.Card(card_id=0, stability=card.stability, last_review=_noon(card.last_day), due=_noon(card.due))
        return float(self._scheduler(self._retention).get_card_retrievability(state, _noon(max(day, card.last_day))))

    def _scheduler(self, retention: float) -> fsrs.Scheduler:
        import fsrs

        if retention not in self._made:
            # Steps of minutes make no sense for answers that take minutes, and chance has no place in a pure function.
            self._made[retention] = fsrs.Scheduler(
                desired_retention=retention,
                learning_steps=(),
                relearning_steps=(),
                maximum_interval=self._longest,
                enable_fuzzing=False,
            )
        return self._made[retention]


def _noon(day: date) -> datetime:
    """A day as FSRS takes it: whole days apart are whole multiples of 24 hours apart."""
    return datetime.combine(day, time(12), UTC)


# --- from cards to a plan -------------------------------------------------------------------------


def due_cards(cards: Sequence[Card], today: date, interview: date | None = None) -> list[Card]:
    """The cards due on ``today``, longest overdue in front; none once the interview is over."""
    if interview is not None and today > interview:
        return []
    return sorted(
        (card for card in cards if card.due <= today), key=lambda card: (card.due, card.stability, card.question_id)
    )


def planned(cards: Sequence[Card], today: date, interview: date | None = None, done_today: int = 0) -> Plan:
    """What is to be done. ``cards`` are whole questions and key points; ``done_today`` counts questions rated today.

    With an interview ahead, what comes due before it is spread over the days that are left, each card on its day or
    later: ``a_day`` is the least number that gets through. What comes due on that day or after it rests.
    """
    from coach.domain.plans import Plan

    whole = [card for card in cards if card.point_id is None]
    points = len(due_cards([card for card in cards if card.point_id is not None], today, interview))
    if interview is None:
        due = len(due_cards(whole, today))
        return Plan(today, due, None, due, due, points)
    if today > interview:
        return Plan(today, 0, interview, 0, 0, 0, len(whole), over=True)
    last = max(today, interview - timedelta(days=1))
    released = sorted(max(card.due, today) for card in whole if card.due <= last)
    a_day = _least_a_day(released, last, today, done_today)
    left = max(0, min(a_day - done_today, len(released)))
    return Plan(today, len(released), interview, a_day, left, points, len(whole) - len(released))


def _least_a_day(released: Sequence[date], last: date, today: date, done_today: int) -> int:
    """The fewest cards a day with which all released on or after any day are done from that day to ``last``."""
    most = 0
    for at, day in enumerate(released):
        waiting = len(released) - at + (done_today if day == today else 0)
        most = max(most, -(-waiting // ((last - day).days + 1)))
    return most


def streak(days: Iterable[date], today: date) -> int:
    """How many days in a row, up to today, are among ``days`` (latest first, no repeats).

    A day that is not over yet does not break it.
    """
    count = 0
    expected = today
    for day in days:
        if count == 0 and day == today - timedelta(days=1):
            expected = day
        if day != expected:
            if day > today:
                continue
            break
        count += 1
        expected = day - timedelta(days=1)
    return count
