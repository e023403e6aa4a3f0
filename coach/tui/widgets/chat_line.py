"""One turn of a conversation."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Markdown, Static
from textual.widgets.markdown import MarkdownStream


class ChatLine(Vertical):
    """Who speaks, and what: the candidate's words as they stand, the coach's as Markdown that may grow."""

    def __init__(self, who: str, text: str = "", own: bool = False) -> None:
        super().__init__(classes="own" if own else "coach")
        self._who = who
        self._text = text
        self._own = own
        self._stream: MarkdownStream | None = None

    def compose(self) -> ComposeResult:
        yield Static(self._who, classes="who", markup=False)
        if self._own:
            yield Static(self._text, classes="words", markup=False)
        else:
            yield Markdown(self._text, classes="words", open_links=False)

    async def more(self, piece: str) -> None:
        """Let the coach's words grow."""
        body = self.query_one(Markdown)
        if self._stream is None:
            self._stream = Markdown.get_stream(body)
        await self._stream.write(piece)

    async def end(self) -> None:
        """The words are complete."""
        if self._stream is not None:
            await self._stream.stop()
            self._stream = None

    async def put(self, markdown: str) -> None:
        """Replace the coach's words."""
        await self.end()
        await self.query_one(Markdown).update(markdown)

    def sign(self, who: str) -> None:
        """Say who it was that spoke."""
        self.query_one(".who", Static).update(Content(who))
