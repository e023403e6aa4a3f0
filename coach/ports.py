"""What the rooms of the middle row need from outside, as protocols. One page; no implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from coach.domain import Grade, Passage, Question, Rubric, Span, Usage


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as the embedding model sees it."""

    vector: NDArray[np.float32]
    """Shape (d,), unit length: the sentence vector."""
    tokens: NDArray[np.float32]
    """Shape (t, d), unit rows: the contextual vectors of its word pieces, special tokens left out."""
    spans: tuple[Span, ...]
    """Length t: where each word piece stands in the text."""


class TokenCounter(Protocol):
    """Counts text in the tokens of the model that will read it."""

    def count(self, text: str) -> int:
        """Number of tokens, special ones left out."""
        ...


class Embedder(TokenCounter, Protocol):
    """Turns text into vectors. Text beyond ``max_tokens`` is not seen."""

    @property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer and pooling: equal fingerprints give equal vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """Length d of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, special ones left out."""
        ...

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence vectors, shape (n, d), unit rows; the result for a text does not depend on its neighbours."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Sentence and token vectors in one pass, in the order of ``texts``."""
        ...


@dataclass(frozen=True, slots=True)
class Relation:
    """What one statement says about another; the three sum to 1."""

    entails: float
    neutral: float
    contradicts: float


class Entailment(Protocol):
    """Judges whether a claim entails, leaves open or contradicts a statement."""

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Relation]:
        """One relation for each (claim, statement)."""
        ...


class VectorStore(Protocol):
    """Chunks and their vectors, by meaning."""

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """(chunk id, cosine), best first."""
        ...


class PassageSearch(Protocol):
    """Finds passages for a text."""

    def search(self, text: str, limit: int) -> list[Passage]:
        """Best first, at most one passage a question."""
        ...

    def beside(self, question: Question, vector: NDArray[np.float32], limit: int) -> list[Passage]:
        """The question's own passage first, then those of other questions near to ``vector``."""
        ...


@dataclass(frozen=True, slots=True)
class KnownStatements:
    """What is commonly said on some subjects, rightly and wrongly, as vectors of the encoder that grades.

    A *matter* is one fact with all that is said of it: at least one true statement and one false one.
    """

    right: NDArray[np.float32]
    """Shape (n, k): true statements, laid on ``basis``; nearly of unit length."""
    wrong: NDArray[np.float32]
    """Shape (m, k): false statements, likewise."""
    right_of: NDArray[np.intp]
    """Shape (n,): the matter of each true statement, ascending from 0 without a gap."""
    wrong_of: NDArray[np.intp]
    """Shape (m,): the same for the false ones."""
    basis: NDArray[np.float32]
    """Shape (d, k), orthonormal columns: the directions in which the statements differ most. A claim (d,) is laid on them
    before it is compared."""
    subjects: NDArray[np.float32]
    """Shape (k, d), unit rows: what the subjects are about."""
    truths: tuple[str, ...]
    """For each row of ``wrong`` what is true instead."""


class ClaimChecker(Protocol):
    """Says whether a claim agrees with a statement, has nothing to do with it, or contradicts it."""

    name: str
    """As the settings name it; it goes into the provenance of a grade."""

    def check(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """For pairs of (claim, statement) the probabilities of the three, in this order: shape (n, 3), rows sum to 1."""
        ...


class Grader(Protocol):
    """Makes a grade of an answer."""

    def grade(self, question: Question, rubric: Rubric, answer: str) -> Grade:
        """Raises nothing for a bad answer: what cannot be graded comes back ungraded, with the reason."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with a language model."""

    role: str
    """``system``, ``user`` or ``assistant``."""
    text: str
    """What is said."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model said."""

    text: str
    """Its words, reasoning left out; never empty."""
    usage: Usage
    """As the server counted, else as estimated."""


T = TypeVar("T")


class ChatModel(Protocol):
    """A language model behind any server.

    Every call keeps one deadline as a whole, retries included. All raise ConfigError for a refused key or an unknown
    model, BackendUnreachable for a server that does not answer in time, and Ungradable for a reply that cannot be used
    (refused, cut, empty).
    """

    @property
    def provider(self) -> str:
        """The name of its row in the table of providers."""
        ...

    @property
    def model(self) -> str:
        """The model's name, as sent to the server."""
        ...

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may have together."""
        ...

    @property
    def tokens(self) -> TokenCounter:
        """Counts in its own tokens, or a conservative estimate."""
        ...

    def complete(self, messages: Sequence[Message], max_tokens: int) -> Reply:
        """One reply in prose."""
        ...

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """The same in pieces, as they come."""
        ...

    def structured(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        check: Callable[[Any], T],
        max_tokens: int,
    ) -> tuple[T, Usage]:
        """One reply as JSON of ``schema``, made into a value by ``check``.

        ``check`` raises ValueError, saying what is wrong with the JSON; the model is asked once more with that.
        """
        ...

    def preview(
        self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body of the request that such a call would send first. Sends nothing."""
        ...

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """US dollars for so many tokens, or None where no price is known."""
        ...


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


Progress = Callable[[str, int, int], None]
"""Called with (what is being done, done, total); total 0 where it is unknown."""


def unwatched(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
