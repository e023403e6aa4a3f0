"""What coach is made of: plain, frozen data. Standard library only, no behaviour beyond small look-ups.

Offsets are Unicode code points, half open, into the text that the field names.
"""

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


class Importance(StrEnum):
    """What leaving a key point out means."""

    MUST = "must"
    SHOULD = "should"
    BONUS = "bonus"


class Outcome(StrEnum):
    """What became of one key point in one answer."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSING = "missing"
    CONTRADICTED = "contradicted"


class Status(StrEnum):
    """Whether there is a grade at all. ``UNGRADED`` is never a number."""

    GRADED = "graded"
    UNGRADED = "ungraded"


class Band(StrEnum):
    """A score in words."""

    EXCELLENT = "excellent"
    STRONG = "strong"
    ACCEPTABLE = "acceptable"
    WEAK = "weak"
    POOR = "poor"
    NONE = "none"


class Flag(StrEnum):
    """What the guards noticed about an answer."""

    PROMPT_INJECTION = "prompt_injection"
    KEYWORD_STUFFING = "keyword_stuffing"
    QUESTION_ECHO = "question_echo"
    REPETITION = "repetition"
    GIBBERISH = "gibberish"
    NON_ANSWER = "non_answer"
    PASTED_REFERENCE = "pasted_reference"
    OFF_TOPIC = "off_topic"
    TRUNCATED = "truncated"


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


# --- documents and questions ------------------------------------------------------------------


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


# --- rubrics ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Misconception:
    """A false claim that candidates make about one key point."""

    text: str
    """As a candidate would say it."""
    why: str = ""
    """What is true instead, addressed to the candidate; empty in derived rubrics."""


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One thing that a good answer says."""

    id: str
    """Unique within its rubric, stable while its text is."""
    text: str
    """The point as one statement."""
    importance: Importance
    """What it counts for."""
    weight: float
    """Share in the score before normalising; > 0."""
    right: tuple[str, ...] = ()
    """Other right ways to say it."""
    misconceptions: tuple[Misconception, ...] = ()
    """Common false claims on this very point."""
    probe: str = ""
    """A question that asks for the point without giving it away."""
    reference: Span | None = None
    """Where the reference answer says it; None where it does not."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A detail beyond the key points: right it costs and earns nothing by itself, wrong it is a false claim."""

    right: str
    """How a candidate says it rightly."""
    wrong: str
    """The false claim about the very same detail."""
    why: str = ""
    """What is right instead, addressed to the candidate."""


@dataclass(frozen=True, slots=True)
class Rubric:
    """What an answer to one question is graded by."""

    question_id: str
    """Whose rubric it is."""
    points: tuple[KeyPoint, ...]
    """In the order in which they are shown; may be empty (then nothing can be graded)."""
    origin: str
    """``shipped``, ``derived`` or ``edited``."""
    hash: str
    """Hex digest over everything that can change a grade."""
    searches: tuple[str, ...] = ()
    """How somebody with this problem would put it; for the search, and for what the question is about."""
    asides: tuple[Aside, ...] = ()
    """Details beyond the key points; empty in derived rubrics."""


# --- retrieval --------------------------------------------------------------------------------


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


# --- grades -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words quoted from the answer."""

    span: Span
    """Offsets into the answer as read."""
    quote: str
    """Exactly the answer's text at the span."""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """What became of one key point."""

    point: KeyPoint
    """The point judged."""
    outcome: Outcome
    """``covered`` and ``partial`` have evidence and credit above 0, the others credit 0."""
    credit: float
    """0 to 1."""
    evidence: tuple[Evidence, ...] = ()
    """The answer's own words, best first."""
    note: str = ""
    """One sentence on why, addressed to the candidate."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A false claim in the answer."""

    claim: Evidence
    """What the candidate said."""
    reference: str
    """What it breaks."""
    confidence: float
    """0 to 1."""
    point_id: str = ""
    """The point it is about."""
    why: str = ""
    """One line for the candidate."""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A summand of the score."""

    name: str
    """``points``, ``false_claims``, ``substance``, ``guards``, ``calibration`` …"""
    value: float
    """In points of 100; all parts sum exactly to the score."""
    why: str
    """In plain words."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to do with the grade; every line is tied to a point."""

    summary: str
    keep: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    next_step: str = ""
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who graded, so that trends never mix graders unawares."""

    kind: str
    """``offline`` or ``llm``."""
    name: str
    """The grader's name."""
    version: str
    """Changes whenever equal input may give another grade."""
    rubric: str
    """The rubric's hash; empty where none was needed."""
    model: str | None = None
    """The language model; None offline."""
    prompt: str | None = None
    """The prompt's version; None offline."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a grade cost."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    """None where no price is known, and offline."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, or the reason why there is none."""

    question: Question
    status: Status
    grader: Provenance
    reason: str | None = None
    """Why there is no grade; None when graded."""
    score: int | None = None
    """0 to 100; None when ungraded."""
    band: Band | None = None
    confidence: float | None = None
    """0 to 1: how likely a person's score lies within 15 points."""
    range: tuple[int, int] | None = None
    """Where a person's score most likely lies."""
    parts: tuple[ScorePart, ...] = ()
    points: tuple[PointVerdict, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    flags: tuple[Flag, ...] = ()
    """In the order of the enumeration, no repeats."""
    feedback: Feedback = Feedback("")
    references: tuple[Passage, ...] = ()
    """The question's own answer first, then what else the answer touches."""
    usage: Usage = Usage()


def band_of(score: int) -> Band:
    """The band of a score from 0 to 100 (100 excellent, 80 strong, 60 acceptable, 40 weak, 20 poor)."""
    for least, band in (
        (90, Band.EXCELLENT),
        (70, Band.STRONG),
        (50, Band.ACCEPTABLE),
        (30, Band.WEAK),
        (10, Band.POOR),
    ):
        if score >= least:
            return band
    return Band.NONE
