"""From a question to its verdict and on."""

from __future__ import annotations

import re

from textual import events
from textual.widgets import Input, Markdown, Static

from coach.session import Session
from coach.tui.app import CoachApp
from coach.tui.rounds import Round
from coach.tui.screens.practice import PracticeScreen
from coach.tui.screens.verdict import VerdictScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.ask_line import AskLine
from coach.tui.widgets.chat_line import ChatLine
from coach.tui.widgets.details import Details
from coach.tui.widgets.own_answer import OwnAnswer
from tests.tui.conftest import GOOD, HALF, journey, on, running, screen_text, wait_until
from tests.tui.steps import a_round, asked, handed_in, judged


def markdown_of(app: CoachApp) -> list[str]:
    """What the coach said so far, as Markdown."""
    return [body.source for body in app.screen.query(Markdown)]


@journey
async def test_from_an_answer_to_the_verdict_the_retry_and_the_next_question(session: Session) -> None:
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        assert "least recently used" in screen_text(app)
        await handed_in(app, pilot, HALF, guess="4")
        menu = await judged(app, pilot)

        (attempt,) = session.practice.attempts()
        assert attempt.answer == HALF
        assert attempt.circumstances.confidence == 0.8
        grade = attempt.grade
        assert grade is not None
        assert grade.score is not None
        shown = screen_text(app)
        for words in (f" {grade.score} ", "you guessed 80", "offline", "✗ missing"):
            assert words in shown

        said = next(at for at, row in enumerate(menu.rows) if row.spans)
        await pilot.press(*["down"] * said)
        await wait_until(pilot, lambda: menu.highlighted == said)
        details = str(app.screen.query_one(Details).query_one(Static).content)
        assert grade.points[said - 1].evidence[0].quote in details
        assert "Reference" in details
        assert menu.rows[said].mark in str(app.screen.query_one(OwnAnswer).query_one(Static).content)

        await pilot.press("r")
        await wait_until(pilot, lambda: on(app, "PracticeScreen") and app.screen.query_one(AnswerBox).text == HALF)
        assert "Still open" in screen_text(app)
        await handed_in(app, pilot, GOOD)
        menu = await judged(app, pilot)
        again, _ = session.practice.attempts()
        assert (again.circumstances.retry_of, again.circumstances.confidence) == (attempt.id, None)
        assert again.grade is not None
        assert again.grade.score is not None
        assert again.grade.score > grade.score
        assert f"before {grade.score} ({again.grade.score - grade.score:+d})" in screen_text(app)
        assert re.search(r"[1-9] up, 0 down", menu.rows[0].title)
        assert "✗ missing →" in str(app.screen.query_one(Details).query_one(Static).content)

        await pilot.press("n")
        await wait_until(pilot, lambda: on(app, "PracticeScreen") and "salting" in screen_text(app))
        assert "2 of 2" in screen_text(app)


@journey
async def test_an_opinion_stands_beside_the_grade(session: Session) -> None:
    attempt = session.practice.answered(session.library.find("1"), HALF)
    async with running(session) as (app, pilot):
        app.push_screen(VerdictScreen(attempt, a_round(session)))
        await judged(app, pilot)
        await pilot.press("slash", *"override 90 slip", "enter")
        await wait_until(pilot, lambda: "you say 90" in screen_text(app))
        kept = session.practice.attempt(attempt.id)
        assert kept.override is not None
        assert (kept.override.score, kept.override.note) == (90, "slip")
        assert kept.grade == attempt.grade

        await pilot.press("o")
        await wait_until(pilot, lambda: on(app, "OverrideScreen"))
        app.screen.query_one("#own-score", Input).value = "200"
        await pilot.press("enter")
        await pilot.pause()
        assert on(app, "OverrideScreen")
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "VerdictScreen"))


