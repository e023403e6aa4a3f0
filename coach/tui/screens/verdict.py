"""What became of an answer: points beside one's own words, and where to go from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from coach.domain import Grade, Question, Status
from coach.domain.practice import Attempt
from coach.errors import CoachError, UsageError
from coach.tui import keymap, slash
from coach.tui.rounds import Round
from coach.tui.verdict_rows import Row, changed_row, rows, ungraded
from coach.tui.widgets.ask_line import AskLine
from coach.tui.widgets.details import Details
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.own_answer import OwnAnswer
from coach.tui.widgets.point_list import PointList
from coach.tui.widgets.score_line import ScoreLine
from coach.tui.widgets.slash_list import SlashList
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.session import Session
    from coach.tui.app import CoachApp

_LETTERS = {key.action for name, key in keymap.KEYS.items() if name.startswith("verdict.")}
"""Actions on letters, which belong to the line below while one writes there."""


class VerdictScreen(Screen[None]):
    """Grades the attempt where that is still to be done, then shows the grade."""

    BINDINGS = keymap.bindings("verdict.", "screen.")
    AUTO_FOCUS = "#rows"

    def __init__(self, attempt: Attempt, round_: Round, before: Attempt | None = None) -> None:
        super().__init__()
        self._attempt = attempt
        self._round = round_
        self._before = before

    # --- what is shown ----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        place = f" · {self._round.place}" if self._round.place else ""
        yield TopBar(f"Verdict · {self._round.title}{place}")
        yield Static(self._attempt.question.text, id="question", markup=False)
        yield ScoreLine(self._attempt, self._before.grade if self._before else None)
        with Horizontal(id="judged"):
            yield PointList(id="rows")
            with Vertical(id="evidence"):
                yield OwnAnswer(self._attempt.answer, ())
                yield Details()
        yield AskLine(slash.JUDGED)
        yield SlashList(slash.JUDGED)
        yield KeyBar()

    def on_mount(self) -> None:
        if self._attempt.grade is None:
            self._grade("auto")
        else:
            self._show()

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    @property
    def question(self) -> Question:
        """The question answered."""
        return self._attempt.question

    def _grade(self, grader: str) -> None:
        attempt = self._attempt
        menu = self.query_one(PointList)
        menu.clear_options()
        menu.border_title = "Grading …"
        menu.loading = True
        self._app.background.read(
            self,
            lambda session: session.practice.graded(attempt, grader),
            self._graded,
            self._not_graded,
            models=True,
            latest="grade",
        )

    def _graded(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self.query_one(PointList).loading = False
        self._show()

    def _not_graded(self, problem: CoachError) -> None:
        menu = self.query_one(PointList)
        menu.loading = False
        self._show_rows((ungraded((("Why", problem.message), ("Way on", problem.hint or "Try again."))),))
        self.query_one(ScoreLine).show(self._attempt)
        menu.focus()

    def _show(self) -> None:
        grade = cast(Grade, self._attempt.grade)
        self.query_one(ScoreLine).show(self._attempt)
        found = rows(grade)
        if self._before is not None and self._before.grade is not None:
            found = (changed_row(self._before.grade, grade), *found)
        if grade.status is Status.UNGRADED:
            found = (ungraded(found[0].details),)
        self._show_rows(found)

    def _show_rows(self, found: tuple[Row, ...]) -> None:
        own = self.query_one(OwnAnswer)
        own.show(found)
        menu = self.query_one(PointList)
        menu.border_title = "Points"
        menu.show(found)
        self.refresh_bindings()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        row = self.query_one(PointList).row
        if row is not None:
            self.query_one(OwnAnswer).choose(row)
            self.query_one(Details).choose(row)

    # --- actions ----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """Only what the grade as it stands allows."""
        if isinstance(self.focused, Input) and action in _LETTERS:
            return False
        grade = self._attempt.grade
        graded = grade is not None and grade.status is Status.GRADED
        if action in ("again", "offline"):
            return not graded and not self.query_one(PointList).loading
        if action == "follow":
            return graded and bool(grade and grade.feedback.follow_up)
        if action in ("override", "explain"):
            return graded
        return True

    def action_again(self) -> None:
        """Grade it once more."""
        self._grade("auto")

    def action_offline(self) -> None:
        """Grade it with no model."""
        self._grade("offline")

    def action_next(self) -> None:
        """The next question of the round, or home after the last."""
        following = self._round.next()
        if following is None:
            self.app.notify("That was the last one. Well done.", markup=False)
            self.action_back()
            return
        from coach.tui.screens.practice import PracticeScreen

        self.app.switch_screen(PracticeScreen(following.title, following))

    def action_retry(self) -> None:
        """Answer again, with one's own words in the box."""
        from coach.tui.screens.practice import PracticeScreen

        self.app.switch_screen(PracticeScreen(self._round.title, self._round, retry=self._attempt))

    def action_reference(self) -> None:
        """The whole reference."""
        from coach.tui.screens.reference import ReferenceScreen

        self.app.push_screen(ReferenceScreen(self.question))

    def action_follow(self) -> None:
        """Answer the follow-up question."""
        from coach.tui.screens.talk import TalkScreen

        self.app.push_screen(TalkScreen(self.question, follow_up=self._attempt))

    def action_ask(self) -> None:
        """Go to the line below."""
        self.set_focus(self.query_one(AskLine))

    def action_command(self) -> None:
        """Begin a command in the line below."""
        line = self.query_one(AskLine)
        self.set_focus(line)
        line.value = "/"
        line.cursor_position = 1

    def action_explain(self) -> None:
        """Have the chosen point explained."""
        row = self.query_one(PointList).row
        grade = self._attempt.grade
        verdict = (
            next((item for item in grade.points if row is not None and item.point.id == row.name), None)
            if grade
            else None
        )
        if verdict is None:
            self.app.notify("Move to a point first.", markup=False)
            return
        self._talk_about("explain", f"Explain: {verdict.point.text}", point=verdict.point.id)

    def action_crisper(self) -> None:
        """One's answer, said more crisply."""
        self._talk_about("crisper", "My answer, said more crisply")

    def action_model_answer(self) -> None:
        """An answer as a strong candidate gives it."""
        self._talk_about("model", "An answer as a strong candidate gives it")

    def _talk_about(self, what: str, asked: str, point: str = "") -> None:
        from coach.tui.screens.talk import TalkScreen, Wanted

        self.app.push_screen(TalkScreen(self.question, wanted=Wanted(what, asked, point, self._attempt)))

    def action_override(self) -> None:
        """Set down one's own opinion."""
        from coach.tui.screens.override import OverrideScreen

        grade = self._attempt.grade
        self.app.push_screen(OverrideScreen(grade.score if grade else None), self._override)

    def _override(self, opinion: tuple[int, str] | None) -> None:
        if opinion is None:
            return
        name = self._attempt.id

        def write(session: Session) -> Attempt:
            session.practice.override(name, *opinion)
            return session.practice.attempt(name)

        self._app.background.write(self, write, self._overridden)

    def _overridden(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self.query_one(ScoreLine).show(attempt)
        self._app.practice_changed()

    def action_back(self) -> None:
        """From the line below to the points; from there to where one came from."""
        if isinstance(self.focused, Input):
            self.set_focus(self.query_one(PointList))
            return
        self.app.pop_screen()
        self._app.practice_changed()

    # --- the line below ---------------------------------------------------------------------------

    def takes(self, event: events.Key) -> bool:
        """Whoever just types talks to the coach: a letter that is no key of this screen begins the line below.

        At once, so that the letters after it find the line in focus, whatever they would start here.
        """
        letter = event.character or ""
        if not event.is_printable or not letter.strip() or isinstance(self.focused, Input):
            return False
        if not self.query(AskLine) or event.key in self.active_bindings:
            return False
        self.action_ask()
        self.query_one(AskLine).insert_text_at_cursor(letter)
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_one(SlashList).follow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            return
        name, rest = slash.split(text)
        command = next((item for item in slash.JUDGED if item.name == name), None)
        if name and command is None:
            self.app.notify(f"There is no /{name}.", severity="warning", markup=False)
            return
        event.input.clear()
        self.set_focus(self.query_one(PointList))
        if command is None or command.name == "ask":
            self.action_ask_text(rest)
        elif command.name == "override":
            self.action_override_text(rest)
        else:
            self.app.call_later(self.app.run_action, command.action, self)

    def action_ask_text(self, text: str) -> None:
        """Ask the coach about this question."""
        from coach.tui.screens.talk import TalkScreen

        self.app.push_screen(TalkScreen(self.question, text))

    def action_override_text(self, text: str) -> None:
        """``/override 70 it was a slip``."""
        score, _, note = text.partition(" ")
        if not score.isdecimal() or int(score) > 100:
            self._app.say_failed(
                UsageError("An override needs a score from 0 to 100.", "/override 70 why you think so")
            )
            return
        self._override((int(score), note.strip()))
