"""How fast coach grades, searches and indexes once it runs, each figure beside its goal.

    python benchmarks/throughput.py [--answers FILE.jsonl] [--profile]

The answers are eight of 60 to 250 words in data/answers.jsonl. The index is built from nothing in a temporary
COACH_HOME that may adopt no compiled model from elsewhere, so compiling the model counts. --profile says where the time
of a warm grade goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach.session import Session
from coach.wiring import open_session

Item = TypeVar("Item")

ANSWERS = Path(__file__).parent / "data" / "answers.jsonl"
ROUNDS = 5
COPIES = 12
"""How often the answers are repeated in the batch, to drown its start."""

QUERIES = (
    "hot keys in a partitioned table",
    "why do my counts change when an event arrives late",
    "LRU cache O(1)",
    "two teams disagree about an interface",
    "how do I keep personal data out of the lake",
    "nightly job reads the whole table again",
    "Bloom filter false positives",
    "explain a delay to people who don't code",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--answers", type=Path, default=ANSWERS)
    options.add_argument("--profile", action="store_true", help="where the time of a warm grade goes")
    chosen = options.parse_args()
    rows = [json.loads(line) for line in chosen.answers.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        os.environ["COACH_HOME"] = str(home)
        verdict("index from nothing, s", index_from_nothing(Path(name), home), 25, "<")
        session = open_session()
        session.embedder.vectors(["warm"])
        started = time.perf_counter()
        report = session.index(rebuild=True)
        print(
            f"  a rebuild with the model ready: {time.perf_counter() - started:.1f} s, {report.embedded} texts embedded"
        )
        graded = [(session.library.find(str(row["q"])), row["answer"]) for row in rows]
        session.grade(*graded[0])
        firsts = [timed(lambda item: session.grade(*item), item) for item in graded[1:]]
        print(f"  first grade of a question, its rubric embedded and kept: {statistics.median(firsts):.0f} ms")
        times = by_item(lambda item: session.grade(*item), graded)
        for (question, answer), each in zip(graded, times, strict=True):
            print(f"  question {question.number:>3}, {len(answer.split()):>4} words: {each:6.1f} ms")
        verdict("warm grade, ms (median)", statistics.median(times), 150, "<")
        session.search(QUERIES[0], 5)
        verdict("warm search, ms (median)", statistics.median(by_item(lambda text: session.search(text, 5), QUERIES)))
        verdict("batch, answers/s", batch_rate(rows, home), 8, ">=")
        if chosen.profile:
            profile(session, graded)


def index_from_nothing(folder: Path, home: Path) -> float:
    """Seconds that ``coach index`` takes in a copy of the checkout that has no compiled model to adopt."""
    copy = folder / "checkout"
    for name in ("coach", "corpus"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "pyproject.toml", copy)
    environment = {
        **os.environ,
        "COACH_HOME": str(home),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": str(copy),
    }
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "coach", "index"], env=environment, cwd=copy, check=True, capture_output=True)
    return time.perf_counter() - started


def by_item(work: Callable[[Item], object], items: Sequence[Item]) -> list[float]:
    """Milliseconds for each item, the median of its rounds."""
    times: list[list[float]] = [[] for _ in items]
    for _ in range(ROUNDS):
        for place, item in enumerate(items):
            times[place].append(timed(work, item))
    return [statistics.median(each) for each in times]


def timed(work: Callable[[Item], object], item: Item) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work(item)
    return 1000 * (time.perf_counter() - started)


def batch_rate(rows: Sequence[dict[str, object]], home: Path) -> float:
    """Answers a second of the real command, its start included."""
    lines = [{**row, "id": str(number)} for number, row in enumerate([*rows] * COPIES)]
    file = home.parent / "batch.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "coach", "grade", "--batch", str(file), "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    elapsed = time.perf_counter() - started
    assert len(done.stdout.splitlines()) == len(lines), done.stderr.decode()
    return len(lines) / elapsed


def profile(session: Session, graded: Sequence[tuple[object, str]]) -> None:
    watched = cProfile.Profile()
    watched.enable()
    for _ in range(ROUNDS):
        for question, answer in graded:
            session.grade(question, answer)  # type: ignore[arg-type]
    watched.disable()
    pstats.Stats(watched).sort_stats("cumtime").print_stats(40)


def verdict(what: str, figure: float, goal: float | None = None, relation: str = "") -> None:
    """One line: the figure and, where there is one, its goal and whether it was met."""
    line = f"{what:<32} {figure:8.1f}"
    if goal is not None:
        met = figure < goal if relation == "<" else figure >= goal
        line += f"   goal {relation} {goal:<4g} {'met' if met else 'MISSED'}"
    print(line, flush=True)


if __name__ == "__main__":
    main()
