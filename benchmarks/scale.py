"""What a large corpus costs: reading, registering, indexing, opening and searching N generated questions.

    python benchmarks/scale.py --questions 10000 [--model] [--chroma-url http://127.0.0.1:8000]

Questions and answers are made of a vocabulary with the frequencies of language (Zipf), about 40 words an answer, the
same for equal N. Without ``--model`` vectors come from a cheap deterministic embedder (the sum of a random vector a
word), so that what is measured is everything but the model; what embedding adds shows with ``--model`` only. Every line is one measurement: seconds, and the highest memory so far.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np

from coach import config
from coach.catalogue import library as catalogue
from coach.importing import read
from coach.importing.source import Limits
from coach.ports import Encoded
from coach.retrieval import index
from coach.retrieval.search import Search
from coach.retrieval.snapshot import Snapshot

DIMENSIONS = 384
WORDS = 20_000
QUERIES = 300


class CheapEmbedder:
    """A ports.Embedder that knows words, and no meaning."""

    fingerprint = "cheap-words-1"
    dimensions = DIMENSIONS
    max_tokens = 256

    def count(self, text: str) -> int:
        """Words, and a third as many again, as a word piece model would have."""
        return len(text.split()) * 4 // 3

    def vectors(self, texts: Sequence[str]) -> Any:
        """Shape (n, d), unit rows."""
        found = np.stack(
            [sum((_word(one) for one in text.lower().split()[:64]), np.zeros(DIMENSIONS)) for text in texts]
        )
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Not needed here."""
        raise NotImplementedError


@cache
def _word(word: str) -> Any:
    return np.random.default_rng(abs(hash_of(word))).standard_normal(DIMENSIONS)


def hash_of(word: str) -> int:
    """The same in every process."""
    import zlib

    return zlib.crc32(word.encode())


def write_corpus(path: Path, count: int) -> None:
    """One question a line, 500 a section."""
    rng = random.Random(20)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "e", "io", "u", "or") for c in SYLLABLES][:WORDS]
    rng.shuffle(vocabulary)
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            words = rng.choices(vocabulary, weights, k=50)
            row = {
                "question": f"What does {' '.join(words[:8])} mean in case {number}?",
                "answer": f"{' '.join(words[8:30])}. {' '.join(words[30:])}.",
                "section": f"Section {number // 500}",
            }
            file.write(json.dumps(row) + "\n")


SYLLABLES = [
    f"{a}{b}{c}"
    for a in ("", "k", "st", "nd", "m", "l", "tr")
    for b in "aeiou"
    for c in ("", "n", "s", "x", "rt", "m", "ck", "ll", "p")
]


@contextmanager
def measured(what: str, rows: list[dict[str, Any]]) -> Iterator[None]:
    """Time and the highest memory so far, printed and kept."""
    start = time.perf_counter()
    cpu = time.process_time()
    yield
    row = {"what": what, "seconds": round(time.perf_counter() - start, 2), "cpu": round(time.process_time() - cpu, 2),
           "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}  # fmt: skip
    rows.append(row)
    print(f"{what:44} {row['seconds']:9.2f} s {row['cpu']:9.2f} s CPU {row['peak_mb']:7} MB", flush=True)


def measure(folder: Path, path: Path, embedder: Any, given: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Documents into questions into an index, and out again."""
    print(f"{given.questions} questions, {path.stat().st_size / 1e6:.1f} MB")
    with measured("reading the file", rows):
        document = read(path, limits=Limits(max_bytes=1 << 30))
    with measured("registering new questions", rows):
        library, entry, _ = catalogue.Library().register(document, "x", False)
    with measured("registering them again", rows):
        library, entry, _ = library.register(document, "y", False)
    with measured("saving the catalogue", rows):
        catalogue.save(folder / "catalogue", entry)
    with measured("loading the catalogue (every command)", rows):
        library = catalogue.load(folder / "catalogue")
    search_in(folder / "index", library, embedder, given, rows)


def search_in(folder: Path, library: Any, embedder: Any, given: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """The index, and searches in it."""
    questions = library.questions
    with measured("digest of all questions (every search)", rows):
        index.digest(questions, {})
    with measured("building the index", rows):
        report = index.build(questions, {}, embedder, folder, given.chroma_url)
    print(f"    {report.chunks} passages, {report.embedded} texts embedded")
    with measured("building it again, nothing changed", rows):
        index.build(questions, {}, embedder, folder, given.chroma_url)
    with measured("opening the snapshot (first grade)", rows):
        snapshot = Snapshot.open(folder, embedder.fingerprint)
    assert snapshot is not None
    search = Search(folder, embedder, library.by_id, given.chroma_url)
    with measured("first search", rows):
        search.search(questions[0].text, 5)
    times = []
    right = 0
    rng = random.Random(3)
    with measured(f"{QUERIES} searches, warm", rows):
        for question in rng.choices(questions, k=QUERIES):
            asked = " ".join(rng.sample(question.text.split(), 5))
            vector = embedder.vectors([asked])[0]
            start = time.perf_counter()
            found = search.search_vector(asked, vector, 5)
            times.append(1000 * (time.perf_counter() - start))
            right += bool(found) and found[0].question.id == question.id
    times.sort()
    print(
        f"    p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(0.95 * len(times))]:.1f} ms, first right {right}/{QUERIES}"
    )
    rows.append({"what": "search", "p50_ms": times[len(times) // 2], "p95_ms": times[int(0.95 * len(times))]})
    vector = embedder.vectors(["some words"])[0]
    with measured("passages beside an answer, 10 times", rows):
        for _ in range(10):
            snapshot.beside(questions[0].id, vector, 4)
    search.close()


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--model", action="store_true", help="embed with the real model")
    parser.add_argument("--chroma-url", default="")
    parser.add_argument("--json", type=Path, help="write the measurements here too")
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    real: Any = None
    if given.model:
        from coach.models import open_embedder

        loaded = config.load()
        real = open_embedder(loaded.settings, config.paths_of(loaded.settings), lambda what, done, total: None)
    embedder: Any = real or CheapEmbedder()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "corpus.jsonl"
        write_corpus(path, given.questions)
        measure(folder, path, embedder, given, rows)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
