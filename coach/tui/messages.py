"""What the background tells the app."""

from __future__ import annotations

from textual.message import Message

from coach.errors import CoachError


class Opened(Message):
    """The library is loaded: questions can be shown."""


class Warmed(Message):
    """The models are loaded: a grade takes no longer than it takes."""


class Progressed(Message):
    """Some work that takes a while is this far."""

    def __init__(self, what: str, done: int, total: int) -> None:
        super().__init__()
        self.what = what
        """What is being done."""
        self.done = done
        self.total = total
        """0 where it is unknown."""


class Noticed(Message):
    """Something was done unasked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Failed(Message):
    """Some work failed, and nobody else takes care of it."""

    def __init__(self, problem: CoachError) -> None:
        super().__init__()
        self.problem = problem


class PracticeChanged(Message):
    """The history has something new: what is due, streaks and scores may be shown anew."""
