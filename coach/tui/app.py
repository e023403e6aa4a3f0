"""The app: one factory for the command and for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App, SystemCommand
from textual.reactive import reactive
from textual.screen import Screen

from coach.text.pace import Pace
from coach.tui import keymap, screens, toolkit
from coach.tui.background import Background, settled
from coach.tui.messages import Failed, Noticed, Opened, PracticeChanged, Progressed, Warmed
from coach.tui.standing import standing
from coach.tui.themes import THEMES
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete

    from coach.errors import CoachError
    from coach.session import Session

T = TypeVar("T")

READY = "● ready"
LOADING = "◌ "

FIRST_FRAME = 0.5
"""Seconds after which the first frame is surely there."""

GONE = 1.0
"""Seconds after which a screen that was left is surely gone."""


class CoachApp(App[None]):
    """Holds the session, the background and the frame that all screens share."""

    TITLE = "coach"
    CSS_PATH = "coach.tcss"
    BINDINGS = keymap.bindings("app.")
    COMMAND_PALETTE_BINDING = "ctrl+p"
    NOTIFICATION_TIMEOUT = 6
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]

    standing: reactive[str] = reactive("", init=False)
    """Offline or online, and who grades."""
    warmth: reactive[str] = reactive(LOADING + "starting", init=False)
    """How far the models are."""

    def __init__(self, session: Session, keys: Mapping[str, str], notices: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.session = session
        """Read its settings and paths here; every use case goes through ``background``."""
        self.background = Background(session)
        self._pace = Pace()
        self.keys = dict(keys)
        """The user's own keys by action id."""
        self._notices = notices
        self._started = False
        self.fault: Exception | None = None
        """What ended the app, where that was a fault of ours."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = session.settings.theme
        self.set_keymap(self.keys)
        self.set_reactive(CoachApp.standing, standing(session))

    def get_default_screen(self) -> Screen[Any]:
        """The first screen is there with the first frame."""
        return screens.make("home")

    def on_mount(self) -> None:
        for text in self._notices:
            self.notify(text, markup=False)
        # After the first frame; the timer, since a screen that covers the first one at once keeps that from being told.
        self.call_after_refresh(self._start)
        self.set_timer(FIRST_FRAME, self._start)

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self.background.start(self)

    # --- what the background says ---------------------------------------------------------------

    def on_progressed(self, message: Progressed) -> None:
        if message.total and message.done >= message.total and self.background.is_warm:
            self.warmth = READY
            return
        how_far = f" {message.done}/{message.total}" if message.total else ""
        left = self._pace.left(message.what, message.done, message.total)
        self.warmth = f"{LOADING}{message.what}{how_far}{', ' if left else ''}{left}"

    def on_opened(self, message: Opened) -> None:
        self.practice_changed()

    def on_warmed(self, message: Warmed) -> None:
        self.warmth = READY

    def on_noticed(self, message: Noticed) -> None:
        self.notify(message.text, markup=False)

    def on_failed(self, message: Failed) -> None:
        self.say_failed(message.problem)

    def say_failed(self, problem: Exception, title: str = "That did not work") -> None:
        """Show what went wrong and the way on."""
        self.notify(str(problem), title=title, severity="error", timeout=12, markup=False)

    def watch_warmth(self) -> None:
        self._redraw_bars()

    def watch_standing(self) -> None:
        self._redraw_bars()

    def _redraw_bars(self) -> None:
        # Bars that watched the app themselves would be held by it after their screen is gone.
        for screen in self.screen_stack:
            for bar in screen.query(TopBar):
                bar.refresh()

    def practice_changed(self) -> None:
        """Let every screen that shows figures read them again, once what is being written is written."""

        def tell(_: None) -> None:
            for screen in self.screen_stack:
                screen.post_message(PracticeChanged())

        self.background.write(self, lambda session: None, tell)

    async def on_event(self, event: events.Event) -> None:
        """A key that the screen in front takes is dealt out to nobody else, and before any later one."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            takes = getattr(self.screen, "takes", None)
            if takes is not None and takes(event):
                return
        await super().on_event(event)

    # --- going about -----------------------------------------------------------------------------

    def push_screen(self, screen: Any, *arguments: Any, **options: Any) -> Any:
        return super().push_screen(self._fitted(screen), *arguments, **options)

    def pop_screen(self) -> AwaitComplete:
        self.set_timer(GONE, self._let_go)
        return super().pop_screen()

    def switch_screen(self, screen: Screen[Any] | str) -> AwaitComplete:
        self.set_timer(GONE, self._let_go)
        return super().switch_screen(self._fitted(screen))

    def _fitted(self, screen: T) -> T:
        """The screen, styled for this width from its first frame: found out later, each of its styles is worked out twice."""
        if isinstance(screen, Screen):
            names = dict(self.HORIZONTAL_BREAKPOINTS)
            screen.add_class(names[max(width for width in names if width <= self.size.width)], update=False)
        return screen

    def _let_go(self) -> None:
        toolkit.let_go(self)

    def action_show(self, name: str) -> None:
        """Open a screen over the present one."""
        self.push_screen(screens.make(name))

    async def action_home(self) -> None:
        """Back to the first screen, each screen on the way keeping what was typed."""
        await self._keep_drafts()
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.practice_changed()

    def action_keys(self) -> None:
        """Every key of this screen."""
        from coach.tui.screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen):
            self.push_screen(KeysScreen(self.screen))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of the screen in front, and the app's, for the palette."""
        for node in (screen, self):
            for _, binding in node._bindings:
                key = keymap.KEYS.get(binding.id or "")
                if key is not None and node.check_action(binding.action.partition("(")[0], ()) is not False:
                    yield SystemCommand(key.label, key.help, self._later(binding.action, screen))
        for name, label in (("library", "Library"), ("progress", "Progress"), ("settings", "Settings")):
            if screen.id != name:
                yield SystemCommand(f"Go to {label}", "", self._later(f"app.show('{name}')", screen))
        for theme in THEMES:
            yield SystemCommand(f"Theme: {theme.name}", "Colours", self._later(f"app.theme('{theme.name}')", screen))

    def _later(self, action: str, screen: Screen[Any]) -> Any:
        return lambda: self.call_later(self.run_action, action, screen)

    def action_theme(self, name: str) -> None:
        """Change the colours and keep the choice."""
        self.theme = name
        self.keep("theme", name)

    def keep(
        self,
        name: str,
        value: str,
        kept: Callable[[], None] | None = None,
        failed: Callable[[CoachError], None] | None = None,
    ) -> None:
        """Write a setting to the user's file and go by it from now on; says so where something stands above the file."""

        def write(session: Session) -> str:
            from coach.session import preferences

            above = preferences.keep(name, value, session.loaded, session.paths.config_file)
            preferences.renew(session)
            return above

        def done(above: str) -> None:
            if above:
                self.notify(f"Kept, but {above} stands above the file and wins.", markup=False)
            if kept is not None:
                kept()

        self.background.write(self, write, done, failed)

    # --- leaving ---------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Leave: drafts are written, nothing else is waited for."""
        await self._keep_drafts()
        self.background.leave()
        self.exit()

    async def _keep_drafts(self) -> None:
        if self.focused is not None:
            await settled(self.focused)
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                keep()

    def _handle_exception(self, error: Exception) -> None:
        self.fault = self.fault or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """A fault is told by whoever ran the app, in a sentence; ``--debug`` shows the rest."""
        self._exit_renderables.clear()


def make_app(session: Session, notices: Iterable[str] = ()) -> CoachApp:
    """The app over a session. Raises ConfigError where ``[keys]`` cannot be read; bad keys in it are said and passed over."""
    from coach.session import preferences

    keys, problems = keymap.checked(preferences.keys(session.paths.config_file))
    return CoachApp(session, keys, (*notices, *problems))
