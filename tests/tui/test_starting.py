"""The first start, coming back after a crash, sizes, keys of the user's own, leaving."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Static

from coach.domain import Grade, Question
from coach.errors import BackendUnreachable
from coach.ports import Embedder
from coach.session import Session
from coach.tui.app import CoachApp, make_app
from coach.tui.screens.verdict import VerdictScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.point_list import PointList
from tests.tui.conftest import GOOD, HALF, WAIT, Opener, journey, on, running, screen_text, wait_until
from tests.tui.steps import a_round, asked, handed_in, judged

ROOT = Path(__file__).resolve().parent.parent.parent

HEAVY = ("chromadb", "onnxruntime", "torch", "sentence_transformers", "openai", "tiktoken", "tokenizers", "numpy")


@journey
async def test_the_first_run_says_what_this_is_and_one_key_starts(session: Session) -> None:
    async with running(session) as (app, pilot):
        welcome = str(app.screen.query_one("#stand-text", Static).content)
        for words in ("grades your answers", "no key, no network", "Nothing leaves this machine"):
            assert words in welcome
        shown = screen_text(app)
        assert "Welcome" in shown
        assert "offline · rubric grader" in shown
        assert "● ready" in shown
        await wait_until(pilot, lambda: "3 of 3" in screen_text(app))
        await pilot.press("n")
        await wait_until(pilot, lambda: on(app, "PracticeScreen") and "1 of 3" in screen_text(app))
        await pilot.press(*"mine", "escape")
        await wait_until(pilot, lambda: on(app, "HomeScreen"))


@journey
async def test_keys_typed_ahead_reach_the_screen_that_they_open(session: Session) -> None:
    typed = "Tomorrow we add, now a lot; due post."
    async with running(session) as (app, pilot):
        app.post_message(events.Key("n", "n"))
        for letter in typed:
            app.post_message(events.Key({" ": "space"}.get(letter, letter), letter))
        await wait_until(
            pilot, lambda: on(app, "PracticeScreen") and len(app.screen.query_one(AnswerBox).text) == len(typed)
        )
        assert app.screen.query_one(AnswerBox).text == typed


@journey
async def test_a_draft_survives_the_death_of_the_app(opened: Opener) -> None:
    session = opened()
    question = a_round(session).question
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        app.post_message(events.Paste(HALF))
        # What the autosave wrote is all that is left of it: the app is given no chance to say goodbye.
        await wait_until(
            pilot, lambda: (draft := session.practice.draft(question.id)) is not None and draft.text == HALF
        )
    again = opened()
    async with running(again) as (app, pilot):
        box = await asked(app, pilot, a_round(again))
        await wait_until(pilot, lambda: box.text == HALF)
        await handed_in(app, pilot, GOOD)
        await judged(app, pilot)
        assert again.practice.draft(question.id) is None


@journey
async def test_an_answer_that_waits_for_its_grade_gets_it_after_a_restart(opened: Opener) -> None:
    first = opened()
    first.practice.submit(first.library.find("1"), GOOD)
    again = opened()
    async with running(again) as (app, pilot):
        await wait_until(pilot, lambda: "1 answer waits for its grade" in " ".join(screen_text(app).split()))
        await pilot.press("g")
        await wait_until(pilot, lambda: again.practice.attempts()[0].grade is not None)
        await judged(app, pilot)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
@journey
async def test_every_part_of_the_verdict_is_on_the_screen(session: Session, size: tuple[int, int]) -> None:
    attempt = session.practice.answered(session.library.find("1"), HALF)
    async with running(session, size) as (app, pilot):
        app.push_screen(VerdictScreen(attempt, a_round(session)))
        await judged(app, pilot)
        for name in ("#question", "ScoreLine", "#rows", "OwnAnswer", "Details", "AskLine", "KeyBar"):
            region = app.screen.query_one(name).region
            assert region.height >= 1, name
            assert app.screen.region.contains_region(region), name
        shown = screen_text(app)
        assert "Points" in shown
        assert "Your answer" in shown
        assert "esc" in shown.split("\n")[-1]
        assert app.screen.has_class("-wide") == (size[0] >= 120)


@journey
async def test_a_provider_that_fails_leaves_the_answer_and_a_way_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Session.grade

    def failing(self: Session, question: Question, answer: str, grader: str = "auto", samples: int = 1) -> Grade:
        if grader == "auto":
            raise BackendUnreachable("The model at example.invalid does not answer.", "Is the server running?")
        return real(self, question, answer, grader)

    monkeypatch.setattr(Session, "grade", failing)
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        await handed_in(app, pilot, GOOD)
        await judged(app, pilot)
        shown = " ".join(screen_text(app).split())
        assert "Ungraded" in shown
        assert "does not answer" in shown
        assert GOOD[:30] in shown
        (attempt,) = session.practice.attempts()
        assert attempt.grade is None
        await pilot.press("b")
        await wait_until(pilot, lambda: session.practice.attempts()[0].grade is not None)
        await wait_until(pilot, lambda: "graded by offline" in screen_text(app))
        assert len(app.screen.query_one(PointList).rows) > 2


@journey
async def test_leaving_does_not_wait_for_a_grade(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    grading, go_on = threading.Event(), threading.Event()

    def endless(self: Session, *arguments: object) -> Grade:
        grading.set()
        go_on.wait(30)
        raise BackendUnreachable("Too late.")

    monkeypatch.setattr(Session, "grade", endless)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: app.background.is_warm)
        await asked(app, pilot, a_round(session))
        await handed_in(app, pilot, GOOD)
        await wait_until(pilot, grading.is_set)
        await pilot.press("ctrl+q")
    # The app has left, and the grader is at it still.
    assert app.background.is_busy
    assert not go_on.is_set()
    go_on.set()
    assert session.practice.attempts()[0].answer == GOOD


@journey
async def test_a_key_of_the_users_own_and_one_that_does_not_exist(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CoachApp, "NOTIFICATION_TIMEOUT", 3600)
    session.paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    session.paths.config_file.write_text('[keys]\nhome.new = "z"\nnonsense = "x"\n', encoding="utf-8")
    async with running(session) as (app, pilot):
        assert " z " in screen_text(app)
        assert "no action is called 'nonsense'" in " ".join(note.message for note in app._notifications)
        await pilot.press("n")
        await pilot.pause()
        assert on(app, "HomeScreen")
        await pilot.press("z")
        await wait_until(pilot, lambda: on(app, "PracticeScreen"))


@journey
async def test_every_action_of_a_screen_is_in_the_palette_and_the_help(session: Session) -> None:
    async with running(session, (100, 40)) as (app, pilot):
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Due", "Mock", "Settings", "Quit", "Theme: light"} <= titles
        await pilot.press("f1")
        await wait_until(pilot, lambda: on(app, "KeysScreen"))
        shown = screen_text(app)
        assert "Answer what is due" in shown
        assert "Everywhere" in shown


def test_the_app_loads_nothing_heavy_before_it_is_shown() -> None:
    code = (
        "import json, sys\n"
        "import coach.cli\n"
        "from coach.tui import app, leaving, screens\n"
        "screens.make('home')\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


@journey
async def test_keys_while_the_models_load_are_neither_lost_nor_reordered(
    session: Session, models: tuple[Embedder, Embedder]
) -> None:
    typed = "It is the one at the end of the list, 0123456789."
    go_on = threading.Event()

    def slow(progress: object) -> Embedder:
        go_on.wait(WAIT)
        return models[0]

    session.open_embedder = slow
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        # As fast as a terminal can send them, before the library is open.
        for letter in "n" + typed:
            app.post_message(events.Key(letter, letter))
        await wait_until(
            pilot, lambda: on(app, "PracticeScreen") and len(app.screen.query_one(AnswerBox).text) >= len(typed)
        )
        box = app.screen.query_one(AnswerBox)
        assert box.text == typed
        await wait_until(pilot, lambda: "1 of 3" in screen_text(app))
        await pilot.press(*" More.", "ctrl+s")
        await wait_until(pilot, lambda: on(app, "Confidence"))
        await pilot.press("0")
        await wait_until(pilot, lambda: on(app, "VerdictScreen") and bool(session.practice.attempts()))
        assert session.practice.attempts()[0].answer == typed + " More."
        assert not app.background.is_warm
        go_on.set()
        await judged(app, pilot)


@journey
async def test_a_browser_is_offered_no_editor(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CoachApp, "is_web", True)
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        assert "Editor" not in screen_text(app)
        assert "Editor" not in {command.title for command in app.get_system_commands(app.screen)}
        await pilot.press("slash", "e")
        await pilot.pause()
        assert "/edit" not in screen_text(app)
        await pilot.press("f1")
        await wait_until(pilot, lambda: on(app, "KeysScreen"))
        assert "$EDITOR" not in screen_text(app)
