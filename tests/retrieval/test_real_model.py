"""The whole way with the real model, the real store and a small deck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach import config
from coach.models import open_embedder
from coach.ports import Embedder
from coach.retrieval import index
from coach.retrieval.chunks import MAX_TOKENS, cut
from coach.retrieval.search import Search
from coach.retrieval.snapshot import Snapshot

from .toys import BY_ID, QUESTIONS, SEARCHES


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    settings = config.Settings()
    return open_embedder(settings, config.paths_of(settings))


@pytest.fixture(scope="module")
def folder(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    index.build(QUESTIONS, SEARCHES, embedder, folder)
    return folder


def test_a_problem_in_other_words_finds_its_question(folder: Path, embedder: Embedder) -> None:
    search = Search(folder, embedder, BY_ID)
    for text, wanted in (
        ("electricity failed while saving and now my document is broken", "q2"),
        ("which item should I throw out when there is no room left", "q1"),
        ("clockwise ring of servers", "q3"),
        ("pick the machine with the largest weight", "q4"),
    ):
        assert search.search(text, 1)[0].question.id == wanted, text
    search.close()


def test_a_snapshot_answers_as_the_store_does(folder: Path, embedder: Embedder) -> None:
    snapshot = Snapshot.open(folder, embedder.fingerprint)
    assert snapshot is not None and snapshot.vectors.shape[1] == embedder.dimensions
    vector = embedder.vectors(["A ring holds nodes and keys, and a key goes to the next node clockwise."])[0]
    found = snapshot.beside("q3", vector, 3)
    assert found[0][0].question_id == "q3" and found[0][1] > 0.7
    assert np.allclose(np.linalg.norm(snapshot.vectors, axis=1), 1.0, atol=1e-3)


def test_chunks_fit_the_model(embedder: Embedder) -> None:
    for question in QUESTIONS:
        for chunk in cut(question, embedder):
            assert embedder.count(chunk.span.of(question.reference)) <= MAX_TOKENS < embedder.max_tokens
