"""Stub while the rest is written."""

from coach.session import Session


class Coaching:
    """X."""

    def __init__(self, session: Session) -> None: ...
