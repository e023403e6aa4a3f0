"""Bringing in a document: first what was recognised, then the import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from coach.domain import Document
from coach.errors import CoachError

if TYPE_CHECKING:
    from coach.session import Session
    from coach.session.documents import Imported
    from coach.tui.app import CoachApp

SHOWN = 8
"""Questions and left-over pieces shown of each document."""


class ImportScreen(ModalScreen[bool]):
    """Gives whether anything was imported."""

    BINDINGS = [Binding("escape", "close", "Close")]

    def __init__(self) -> None:
        super().__init__()
        self._seen: tuple[str, str] | None = None
        self._changed = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide tall-list"):
            yield Static("Which document? A file or a folder", classes="dialog-title", markup=False)
            yield Input(placeholder="~/notes/interview.md", id="path")
            yield Static("Deck (empty: the file's name)", markup=False)
            yield Input(id="deck")
            with VerticalScroll(id="recognised"):
                yield Static(id="recognised-text")
            yield Static(
                "Enter shows what is recognised; nothing is changed yet · Esc closes",
                id="import-foot",
                classes="dialog-foot",
                markup=False,
            )

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    def _wanted(self) -> tuple[str, str]:
        return self.query_one("#path", Input).value.strip(), self.query_one("#deck", Input).value.strip()

    def on_input_changed(self) -> None:
        if self._seen is not None and self._seen != self._wanted():
            self._seen = None
            self._say("Enter shows what is recognised; nothing is changed yet · Esc closes")

    def on_input_submitted(self) -> None:
        path, deck = self._wanted()
        if not path:
            return
        if self._seen == (path, deck):
            self._import(path, deck)
        else:
            self._look(path, deck)

    def _look(self, path: str, deck: str) -> None:
        self._say("Reading …")
        self._app.background.read(
            self,
            lambda session: session.parse([Path(path).expanduser()], deck or None),
            lambda documents: self._recognised((path, deck), documents),
            self._failed,
            latest="import",
        )

    def _recognised(self, wanted: tuple[str, str], documents: list[Document]) -> None:
        self._seen = wanted
        self.query_one("#recognised-text", Static).update(
            Content("\n\n").join([recognised(item) for item in documents])
        )
        self._say("Enter again imports it · Esc closes")

    def _import(self, path: str, deck: str) -> None:
        self._say("Importing …")

        def write(session: Session) -> list[Imported]:
            return session.import_documents([Path(path).expanduser()], deck or None)

        self._app.background.write(self, write, self._imported, self._failed)

    def _imported(self, done: list[Imported]) -> None:
        self._changed = True
        self._seen = None
        lines = []
        for item in done:
            change = item.changes
            count = len(item.document.questions)
            state = "was here already" if item.already else f"{change.added} new, {change.kept} known"
            lines.append(f"✓ {item.document.title}: {count} questions, {state}.")
        self.query_one("#recognised-text", Static).update(Content("\n".join(lines)))
        self._say("Imported. The search index follows in the background · Esc closes")
        self._app.background.read(self._app, lambda session: session.index(), lambda _: self._indexed(), models=True)
        self._app.practice_changed()

    def _indexed(self) -> None:
        self._app.warmth = "● ready"

    def _failed(self, problem: CoachError) -> None:
        self._seen = None
        self._say(f"⚠ {problem.message} {problem.hint}".strip())

    def _say(self, text: str) -> None:
        self.query_one("#import-foot", Static).update(text)

    def action_close(self) -> None:
        """Back to the library."""
        self.dismiss(self._changed)


def recognised(document: Document) -> Content:
    """What was made of a document, and what was not."""
    questions = document.questions
    without = sum(not question.has_answer for question in questions)
    sections = list(dict.fromkeys(question.section for question in questions if question.section))
    parts = [
        Content.assemble((document.title, "bold"), f"  → deck {document.deck}"),
        Content(
            f"{len(questions)} questions"
            + (f" in {len(sections)} sections" if sections else "")
            + (f", ⚠ {without} without an answer" if without else "")
            + (f", ⚠ {len(document.orphans)} pieces belong to no question" if document.orphans else "")
        ),
    ]
    parts += [Content(f"  {question.printed or '·'}  {question.text}") for question in questions[:SHOWN]]
    if len(questions) > SHOWN:
        parts.append(Content.styled(f"  … and {len(questions) - SHOWN} more", "$muted"))
    parts += [Content(f"⚠ line {left.line}: {' '.join(left.text.split())[:90]}") for left in document.orphans[:SHOWN]]
    parts += [Content.styled(f"note: {note}", "$muted") for note in document.notes[:SHOWN]]
    return Content("\n").join(parts)
