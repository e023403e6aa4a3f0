"""The first screen: what is due, where one stands, one key to start each."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coach.tui import keymap
from coach.tui.figures import Figures, figures
from coach.tui.messages import PracticeChanged
from coach.tui.rounds import Round
from coach.tui.standing import leaves
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.stand import stand
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.domain.plans import Wish
    from coach.domain.practice import Attempt
    from coach.tui.app import CoachApp

STARTS = (
    ("due", "Due", "about to fade"),
    ("weak", "Weak spots", "lost points"),
    ("new", "New questions", "not answered yet"),
    ("topic", "A topic …", "deck, section"),
    ("one", "One question …", "search for it"),
    ("mock", "Mock interview", "with a clock"),
    ("ask", "Ask the coach", "any question"),
)
"""Binding id after ``home.``, name and a few words."""

A_ROUND = 5
"""Questions in a round without another wish."""


class HomeScreen(Screen[None]):
    """Where the app starts and comes back to."""

    BINDINGS = keymap.bindings("home.", "screen.keys")
    AUTO_FOCUS = "#menu"

    def __init__(self) -> None:
        super().__init__()
        self._figures: Figures | None = None
        self._moved = False

    def compose(self) -> ComposeResult:
        yield TopBar("Home")
        with Horizontal(id="home"):
            with Vertical(id="start"):
                yield OptionList(*self._options({}), id="menu")
            with VerticalScroll(id="stand", can_focus=False):
                yield Static(self._welcome(), id="stand-text")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#menu").border_title = "Start"
        self.query_one("#stand").border_title = "Welcome"

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    def _options(self, counts: dict[str, str]) -> list[Option]:
        return [
            Option(
                Content.assemble(
                    (f" {keymap.shown(f'home.{name}', self._app.keys)} ", "bold $accent"),
                    f" {title:<16}",
                    (counts.get(name, words), "$muted"),
                ),
                id=name,
            )
            for name, title, words in STARTS
        ]

    def _welcome(self) -> Content:
        return Content("\n\n").join(
            [
                Content("coach asks engineering interview questions and grades your answers, point by point."),
                Content("It works as it is: no key, no network. The grader runs on this machine."),
                Content(leaves(self._app.session)),
            ]
        )

    # --- where one stands -------------------------------------------------------------------------

    def on_practice_changed(self, message: PracticeChanged) -> None:
        self._app.background.read(self, figures, self._figures_came, latest="figures")

    def _figures_came(self, figures: Figures) -> None:
        self._figures = figures
        found = figures.overview
        plan = found.plan
        counts = {
            "due": f"{plan.due} due" if plan.due else "nothing due",
            "weak": f"{len(found.weakest)} points missed" if found.weakest else "no point missed",
            "new": f"{found.questions - found.seen} of {found.questions}",
        }
        menu = self.query_one("#menu", OptionList)
        for at, option in enumerate(self._options(counts)):
            menu.replace_option_prompt_at_index(at, option.prompt)
        box = self.query_one("#stand")
        if found.attempts or figures.drafts:
            box.border_title = "Where you stand"
            self.query_one("#stand-text", Static).update(stand(figures, self._app.keys))
        if not self._moved:
            # The first choice is what there is to do.
            menu.highlighted = 0 if plan.due or not found.questions > found.seen else 2
        self.refresh_bindings()

    # --- starting ---------------------------------------------------------------------------------

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_start(str(event.option_id))

    def on_key(self) -> None:
        self._moved = True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Going on is offered where something was left lying."""
        if action == "grade":
            return bool(self._figures and self._figures.waiting)
        if action == "resume":
            return bool(self._figures and self._figures.drafts)
        return True

    def action_grade(self) -> None:
        """Grade the newest answer that waits for it."""
        assert self._figures is not None
        name = self._figures.waiting[0].id
        self._app.background.read(self, lambda session: session.practice.attempt(name), self._judge)

    def _judge(self, attempt: Attempt) -> None:
        from coach.tui.screens.verdict import VerdictScreen

        self.app.push_screen(VerdictScreen(attempt, Round("Left lying", (attempt.question,))))

    def action_resume(self) -> None:
        """Go on with the newest draft."""
        from coach.tui.screens.practice import PracticeScreen

        assert self._figures is not None
        self.app.push_screen(PracticeScreen("Draft", Round("Draft", (self._figures.drafts[0][1],))))

    def action_open(self) -> None:
        """Begin what is chosen in the list."""
        menu = self.query_one("#menu", OptionList)
        if menu.highlighted is not None:
            self.action_start(str(menu.get_option_at_index(menu.highlighted).id))

    def action_start(self, what: str) -> None:
        """Begin one of ``STARTS``."""
        from coach.domain.plans import Wish

        if what == "due":
            self._practise("Due", Wish(due=True))
        elif what == "weak":
            self._practise("Weak spots", Wish(weak=True))
        elif what == "new":
            self._practise("New", Wish(new=True))
        elif what == "topic":
            from coach.tui.screens.topics import TopicScreen

            self.app.push_screen(TopicScreen(), self._topic_chosen)
        elif what == "one":
            self._app.action_show("library")
        elif what == "mock":
            self._app.action_show("mock")
        else:
            from coach.tui.screens.talk import TalkScreen

            self.app.push_screen(TalkScreen(None))

    def _topic_chosen(self, topic: tuple[str, str | None] | None) -> None:
        from coach.domain.plans import Wish

        if topic is not None:
            deck, section = topic
            self._practise(section or deck, Wish(deck=deck, section=section))

    def _practise(self, title: str, wish: Wish) -> None:
        from coach.tui.screens.practice import PracticeScreen

        self.app.push_screen(PracticeScreen(title, lambda session: session.practice.next_questions(wish, A_ROUND)))
