"""Settings are kept; keys are never shown; a test of the connection says what it found."""

from __future__ import annotations

from dataclasses import fields

import pytest
from textual.widgets import Input, Static

from coach.errors import ConfigError
from coach.llm.connection import Connection
from coach.session import Session
from coach.tui.connection import described
from coach.tui.screens import make
from coach.tui.widgets.choice import Choice
from tests.tui.conftest import Opener, journey, on, running, screen_text, wait_until

SECRET = "sk-never-to-be-seen-anywhere"


@journey
async def test_a_choice_is_kept_and_counts_at_once(opened: Opener) -> None:
    session = opened()
    async with running(session, (120, 50)) as (app, pilot):
        app.push_screen(make("settings"))
        await wait_until(pilot, lambda: on(app, "SettingsScreen"))
        line = app.screen.query_one("#interview", Input)
        line.focus()
        await wait_until(pilot, lambda: app.focused is line)
        await pilot.press(*"2099-01-02", "enter")
        await wait_until(pilot, lambda: session.settings.interview == "2099-01-02")
        assert session.practice.plan().by is not None
        app.action_theme("light")
        await wait_until(pilot, lambda: session.settings.theme == "light")
    again = opened()
    assert (again.settings.interview, again.settings.theme) == ("2099-01-02", "light")


@journey
async def test_a_choice_is_stepped_through_by_keys_and_mouse(session: Session) -> None:
    async with running(session, (120, 50)) as (app, pilot):
        app.push_screen(make("settings"))
        await wait_until(pilot, lambda: on(app, "SettingsScreen"))
        assert app.focused is app.screen.query_one("#grader", Choice)
        await pilot.press("right")
        await wait_until(pilot, lambda: session.settings.grader == "offline")
        await pilot.press("left", "left")
        await wait_until(pilot, lambda: session.settings.grader == "llm")
        await pilot.click("#theme", offset=(3, 0))
        await wait_until(pilot, lambda: session.settings.theme == "light" and app.theme == "light")
        assert "‹ light ›" in screen_text(app)


@journey
async def test_a_choice_that_is_not_kept_goes_back(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened()
    async with running(session, (120, 50)) as (app, pilot):
        app.push_screen(make("settings"))
        await wait_until(pilot, lambda: on(app, "SettingsScreen"))

        told: list[str] = []
        app.say_failed = lambda problem, title="": told.append(" ".join(str(problem).split()))  # type: ignore[method-assign]

        def refused(*_: object) -> str:
            raise ConfigError("The file cannot be written.", "Look at its rights.")

        monkeypatch.setattr("coach.session.preferences.keep", refused)
        choice = app.screen.query_one("#grader", Choice)
        await pilot.press("right")
        await wait_until(pilot, lambda: told == ["The file cannot be written. Look at its rights."])
        assert choice.value == session.settings.grader == "auto"


@journey
async def test_a_value_that_cannot_be_used_is_refused_and_still_there(session: Session) -> None:
    async with running(session, (120, 50)) as (app, pilot):
        told: list[str] = []
        app.say_failed = lambda problem, title="": told.append(str(problem))  # type: ignore[method-assign]
        app.push_screen(make("settings"))
        await wait_until(pilot, lambda: on(app, "SettingsScreen"))
        app.keep("grader", "nonsense", None, lambda problem: told.append(str(problem)))
        await wait_until(pilot, lambda: bool(told))
        assert "nonsense" in told[0]
        assert session.settings.grader == "auto"


@journey
async def test_keys_are_set_or_unset_and_never_shown(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_LLM_API_KEY", SECRET)
    monkeypatch.setenv("COACH_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("COACH_LLM_MODEL", "some-model")
    async with running(opened(), (120, 50)) as (app, pilot):
        assert "local · some-model" in screen_text(app)
        app.push_screen(make("settings"))
        await wait_until(pilot, lambda: on(app, "SettingsScreen"))
        facts = str(app.screen.query_one("#keys", Static).content)
        assert "COACH_LLM_API_KEY set" in facts
        assert SECRET not in screen_text(app)
        assert SECRET not in app.export_screenshot()
        await pilot.press("f5")
        await wait_until(pilot, lambda: "✗" in str(app.screen.query_one("#tested", Static).content))


def connection(
    listed: bool, offered: tuple[str, ...], rung: str, why_not: str, refused: tuple[str, ...], speed: float | None
) -> Connection:
    """What a test found, with the facts that matter here."""
    facts = {
        "provider": "openai",
        "model": "m",
        "host": "host",
        "listed": listed,
        "offered": offered,
        "rung": rung,
        "why_not": why_not,
        "refused": refused,
        "context": 8192,
        "tokens_a_second": speed,
        "exact_tokens": True,
    }
    rest = {item.name: 0 for item in fields(Connection) if item.name not in facts}
    return Connection(**facts, **rest)  # type: ignore[arg-type]


def test_what_a_connection_test_found_in_words() -> None:
    found = connection(True, ("m",), "json_schema", "", ("seed",), 12.5)
    text = described(found).plain
    for words in ("✓ host answers", "✓ m is there", "json_schema", "12.5 tokens a second", "does without: seed"):
        assert words in text
    poor = described(connection(False, ("other",), "", "it wrote prose", (), None)).plain
    assert "⚠ m is not in the server's list (other …)" in poor
    assert "✗ no structured output: it wrote prose" in poor