@journey
async def test_a_follow_up_is_graded_on_its_point_alone_and_kept(session: Session) -> None:
    attempt = session.practice.answered(session.library.find("1"), HALF)
    async with running(session) as (app, pilot):
        app.push_screen(VerdictScreen(attempt, a_round(session)))
        await judged(app, pilot)
        await pilot.press("f")
        await wait_until(pilot, lambda: on(app, "TalkScreen") and len(app.screen.query(ChatLine)) == 1)
        await wait_until(pilot, lambda: markdown_of(app)[-1] not in ("", "…"))
        app.post_message(events.Paste(GOOD))
        await wait_until(pilot, lambda: app.screen.query_one(AnswerBox).text == GOOD)
        await pilot.press("enter")
        await wait_until(pilot, lambda: "✓ covered" in markdown_of(app)[-1] or "◐ partial" in markdown_of(app)[-1])
        latest = session.practice.attempts()[0]
        assert latest.circumstances.point is not None
        assert latest.answer == GOOD
        assert latest.grade is not None
        assert [verdict.point.id for verdict in latest.grade.points] == [latest.circumstances.point]
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "VerdictScreen"))


@journey
async def test_the_coach_answers_from_the_documents_and_explains_a_point(session: Session) -> None:
    attempt = session.practice.answered(session.library.find("1"), HALF)
    async with running(session) as (app, pilot):
        app.push_screen(VerdictScreen(attempt, a_round(session)))
        menu = await judged(app, pilot)
        await pilot.press("down", "x")
        await wait_until(pilot, lambda: on(app, "TalkScreen") and menu.rows[1].title in markdown_of(app)[-1])
        app.post_message(events.Paste("How does a hash map find an entry of the list?"))
        await wait_until(pilot, lambda: bool(app.screen.query_one(AnswerBox).text))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "[1] Question 1" in markdown_of(app)[-1])


@journey
async def test_keys_that_come_before_the_box_is_there_arrive_in_order(session: Session) -> None:
    typed = "abcdefghijklmnopqrstuvwxyz0123456789"
    async with running(session) as (app, pilot):
        app.push_screen(PracticeScreen("One", a_round(session)))
        # As a terminal sends them: all at once, before the screen has had a chance to compose itself.
        for letter in typed:
            app.post_message(events.Key(letter, letter))
        await wait_until(
            pilot, lambda: on(app, "PracticeScreen") and len(app.screen.query_one(AnswerBox).text) >= len(typed)
        )
        assert app.screen.query_one(AnswerBox).text == typed


@journey
async def test_a_paste_of_a_hundred_kilobytes_survives_word_for_word(session: Session) -> None:
    text = "```python\ndef f(x):\n\treturn [x]  # [red]no markup[/red]\n```\n" + "wörter 漢字 and more words\n" * 4000
    assert len(text.encode()) > 100_000
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        app.post_message(events.Paste(text))
        box = app.screen.query_one(AnswerBox)
        await wait_until(pilot, lambda: len(box.text) == len(text))
        assert box.text == text
        await wait_until(pilot, lambda: box.words == len(text.split()))
        assert "words" in str(box.border_subtitle)
        await wait_until(
            pilot,
            lambda: (draft := session.practice.draft(a_round(session).question.id)) is not None and draft.text == text,
        )


@journey
async def test_documents_and_answers_are_never_markup(session: Session) -> None:
    question = session.library.find("3")
    attempt = session.practice.answered(question, "It is [blink]shown[/blink] as it stands, [/] brackets included.")
    async with running(session, (120, 40)) as (app, pilot):
        app.push_screen(VerdictScreen(attempt, Round("[b]One[/b]", (question,))))
        await judged(app, pilot)
        shown = screen_text(app)
        assert "[red]markup[/red] in a [bold]question[/bold]" in shown
        assert "[blink]shown[/blink]" in shown
        assert "[b]One[/b]" in shown


@journey
async def test_a_blank_answer_is_not_handed_in(session: Session) -> None:
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        await pilot.press("space", "ctrl+s")
        await pilot.pause()
        assert on(app, "PracticeScreen")
        assert session.practice.attempts() == []


