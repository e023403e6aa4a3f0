"""What a mock interview shall be about: kinds of question and sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

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


class AboutScreen(ModalScreen[About | None]):
    """Gives what was ticked, or None."""

    BINDINGS = [
        Binding("enter,ctrl+j,ctrl+s", "take", "Take it", priority=True),
        Binding("escape", "dismiss", "Cancel"),
    ]

    def __init__(self, about: About) -> None:
        super().__init__()
        self._about = about
        self._questions: tuple[Question, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall-list"):
            yield Static("What shall it be about? Nothing ticked: everything", classes="dialog-title", markup=False)
            yield SelectionList[tuple[str, str]]()
            yield Static("", id="fitting", markup=False)
            yield Static("Space ticks · Enter takes it · Esc cancels", classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        cast("CoachApp", self.app).background.read(self, lambda session: session.library, self._library_came)

    def _library_came(self, library: Library) -> None:
        self._questions = tuple(question for question in library.questions if question.reference)
        menu = self.query_one(SelectionList)
        kinds = [kind.value for kind in Kind if any(item.kind is kind for item in self._questions)]
        sections = list(dict.fromkeys(item.section for item in self._questions if item.section))
        for name in kinds:
            count = sum(item.kind.value == name for item in self._questions)
            menu.add_option(self._row("kind", name, count, name in self._about.kinds))
        for name in sections:
            count = sum(item.section == name for item in self._questions)
            menu.add_option(self._row("section", name, count, name in self._about.sections))
        menu.highlighted = 0 if self._questions else None
        menu.focus()
        self._count()

    def _row(self, what: str, name: str, count: int, ticked: bool) -> Selection[tuple[str, str]]:
        return Selection(
            Content.assemble((f"{what:<8}", "$muted"), name, (f"  {count}", "$muted")), (what, name), ticked
        )

    @property
    def _ticked(self) -> About:
        ticked: list[tuple[str, str]] = self.query_one(SelectionList).selected
        kinds, sections = (tuple(name for kind, name in ticked if kind == what) for what in ("kind", "section"))
        return About(kinds, sections)

    def on_selection_list_selected_changed(self, event: SelectionList.SelectedChanged[Any]) -> None:
        self._count()

    def _count(self) -> None:
        count = sum(map(self._ticked.fits, self._questions))
        self.query_one("#fitting", Static).update(
            f"{count} questions fit" if count else "⚠ No question fits: tick less"
        )

    def action_take(self) -> None:
        """Take what is ticked, unless nothing could be asked then."""
        if any(map(self._ticked.fits, self._questions)):
            self.dismiss(self._ticked)
