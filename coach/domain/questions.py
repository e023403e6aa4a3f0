"""Documents, questions and decks, and the passages that a search finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a question wants to be answered, and so how it is graded."""

    CONCEPT = "concept"
    DESIGN = "design"
    CODING = "coding"
    BEHAVIOURAL = "behavioural"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of some text."""

    start: int
    """First code point."""
    end: int
    """One past the last; ``end >= start``."""

    def of(self, text: str) -> str:
        """The words that the span covers in ``text``."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question as a document prints it, before it has a number or an id."""

    text: str
    """The whole question in one line of plain text; never empty."""
    answer: str
    """The reference answer as clean Markdown, code fences kept; empty where the document has none."""
    line: int
    """1-based line of the question in the source file."""
    section: str | None = None
    """The heading it stands under."""
    printed: str | None = None
    """The number as printed (``"9"``, ``"17a"``); None for unnumbered questions."""
    kind: Kind | None = None
    """Set only where a side file or front matter says so; otherwise the catalogue decides."""
    material: str = ""
    """What belongs to the question beyond its line, as clean Markdown: code to read, options to choose from."""
    doubt: str = ""
    """Why somebody should look at it, in a few words; empty for most."""

    @property
    def has_answer(self) -> bool:
        """Whether there is a reference to grade by."""
        return bool(self.answer)


@dataclass(frozen=True, slots=True)
class Orphan:
    """Text that belongs to no question (the tail of an answer whose question is missing, say)."""

    text: str
    """As clean Markdown."""
    line: int
    """1-based line where it starts."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as the importer understood it."""

    title: str
    """What a person calls it."""
    deck: str
    """The name its questions go by: a slug (lower case, digits and dashes)."""
    source: str
    """The file's name, without its folder."""
    questions: tuple[ParsedQuestion, ...]
    """In the document's own order."""
    orphans: tuple[Orphan, ...] = ()
    """What was left over, kept so that nothing is lost."""
    notes: tuple[str, ...] = ()
    """Doubts worth showing: fences mended, placeholders skipped."""
    pattern: tuple[str, ...] = ()
    """By which marks its questions were recognised, the commonest first; empty for formats with fields of their own."""
    levels: tuple[int, ...] = ()
    """The heading levels of its sections, ascending."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the catalogue."""

    id: str
    """Stable over re-imports; made when the question was first seen."""
    number: int
    """Counts through the whole corpus from 1, append-only."""
    deck: str
    """The deck's slug."""
    place: int
    """1-based place in its deck when it was first seen."""
    kind: Kind
    """Decides how answers are graded."""
    text: str
    """One line of plain text."""
    reference: str
    """The reference answer as clean Markdown; empty where there is none."""
    section: str | None = None
    """The heading it stands under."""
    printed: str | None = None
    """The number as the document prints it."""
    line: int = 0
    """1-based line in the source document."""
    material: str = ""
    """What belongs to the question beyond its text, as clean Markdown: code to read, options to choose from."""


@dataclass(frozen=True, slots=True)
class Deck:
    """A document's questions under one name."""

    slug: str
    """How the command line names it."""
    title: str
    """What a person calls it."""
    source: str
    """The file's name."""
    builtin: bool
    """Whether it ships with coach."""
    questions: tuple[Question, ...]
    """Ordered by number."""
    orphans: tuple[Orphan, ...] = ()
    """Left-over text, kept."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a reference answer, small enough for the embedding model."""

    id: str
    """Content hash over text, context and question id; equal content has an equal id."""
    question_id: str
    """Whose reference it is cut from."""
    text: str
    """As shown to a person: Markdown."""
    context: str
    """The heading path above it inside the answer; empty at the top."""
    span: Span
    """Where it stands in the reference."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that a search found."""

    question: Question
    """Whose reference it is from."""
    text: str
    """The excerpt, Markdown."""
    section: str | None
    """The question's section."""
    score: float
    """0 to 1, comparable within one search only."""
