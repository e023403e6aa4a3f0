"""Screens that were left are gone: nothing holds them, however many were open."""

from __future__ import annotations

import gc
import weakref
from typing import Any

from textual.screen import Screen
from textual.widgets import TextArea

from coach.session import Session
from coach.tui.rounds import Round
from coach.tui.screens import make
from coach.tui.screens.practice import PracticeScreen
from tests.tui.conftest import journey, running, wait_until


@journey
async def test_no_screen_and_no_box_is_held_after_it_was_left(session: Session) -> None:
    async with running(session) as (app, pilot):
        left: list[weakref.ref[Any]] = []

        async def opened_and_left(screen: Screen[Any]) -> None:
            app.push_screen(screen)
            await wait_until(pilot, lambda: app.screen is screen and screen.is_mounted and not app.background.is_busy)
            left.append(weakref.ref(screen))
            left.extend(weakref.ref(box) for box in screen.query(TextArea))
            app.pop_screen()

        for name in ("library", "progress", "settings", "mock"):
            await opened_and_left(make(name))
        question = session.library.find("1")
        await opened_and_left(PracticeScreen("One", Round("One", (question,))))
        await wait_until(pilot, lambda: gc.collect() >= 0 and not any(one() for one in left))
