"""A question, and the box that it is answered in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from coach.domain import Kind, Question
from coach.domain.practice import Attempt, Circumstances, Origin
from coach.errors import CoachError
from coach.session.wording import MARKS
from coach.tui import keymap, slash
from coach.tui.background import settled
from coach.tui.editor import can_edit
from coach.tui.rounds import Round
from coach.tui.screens.drafting import DraftingScreen
from coach.tui.verdict_rows import open_points
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.confidence import Confidence
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.slash_list import SlashList
from coach.tui.widgets.stopwatch import Stopwatch
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.session import Session

Chooser = Callable[["Session"], Sequence[Question]]
"""Gives the questions of a round."""


class PracticeScreen(DraftingScreen):
    """Asks the questions of a round, one after the other."""

    BINDINGS = keymap.bindings("practice.", "screen.back")
    TYPES_INTO = "#answer"

    def __init__(
        self,
        title: str,
        choose: Chooser | Round,
        retry: Attempt | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._choose = choose
        self._round = choose if isinstance(choose, Round) else None
        self._retry = retry
        self._hints: list[str] = []
        self._reference_shown = retry is not None and retry.circumstances.reference_shown
        self._handing_in = False

    # --- what is shown --------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield TopBar(f"Practice · {self._title}")
        with Vertical(id="asked"):
            yield Static("", id="where", markup=False)
            yield Static("Choosing a question …", id="question", markup=False)
        with Horizontal(id="writing"):
            with Vertical(id="box"):
                yield AnswerBox(
                    tuple(command.name for command in self._commands),
                    placeholder="Write as you would say it. / for commands.",
                    id="answer",
                )
                yield SlashList(self._commands)
            with VerticalScroll(id="beside"):
                yield Static(id="beside-text")
        with Horizontal(id="state"):
            yield Static("", id="saved", markup=False)
            yield Stopwatch()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#beside").display = False
        self.query_one(AnswerBox).border_title = "Your answer"
        if self._round is not None:
            self._ask(self._round)
        else:
            choose = cast(Chooser, self._choose)
            self._app.background.read(self, lambda session: tuple(choose(session)), self._chosen, self._not_chosen)

    @property
    def _commands(self) -> tuple[slash.Slash, ...]:
        return slash.ANSWERING if can_edit(self.app) else slash.without_editor(slash.ANSWERING)

    def _chosen(self, questions: tuple[Question, ...]) -> None:
        if questions:
            self._round = Round(self._title, questions)
            self._ask(self._round)
        else:
            self.app.notify(f"{self._title}: nothing to ask just now. New questions are under n.", markup=False)
            self.action_back()

    def _not_chosen(self, problem: CoachError) -> None:
        self._app.say_failed(problem)
        self.query_one("#question", Static).update("No question could be chosen. Esc goes back.")

    def _ask(self, round_: Round) -> None:
        question = round_.question
        parts = (f"Question {question.number}", question.section or question.deck, question.kind.value, round_.place)
        self.query_one("#where", Static).update(" · ".join(part for part in parts if part))
        self.query_one("#question", Static).update(question.text)
        box = self.query_one(AnswerBox)
        box.tab_behavior = "indent" if question.kind is Kind.CODING else "focus"
        box.count()
        self.query_one(Stopwatch).go()
        if self._retry is not None:
            self._show_open_points()
        self.find_draft(question, self._retry.answer if self._retry else "")

    def _show_open_points(self) -> None:
        grade = self._retry.grade if self._retry else None
        if grade is None:
            return
        rows = [
            Content.assemble((f"{MARKS[verdict.outcome]} ", "bold"), verdict.point.text)
            for verdict in open_points(grade)
        ]
        self._show_beside("Still open", Content("\n").join(rows) if rows else Content("Nothing: make it crisper."))

    def _show_beside(self, title: str, content: Content) -> None:
        beside = self.query_one("#beside")
        beside.border_title = title
        beside.display = True
        self.query_one("#beside-text", Static).update(content)

    # --- the clock ----------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        if self._round is not None:
            self.query_one(Stopwatch).go()

    def on_screen_suspend(self) -> None:
        self.query_one(Stopwatch).stop()

    def is_draft(self, text: str) -> bool:
        """All but a command, and nothing any more once the answer is handed in."""
        return not self._handing_in and not slash.is_command(text, [command.name for command in self._commands])

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self.query_one(SlashList).follow(event.text_area.text)

    # --- actions ----------------------------------------------------------------------------------

    def on_answer_box_command(self, event: AnswerBox.Command) -> None:
        name, rest = slash.split(event.text)
        command = next(item for item in self._commands if item.name == name)
        if command.takes:
            self.action_ask_text(rest)
        else:
            self.app.call_later(self.app.run_action, command.action, self)

    async def action_submit(self) -> None:
        """Ask for a guess, then hand the answer in."""
        if self._round is None or self._handing_in:
            return
        await settled(self.query_one(AnswerBox))
        if not self.query_one(AnswerBox).text.strip():
            self.app.notify("Nothing to hand in yet. Even “I don't know” is an answer.", markup=False)
            return
        self.query_one(Stopwatch).stop()
        await self.app.push_screen(Confidence(), self._hand_in)

    def _hand_in(self, guess: float | None) -> None:
        if guess is None or self._round is None:
            return
        self._handing_in = True
        box = self.query_one(AnswerBox)
        box.read_only = True
        text, question = box.text, self._round.question
        circumstances = Circumstances(
            origin=Origin.APP,
            seconds=round(self.query_one(Stopwatch).seconds, 1),
            hints=len(self._hints),
            confidence=guess if guess >= 0 else None,
            reference_shown=self._reference_shown,
            retry_of=self._retry.id if self._retry else None,
        )

        def write(session: Session) -> Attempt:
            attempt = session.practice.submit(question, text, circumstances)
            session.practice.drop_draft(question.id)
            return attempt

        self._app.background.write(self, write, self._handed_in, self._not_handed_in)

    def _handed_in(self, attempt: Attempt) -> None:
        from coach.tui.screens.verdict import VerdictScreen

        assert self._round is not None
        self.app.switch_screen(VerdictScreen(attempt, self._round, self._retry))

    def _not_handed_in(self, problem: CoachError) -> None:
        self._handing_in = False
        self.query_one(AnswerBox).read_only = False
        self.query_one(Stopwatch).go()
        self._app.say_failed(problem, "Your answer is still here, but not handed in")

    def action_editor(self) -> None:
        """Write in one's own editor."""
        from coach.tui.editor import edited

        box = self.query_one(AnswerBox)
        try:
            text = edited(self._app, box.text)
        except CoachError as problem:
            self._app.say_failed(problem)
            return
        if text != box.text:
            box.put(text)
        box.count()

    def action_hint(self) -> None:
        """The next of three steps."""
        if self._round is None or len(self._hints) >= 3:
            return
        question, step = self._round.question, len(self._hints) + 1
        self._app.background.read(
            self, lambda session: session.coaching.hint(question, step), self._hint_came, models=True, latest="hint"
        )

    def _hint_came(self, hint: str) -> None:
        self._hints.append(hint)
        rows = [Content.assemble((f"{at}  ", "bold $accent"), text) for at, text in enumerate(self._hints, 1)]
        self._show_beside(f"Hints, {len(self._hints)} of 3", Content("\n").join(rows))

    def action_reference(self) -> None:
        """Show the reference; the attempt then says nothing about what one remembers."""
        from coach.tui.screens.reference import ReferenceScreen

        if self._round is not None:
            self._reference_shown = True
            self.app.push_screen(ReferenceScreen(self._round.question, before=True))

    def action_skip(self) -> None:
        """The next question of the round."""
        self.keep_draft()
        following = self._round.next() if self._round else None
        if following is None:
            self.action_back()
        else:
            self.app.switch_screen(PracticeScreen(self._title, following))

    def action_ask_text(self, text: str) -> None:
        """Ask the coach without leaving the answer."""
        from coach.tui.screens.talk import TalkScreen

        if self._round is not None:
            self.app.push_screen(TalkScreen(self._round.question, text))

    def action_back(self) -> None:
        """To where one came from."""
        self.keep_draft()
        self.app.pop_screen()
        self._app.practice_changed()

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """While an answer is handed in, nothing else happens to it; a browser has no editor."""
        if action == "editor" and not can_edit(self.app):
            return False
        return not (self._handing_in and action in ("submit", "editor", "hint", "reference", "skip"))
