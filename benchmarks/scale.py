"""What a large corpus costs: reading, registering, indexing, opening and searching N generated questions.

    python benchmarks/scale.py --questions 10000 [--kill] [--model] [--chroma-url http://127.0.0.1:8000]

Questions and answers are made of a vocabulary with the frequencies of language (Zipf), about 40 words an answer, the
same for equal N. Without ``--model`` vectors come from a cheap deterministic embedder (the sum of a random vector a
word), so that what is measured is everything but the model; ``--embedding`` measures the model by itself, on N texts of
such questions. The index is built in one process and searched in another, as by two commands. ``--kill`` kills the
first build (SIGKILL) once a third of the texts have vectors, and counts what the second one still has to do. Every line
is one measurement: seconds by the clock, processor seconds of the process, and its highest memory so far.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import accumulate
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
            [sum((_word(one) for one in text.lower().split()[:64]), np.zeros(DIMENSIONS, np.float32)) for text in texts]
        )
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Not needed here."""
        raise NotImplementedError


@cache
def _word(word: str) -> Any:
    return np.random.default_rng(abs(hash_of(word))).standard_normal(DIMENSIONS, np.float32)


def hash_of(word: str) -> int:
    """The same in every process."""
    import zlib

    return zlib.crc32(word.encode())


def write_corpus(path: Path, count: int) -> None:
    """One question a line, 500 a section."""
    rng = random.Random(20)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "e", "io", "u", "or") for c in SYLLABLES][:WORDS]
    rng.shuffle(vocabulary)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            words = rng.choices(vocabulary, cum_weights=weights, k=50)
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