@journey
async def test_a_line_that_starts_with_a_slash_is_completed_and_run(session: Session) -> None:
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        await pilot.press("slash", "r", "e")
        await wait_until(pilot, lambda: "/reference" in screen_text(app))
        await pilot.press("tab", "enter")
        await wait_until(pilot, lambda: on(app, "ReferenceScreen"))
        assert "doubly linked list" in screen_text(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "PracticeScreen"))
        assert app.screen.query_one(AnswerBox).text == ""


@journey
async def test_leaving_the_confidence_question_leads_back_to_the_text(session: Session) -> None:
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        await pilot.press(*"so it is", "ctrl+s")
        await wait_until(pilot, lambda: on(app, "Confidence"))
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "PracticeScreen"))
        await pilot.press("!")
        assert app.screen.query_one(AnswerBox).text == "so it is!"
        assert not app.screen.query_one(AnswerBox).read_only


@journey
async def test_whoever_just_types_on_a_verdict_talks_to_the_coach(session: Session) -> None:
    attempt = session.practice.answered(session.library.find("1"), HALF)
    async with running(session) as (app, pilot):
        app.push_screen(VerdictScreen(attempt, a_round(session)))
        menu = await judged(app, pilot)
        line = app.screen.query_one(AskLine)
        # All at once, and with letters in it that are keys of the screen as long as nothing is written.
        for letter in "where":
            app.post_message(events.Key(letter, letter))
        await wait_until(pilot, lambda: line.value == "where")
        assert app.focused is line
        assert on(app, "VerdictScreen")
        await pilot.press("escape")
        assert app.focused is menu
        await pilot.press("space")
        assert app.focused is menu
        await pilot.press("a", "space", *"is it?", "enter")
        await wait_until(pilot, lambda: on(app, "TalkScreen") and "where is it?" in screen_text(app))


@journey
async def test_an_answer_that_is_handed_in_at_once_has_its_last_letter(session: Session) -> None:
    typed = "It is the one at the end of the list."
    async with running(session) as (app, pilot):
        await asked(app, pilot, a_round(session))
        # In one go, as a terminal gives them to an app that was busy for a moment.
        for letter in typed:
            app.post_message(events.Key(letter, letter))
        app.post_message(events.Key("ctrl+s", None))
        app.post_message(events.Key("4", "4"))
        await judged(app, pilot)
        (attempt,) = session.practice.attempts()
        assert attempt.answer == typed
        assert attempt.circumstances.confidence == 0.8


@journey
async def test_home_keeps_what_was_typed_a_moment_before(session: Session) -> None:
    round_ = a_round(session)
    async with running(session) as (app, pilot):
        await asked(app, pilot, round_)
        for letter in HALF:
            app.post_message(events.Key(letter, letter))
        app.post_message(events.Key("f10", None))
        await wait_until(pilot, lambda: on(app, "HomeScreen"))
        await wait_until(pilot, lambda: "Draft: question" in screen_text(app))
        await wait_until(
            pilot, lambda: (draft := session.practice.draft(round_.question.id)) is not None and draft.text == HALF
        )


@journey
async def test_a_retry_that_was_left_goes_on_where_it_was(session: Session) -> None:
    attempt = session.practice.answered(session.library.find("1"), HALF)
    round_ = a_round(session)
    async with running(session) as (app, pilot):

        async def retried(text: str) -> AnswerBox:
            app.push_screen(PracticeScreen("One", round_, retry=attempt))
            await wait_until(pilot, lambda: on(app, "PracticeScreen") and app.screen.query_one(AnswerBox).text == text)
            await wait_until(pilot, lambda: isinstance(app.focused, AnswerBox))
            return app.screen.query_one(AnswerBox)

        await retried(HALF)
        await pilot.press("escape")
        await wait_until(pilot, lambda: on(app, "HomeScreen"))
        assert session.practice.draft(round_.question.id) is None
        box = await retried(HALF)
        box.put(GOOD)
        await pilot.press("f10")
        await wait_until(pilot, lambda: on(app, "HomeScreen"))
        await retried(GOOD)
