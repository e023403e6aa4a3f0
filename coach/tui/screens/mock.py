"""A mock interview: the clock, the progress, no feedback until its end. It can be left and gone on with at any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static, TextArea

from coach.domain import Question
from coach.errors import CoachError
from coach.practice.mock import Ending, MockInterview, Stage
from coach.tui import keymap
from coach.tui.background import settled
from coach.tui.editor import can_edit
from coach.tui.mock_words import clock_words, length_rows, offer_words, where, with_ids
from coach.tui.screens.about import About, AboutScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.choices import Choices
from coach.tui.widgets.confidence import Confidence
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.session import Session
    from coach.tui.app import CoachApp

TICK = 0.5
"""Seconds between looks at the clock."""

KEPT_EVERY = 4
"""Ticks between two writings to the disk while nothing but the clock moved on."""


class MockScreen(Screen[None]):
    """Holds the interview as it is now; every event gives another one, which is kept."""

    BINDINGS = keymap.bindings("mock.", "screen.back")
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._interview: MockInterview | None = None
        self._question: Question | None = None
        self._about = About()
        self._ticks = 0
        self._asking_guess = False

    def compose(self) -> ComposeResult:
        yield TopBar("Mock interview")
        with Vertical(id="asked"):
            yield Static("", id="where", markup=False)
            yield Static("Looking for an interview that was interrupted …", id="question", markup=False)
        yield Choices(id="choices")
        yield AnswerBox(placeholder="Answer as you would say it. No feedback until the end.", id="answer")
        with Horizontal(id="state"):
            yield Static("", id="saved", markup=False)
            yield Static("", id="clock", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(AnswerBox).display = False
        self.query_one(Choices).display = False
        self.query_one(AnswerBox).border_title = "Your answer"
        self._app.background.read(self, lambda session: session.mock.unfinished(), self._looked, self._stuck)
        self.set_interval(TICK, self._tick)

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    @property
    def _asked(self) -> bool:
        return self._interview is not None and self._interview.stage in (Stage.ASKING, Stage.REDO)

    def _say(self, question: str, where: str = "") -> None:
        self.query_one("#question", Static).update(question)
        self.query_one("#where", Static).update(where)

    def _stuck(self, problem: CoachError) -> None:
        self._say(f"⚠ {problem.message} {problem.hint}".strip(), "Your answers are kept. Esc goes back")

    # --- before -----------------------------------------------------------------------------------

    def _looked(self, found: MockInterview | None) -> None:
        if found is None or found.stage is Stage.READY:
            self._offer_lengths()
            return
        self._interview = found
        self._say("An interview was interrupted.", where(found, None))
        self._choose(("go", "Go on with it"), ("new", "Put it aside and start another"))

    def _offer_lengths(self) -> None:
        self._say("How long shall it be? No feedback until the end, then a report.", "Mock interview")
        self._choose(*length_rows(), ("about", f"About: {self._about.words} …"))
        self.query_one(Choices).highlighted = 2

    def _about_chosen(self, about: About | None) -> None:
        self._about = about or self._about
        self._offer_lengths()

    def _choose(self, *rows: tuple[str, str]) -> None:
        choices = self.query_one(Choices)
        choices.offer(rows)
        choices.display = True
        self.query_one(AnswerBox).display = False
        self.set_focus(choices)

    def on_option_list_option_selected(self, event: Choices.OptionSelected) -> None:
        chosen = str(event.option_id)
        self.query_one(Choices).display = False
        if chosen == "new":
            self._offer_lengths()
        elif chosen == "about":
            self.app.push_screen(AboutScreen(self._about), self._about_chosen)
        elif chosen == "go":
            self._event(lambda interview: interview.resume(self._now()))
        elif chosen == "again":
            self._event(lambda interview: interview.redo(self._now()))
        elif chosen == "report":
            self._event(lambda interview: interview.decline())
        else:
            self._start(*(int(part) for part in chosen.split("/")))

    def _start(self, count: int, minutes: int) -> None:
        self._say("Choosing the questions …")
        about = self._about

        def work(session: Session) -> MockInterview:
            from coach.session.mock import MockWish

            begun = session.mock.start(MockWish(count, minutes, about.sections, about.kinds))
            return session.mock.keep(begun.begin(session.practice.now()))

        self._app.background.write(self, work, self._took, self._stuck)

    # --- while it goes on -------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._app.session.practice.now()

    def _event(self, event: Callable[[MockInterview], MockInterview]) -> None:
        """Let something happen to the interview, keep it, and show where it stands then."""
        if self._interview is None:
            return
        self._took(event(self._interview))
        self._keep()

    def _keep(self) -> None:
        interview = self._interview
        if interview is None:
            return

        def kept(after: MockInterview) -> None:
            # Only what the disk knows better is taken over: the ids of answers that are in the history now.
            if self._interview is not None and self._interview.id == after.id:
                self._interview = with_ids(self._interview, after)
                if self._interview.stage is Stage.GRADING:
                    self._grade(self._interview)

        self._app.background.write(self, lambda session: session.mock.keep(interview), kept, self._not_kept)

    def _not_kept(self, problem: CoachError) -> None:
        self.query_one("#saved", Static).update(f"⚠ Not kept: {problem.message}")

    def _took(self, interview: MockInterview) -> None:
        """Show another state of the interview; a new question where there is one."""
        before, self._interview = self._interview, interview
        stage = interview.stage
        if stage is Stage.GRADING:
            self._say_grading(interview)
        elif stage is Stage.OFFER:
            self._say(*offer_words(interview))
            self._choose(("again", "Answer it once more"), ("report", "Show the report"))
        elif stage is Stage.FINISHED:
            self._report(interview)
        elif stage in (Stage.ASKING, Stage.REDO):
            moved = before is None or (before.at, before.stage) != (interview.at, stage) or self._question is None
            if moved:
                self._ask(interview)

    def _ask(self, interview: MockInterview) -> None:
        item = interview.current
        assert item is not None
        box = self.query_one(AnswerBox)
        box.put(item.text)
        box.display = True
        self.set_focus(box)
        self._question = None
        name = item.question_id
        self._app.background.read(self, lambda session: session.mock.question(name), self._question_came, latest="mock")

    def _question_came(self, question: Question | None) -> None:
        assert self._interview is not None
        self._question = question
        if question is None:
            self._event(lambda interview: interview.skip(self._now()))
            return
        self._say(question.text, where(self._interview, question))
        self._show_clock()

    def _tick(self) -> None:
        if not self._asked:
            return
        interview = cast(MockInterview, self._interview)
        now, text = self._now(), self.query_one(AnswerBox).text
        if interview.left_here(now) <= 0:
            at = interview.at
            # What stands in the box was typed in time: the clock was looked at half a second ago.
            self._event(lambda it: it.write(text, it.last_moment).tick(now))
            if self._asking_guess:
                self._asking_guess = False
                self.app.pop_screen()
            self.app.notify(f"Time is up for question {at + 1}: what you wrote is your answer.", markup=False)
            return
        after = interview.write(text, now)
        changed = after.current != interview.current
        self._interview = after
        self._ticks += 1
        if changed or self._ticks % KEPT_EVERY == 0:
            self._keep()
            self.query_one("#saved", Static).update("Kept.")
        self._show_clock()

    def _show_clock(self) -> None:
        if self._interview is not None:
            self.query_one("#clock", Static).update(clock_words(self._interview, self._now()))

    # --- keys -------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Handing in and ending need a question on the screen; a browser has no editor."""
        if action == "editor" and not can_edit(self.app):
            return False
        return self._asked if action in ("submit", "editor", "end") else True

    async def action_submit(self) -> None:
        """Ask for a guess, hand in, go on."""
        await settled(self.query_one(AnswerBox))
        if not self.query_one(AnswerBox).text.strip():
            self._event(lambda interview: interview.skip(self._now()))
            return
        self._asking_guess = True
        await self.app.push_screen(Confidence(), self._guessed)

    def _guessed(self, guess: float | None) -> None:
        self._asking_guess = False
        if guess is None or not self._asked:
            return
        text, sure = self.query_one(AnswerBox).text, guess if guess >= 0 else None
        self._event(lambda interview: interview.submit(text, sure, self._now()))

    def action_editor(self) -> None:
        """Write in one's own editor; the clock runs on."""
        from coach.tui.editor import edited

        box = self.query_one(AnswerBox)
        try:
            box.put(edited(self._app, box.text))
        except CoachError as problem:
            self._app.say_failed(problem)

    def action_end(self) -> None:
        """End the interview here."""
        text = self.query_one(AnswerBox).text
        self._event(lambda interview: interview.write(text, self._now()).stop(self._now()))

    def keep_draft(self) -> None:
        """Stop the clock and keep everything: the interview can be gone on with."""
        if self._asked:
            text = self.query_one(AnswerBox).text
            self._event(lambda interview: interview.write(text, self._now()).pause(self._now()))

    def action_back(self) -> None:
        """Leave; the clock stands still until one comes back."""
        running = self._asked
        self.keep_draft()
        self.app.pop_screen()
        if running:
            self.app.notify("The clock stands still. The interview goes on under m.", markup=False)
        self._app.practice_changed()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self.query_one("#saved", Static).update("")

    # --- after ------------------------------------------------------------------------------------

    def _say_grading(self, interview: MockInterview) -> None:
        self.query_one(AnswerBox).display = False
        self.query_one("#clock", Static).update("")
        last = interview.items[interview.at]
        late = "Time was up. " if last.ending is Ending.TIME_UP else ""
        self._say(f"{late}Grading your answers …", "Every answer is kept. Esc leaves; the grades wait for you.")

    def _grade(self, interview: MockInterview) -> None:
        """Grade once every answer is in the history: only then no answer can come into it twice."""
        self._app.background.read(
            self, lambda session: session.mock.graded(interview), self._took, self._stuck, models=True, latest="mock"
        )

    def _report(self, interview: MockInterview) -> None:
        from coach.tui.screens.report import ReportScreen

        self._app.practice_changed()
        self.app.switch_screen(ReportScreen(interview))
