"""A conversation with the coach: questions to it, its follow-ups, its explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from coach.domain import KeyPoint, Question
from coach.domain.practice import Attempt, Circumstances, Origin
from coach.errors import CoachError
from coach.tui import keymap
from coach.tui.sayings import GREETING, citations, outcome
from coach.tui.screens.typing import TypingScreen
from coach.tui.widgets.answer_box import AnswerBox
from coach.tui.widgets.chat_line import ChatLine
from coach.tui.widgets.key_bar import KeyBar
from coach.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from coach.coaching.asking import Answer
    from coach.coaching.conversation import Conversation
    from coach.coaching.told import Told
    from coach.session import Session
    from coach.tui.app import CoachApp


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that the coach is to tell at once."""

    what: str
    """``explain``, ``crisper`` or ``model``."""
    asked: str
    """How that reads as the candidate's request."""
    point: str = ""
    """Id of the key point to explain."""
    attempt: Attempt | None = None
    """What it is about."""


class TalkScreen(TypingScreen):
    """Turns on top, a box below. Enter sends, Ctrl+J starts a new line."""

    BINDINGS = keymap.bindings("talk.", "screen.back")
    TYPES_INTO = "#say"

    def __init__(
        self,
        question: Question | None,
        text: str = "",
        follow_up: Attempt | None = None,
        wanted: Wanted | None = None,
    ) -> None:
        super().__init__()
        self._question = question
        self._first = text
        self._follow_up = follow_up
        self._wanted = wanted
        self._probed: KeyPoint | None = None
        self._conversation: Conversation | None = None
        self._stop: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("Follow-up" if self._follow_up else "Ask the coach")
        if self._question is not None:
            yield Static(self._question.text, id="question", markup=False)
        yield VerticalScroll(id="talk", can_focus=False)
        yield AnswerBox(sends=True, placeholder="Enter sends · Ctrl+J new line · Esc goes back", id="say")
        yield KeyBar()

    def on_mount(self) -> None:
        self.call_later(self._begin)

    async def _begin(self) -> None:
        if self._follow_up is not None:
            await self._probe(self._follow_up)
        elif self._wanted is not None:
            wanted = self._wanted
            await self._say("You", wanted.asked, own=True)
            await self._tell(lambda session: _told(session, self._question, wanted))
        elif self._first:
            await self._ask(self._first)
        else:
            await self._say("Coach", GREETING)

    @property
    def _app(self) -> CoachApp:
        return cast("CoachApp", self.app)

    async def _say(self, who: str, text: str, own: bool = False) -> ChatLine:
        line = ChatLine(who, text, own)
        talk = self.query_one("#talk")
        await talk.mount(line)
        talk.scroll_end(animate=False)
        return line

    # --- asking -----------------------------------------------------------------------------------

    async def on_answer_box_sent(self, event: AnswerBox.Sent) -> None:
        await self._sent(event.text)

    async def action_send(self) -> None:
        """Send what stands in the box."""
        box = self.query_one(AnswerBox)
        text = box.text.strip()
        if text:
            box.put("")
            await self._sent(text)

    async def _sent(self, text: str) -> None:
        if self._probed is not None:
            await self._answer_probe(text, self._probed)
        else:
            await self._ask(text)

    async def _ask(self, text: str) -> None:
        await self._say("You", text, own=True)
        line = await self._say("Coach", "…")
        about = f"{text}\n(The interview question was: {self._question.text})" if self._question else text
        found: list[Answer] = []

        def pieces(session: Session) -> Iterator[str]:
            from coach.coaching.conversation import Conversation

            if self._conversation is None:
                self._conversation = Conversation()
            answer = session.coaching.ask(about, self._conversation)
            found.append(answer)
            yield from answer.pieces

        async def done(whole: str) -> None:
            answer = found[0]
            line.sign(f"Coach · {'offline: the best passages' if answer.by == 'passages' else answer.by}")
            await line.put("\n\n".join(part for part in (whole, citations(answer.citations, bool(whole))) if part))
            self._at_end()

        self._stream(line, pieces, done, text)

    async def _tell(self, tell: Callable[[Session], Told]) -> None:
        line = await self._say("Coach", "…")
        by: list[str] = []

        def pieces(session: Session) -> Iterator[str]:
            told = tell(session)
            by.append(told.by)
            yield from told.pieces

        async def done(whole: str) -> None:
            line.sign(f"Coach · {by[0]}")
            await line.put(whole)
            self._at_end()

        self._stream(line, pieces, done, "")

    def _stream(
        self, line: ChatLine, pieces: Callable[[Session], Iterator[str]], done: Callable[[str], object], typed: str
    ) -> None:
        """Let ``line`` grow; what was ``typed`` comes back into the box where that fails."""
        begun: list[bool] = []

        async def piece(part: str) -> None:
            if not begun:
                begun.append(True)
                await line.put("")
            await line.more(part)
            self._at_end()

        async def failed(problem: CoachError) -> None:
            await line.end()
            line.sign("Coach · ⚠ could not finish")
            message = f"⚠ {problem.message} {problem.hint}".strip()
            if begun:
                await self._say("Coach", message)
            else:
                await line.put(message)
            box = self.query_one(AnswerBox)
            if typed and not box.text.strip():
                box.put(typed)

        self._stop = self._app.background.stream(self, pieces, piece, done, failed)

    def _at_end(self) -> None:
        self.query_one("#talk").scroll_end(animate=False)

    # --- follow-ups -------------------------------------------------------------------------------

    async def _probe(self, attempt: Attempt) -> None:
        line = await self._say("Coach", "…")
        grade = attempt.grade
        assert grade is not None

        async def came(found: tuple[KeyPoint, str] | None) -> None:
            if found is None:
                await line.put("There is no gap left to ask about. Ask me anything instead.")
                return
            self._probed = found[0]
            await line.put(found[1])

        async def failed(problem: CoachError) -> None:
            await line.put(grade.feedback.follow_up or f"⚠ {problem}")

        self._app.background.read(
            self, lambda session: session.coaching.follow_up(grade, attempt.answer), came, failed, models=True
        )

    async def _answer_probe(self, text: str, point: KeyPoint) -> None:
        assert self._question is not None
        question = self._question
        await self._say("You", text, own=True)
        line = await self._say("Coach", "…")
        circumstances = Circumstances(origin=Origin.APP, point=point.id)
        self._probed = None

        async def graded(attempt: Attempt) -> None:
            await line.put(outcome(attempt))
            line.sign("Coach · graded on this point alone")
            self._at_end()
            self._app.practice_changed()

        async def failed(problem: CoachError) -> None:
            await line.put(f"⚠ {problem}")
            self._probed = point
            self.query_one(AnswerBox).put(text)

        self._app.background.read(
            self,
            lambda session: session.practice.answered(question, text, circumstances),
            graded,
            failed,
            models=True,
        )

    def action_back(self) -> None:
        """To where one came from; what the coach still says is not waited for."""
        if self._stop is not None:
            self._stop()
        self.app.pop_screen()


def _told(session: Session, question: Question | None, wanted: Wanted) -> Told:
    assert question is not None
    coaching = session.coaching
    if wanted.what == "explain":
        return coaching.explain(question, coaching.point(question, wanted.point))
    if wanted.what == "crisper":
        return coaching.crisper(question, wanted.attempt.answer if wanted.attempt else "")
    return coaching.model_answer(question, wanted.attempt.grade if wanted.attempt else None)
