"""The compiled model against sentence-transformers: cold start, memory and throughput, as ratios of one run.

    python benchmarks/embedding.py [--texts 256] [--rounds 3]

Cold: a new process imports, loads, and embeds one query. Throughput: texts of mixed lengths, cut from the built-in
documents, in a process that has already embedded something. The two take turns. Each time and speed is the best of
the rounds, each memory figure the largest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUERY = "How do you keep one hot key from slowing a whole job down?"
LENGTHS = (6, 12, 18, 24, 40, 80, 160)

COACH = """
from pathlib import Path
from coach.config import Settings, paths_of
from coach.models import open_embedder
settings = Settings()
embed = open_embedder(settings, paths_of(settings)).vectors
"""
SENTENCE_TRANSFORMERS = """
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(job["folder"], device="cpu", local_files_only=True)
embed = lambda texts: model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
"""
BEFORE = """
import json, resource, sys, time
job = json.load(sys.stdin)
sys.path.insert(0, job["root"])
"""
AFTER = """
vector = embed([job["query"]])[0]
start = time.perf_counter()
if job["texts"]:
    embed(job["texts"])
spent = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"spent": spent, "peak": peak, "vector": vector.tolist()}))
"""


def timed(program: str, job: dict[str, object]) -> dict[str, float]:
    """Run it in a new process; ``cold`` is the whole life of that process in seconds."""
    start = time.perf_counter()
    command = [sys.executable, "-W", "ignore", "-c", BEFORE + program + AFTER]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True)
    cold = time.perf_counter() - start
    return {"cold": cold, **json.loads(done.stdout.splitlines()[-1])}


def sample(count: int) -> list[str]:
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus").glob("*.md"))).split()
    words = words or (QUERY + " ").split() * 500
    lengths = [LENGTHS[index % len(LENGTHS)] for index in range(count)]
    starts = [index * 997 % max(1, len(words) - max(LENGTHS)) for index in range(count)]
    return [" ".join(words[start : start + length]) for start, length in zip(starts, lengths, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    from coach.config import DEFAULT_MODEL, Settings, paths_of
    from coach.models import open_embedder, weights

    embedder = open_embedder(Settings(), paths_of(Settings()))
    texts = sample(options.texts)
    tokens = sum(min(embedder.count(text), embedder.max_tokens) for text in texts)
    job: dict[str, object] = {
        "root": str(ROOT),
        "query": QUERY,
        "texts": [],
        "folder": str(weights.locate(DEFAULT_MODEL, Settings()).folder),
    }
    programs = {"coach": COACH, "sentence-transformers": SENTENCE_TRANSFORMERS}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    # In turn, so that whatever else the machine does meets both.
    for _ in range(options.rounds):
        for name, program in programs.items():
            cold, warm = timed(program, job), timed(program, {**job, "texts": texts})
            figures = {
                "cold": cold["cold"],
                "peak": cold["peak"],
                "busy": warm["peak"],
                "speed": tokens / warm["spent"],
            }
            runs[name].append({**figures, "vector": cold["vector"]})
    vectors = {name: rounds[0]["vector"] for name, rounds in runs.items()}
    cosine = sum(a * b for a, b in zip(*vectors.values(), strict=True))  # type: ignore[call-overload]
    print(f"{len(texts)} texts, {tokens} tokens; {options.rounds} rounds; cosine of the query's vectors {cosine:.6f}\n")
    print(f"{'':24}{'coach':>22}{'sentence-transformers':>26}{'ratio':>8}")
    for label, key, form, better in (
        ("cold start, s", "cold", ".2f", min),
        ("peak after a query, MB", "peak", ".0f", max),
        ("peak under load, MB", "busy", ".0f", max),
        ("tokens a second", "speed", ".0f", max),
    ):
        columns = {name: [item[key] for item in rounds] for name, rounds in runs.items()}
        ours, theirs = (better(values) for values in columns.values())
        shown = [f"{better(v):{form}} ({min(v):{form}}-{max(v):{form}})" for v in columns.values()]
        print(f"{label:24}{shown[0]:>22}{shown[1]:>26}{ours / theirs:>8.2f}")
    print("\nIn brackets the range of the rounds: where ranges are wide, the machine was busy; run it again.")


if __name__ == "__main__":
    main()