def build(folder: Path, embedder: Any, given: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Documents into questions into an index."""
    path = folder / "corpus.jsonl"
    if not path.is_file():
        write_corpus(path, given.questions)
    print(f"{given.questions} questions, {path.stat().st_size / 1e6:.1f} MB", flush=True)
    with measured("reading the file", rows):
        document = read(path, limits=Limits(max_bytes=1 << 30))
    with measured("registering new questions", rows):
        library, entry, _ = catalogue.Library().register(document, "x", False)
    with measured("registering them again", rows):
        library, entry, _ = library.register(document, "y", False)
    with measured("saving the catalogue", rows):
        catalogue.save(folder / "catalogue", entry)
    questions = library.questions
    with measured("digest of all questions", rows):
        index.digest(questions, {})
    stages: dict[str, float] = {}

    def progress(what: str, done: int, total: int) -> None:
        if what not in stages:
            print(f"    {what} begins", flush=True)
        stages[what] = time.process_time()
        if what == "embedding" and given.die_at and done * given.die_at >= total:
            print(f"    killed at {done} of {total} texts", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    start = time.process_time()
    with measured("building the index", rows):
        report = index.build(questions, {}, embedder, folder / "index", given.chroma_url, progress=progress)
    print(f"    {report.chunks} passages, {report.embedded} texts embedded, {report.reused} had vectors")
    print("    CPU until the end of", {what: round(at - start, 1) for what, at in stages.items()})
    with measured("building it again, nothing changed", rows):
        index.build(questions, {}, embedder, folder / "index", given.chroma_url)


def search(folder: Path, embedder: Any, given: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    """Searches in an index that another process has built."""
    with measured("loading the catalogue (every command)", rows):
        library = catalogue.load(folder / "catalogue")
    with measured("is the index current? (every search)", rows):
        digest = index.digest(library.questions, {})
        assert index.is_current(digest, embedder.fingerprint, folder / "index", given.chroma_url)
    with measured("opening the snapshot (first grade)", rows):
        snapshot = Snapshot.open(folder / "index", embedder.fingerprint)
    assert snapshot is not None
    searching = Search(folder / "index", embedder, library.by_id, given.chroma_url)
    with measured("first search", rows):
        searching.search(library.questions[0].text, 5)
    rng = random.Random(3)
    chosen = rng.choices(library.questions, k=QUERIES)
    asked = [" ".join(rng.sample(question.text.split(), 5)) for question in chosen]
    vectors = embedder.vectors(asked)
    found = []
    with timed(f"{QUERIES} searches, warm", rows) as times:
        for text, vector in zip(asked, vectors, strict=True):
            with times:
                found.append(searching.search_vector(text, vector, 5))
    right = sum(bool(one) and one[0].question.id == q.id for one, q in zip(found, chosen, strict=True))
    print(f"    the right question first {right}/{QUERIES}")
    opened = searching._current()
    with timed("    of it in Chroma", rows) as times:
        for vector in vectors:
            with times:
                searching._collection(opened).nearest(vector, 96)
    with timed("    of it in the words", rows) as times:
        for text in asked:
            with times:
                searching._words(opened).scores(text, 32)
    near = [(vector, [passage.question.id for passage in one]) for vector, one in zip(vectors, found, strict=True)]
    with timed("    of it in cosines of 100 candidates", rows) as times:
        for vector, names in near:
            with times:
                snapshot.likenesses(names * 20, vector)
    with timed("passages beside an answer, 20 times", rows) as times:
        for vector in vectors[:20]:
            with times:
                snapshot.beside(library.questions[0].id, vector, 4)
    searching.close()


class Times:
    """Times of equal pieces of work, by the clock and of the processor."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.cpu: list[float] = []

    def __enter__(self) -> None:
        self._start = (time.perf_counter(), time.process_time())

    def __exit__(self, *_: object) -> None:
        self.clock.append(1000 * (time.perf_counter() - self._start[0]))
        self.cpu.append(1000 * (time.process_time() - self._start[1]))


@contextmanager
def timed(what: str, rows: list[dict[str, Any]]) -> Iterator[Times]:
    """Collects times; their middle and 95th percentile are printed and kept."""
    times = Times()
    yield times
    row: dict[str, Any] = {"what": what, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    for name, found in (("clock", sorted(times.clock)), ("cpu", sorted(times.cpu))):
        row |= {f"{name}_p50_ms": found[len(found) // 2], f"{name}_p95_ms": found[int(0.95 * len(found))]}
    rows.append(row)
    print(f"{what:44} p50 {row['clock_p50_ms']:.1f} p95 {row['clock_p95_ms']:.1f} ms by the clock, "
          f"p50 {row['cpu_p50_ms']:.1f} p95 {row['cpu_p95_ms']:.1f} ms CPU {row['peak_mb']:7} MB", flush=True)  # fmt: skip


def embedding(embedder: Any, given: argparse.Namespace) -> None:
    """How many texts a second the model takes, as the index hands them over."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "corpus.jsonl"
        write_corpus(path, given.embedding)
        library, _, _ = catalogue.Library().register(read(path), "x", False)
        rows: list[dict[str, Any]] = []
        with measured(f"an index of {given.embedding} questions, real model", rows):
            told: list[float] = []
            report = index.build(
                library.questions, {}, embedder, Path(name) / "index",
                progress=lambda what, *_: told.append(time.process_time()) if what == "embedding" else None,
            )  # fmt: skip
        print(f"    {report.embedded} texts, {report.embedded / (told[-1] - told[0]):.0f} a processor second")


def phase(name: str, folder: Path, given: argparse.Namespace, *more: str) -> int:
    """Run a part of it in a process of its own; its exit code."""
    command = [sys.executable, __file__, "--questions", str(given.questions), "--phase", name, "--folder", str(folder)]
    command += ["--chroma-url", given.chroma_url, *more, *(["--model"] if given.model else [])]
    command += ["--json", f"{given.json}.{name}"] if given.json else []
    return subprocess.run(command, check=False).returncode


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--model", action="store_true", help="embed with the real model")
    parser.add_argument("--kill", action="store_true", help="kill a first build in the middle of embedding")
    parser.add_argument("--embedding", type=int, help="only measure the real model, on texts of so many questions")
    parser.add_argument("--chroma-url", default="")
    parser.add_argument("--json", type=Path, help="write the measurements beside this path")
    parser.add_argument("--folder", type=Path, help="work here, and keep it")
    parser.add_argument("--phase", choices=("build", "search"), help="only this part, in --folder")
    parser.add_argument("--die-at", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.embedding:
        embedding(real_embedder(), given)
    elif given.phase:
        rows: list[dict[str, Any]] = []
        embedder: Any = real_embedder() if given.model else CheapEmbedder()
        (build if given.phase == "build" else search)(given.folder, embedder, given, rows)
        if given.json:
            given.json.write_text(json.dumps(rows, indent=1) + "\n")
    else:
        folder = given.folder or Path(tempfile.mkdtemp())
        folder.mkdir(parents=True, exist_ok=True)
        if given.kill:
            code = phase("build", folder, given, "--die-at", "3")
            print(f"exit code {code}; again:", flush=True)
        if phase("build", folder, given) or phase("search", folder, given):
            raise SystemExit("failed")
        print(f"on disk {sum(one.stat().st_size for one in (folder / 'index').rglob('*')) / 1e6:.0f} MB")
        if not given.folder:
            shutil.rmtree(folder)


def real_embedder() -> Any:
    from coach.models import open_embedder

    loaded = config.load()
    return open_embedder(loaded.settings, config.paths_of(loaded.settings), lambda what, done, total: None)


if __name__ == "__main__":
    main()
