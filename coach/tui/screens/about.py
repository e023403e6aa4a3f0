"""What a mock interview shall be about: kinds of question and sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coach.domain import Kind, Question

if TYPE_CHECKING:
    from coach.catalogue.library import Library
    from coach.tui.app import CoachApp


@dataclass(frozen=True, slots=True)
class About:
    """Kinds and sections that are wanted; none of either means all."""

    kinds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """``design, coding · System Design``, or ``everything``."""
        return " · ".join(", ".join(names) for names in (self.kinds, self.sections) if names) or "everything"

    def fits(self, question: Question) -> bool:
        """Whether a question may be asked."""
        return (
            bool(question.reference)
            and (not self.kinds or question.kind.value in self.kinds)
            and (not self.sections or question.section in self.sections)
        )


class Ticks(OptionList):
    """Space or a click ticks a row. Its keys are its own, so that they count in the order in which they were pressed."""

    BINDINGS = [Binding("space", "select", "Tick"), Binding("enter,ctrl+j,ctrl+s", "screen.take", "Take it")]


class AboutScreen(ModalScreen[About | None]):
    """Gives what was ticked, or None."""

    BINDINGS = [
        Binding("escape", "dismiss", "Cancel"),
    ]

    def __init__(self, about: About) -> None:
        super().__init__()
        self._ticked = {("kind", name) for name in about.kinds} | {("section", name) for name in about.sections}
        self._rows: list[tuple[str, str]] = []
        self._questions: tuple[Question, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall-list"):
            yield Static("What shall it be about? Nothing ticked: everything", classes="dialog-title", markup=False)
            yield Ticks()
            yield Static("", id="fitting", markup=False)
            yield Static("Space ticks · Enter takes it · Esc cancels", classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        cast("CoachApp", self.app).background.read(self, lambda session: session.library, self._library_came)

    def _library_came(self, library: Library) -> None:
        self._questions = tuple(question for question in library.questions if question.reference)
        kinds = [kind.value for kind in Kind if any(item.kind is kind for item in self._questions)]
        sections = list(dict.fromkeys(item.section for item in self._questions if item.section))
        self._rows = [*(("kind", name) for name in kinds), *(("section", name) for name in sections)]
        menu = self.query_one(Ticks)
        menu.add_options([Option(self._line(row)) for row in self._rows])
        menu.highlighted = 0 if self._rows else None
        menu.focus()
        self._count()

    def _line(self, row: tuple[str, str]) -> Content:
        what, name = row
        count = sum(name == (item.kind.value if what == "kind" else item.section) for item in self._questions)
        mark = "[x]" if row in self._ticked else "[ ]"
        return Content.assemble((f"{mark} ", "bold"), (f"{what:<8}", "$muted"), name, (f"  {count}", "$muted"))

    @property
    def _wanted(self) -> About:
        kinds, sections = (
            tuple(name for kind, name in self._rows if kind == what and (kind, name) in self._ticked)
            for what in ("kind", "section")
        )
        return About(kinds, sections)

    def _count(self) -> None:
        count = sum(map(self._wanted.fits, self._questions))
        self.query_one("#fitting", Static).update(
            f"{count} questions fit" if count else "⚠ No question fits: tick other rows"
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tick the row, or take its tick away."""
        row = self._rows[event.option_index]
        self._ticked ^= {row}
        event.option_list.replace_option_prompt_at_index(event.option_index, self._line(row))
        self._count()

    def action_take(self) -> None:
        """Take what is ticked, unless nothing could be asked then."""
        if any(map(self._wanted.fits, self._questions)):
            self.dismiss(self._wanted)
