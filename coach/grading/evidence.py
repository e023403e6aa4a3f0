"""Which words of an answer say a key point: soft token alignment with contextual vectors.

Each content word of the point looks for its best match among the words of a stretch of the answer (equal stem, else
cosine of contextual word vectors); words that the question already contains count less, since repeating them shows
nothing. The method follows the monolingual alignment of Sultan et al. 2016 (short answer grading), with contextual
MiniLM vectors in place of a paraphrase lexicon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.ports import Encoded
from coach.text.sentences import Statement
from coach.text.terms import NEGATIONS, Word, words

WINDOW = 3
"""Neighbouring statements that may say a point together."""

ASKED_WEIGHT = 0.3
"""Weight of a word that the question already contains."""

CLEARLY, LOOSELY = (0.35, 0.80), (0.25, 0.75)
"""Cosine of contextual MiniLM word vectors from which a word begins to stand for another, and from which it nearly does:
unrelated words of one sentence lie near 0.35-0.45, synonyms in context from 0.8. A stretch that is shown as evidence has to
say a point clearly. Of short answers as a whole the looser pair tells more, and what unrelated words earn by it is the same for
all of them."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The words of one text with a vector each."""

    words: tuple[Word, ...]
    """Content words and negations, in order."""
    vectors: NDArray[np.float32]
    """Shape (words, d), unit rows: mean of the word's pieces."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How far a stretch of the answer says a point."""

    coverage: float
    """Weighted share of the point's words that are matched in that stretch, 0 to 1."""
    anywhere: float
    """The same in the answer as a whole, however its words are spread."""
    first: int
    """Index of the first statement of the best stretch."""
    last: int
    """Index of its last, inclusive."""
    missing: tuple[str, ...]
    """Words of the point that nothing matches, in order."""


def word_vectors(text: str, encoded: Encoded) -> WordVectors:
    """A vector for each word of ``text``; words beyond what the model read are left out."""
    kept: list[Word] = []
    rows: list[NDArray[np.float32]] = []
    pieces = encoded.spans
    at = 0
    for word in words(text):
        if not (word.is_content or word.text in NEGATIONS):
            continue
        while at < len(pieces) and pieces[at].end <= word.span.start:
            at += 1
        inside = []
        row = at
        while row < len(pieces) and pieces[row].start < word.span.end:
            inside.append(row)
            row += 1
        if inside:
            kept.append(word)
            rows.append(encoded.tokens[inside].mean(axis=0))
    if not rows:
        return WordVectors((), np.zeros((0, encoded.vector.shape[0]), dtype=np.float32))
    stacked = np.stack(rows)
    norms = np.linalg.norm(stacked, axis=1, keepdims=True)
    return WordVectors(tuple(kept), (stacked / np.maximum(norms, 1e-9)).astype(np.float32))


def match_matrix(point: WordVectors, answer: WordVectors, bounds: tuple[float, float] = CLEARLY) -> NDArray[np.float32]:
    """Shape (point words, answer words), 0 to 1: how well each answer word stands for each point word."""
    if not point.words or not answer.words:
        return np.zeros((len(point.words), len(answer.words)), dtype=np.float32)
    cosine = point.vectors @ answer.vectors.T
    least, full = bounds
    soft = np.clip((cosine - least) / (full - least), 0.0, 0.9)
    same = np.array([[p.stem == a.stem for a in answer.words] for p in point.words])
    return np.where(same, 1.0, soft).astype(np.float32)


def weights(point: WordVectors, asked: frozenset[str]) -> NDArray[np.float32]:
    """Weight of each word of a point: less where the question contains it, none for negations (claims are judged apart)."""
    made = []
    for word in point.words:
        if word.text in NEGATIONS:
            made.append(0.0)
        else:
            made.append(ASKED_WEIGHT if word.stem in asked else 1.0)
    return np.array(made, dtype=np.float32)


def align(point: WordVectors, statements: Sequence[WordVectors], asked: frozenset[str]) -> Alignment:
    """The stretch of at most WINDOW neighbouring statements that says most of the point; the shortest such."""
    weight = weights(point, asked)
    total = float(weight.sum())
    if total <= 0 or not statements:
        return Alignment(0.0, 0.0, 0, 0, ())
    best = _best(point, statements, CLEARLY)
    top: tuple[float, int, int] = (-1.0, 0, 0)
    for length in range(1, WINDOW + 1):
        for first in range(0, len(statements) - length + 1):
            covered = float((best[first : first + length].max(axis=0) * weight).sum()) / total
            # A longer stretch has to say clearly more: joining unrelated sentences always matches some more words.
            if covered > top[0] + (0.06 if length > 1 else 0.0):
                top = (covered, first, first + length - 1)
    coverage, first, last = top
    found = best[first : last + 1].max(axis=0)
    missing = tuple(
        word.text for word, got, counts in zip(point.words, found, weight, strict=True) if got < 0.5 and counts >= 1.0
    )
    anywhere = float((_best(point, statements, LOOSELY).max(axis=0) * weight).sum()) / total
    return Alignment(coverage, anywhere, first, last, missing)


def _best(point: WordVectors, statements: Sequence[WordVectors], bounds: tuple[float, float]) -> NDArray[np.float32]:
    """Shape (statements, point words): how well the best word of each statement stands for each word of the point."""
    matrices = (match_matrix(point, statement, bounds) for statement in statements)
    nothing = np.zeros(len(point.words), dtype=np.float32)
    return np.stack([matrix.max(axis=1) if matrix.shape[1] else nothing for matrix in matrices])


def asked_stems(question: str) -> frozenset[str]:
    """Stems of the question's content words."""
    return frozenset(word.stem for word in words(question) if word.is_content)


def readable(statements: Sequence[Statement], encoded: Sequence[Encoded]) -> list[WordVectors]:
    """Word vectors of each statement, over the text that was encoded."""
    return [word_vectors(statement.text, item) for statement, item in zip(statements, encoded, strict=True)]
