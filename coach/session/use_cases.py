"""The use cases that have objects of their own, each opened when it is first called for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from coach.session import Session
    from coach.session.coaching import Coaching
    from coach.session.exports import Exports
    from coach.session.mock import Mocks
    from coach.session.practice import Practice
    from coach.session.stats import Stats
    from coach.session.teaching import Teaching


class UseCases:
    """What a session offers beside itself."""

    @cached_property
    def practice(self) -> Practice:
        """Answers that are kept, and what follows from them."""
        from coach.session.practice import Practice

        return Practice(cast("Session", self))

    @cached_property
    def coaching(self) -> Coaching:
        """Questions to the coach, hints, follow-ups, explanations."""
        from coach.session.coaching import Coaching

        return Coaching(cast("Session", self))

    @cached_property
    def mock(self) -> Mocks:
        """Mock interviews."""
        from coach.session.mock import Mocks

        return Mocks(cast("Session", self))

    @cached_property
    def stats(self) -> Stats:
        """Where the user stands."""
        from coach.session.stats import Stats

        return Stats(cast("Session", self))

    @cached_property
    def exports(self) -> Exports:
        """Practice as files."""
        from coach.session.exports import Exports

        return Exports(cast("Session", self))

    @cached_property
    def teaching(self) -> Teaching:
        """Grading for a class."""
        from coach.session.teaching import Teaching

        return Teaching(cast("Session", self))
