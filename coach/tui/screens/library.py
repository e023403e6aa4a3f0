"""Decks, sections and questions: search as you type, preview, start from here, bring in documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from coach.domain import Passage, Question
from coach.errors import CoachError
from coach.tui import keymap
from coach.tui.messages import PracticeChanged
from coach.tui.rounds import Round
from coach.tui.screens.typing import TypingScreen
from coach.tui.shelf import Shelf, Shelved, due_words, filled, found
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.session import Session
    from coach.tui.app import CoachApp

MEANING_PAUSE = 0.25
"""Seconds without a key before the search by meaning starts."""

MEANT = 8
"""Questions found by meaning at most."""


class LibraryScreen(TypingScreen):
    """The questions, and what one can do with them."""

    BINDINGS = keymap.bindings("library.", "screen.")
    TYPES_INTO = "#search"

    def __init__(self) -> None:
        super().__init__()
        self._shelf: Shelf | None = None
        self._meant: list[Question] = []
        self._listed: list[Shelved] = []
        self._rubric_text: tuple[str, str] | None = None
        self._starts = False
        self._listed_for = ""
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("Library")
        yield Input(placeholder="Search: words, a number, or what it is about", id="search", compact=True)
        with Container(id="shelves"):
            yield OptionList(id="questions")
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="preview-text")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#questions").border_title = "Questions"
        self._load()

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    def on_practice_changed(self, message: PracticeChanged) -> None:
        self._load()

    def _load(self) -> None:
        self._app.background.read(self, filled, self._loaded, latest="shelf")

    def _loaded(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._list()
        if self._starts:
            self._starts = False
            self.action_start()

    # --- searching --------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        self._meant = []
        self._list()
        if self._pause is not None:
            self._pause.stop()
        if len(event.value.strip()) >= 3:
            self._pause = self.set_timer(MEANING_PAUSE, self._search_meaning)

    def _search_meaning(self) -> None:
        text = self.query_one("#search", Input).value.strip()

        def work(session: Session) -> list[Passage]:
            return session.search(text, MEANT)

        def done(passages: list[Passage]) -> None:
            if self.query_one("#search", Input).value.strip() == text:
                self._meant = [passage.question for passage in passages]
                self._list()

        self._app.background.read(self, work, done, self._no_meaning, models=True, latest="meaning")

    def _no_meaning(self, problem: CoachError) -> None:
        self.query_one("#questions").border_subtitle = f"by words only: {problem.message}"

    def _list(self) -> None:
        """Show what fits the search: by words first, then by meaning."""
        if self._shelf is None:
            return
        menu = self.query_one("#questions", OptionList)
        kept = self._chosen
        text = self._listed_for = self.query_one("#search", Input).value
        hits = found(self._shelf.rows, text)
        by_id = {row.question.id: row for row in self._shelf.rows}
        near = [by_id[item.id] for item in self._meant if item.id in by_id and by_id[item.id] not in hits]
        self._listed = [*hits, *near]
        options: list[Option] = []
        heading: tuple[str, str | None] | None = None
        for row in hits:
            place = (row.question.deck, row.question.section)
            if place != heading and not text.strip().isdecimal():
                heading = place
                title = self._shelf.titles.get(place[0], place[0])
                options.append(_heading(" · ".join(part for part in (title, place[1]) if part)))
            options.append(self._option(row))
        if near:
            options.append(_heading("By meaning"))
            options += [self._option(row) for row in near]
        menu.clear_options()
        menu.add_options(options)
        menu.border_subtitle = f"{len(self._listed)} of {len(self._shelf.rows)}"
        if self._listed:
            wanted = kept.question.id if kept and kept in self._listed else self._listed[0].question.id
            menu.highlighted = menu.get_option_index(wanted)
        else:
            self.query_one("#preview-text", Static).update(
                "Nothing found by words. Searching by meaning …" if text else ""
            )

    def _option(self, row: Shelved) -> Option:
        assert self._shelf is not None
        score = f"{row.last:>3}" if row.last is not None else "  ·"
        due = due_words(row.due, self._shelf.today)
        return Option(
            Content.assemble(
                (f"{row.question.number:>4} ", "$accent"),
                (f"{score} ", "bold"),
                (f"{due:<7}", "$muted"),
                row.question.text,
            ),
            id=row.question.id,
        )

    @property
    def _chosen(self) -> Shelved | None:
        menu = self.query_one("#questions", OptionList)
        if menu.highlighted is None or menu.highlighted >= menu.option_count:
            return None
        name = menu.get_option_at_index(menu.highlighted).id
        return next((row for row in self._listed if row.question.id == name), None)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        row = self._chosen
        if row is not None:
            self._preview(row)

    def _preview(self, row: Shelved) -> None:
        assert self._shelf is not None
        question = row.question
        answered = f"Answered {row.times}×, last score {row.last}." if row.last is not None else "Never graded."
        due = due_words(row.due, self._shelf.today)
        lines = [
            Content.styled(question.text, "bold"),
            Content.styled(
                " · ".join(
                    part
                    for part in (f"Question {question.number}", question.section, question.kind.value, question.deck)
                    if part
                ),
                "$muted",
            ),
            Content(answered + (f" Comes up again: {'today' if due == 'due' else due}." if due else "")),
        ]
        if not question.reference:
            lines.append(Content("⚠ The document gives no answer, so nothing can be graded."))
        self.query_one("#preview-text", Static).update(Content("\n\n").join(lines))

    # --- keys -------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """From the search line the arrows move through the list."""
        if isinstance(self.focused, Input) and event.key in ("down", "up", "pagedown", "pageup"):
            event.stop()
            self.query_one("#questions").focus()
            if event.key == "down" and self.query_one("#search", Input).value == "":
                return

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.action_start()

    def entered_early(self) -> None:
        """Enter before the line had the focus starts, too."""
        self.action_start()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_start()

    def action_search(self) -> None:
        """To the search line."""
        self.query_one("#search").focus()

    def action_start(self) -> None:
        """Answer the chosen question, and go on through what is listed."""
        if self._listed_for != self.query_one("#search", Input).value:
            self._list()
        row = self._chosen
        if row is None:
            # Asked for before there was anything to choose from: it is done as soon as there is.
            self._starts = self._shelf is None
            return
        from coach.tui.screens.practice import PracticeScreen

        at = self._listed.index(row)
        questions = tuple(item.question for item in self._listed[at:])
        self.app.push_screen(PracticeScreen("Library", Round("Library", questions)))

    def action_reference(self) -> None:
        """The whole reference of the chosen question."""
        from coach.tui.screens.reference import ReferenceScreen

        if self._chosen is not None:
            self.app.push_screen(ReferenceScreen(self._chosen.question))

    def action_back(self) -> None:
        """From the search line to the list, from there to where one came from."""
        line = self.query_one("#search", Input)
        if self.focused is line and line.value:
            line.value = ""
            return
        self.app.pop_screen()

    def action_import(self) -> None:
        """Bring in a document."""
        from coach.tui.screens.importing import ImportScreen

        self.app.push_screen(ImportScreen(), lambda changed: self._load() if changed else None)

    def action_rubric(self) -> None:
        """Edit what the chosen question is graded by."""
        row = self._chosen
        if row is None:
            return
        question = row.question

        def work(session: Session) -> str:
            from coach.catalogue import rubrics

            return rubrics.as_toml(session.rubric(question), question)

        if self._rubric_text is not None and self._rubric_text[0] == question.id:
            self._edit_rubric(question, self._rubric_text[1])
        else:
            self._app.background.read(self, work, lambda text: self._edit_rubric(question, text))

    def _edit_rubric(self, question: Question, text: str) -> None:
        from coach.tui.editor import edited, has_editor
        from coach.tui.screens.writing import WritingScreen

        if not has_editor(self.app):
            title = f"What question {question.number} is graded by"
            self.app.push_screen(WritingScreen(title, text), lambda changed: self._keep_rubric(question, text, changed))
            return
        try:
            self._keep_rubric(question, text, edited(self._app, text, ".toml"))
        except CoachError as problem:
            self._app.say_failed(problem)

    def _keep_rubric(self, question: Question, text: str, changed: str | None) -> None:
        if changed is None or (changed == text and self._rubric_text is None):
            self.app.notify("The rubric was left as it is.", markup=False)
            return

        def write(session: Session) -> None:
            from coach.catalogue import rubrics

            rubrics.save_overlay(question, session.paths, changed)

        def refused(problem: CoachError) -> None:
            self._rubric_text = (question.id, changed)
            self._app.say_failed(problem, "Not kept. Press the key again to mend it: your text is still there")

        def kept(_: None) -> None:
            self._rubric_text = None
            self.app.notify("Your rubric is kept and grades from now on.", markup=False)

        self._app.background.write(self, write, kept, refused)


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "bold $muted"), disabled=True)
