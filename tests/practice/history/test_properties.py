"""Random practice, driven for a while: nothing is lost, and the schedule follows from the reviews alone."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from coach.domain import Flag, Kind, Outcome, Status
from coach.domain.practice import Attempt, Card, Circumstances, Draft, Override, Rating, Review, StoredGrade
from coach.practice.history.database import Database
from coach.practice.history.schema import MIGRATIONS
from coach.practice.planning.schedule import Fsrs, rating_of
from practice.history.test_database import more
from practice.samples import NOON, Desk, day_of, graded, question, ungraded

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where a write need not wait for a disk: these tests make thousands."""

QUESTIONS = [question(1), question(2, Kind.BEHAVIOURAL), question(3, Kind.CODING)]
HOWS = [
    Circumstances(),
    Circumstances(hints=2),
    Circumstances(reference_shown=True),
    Circumstances(retry_of="x"),
    Circumstances(point="a"),
]
outcomes = st.lists(st.sampled_from(list(Outcome)), min_size=2, max_size=2)


def pure(reviews: list[Review], schedule: Fsrs) -> dict[tuple[str, str | None], Card]:
    """The cards, worked out from nothing but the reviews."""
    kinds = {item.id: item.kind for item in QUESTIONS}
    grouped: dict[tuple[str, str | None], list[Review]] = {}
    for review in sorted(reviews, key=lambda found: (found.at, found.attempt_id)):
        grouped.setdefault((review.question_id, review.point_id), []).append(review)
    return {key: schedule.card(kinds[key[0]], history) for key, history in grouped.items()}


