"""The line at the bottom shows whole keys only, and a click on one presses it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from coach.session import Session
from coach.tui.widgets.key_bar import KeyBar, shown
from tests.tui.conftest import journey, on, running, wait_until

KEYS = (("^s", "Submit", "ctrl+s"), ("f4", "Editor", "f4"), ("esc", "Back", "escape"))


def test_every_key_is_there_where_there_is_room() -> None:
    assert shown(KEYS, 80).plain == "^s Submit  f4 Editor  esc Back"
    assert shown(KEYS, 30).plain == "^s Submit  f4 Editor  esc Back"


def test_what_does_not_fit_is_left_out_whole() -> None:
    assert shown(KEYS, 29).plain == "^s Submit  f4 Editor  …"
    assert shown(KEYS, 22).plain == "^s Submit  …"
    assert shown((), 80).plain == ""


@given(
    st.lists(st.tuples(st.text("ab^", min_size=1, max_size=3), st.text("xyz", min_size=1, max_size=9), st.just("a"))),
    st.integers(1, 60),
)
def test_it_is_never_wider_than_its_line(keys: list[tuple[str, str, str]], width: int) -> None:
    assert cell_len(shown(keys, width).plain) <= max(width, 1)


@journey
async def test_a_click_on_a_key_presses_it(session: Session) -> None:
    async with running(session) as (app, pilot):
        bar = app.screen.query_one(KeyBar)
        await wait_until(pilot, lambda: "Progress" in bar.render().plain)
        at = bar.render().plain.index("Progress")
        await pilot.click(KeyBar, offset=(at + 2, 0))
        await wait_until(pilot, lambda: on(app, "ProgressScreen"))
