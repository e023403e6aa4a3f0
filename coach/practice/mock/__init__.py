"""A mock interview as a state machine: values and events, the clock passed in, no input and no output.

    ready -> asking (paused any number of times) -> grading -> offer -> redo -> grading -> finished

Every event gives another interview. Time runs only while a question is on the screen: a pause, a kill and a night in
between cost nothing. Each question gets a share of the time that is left, by the weight of its kind; what one leaves
over goes to those that follow, and the last one ends with the interview. When a question's time is up its draft is
the answer. An answer counts as given when it holds anything but white space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from coach.domain import Kind, Question

WEIGHTS = {Kind.CONCEPT: 1.0, Kind.PRACTICE: 1.2, Kind.BEHAVIOURAL: 1.3, Kind.CODING: 1.4, Kind.DESIGN: 1.5}
"""Share of the time by kind."""

FORMAT = 1
"""Of the saved state; raised when an older one can't be read any more."""


class Stage(StrEnum):
    """Where an interview stands."""

    READY = "ready"
    ASKING = "asking"
    PAUSED = "paused"
    GRADING = "grading"
    OFFER = "offer"
    """The weakest answer may be given once more."""
    REDO = "redo"
    FINISHED = "finished"


class Ending(StrEnum):
    """How a question came to its end."""

    WAITING = "waiting"
    """It was not asked yet."""
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    TIME_UP = "time_up"
    """Its draft was taken as it stood."""
    STOPPED = "stopped"
    """The interview was ended while it was asked; its draft was taken as it stood."""
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an interview."""

    question_id: str
    weight: float
    text: str = ""
    """The draft, then the answer."""
    seconds: float = 0.0
    """Time it was on the screen."""
    allowed: float = 0.0
    """Seconds it was given; 0 before it is asked."""
    confidence: float | None = None
    """Expected score, 0 to 1."""
    ending: Ending = Ending.WAITING
    attempt_id: str | None = None
    """In the history, once it was saved there."""

    @property
    def answered(self) -> bool:
        """Whether there is anything to grade."""
        return bool(self.text.strip()) and self.ending not in (Ending.WAITING, Ending.SKIPPED)


@dataclass(frozen=True, slots=True)
class MockInterview:
    """An interview at one moment."""

    id: str
    total: float
    """Seconds for all questions together."""
    items: tuple[Item, ...]
    """In the order in which they are asked; never empty."""
    stage: Stage = Stage.READY
    at: int = 0
    """Index of the question that is asked."""
    running_since: datetime | None = None
    """UTC; None while no time runs."""
    seen: datetime | None = None
    """UTC; the latest event: where time stops should the process be killed."""
    weakest: int | None = None
    """Index of the answer that may be given once more."""
    again: Item | None = None
    """The second try."""
    resumes: Stage = Stage.ASKING
    """What a pause interrupted."""

    # --- reading -------------------------------------------------------------------------------

    @property
    def current(self) -> Item | None:
        """What is on the screen, or was when the pause began."""
        stage = self.resumes if self.stage is Stage.PAUSED else self.stage
        if stage is Stage.ASKING:
            return self.items[self.at]
        return self.again if stage is Stage.REDO else None

    def spent(self, now: datetime) -> float:
        """Seconds that the current question has been on the screen."""
        item = self.current
        return 0.0 if item is None else item.seconds + self._run(now)

    def left(self, now: datetime) -> float:
        """Seconds left of the whole interview; the second try has its own time and takes none of it."""
        used = sum(item.seconds for item in self.items)
        asking = self.stage is Stage.ASKING
        return max(0.0, self.total - used - (self._run(now) if asking else 0.0))

    def left_here(self, now: datetime) -> float:
        """Seconds left for the current question."""
        item = self.current
        return 0.0 if item is None else max(0.0, item.allowed - self.spent(now))

    @property
    def last_moment(self) -> datetime:
        """UTC; a millisecond before the current question's time is up. Only while the clock runs."""
        item = self.current
        if item is None or self.running_since is None:
            raise ValueError("no question is asked")
        return self.running_since + timedelta(seconds=item.allowed - item.seconds, milliseconds=-1)

    @property
    def pending(self) -> tuple[int, ...]:
        """Indexes of answers that are not in the history yet."""
        return tuple(n for n, item in enumerate(self.items) if item.answered and item.attempt_id is None)

    @property
    def second_pending(self) -> bool:
        """Whether the second try was given and is not in the history yet."""
        return self.again is not None and self.again.answered and self.again.attempt_id is None

    @property
    def over(self) -> bool:
        """Whether nothing more is asked."""
        return self.stage in (Stage.GRADING, Stage.OFFER, Stage.FINISHED)

    # --- events --------------------------------------------------------------------------------

    def begin(self, now: datetime) -> MockInterview:
        """Ask the first question."""
        return self._asked(0, now) if self.stage is Stage.READY else self

    def write(self, text: str, now: datetime) -> MockInterview:
        """Keep the draft, as far as its time reaches."""
        ticked = self.tick(now)
        item = ticked.current
        if item is None or ticked.stage is Stage.PAUSED or ticked.at != self.at or ticked.stage is not self.stage:
            return ticked
        return replace(ticked._with(replace(item, text=text)), seen=now)

    def submit(self, text: str, confidence: float | None, now: datetime) -> MockInterview:
        """Hand in the answer and go on. Too late, it is the draft that counts."""
        ticked = self.write(text, now)
        if ticked.at != self.at or ticked.stage is not self.stage or ticked.current is None:
            return ticked
        return ticked._closed(Ending.SUBMITTED, now, confidence)

    def sure(self, index: int, confidence: float) -> MockInterview:
        """Note how sure somebody was of an answer that is handed in already; 0 to 1."""
        items = list(self.items)
        items[index] = replace(items[index], confidence=confidence)
        return replace(self, items=tuple(items))

    def skip(self, now: datetime) -> MockInterview:
        """Leave the question unanswered and go on."""
        ticked = self.tick(now)
        if ticked.at != self.at or ticked.stage not in (Stage.ASKING, Stage.REDO) or ticked.stage is not self.stage:
            return ticked
        return ticked._closed(Ending.SKIPPED, now)

    def tick(self, now: datetime) -> MockInterview:
        """Let time pass: a question whose time is up hands in its draft."""
        if self.stage in (Stage.ASKING, Stage.REDO) and self.left_here(now) <= 0:
            return self._closed(Ending.TIME_UP, now)
        return replace(self, seen=now) if self.stage in (Stage.ASKING, Stage.REDO) else self

    def pause(self, now: datetime) -> MockInterview:
        """Stop the clock."""
        ticked = self.tick(now)
        item = ticked.current
        if ticked.stage not in (Stage.ASKING, Stage.REDO) or item is None:
            return ticked
        kept = ticked._with(replace(item, seconds=ticked.spent(now)))
        return replace(kept, stage=Stage.PAUSED, resumes=ticked.stage, running_since=None)

    def resume(self, now: datetime) -> MockInterview:
        """Let the clock run again, after a pause or after a kill: time since the last event does not count."""
        if self.stage is Stage.PAUSED:
            return replace(self, stage=self.resumes, running_since=now, seen=now)
        if self.stage in (Stage.ASKING, Stage.REDO) and self.seen is not None:
            return self.pause(self.seen).resume(now)
        return self

    def stop(self, now: datetime) -> MockInterview:
        """End it here: the draft is the answer, what was not asked is not reached."""
        if self.stage is Stage.READY:
            return replace(self, stage=Stage.FINISHED, items=tuple(_unreached(item) for item in self.items))
        ticked = self.resume(now).tick(now)
        if ticked.stage is Stage.ASKING:
            closed = ticked._put_down(Ending.STOPPED, now)
            items = tuple(_unreached(item) for item in closed.items)
            return replace(closed, items=items, stage=Stage.GRADING, running_since=None)
        if ticked.stage is Stage.REDO:
            return ticked._closed(Ending.STOPPED, now)
        return replace(ticked, stage=Stage.FINISHED) if ticked.stage is Stage.OFFER else ticked

    def saved(self, index: int, attempt_id: str) -> MockInterview:
        """Note that an answer is in the history."""
        items = list(self.items)
        items[index] = replace(items[index], attempt_id=attempt_id)
        return replace(self, items=tuple(items))

    def second_saved(self, attempt_id: str) -> MockInterview:
        """Note that the second try is in the history."""
        return replace(self, again=None if self.again is None else replace(self.again, attempt_id=attempt_id))

    def graded(self, scores: Mapping[str, int]) -> MockInterview:
        """Take the scores by attempt id: the weakest answer may be given once more, unless that was done."""
        if self.stage is not Stage.GRADING:
            return self
        if self.again is not None:
            return replace(self, stage=Stage.FINISHED)
        ranked = [
            (scores[item.attempt_id], n)
            for n, item in enumerate(self.items)
            if item.attempt_id is not None and item.attempt_id in scores
        ]
        if not ranked or min(ranked)[0] == 100:
            return replace(self, stage=Stage.FINISHED)
        return replace(self, stage=Stage.OFFER, weakest=min(ranked)[1])

    def redo(self, now: datetime) -> MockInterview:
        """Ask the weakest question once more, with the share of the time that is usual for it."""
        if self.stage is not Stage.OFFER or self.weakest is None:
            return self
        first = self.items[self.weakest]
        share = self.total * first.weight / sum(item.weight for item in self.items)
        again = Item(first.question_id, first.weight, allowed=share)
        return replace(self, stage=Stage.REDO, again=again, running_since=now, seen=now)

    def decline(self) -> MockInterview:
        """Go to the report without a second try."""
        return replace(self, stage=Stage.FINISHED) if self.stage is Stage.OFFER else self

    # --- how -----------------------------------------------------------------------------------

    def _run(self, now: datetime) -> float:
        """Seconds since the clock started; a clock that was set back stands still."""
        running = self.stage in (Stage.ASKING, Stage.REDO) and self.running_since is not None
        return max(0.0, (now - self.running_since).total_seconds()) if running and self.running_since else 0.0

    def _with(self, item: Item) -> MockInterview:
        if (self.resumes if self.stage is Stage.PAUSED else self.stage) is Stage.REDO:
            return replace(self, again=item)
        items = list(self.items)
        items[self.at] = item
        return replace(self, items=tuple(items))

    def _put_down(self, ending: Ending, now: datetime, confidence: float | None = None) -> MockInterview:
        item = self.current
        if item is None:
            return self
        text = "" if ending is Ending.SKIPPED else item.text
        # A process that slept through the end hands in what was there when the time was up.
        seconds = min(self.spent(now), item.allowed)
        done = replace(item, text=text, seconds=seconds, ending=ending, confidence=confidence)
        return replace(self._with(done), seen=now)

    def _closed(self, ending: Ending, now: datetime, confidence: float | None = None) -> MockInterview:
        redo = self.stage is Stage.REDO
        done = self._put_down(ending, now, confidence)
        if redo or done.at + 1 == len(done.items):
            return replace(done, stage=Stage.GRADING, running_since=None)
        return done._asked(done.at + 1, now)

    def _asked(self, at: int, now: datetime) -> MockInterview:
        rest = max(0.0, self.total - sum(item.seconds for item in self.items))
        share = rest * self.items[at].weight / sum(item.weight for item in self.items[at:])
        items = list(self.items)
        items[at] = replace(items[at], allowed=share)
        return replace(self, items=tuple(items), stage=Stage.ASKING, at=at, running_since=now, seen=now)


def planned(name: str, questions: Sequence[Question], minutes: float) -> MockInterview:
    """An interview over ``questions`` in this order. Raises ValueError without a question or without time."""
    if not questions or not minutes > 0:
        raise ValueError("An interview needs a question and some time.")
    return MockInterview(name, minutes * 60, tuple(Item(item.id, WEIGHTS[item.kind]) for item in questions))


def _unreached(item: Item) -> Item:
    return replace(item, ending=Ending.NOT_REACHED) if item.ending is Ending.WAITING else item
