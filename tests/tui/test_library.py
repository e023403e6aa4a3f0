"""Finding a question, bringing in documents, editing a rubric."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static, TextArea

from coach.session import Session
from coach.tui.screens import make
from coach.tui.widgets.answer_box import AnswerBox
from tests.tui.conftest import HALF, journey, on, running, screen_text, wait_until

NEW = """# Queues

## Delivery

**1. What does at-least-once delivery ask of a consumer?**

- **Idempotence:** a message may come twice, so handling it twice must do no harm.

**2. What is a dead letter queue?**

## Unasked

- **Orphan:** this belongs to no question.
"""


@journey
async def test_questions_are_found_as_one_types_and_started_from(session: Session) -> None:
    session.practice.answered(session.library.find("1"), HALF)
    async with running(session) as (app, pilot):
        app.push_screen(make("library"))
        await wait_until(pilot, lambda: on(app, "LibraryScreen") and "3 of 3" in screen_text(app))
        score = session.practice.summaries()[0].score
        assert f" {score} " in screen_text(app)
        await pilot.press(*"salting")
        await wait_until(pilot, lambda: "What does salting a hot key cost?" in screen_text(app))
        preview = str(app.screen.query_one("#preview-text", Static).content)
        assert "Question 2" in preview
        await pilot.press("enter")
        await wait_until(pilot, lambda: on(app, "PracticeScreen") and isinstance(app.focused, AnswerBox))
        assert "salting" in screen_text(app)


@journey
async def test_what_words_do_not_find_meaning_does(session: Session) -> None:
    async with running(session) as (app, pilot):
        app.push_screen(make("library"))
        await wait_until(pilot, lambda: on(app, "LibraryScreen") and "3 of 3" in screen_text(app))
        app.screen.query_one("#search", Input).value = "which entry is thrown out of a full buffer"
        await wait_until(pilot, lambda: "By meaning" in screen_text(app))
        assert "least recently used" in screen_text(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen.query_one("#search", Input).value == "")


@journey
async def test_an_import_shows_what_it_recognised_before_it_changes_anything(session: Session, tmp_path: Path) -> None:
    document = tmp_path / "queues.md"
    document.write_text(NEW, encoding="utf-8")
    async with running(session, (100, 40)) as (app, pilot):
        app.push_screen(make("library"))
        await wait_until(pilot, lambda: on(app, "LibraryScreen") and "3 of 3" in screen_text(app))
        await pilot.press("f7")
        await wait_until(pilot, lambda: on(app, "ImportScreen"))
        line = app.screen.query_one("#path", Input)
        line.value = str(tmp_path / "nothing.md")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "No such file" in screen_text(app))
        assert line.value.endswith("nothing.md")

        line.value = str(document)
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Enter again imports it" in screen_text(app))
        shown = screen_text(app)
        assert "2 questions" in shown
        assert "1 without an answer" in shown
        assert "at-least-once" in shown
        assert len(session.library.questions) == 3

        await pilot.press("enter")
        await wait_until(pilot, lambda: "2 new, 0 known" in screen_text(app))
        assert len(session.library.questions) == 5
        await pilot.press("escape")
        await wait_until(
            pilot,
            lambda: (
                on(app, "LibraryScreen") and app.screen.query_one("#questions", OptionList).border_subtitle == "5 of 5"
            ),
        )
        await wait_until(pilot, lambda: not app.background.is_busy)


@journey
async def test_a_rubric_is_edited_in_ones_editor_and_a_broken_one_is_not_lost(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text()\n"
        "path.write_text(text[:-1] + '\\n[[' if 'broken' not in text and '#again' not in text else text)\n"
    )
    seen: list[str] = []
    # Pilot has no terminal that could be handed over: the editor runs beside it.
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    from contextlib import nullcontext

    async with running(session) as (app, pilot):
        monkeypatch.setattr(app, "suspend", nullcontext)
        monkeypatch.setattr(app, "say_failed", lambda problem, title="": seen.append(f"{title} {problem}"))
        app.push_screen(make("library"))
        await wait_until(pilot, lambda: on(app, "LibraryScreen") and "3 of 3" in screen_text(app))
        before = session.rubric(session.library.find("1"))
        await pilot.press("f4")
        await wait_until(pilot, lambda: bool(seen))
        assert "your text is still there" in seen[0]
        assert session.rubric(session.library.find("1")) == before


@journey
async def test_without_an_editor_a_rubric_is_changed_in_the_app(session: Session) -> None:
    async with running(session) as (app, pilot):
        app.push_screen(make("library"))
        await wait_until(pilot, lambda: on(app, "LibraryScreen") and "3 of 3" in screen_text(app))
        await pilot.press("f4")
        await wait_until(pilot, lambda: on(app, "WritingScreen"))
        box = app.screen.query_one(TextArea)
        before = session.rubric(session.library.find("1"))
        words = before.points[0].text
        assert words in box.text
        box.text = box.text.replace(words, "The order of use decides.")
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: session.rubric(session.library.find("1")) != before)
        assert session.rubric(session.library.find("1")).points[0].text == "The order of use decides."
        await pilot.press("f4")
        await wait_until(pilot, lambda: on(app, "WritingScreen"))
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "LibraryScreen"))
