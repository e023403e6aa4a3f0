"""How long a warm search takes at 10,000 chunks, apart from embedding the query, against brute force in numpy.

    python benchmarks/search_speed.py

The chunks are made of invented words whose frequency falls as in English once its hundred commonest words, the stop
words that a search drops, are left out; their vectors are those of a bag of words in 384
dimensions, so nothing is compiled or loaded. Embedding a real query is timed by itself. Every figure is a median.
"""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach import config
from coach.domain import Kind, Question
from coach.models import open_embedder
from coach.ports import Encoded
from coach.retrieval import index
from coach.retrieval.search import Search
from coach.retrieval.snapshot import Snapshot, cosines_of, read_stamp

QUESTIONS = 1000
CHUNKS_EACH = 10
QUERIES = 50


class Bag:
    """Hashed words as unit vectors."""

    fingerprint = "search-speed"
    dimensions = 384
    max_tokens = 254

    def __init__(self) -> None:
        self._known: dict[str, NDArray[np.float32]] = {}

    def count(self, text: str) -> int:
        """See ports."""
        return len(text.split())

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ports."""
        out = np.stack([sum((self._word(word) for word in text.split()), self._word("")) for text in texts])
        unit: NDArray[np.float32] = (out / np.linalg.norm(out, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Not needed here."""
        raise NotImplementedError

    def _word(self, word: str) -> NDArray[np.float32]:
        if word not in self._known:
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
            self._known[word] = np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)
        return self._known[word]


def deck() -> list[Question]:
    random = np.random.default_rng(7)
    vocabulary = [f"w{hashlib.sha256(str(number).encode()).hexdigest()[:6]}" for number in range(20_000)]
    share = 1.0 / (100 + np.arange(len(vocabulary)))
    share /= share.sum()

    def words(count: int) -> str:
        return " ".join(vocabulary[pick] for pick in random.choice(len(vocabulary), count, p=share))

    return [
        Question(
            f"q{number}",
            number,
            "deck",
            number,
            Kind.CONCEPT,
            words(12),
            "\n\n".join(f"#### {words(2)}\n\n{words(60)}" for _ in range(CHUNKS_EACH)),
        )
        for number in range(1, QUESTIONS + 1)
    ]


def median_ms(work: Callable[[str], object], texts: Sequence[str]) -> float:
    times = []
    for text in texts:
        start = time.perf_counter()
        work(text)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    bag = Bag()
    questions = deck()
    queries = [" ".join(question.reference.split()[5:17]) for question in questions[:: QUESTIONS // QUERIES]]
    vectors = {text: bag.vectors([text])[0] for text in queries}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.perf_counter()
        report = index.build(questions, {}, bag, folder)
        print(f"index of {report.chunks} chunks ({report.embedded} vectors): {time.perf_counter() - start:.1f} s")
        search = Search(folder, bag, {question.id: question for question in questions})
        search.search_vector(queries[0], vectors[queries[0]], 5)
        whole = median_ms(lambda text: search.search_vector(text, vectors[text], 5), queries)
        stamp = read_stamp(folder)
        snapshot = Snapshot.open(folder, bag.fingerprint)
        assert stamp and snapshot
        matrix = np.array(snapshot.vectors)
        brute = median_ms(lambda text: np.argsort(-cosines_of(matrix, vectors[text]))[:96], queries)
        threaded = median_ms(lambda text: np.argsort(-(matrix @ vectors[text]))[:96], queries)
        opened = search._current()
        dense = median_ms(lambda text: search._collection(opened).nearest(vectors[text], 96), queries)
        words = median_ms(lambda text: search._words(opened).scores(text, 32), queries)
        own = [search.search_vector(text, vectors[text], 1)[0].question.id for text in queries]
        wanted = [question.id for question in questions[:: QUESTIONS // QUERIES]]
        right = sum(map(str.__eq__, own, wanted)) / QUERIES
        search.close()
    settings = config.load().settings
    embedder = open_embedder(settings, config.paths_of(settings))
    real = [question.replace("w", " ") for question in queries]
    embedder.vectors(real[:1])
    embedding = median_ms(
        lambda text: embedder.vectors([text]), ["how do I keep one server from being always busy"] * 20
    )
    print(
        f"warm search      {whole:6.2f} ms  (Chroma {dense:.2f}, words {words:.2f}); right question first {right:.2f}"
    )
    print(
        f"brute force      {brute:6.2f} ms  (numpy, all vectors, no words, one thread; BLAS threads {threaded:.2f} ms)"
    )
    print(f"search / brute force {whole / brute:.1f}; Chroma alone / brute force {dense / brute:.1f}")
    print(f"embedding        {embedding:6.2f} ms  (a query of ten words, real model)")


if __name__ == "__main__":
    main()
