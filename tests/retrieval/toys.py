"""A deck of five questions and an embedder that needs no model: hashed bags of words, equal everywhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach.domain import Kind, Question
from coach.ports import Encoded


class BagEmbedder:
    """Counts words into 64 buckets. ``seen`` lists every text it was asked for."""

    fingerprint = "bag-of-words"
    dimensions = 64
    max_tokens = 254

    def __init__(self) -> None:
        self.seen: list[str] = []

    def count(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text))

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen.extend(texts)
        out = np.full((len(texts), self.dimensions), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower())[: self.max_tokens]:
                out[row, hashlib.sha256(word.encode("utf-8", "replace")).digest()[0] % self.dimensions] += 1.0
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        raise NotImplementedError


def question(number: int, text: str, reference: str) -> Question:
    return Question(f"q{number}", number, "deck", number, Kind.CONCEPT, text, reference, section="Basics")


QUESTIONS = (
    question(
        1,
        "How does a cache evict entries?",
        "#### Policies\n\n- **LRU:** drop the least recently used entry\n- **LFU:** drop the least frequently used\n\n"
        "#### Cost\n\nA doubly linked list and a hash map make both operations constant.",
    ),
    question(
        2,
        "What is a write-ahead log?",
        "**Purpose:**\nChanges are appended to a log before pages are touched, so that a crash loses nothing.\n\n"
        "```sql\nCHECKPOINT;\n```",
    ),
    question(
        3, "Explain consistent hashing.", "Nodes and keys share a ring; a key belongs to the next node clockwise."
    ),
    question(4, "Explain rendezvous hashing.", "Each key goes to the node with the highest hashed weight for it."),
    question(5, "A question nobody has answered yet?", ""),
)
SEARCHES = {
    "q1": ("memory is full and old things must go",),
    "q2": ("the power went out during a save and the file was half written",),
}
BY_ID = {one.id: one for one in QUESTIONS}