class Practising(RuleBasedStateMachine):
    """Two machines of one learner, and what is known of them from outside."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.desk = Desk(self.folder / "history.db")
        self.other = Desk(self.folder / "other.db")
        self.expected: dict[str, Attempt] = {}
        self.done: list[tuple[str, str]] = []
        self.draft: Draft | None = None

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.desk.history.close()
            self.other.history.close()
            shutil.rmtree(self.folder)

    def _changed(self, attempt: Attempt) -> None:
        self.expected[attempt.id] = attempt

    @rule(number=st.integers(0, 2), how=st.sampled_from(HOWS), text=st.text(max_size=20))
    def submit(self, number: int, how: Circumstances, text: str) -> None:
        made = self.desk.submit(QUESTIONS[number], text, how)
        self._changed(made)
        self.done.append(("attempt", made.id))

    @rule(score=st.integers(0, 100), found=outcomes, pasted=st.booleans(), number=st.integers(0, 5))
    def grade(self, score: int, found: list[Outcome], pasted: bool, number: int) -> None:
        waiting = self.desk.history.pending()
        if waiting:
            item = waiting[number % len(waiting)]
            flags = (Flag.PASTED_REFERENCE,) if pasted else ()
            points = list(zip("ab", found, strict=True))
            made = graded(item.question, score, points, flags) if number else ungraded(item.question)
            self._changed(self.desk.grade(item, made))

    def _answer(self, number: int, score: int, found: list[Outcome], hints: int = 0) -> None:
        made = self.desk.submit(QUESTIONS[number], "An answer.", Circumstances(hints=hints))
        self.done.append(("attempt", made.id))
        self._changed(self.desk.grade(made, graded(made.question, score, list(zip("ab", found, strict=True)))))

    @rule(number=st.integers(0, 2), score=st.integers(0, 100), found=outcomes, hints=st.integers(0, 3))
    def answer(self, number: int, score: int, found: list[Outcome], hints: int) -> None:
        self._answer(number, score, found, hints)

    @rule(score=st.integers(0, 100), found=outcomes, again=st.integers(1, 3))
    def practise(self, score: int, found: list[Outcome], again: int) -> None:
        """The question due first, on its day, and perhaps thought better of."""
        cards = [card for card in self.desk.history.cards(self.desk.schedule, self.desk.now) if card.point_id is None]
        if cards:
            self.desk.later(days=max(0, (cards[0].due - day_of(self.desk.now)).days), seconds=1)
            before = len(self.desk.history.reviews())
            self._answer(int(cards[0].question_id[1:]) - 1, score, found)
            assert len(self.desk.history.reviews()) > before
            if again == 1:
                self._undo()
                assert len(self.desk.history.reviews()) == before

    @rule(hours=st.integers(1, 400))
    def wait(self, hours: int) -> None:
        self.desk.later(hours=hours)

    @precondition(lambda self: self.expected)
    @rule(number=st.integers(0, 9), score=st.integers(0, 100))
    def override(self, number: int, score: int) -> None:
        item = sorted(self.expected.values(), key=lambda found: found.id)[number % len(self.expected)]
        self.desk.later(seconds=1)
        opinion = Override(score, "", self.desk.now)
        rating = rating_of(score, item.circumstances.hints)
        self._changed(self.desk.history.override(item.id, opinion, rating))
        self.done.append(("override", item.id))

    @precondition(lambda self: self.expected)
    @rule(score=st.integers(0, 100), found=outcomes)
    def regrade(self, score: int, found: list[Outcome]) -> None:
        before = self.desk.history.reviews()
        self.desk.later(seconds=1)
        run, count = None, 0
        for item in list(self.expected.values())[:3]:
            if item.grade is not None and item.grade.status is Status.GRADED:
                made = graded(item.question, score, list(zip("ab", found, strict=True)), version="2")
                run = self.desk.history.regraded(item.id, StoredGrade(made, self.desk.now), run)
                self._changed(self.desk.history.attempt(item.id))
                count += 1
        if count:
            self.done.append(("regrade", ""))
        assert self.desk.history.reviews() == before

    @rule()
    def undo(self) -> None:
        self._undo()

    def _undo(self) -> None:
        done = self.desk.history.undo(self.desk.now)
        if not self.done:
            assert done is None
            return
        what, name = self.done.pop()
        assert done is not None
        assert done.what == what
        if what == "attempt":
            del self.expected[name]
            return
        for changed in done.attempts:
            before = self.expected[changed]
            after = self.desk.history.attempt(changed)
            assert (after.answer, after.question) == (before.answer, before.question)
            if what == "regrade":
                assert after.grades == before.grades[:-1]
            else:
                assert after.grades == before.grades
            self._changed(after)

    @rule(text=st.text(min_size=1, max_size=10))
    def type(self, text: str) -> None:
        self.draft = Draft("q1", text, self.desk.now, 1.0)
        self.desk.history.save_draft(self.draft)

    @rule()
    def move(self) -> None:
        """Everything to the other machine, and back again."""
        self.other.history.restored(self.desk.history.attempts(), day_of)
        assert self.other.history.restored(self.desk.history.attempts(), day_of) == (0, 0)
        theirs = {item.id: item for item in self.other.history.attempts()}
        for item in self.desk.history.attempts():
            assert theirs[item.id].answer == item.answer
            assert set(item.grades) <= set(theirs[item.id].grades)
        mine = [item for item in self.desk.history.attempts() if item.id in theirs]
        assert self.desk.history.restored(mine, day_of) == (0, 0)

    @rule()
    def kill(self) -> None:
        """As a kill leaves the file: what is not committed is gone, the log is not folded in."""
        with self.desk.history.database.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM attempts")
        copy = self.folder / "copy"
        copy.mkdir()
        for name in ("history.db", "history.db-wal"):
            if (self.folder / name).exists():
                shutil.copy(self.folder / name, copy / name)
        self.desk.history.close()
        for name in ("history.db", "history.db-wal", "history.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for path in copy.iterdir():
            path.rename(self.folder / path.name)
        copy.rmdir()
        self.desk.reopen()

    @rule()
    def migrate(self) -> None:
        """Forwards in a copy, which then has it all."""
        self.desk.history.close()
        shutil.copy(self.folder / "history.db", self.folder / "newer.db")
        newer = Database(self.folder / "newer.db", NOON, (*MIGRATIONS, more))
        with newer.reading() as connection:
            assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (len(self.expected),)
        assert newer.check() == []
        newer.close()
        for path in self.folder.glob("newer*"):
            path.unlink()
        self.desk.reopen()

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "desk"):
            assert {item.id: item for item in self.desk.history.attempts()} == self.expected
            assert self.desk.history.draft("q1") == self.draft

    @invariant()
    def the_schedule_follows_from_the_reviews(self) -> None:
        if hasattr(self, "desk"):
            reviews = self.desk.history.reviews()
            cards = self.desk.history.cards(self.desk.schedule, self.desk.now)
            assert {(card.question_id, card.point_id): card for card in cards} == pure(reviews, self.desk.schedule)
            assert all(review.rating in Rating for review in reviews)
            kept = {item.id for item in self.expected.values() if item.circumstances.retry_of is None}
            assert {review.attempt_id for review in reviews} <= kept

    @invariant()
    def the_figures_follow_from_the_attempts(self) -> None:
        if hasattr(self, "desk"):
            missed: dict[tuple[str, str], int] = {}
            for item in self.expected.values():
                for verdict in item.grade.points if item.grade else ():
                    key = (item.question.id, verdict.point.id)
                    missed[key] = missed.get(key, 0) + (verdict.outcome in ("missing", "contradicted"))
            found = {(tally.question_id, tally.point_id): tally.missed for tally in self.desk.history.tallies()}
            assert found == missed
            graded_ones = {row.id: row.score for row in self.desk.history.summaries() if row.status == "graded"}
            assert graded_ones == {
                item.id: item.grade.score
                for item in self.expected.values()
                if item.grade is not None and item.grade.status is Status.GRADED
            }


Practising.TestCase.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPractising = Practising.TestCase
