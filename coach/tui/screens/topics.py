"""A deck or a section to practise."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from coach.catalogue.library import Library
    from coach.tui.app import CoachApp

Topic = tuple[str, str | None]
"""A deck's slug, and one of its sections or None for all of it."""


class TopicScreen(ModalScreen[Topic | None]):
    """Gives the topic, or None."""

    BINDINGS = [Binding("escape", "dismiss", "Cancel")]

    def __init__(self) -> None:
        super().__init__()
        self._topics: list[Topic] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall-list"):
            yield Static("Practise which topic?", classes="dialog-title", markup=False)
            yield OptionList()
            yield Static("↑ ↓ and Enter · Esc cancels", classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        cast("CoachApp", self.app).background.read(self, lambda session: session.library, self._library_came)

    def _library_came(self, library: Library) -> None:
        options: list[Option] = []
        for deck in library.decks:
            sections = list(dict.fromkeys(question.section for question in deck.questions))
            for section in (None, *[name for name in sections if name]):
                questions = [item for item in deck.questions if section in (None, item.section)]
                self._topics.append((deck.slug, section))
                name = f"  {section}" if section else deck.title
                options.append(
                    Option(Content.assemble((name, "" if section else "bold"), (f"  {len(questions)}", "$muted")))
                )
        menu = self.query_one(OptionList)
        menu.add_options(options)
        menu.highlighted = 0 if options else None
        menu.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._topics[event.option_index])
