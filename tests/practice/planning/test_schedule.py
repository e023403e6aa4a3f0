"""Grades to ratings, ratings to cards, cards to a plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain import Flag, Kind, Outcome
from coach.domain.practice import Card, Circumstances, Override, Rating, Review
from coach.practice.planning.schedule import Fsrs, due_cards, planned, rating_of, streak
from practice.samples import NOON, Desk, graded, question, ungraded

TODAY = date(2026, 3, 2)
MISSED, SAID, PARTIAL = Outcome.MISSING, Outcome.COVERED, Outcome.PARTIAL
ORDER = list(Rating)


def card(number: int, due: date, point: str | None = None) -> Card:
    return Card(f"q{number}", point, due, 1, 2.0, 5.0, NOON, TODAY, 1, 0)


def reviews(*ratings: tuple[int, Rating]) -> list[Review]:
    """(day counted from TODAY, rating)."""
    return [
        Review("a", "q1", None, rating, NOON + timedelta(days=day), TODAY + timedelta(days=day))
        for day, rating in ratings
    ]


# --- ratings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "rating"),
    [(0, "again"), (49, "again"), (50, "hard"), (69, "hard"), (70, "good"), (89, "good"), (90, "easy"), (100, "easy")],
)
def test_a_score_says_how_well_it_was_recalled(score: int, rating: str) -> None:
    assert rating_of(score) == rating


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 9), st.integers(0, 9))
def test_better_scores_and_fewer_hints_never_rate_lower(low: int, high: int, few: int, many: int) -> None:
    low, high, few, many = min(low, high), max(low, high), min(few, many), max(few, many)
    assert ORDER.index(rating_of(low, many)) <= ORDER.index(rating_of(high, few))
    assert rating_of(high, 3) is Rating.AGAIN


# --- what may rate --------------------------------------------------------------------------------


def rated(desk: Desk) -> list[tuple[str | None, Rating]]:
    return [(review.point_id, review.rating) for review in desk.reviews()]


def test_an_answer_rates_its_question_and_the_points_that_it_missed(desk: Desk) -> None:
    desk.answered(question(), 75, [("a", SAID), ("b", MISSED), ("c", PARTIAL), ("d", Outcome.CONTRADICTED)])
    assert sorted(rated(desk), key=str) == [("b", Rating.AGAIN), ("d", Rating.AGAIN), (None, Rating.GOOD)]


@pytest.mark.parametrize(
    "how",
    [Circumstances(retry_of="x"), Circumstances(reference_shown=True)],
    ids=["retry", "after the reference"],
)
def test_only_an_unaided_first_answer_rates(desk: Desk, how: Circumstances) -> None:
    desk.answered(question(), 75, [("b", MISSED)], how)
    assert rated(desk) == []


def test_a_pasted_reference_a_blank_and_a_foreign_question_rate_nothing(desk: Desk) -> None:
    desk.answered(question(), 95, flags=(Flag.PASTED_REFERENCE,))
    desk.grade(desk.submit(question(), " \n"), graded(question(), 0))
    desk.answered(question(deck=""), 95)
    assert rated(desk) == []


def test_ungraded_never_schedules_and_a_later_grade_does(desk: Desk) -> None:
    attempt = desk.submit(question())
    desk.grade(attempt, ungraded(question()))
    assert rated(desk) == []
    assert desk.history.override(attempt.id, Override(90, "", desk.now), Rating.EASY).reviews == ()
    desk.later(days=2)
    desk.grade(attempt, graded(question(), 40))
    # By one's own opinion, on the day of the answer.
    assert [(review.rating, review.day) for review in desk.reviews()] == [(Rating.EASY, TODAY)]


def test_a_card_that_is_not_due_is_not_rated(desk: Desk) -> None:
    desk.answered(question(), 75)
    (first,) = desk.history.cards(desk.schedule, desk.now)
    desk.later(days=first.interval - 1)
    desk.answered(question(), 20)
    assert rated(desk) == [(None, Rating.GOOD)]
    desk.later(days=1)
    desk.answered(question(), 20)
    assert rated(desk) == [(None, Rating.GOOD), (None, Rating.AGAIN)]


def test_a_late_grade_does_not_rate_what_was_reviewed_since(desk: Desk) -> None:
    waiting = desk.submit(question())
    desk.later(days=1)
    desk.answered(question(), 75)
    desk.grade(waiting, graded(question(), 20))
    assert rated(desk) == [(None, Rating.GOOD)]


def test_a_short_review_rates_its_point_alone(desk: Desk) -> None:
    desk.answered(question(), 75, [("b", MISSED)])
    desk.later(days=1)
    desk.answered(question(), 80, [("b", SAID)], Circumstances(point="b"))
    assert rated(desk) == [(None, Rating.GOOD), ("b", Rating.AGAIN), ("b", Rating.GOOD)]
    cards = {item.point_id: item for item in desk.history.cards(desk.schedule, desk.now)}
    assert (cards["b"].reviews, cards[None].reviews) == (2, 1)


def test_a_whole_answer_counts_for_the_points_that_have_cards(desk: Desk) -> None:
    desk.answered(question(), 75, [("b", MISSED)])
    desk.later(days=9)
    desk.answered(question(), 95, [("a", SAID), ("b", SAID)])
    assert [pair for pair in rated(desk) if pair[0] == "b"] == [("b", Rating.AGAIN), ("b", Rating.GOOD)]
    assert "a" not in [pair[0] for pair in rated(desk)]


def test_points_of_a_story_have_no_cards(desk: Desk) -> None:
    desk.answered(question(kind=Kind.BEHAVIOURAL), 40, [("b", MISSED)])
    assert rated(desk) == [(None, Rating.AGAIN)]


def test_hints_lower_what_an_answer_says_about_recall(desk: Desk) -> None:
    desk.answered(question(), 95, [("b", SAID)], Circumstances(hints=2))
    assert rated(desk) == [(None, Rating.HARD)]


# --- cards ----------------------------------------------------------------------------------------


def test_intervals_grow_with_success_and_shrink_with_failure() -> None:
    schedule = Fsrs(longest=10_000)
    history: list[Review] = []
    day, last = 0, 0
    for _ in range(6):
        history += reviews((day, Rating.GOOD))
        found = schedule.card(Kind.CONCEPT, history)
        assert found.interval > last
        assert found.due == TODAY + timedelta(days=day + found.interval)
        day, last = day + found.interval, found.interval
    failed = schedule.card(Kind.CONCEPT, history + reviews((day, Rating.AGAIN)))
    assert failed.interval < last
    assert (failed.lapses, failed.reviews) == (1, 7)


def test_behavioural_questions_come_back_later() -> None:
    history = reviews((0, Rating.GOOD), (3, Rating.GOOD))
    fact, story = (Fsrs().card(kind, history) for kind in (Kind.CONCEPT, Kind.BEHAVIOURAL))
    assert 1.5 * fact.interval <= story.interval <= 3 * fact.interval
    assert story.stability == fact.stability


def test_more_retention_means_sooner() -> None:
    history = reviews((0, Rating.GOOD), (3, Rating.GOOD))
    intervals = [Fsrs(aim).card(Kind.CONCEPT, history).interval for aim in (0.75, 0.8, 0.9, 0.95)]
    assert intervals == sorted(intervals, reverse=True)
    assert len(set(intervals)) == len(intervals)
    assert Fsrs(0.8).fingerprint != Fsrs(0.9).fingerprint


def test_a_day_is_a_local_day() -> None:
    """An hour before midnight and an hour after it are a day apart."""
    late = Review("a", "q1", None, Rating.GOOD, datetime(2026, 3, 1, 23, tzinfo=UTC), date(2026, 3, 1))
    early = Review("b", "q1", None, Rating.GOOD, datetime(2026, 3, 2, 1, tzinfo=UTC), date(2026, 3, 2))
    apart = Fsrs().card(Kind.CONCEPT, [late, early])
    same = Fsrs().card(Kind.CONCEPT, [late, Review("b", "q1", None, Rating.GOOD, early.at, late.day)])
    assert apart.stability > same.stability
    assert apart.last_day == early.day
    # Westwards over the date line: the day before comes after.
    back = Fsrs().card(Kind.CONCEPT, [early, Review("c", "q1", None, Rating.GOOD, early.at, late.day)])
    assert back.last_day == early.day


ratings = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(ORDER)), min_size=1, max_size=12)


@given(ratings, st.integers(1, 400), st.sampled_from(list(Kind)))
def test_a_card_is_within_its_bounds(gaps: list[tuple[int, Rating]], longest: int, kind: Kind) -> None:
    days = [sum(gap for gap, _ in gaps[: at + 1]) for at in range(len(gaps))]
    history = reviews(*((day, rating) for day, (_, rating) in zip(days, gaps, strict=True)))
    schedule = Fsrs(0.9, longest)
    found = schedule.card(kind, history)
    assert 1 <= found.interval <= longest
    assert 1 <= found.difficulty <= 10
    assert found.stability > 0
    assert found.lapses <= sum(rating is Rating.AGAIN for _, rating in gaps)
    assert schedule.card(kind, history) == found
    assert 0 < schedule.recall(found, found.due) <= 1
    assert schedule.recall(found, found.last_day) == 1


def test_a_card_due_has_the_desired_chance_of_recall() -> None:
    history = reviews((0, Rating.GOOD), (3, Rating.GOOD), (14, Rating.GOOD), (60, Rating.GOOD))
    for aim in (0.8, 0.9, 0.95):
        schedule = Fsrs(aim, 10_000)
        found = schedule.card(Kind.CONCEPT, history)
        assert schedule.recall(found, found.due) == pytest.approx(aim, abs=0.01)


# --- plan -----------------------------------------------------------------------------------------


def test_what_is_due_today_is_due_from_its_first_minute() -> None:
    cards = [card(1, TODAY), card(2, TODAY - timedelta(days=3)), card(3, TODAY + timedelta(days=1))]
    assert [item.question_id for item in due_cards(cards, TODAY)] == ["q2", "q1"]


def test_without_an_interview_the_plan_is_what_is_due() -> None:
    plan = planned([card(1, TODAY), card(2, TODAY + timedelta(days=1)), card(1, TODAY, "a")], TODAY)
    assert (plan.due, plan.a_day, plan.left_today, plan.points, plan.by) == (1, 1, 1, 1, None)


def test_an_interview_spreads_what_is_due_before_it() -> None:
    interview = TODAY + timedelta(days=6)
    cards = [card(number, TODAY + timedelta(days=-2)) for number in range(23)]
    cards += [card(90, interview), card(91, interview + timedelta(days=4))]
    plan = planned(cards, TODAY, interview)
    assert (plan.due, plan.a_day, plan.left_today, plan.beyond, plan.by) == (23, 4, 4, 2, interview)
    # Three of them done this morning: the same plan, one is left.
    later = planned(cards[3:], TODAY, interview, done_today=3)
    assert (later.due, later.a_day, later.left_today) == (20, 4, 1)


def test_nothing_is_due_once_the_interview_is_over() -> None:
    cards = [card(1, TODAY), card(1, TODAY, "a")]
    yesterday = TODAY - timedelta(days=1)
    plan = planned(cards, TODAY, yesterday)
    assert (plan.over, plan.due, plan.points, plan.left_today) == (True, 0, 0, 0)
    assert due_cards(cards, TODAY, yesterday) == []
    assert not planned(cards, TODAY, TODAY).over


days = st.lists(st.integers(-10, 40), max_size=30)


@given(days, st.integers(0, 30))
def test_the_plan_gets_through_with_the_least_a_day(due_days: list[int], ahead: int) -> None:
    interview = TODAY + timedelta(days=ahead)
    last = max(ahead - 1, 0)
    plan = planned([card(n, TODAY + timedelta(days=day)) for n, day in enumerate(due_days)], TODAY, interview)
    assert plan.due == sum(day <= last for day in due_days)
    assert plan.due + plan.beyond == len(due_days)

    def gets_through(a_day: int) -> bool:
        waiting = 0
        for day in range(last + 1):
            waiting += sum(max(0, due) == day for due in due_days)
            waiting -= min(a_day, waiting)
        return waiting == 0

    assert gets_through(plan.a_day)
    assert plan.a_day == 0 or not gets_through(plan.a_day - 1)


@pytest.mark.parametrize(
    ("ago", "length"),
    [([], 0), ([0], 1), ([1], 1), ([2], 0), ([0, 1, 2], 3), ([1, 2, 4], 2), ([0, 2], 1), ([-1, 0, 1], 2)],
)
def test_a_streak_survives_a_day_that_is_not_over(ago: list[int], length: int) -> None:
    assert streak((TODAY - timedelta(days=day) for day in ago), TODAY) == length
