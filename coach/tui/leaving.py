"""Running the app to its end, and leaving at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from coach.tui.app import make_app

if TYPE_CHECKING:
    from coach.session import Session

TURN = 0.0005
"""Seconds that one thread may keep the interpreter from another."""


def run(session: Session, notices: Iterable[str] = ()) -> None:
    """Show the app until the user leaves it; ``notices`` are shown at its start.

    Raises what ended it, where that was a fault of ours.
    """
    # The event loop lets go of the interpreter at each look for keys. While a grade is made, every such look would wait
    # for the grader's turn of 5 ms to end, and a key takes twenty of them.
    sys.setswitchinterval(TURN)
    app = make_app(session, notices)
    app.run()
    app.background.leave()
    if app.fault is not None:
        raise app.fault
    if app.background.is_busy:
        # A thread inside a native library cannot be stopped, and an interpreter that ends under it may crash.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
