"""What can be chosen: who grades, when the interview is, how it looks; and where things are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from coach import config
from coach.errors import CoachError
from coach.tui import keymap
from coach.tui.standing import leaves, standing
from coach.tui.widgets.choice import Choice
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.setting_row import SettingRow
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.session import Session
    from coach.tui.app import CoachApp

CHOICES = {
    "grader": ("auto", "offline", "llm"),
    "theme": ("dark", "light", "terminal"),
}
"""Settings with a few values."""

GROUPS = (
    (
        "Grading",
        (("grader", "Grader"), ("llm_provider", "Provider"), ("llm_base_url", "Address"), ("llm_model", "Model")),
    ),
    ("Plan", (("interview", "Interview on"), ("retention", "Recall"))),
    ("Looks", (("theme", "Colours"),)),
)
"""Title, and the settings with their labels."""

SECRETS = (("llm_api_key", "OPENAI_API_KEY"),)


class SettingsScreen(Screen[None]):
    """Every change is kept in ``config.toml`` on Enter; keys are only ever shown as set or unset."""

    BINDINGS = keymap.bindings("settings.", "screen.")
    AUTO_FOCUS = "#grader"

    def compose(self) -> ComposeResult:
        session = self._app.session
        yield TopBar("Settings")
        with VerticalScroll(id="settings", can_focus=False):
            for title, rows in GROUPS:
                yield Static(title, classes="group", markup=False)
                for name, label in rows:
                    yield from self._row(session, name, label)
                if title == "Grading":
                    yield Static(self._keys(session), id="keys", classes="facts")
                    yield Static(leaves(session), id="leaves", classes="facts", markup=False)
                    yield Static("F5 tests the connection.", id="tested", classes="facts", markup=False)
            yield Static("Where things are", classes="group", markup=False)
            yield Static(self._places(session), classes="facts")
        yield KeyBar()

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    def _row(self, session: Session, name: str, label: str) -> ComposeResult:
        value = str(getattr(session.settings, name))
        source = session.loaded.sources.get(name, "default")
        above = source if source in ("flag", "environment") or source.endswith(".env") else ""
        words = f"from {above}" if above else config.doc(name)
        if name in CHOICES:
            yield SettingRow(label, Choice(CHOICES[name], value, id=name), words)
        else:
            yield SettingRow(label, Input(value, id=name, compact=True, placeholder="not set"), words)

    def _keys(self, session: Session) -> Content:
        states = [f"{config.env_name('llm_api_key')} {config.shown('llm_api_key', session.settings.llm_api_key)}"]
        states.append(f"OPENAI_API_KEY {'set' if os.environ.get('OPENAI_API_KEY') else 'unset'}")
        return Content.assemble(
            ("Keys  ", "bold"), ", ".join(states), ". They stand in your environment or .env, never here."
        )

    def _places(self, session: Session) -> Content:
        paths = session.paths
        rows = (
            ("settings", paths.config_file),
            ("history and rubrics", paths.data),
            ("documents", paths.corpora[0]),
            ("built-in documents", paths.builtin_corpus),
            ("index and models", paths.index),
        )
        return Content("\n").join([Content.assemble((f"{name:<20}", "$muted"), str(place)) for name, place in rows])

    # --- changing ---------------------------------------------------------------------------------

    def on_choice_changed(self, event: Choice.Changed) -> None:
        name, value = str(event.choice.id), event.choice.value
        if name == "theme":
            self.app.theme = value
        self._keep(name, value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._keep(str(event.input.id), event.value.strip())
        self.focus_next()

    def on_descendant_blur(self, event: Any) -> None:
        widget = event.widget
        if isinstance(widget, Input) and widget.id:
            value = widget.value.strip()
            if value != str(getattr(self._app.session.settings, widget.id)):
                self._keep(widget.id, value)

    def _keep(self, name: str, value: str) -> None:
        def failed(problem: CoachError) -> None:
            self._app.say_failed(problem, "Not kept")
            if name in CHOICES:
                self.query_one(f"#{name}", Choice).value = str(getattr(self._app.session.settings, name))

        self._app.keep(name, value, self._kept, failed)

    def _kept(self) -> None:
        session = self._app.session
        self._app.standing = standing(session)
        self.query_one("#leaves", Static).update(leaves(session))
        self._app.practice_changed()

    # --- the connection ---------------------------------------------------------------------------

    def action_test(self) -> None:
        """Connect to the model and say what was found."""
        self._say_tested("Connecting …")

        def work(session: Session) -> Content:
            from coach.tui.connection import tested

            return tested(session)

        def failed(problem: CoachError) -> None:
            self._say_tested(f"✗ {problem.message} {problem.hint}".strip())

        self._app.background.read(self, work, self._say_tested, failed, latest="test")

    def _say_tested(self, found: Content | str) -> None:
        self.query_one("#tested", Static).update(Content(found) if isinstance(found, str) else found)

    def action_back(self) -> None:
        """To where one came from; what was typed is kept first."""
        self.set_focus(None)
        self.app.pop_screen()
