"""Questions to the coach, answered from the corpus with numbered citations, or by the passages themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.coaching.conversation import Conversation
from coach.coaching.material import Orders, material, prompt
from coach.domain import Passage
from coach.ports import Message
from coach.text.terms import content_stems, overlap

if TYPE_CHECKING:
    from coach.ports import ChatModel, Embedder

ASKING = "ask-1"
REPLY_TOKENS = 800

PASSAGES = 6
"""Sources of an answer at most."""

LEAST_COSINE, LEAST_WORDS = 0.35, 0.6
"""Nearness of the best passage, or share of the question's words that one has, from which the corpus holds something."""

NOT_HELD = "The documents don't say."
"""With these words a model says that the sources don't hold the answer."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, as the answer refers to it."""

    number: int
    """From 1; ``[1]`` in the text."""
    passage: Passage


@dataclass(frozen=True, slots=True)
class Answer:
    """What the coach says to a question."""

    pieces: Iterator[str]
    """The text as it comes; empty where only the passages are shown. Can be read once."""
    citations: tuple[Citation, ...]
    """What was found; best first. Empty where the corpus holds nothing about it."""
    by: str
    """The model's name, or ``passages``."""
    prompt: str | None = None


def holds(text: str, passages: Sequence[Passage], embedder: Embedder) -> list[Passage]:
    """The passages that have something to do with ``text``, in their order; none where the corpus doesn't hold it."""
    if not passages:
        return []
    asked = content_stems(text)
    vectors = embedder.vectors([text, *(f"{item.question.text}\n{item.text}" for item in passages)])
    near = vectors[1:] @ vectors[0]
    return [
        item
        for item, cosine in zip(passages, near, strict=True)
        if cosine >= LEAST_COSINE or overlap(asked, content_stems(f"{item.question.text} {item.text}")) >= LEAST_WORDS
    ]


def shown(passages: Sequence[Passage]) -> Answer:
    """Offline: the best passages stand for themselves."""
    return Answer(iter(()), _numbered(passages), "passages")


def answered(
    model: ChatModel, text: str, passages: Sequence[Passage], conversation: Conversation, orders: Orders
) -> Answer:
    """The model's answer from these passages alone, as it comes, and then remembered in the conversation.

    Numbers in brackets that are no source are left out of the text. Raises what the model raises.
    """
    used = prompt(ASKING)
    citations = _numbered(passages)
    sources = [
        {
            "number": found.number,
            "question": found.passage.question.text,
            "section": found.passage.section or "",
            "text": found.passage.text,
        }
        for found in citations
    ]
    asked = "\n\n".join([material("sources", {"sources": sources}, orders), f"The candidate asks: {text}"])
    messages = [Message("system", used.text), *conversation.turns(), Message("user", asked)]
    most = model.context - REPLY_TOKENS - 100
    while len(sources) > 1 and sum(model.tokens.count(item.text) for item in messages) > most:
        sources.pop()
        asked = "\n\n".join([material("sources", {"sources": sources}, orders), f"The candidate asks: {text}"])
        messages[-1] = Message("user", asked)
    citations = citations[: len(sources)]
    pieces = _remembered(only_cited(model.stream(messages, REPLY_TOKENS), len(sources)), text, conversation)
    return Answer(pieces, citations, model.model, used.version)


def only_cited(pieces: Iterator[str], sources: int) -> Iterator[str]:
    """The text without references to sources that there are not."""
    held = ""
    for piece in pieces:
        held += piece
        # What may still become a reference waits for its end, with the blank before it.
        cut = _UNFINISHED.search(held)
        ready, held = (held[: cut.start()], held[cut.start() :]) if cut else (held, "")
        if ready:
            yield _checked(ready, sources)
    if held:
        yield _checked(held, sources)


def cited_numbers(text: str) -> tuple[int, ...]:
    """The sources that a text refers to, in order, each once."""
    found = [int(number) for group in _REFERENCE.findall(text) for number in re.findall(r"\d+", group)]
    return tuple(dict.fromkeys(found))


_UNFINISHED = re.compile(r"(?:\s|\s?\[[\d,\s]{0,40})$")
_REFERENCE = re.compile(r"\s?\[(\d{1,3}(?:\s*,\s*\d{1,3}){0,5})\]")


def _checked(text: str, sources: int) -> str:
    def kept(found: re.Match[str]) -> str:
        numbers = [int(number) for number in re.findall(r"\d+", found[1]) if 1 <= int(number) <= sources]
        lead = found[0][: found[0].index("[")]
        return f"{lead}[{', '.join(map(str, numbers))}]" if numbers else ""

    return _REFERENCE.sub(kept, text)


def _remembered(pieces: Iterator[str], asked: str, conversation: Conversation) -> Iterator[str]:
    said: list[str] = []
    for piece in pieces:
        said.append(piece)
        yield piece
    conversation.add(asked, "".join(said))


def _numbered(passages: Sequence[Passage]) -> tuple[Citation, ...]:
    return tuple(Citation(number, passage) for number, passage in enumerate(passages[:PASSAGES], 1))
