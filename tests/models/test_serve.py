from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.models.serve import OnnxEmbedder
from coach.ports import Embedder

TEXTS = [
    "idempotent",
    "Salt the hot keys, then aggregate twice.",
    "What is a lakehouse, and how does it differ from a warehouse?",
    "Déjà vu: naïve façade, 42 %",
    "數據 and 🧑‍🚀",
    "late events " * 30,
    "exactly once is at least once plus deduplication " * 40,
]
anything = st.text(st.characters(codec=None, exclude_categories=[]), max_size=60)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_it_is_an_embedder(embedder: OnnxEmbedder) -> None:
    port: Embedder = embedder
    assert (port.dimensions, port.max_tokens, len(port.fingerprint)) == (384, 254, 64)


@few
@given(st.lists(st.sampled_from(TEXTS) | anything, min_size=1, max_size=12))
def test_neighbours_change_no_bit(embedder: OnnxEmbedder, texts: list[str]) -> None:
    together = embedder.vectors(texts)
    assert all(np.array_equal(embedder.vectors([text])[0], row) for text, row in zip(texts, together, strict=True))
    for text, both in zip(texts, embedder.encode(texts), strict=True):
        alone = embedder.encode([text])[0]
        assert np.array_equal(alone.vector, both.vector)
        assert np.array_equal(alone.tokens, both.tokens)
        assert alone.spans == both.spans


def test_rows_that_run_alone_give_the_same_bits(embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    together = embedder.vectors(TEXTS * 3)
    monkeypatch.setattr(embedder, "_together", False)
    assert np.array_equal(embedder.vectors(TEXTS * 3), together)


@few
@given(anything)
def test_any_text_has_vectors_and_places(embedder: OnnxEmbedder, text: str) -> None:
    found = embedder.encode([text])[0]
    assert found.tokens.shape == (len(found.spans), 384)
    assert len(found.spans) == embedder.count(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in found.spans)
    assert np.isfinite(found.vector).all()
    if found.spans:
        assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(found.tokens, axis=1) == pytest.approx(1, abs=1e-5)
    else:
        assert not found.vector.any()


def test_spans_quote_the_text(embedder: OnnxEmbedder) -> None:
    text = "🧑‍🚀 Salting naïve keys"
    words = [span.of(text) for span in embedder.encode([text])[0].spans]
    assert words[1:] == ["Salt", "ing", "naïve", "keys"]


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01", "\u200b"])
def test_a_text_of_nothing_has_a_zero_vector(embedder: OnnxEmbedder, text: str) -> None:
    found = embedder.encode([text])[0]
    assert not found.vector.any()
    assert found.spans == ()
    assert embedder.count(text) == 0


def test_no_texts(embedder: OnnxEmbedder) -> None:
    assert embedder.vectors([]).shape == (0, 384)
    assert embedder.encode([]) == []


def test_lone_surrogates_keep_their_place(embedder: OnnxEmbedder) -> None:
    text = "hot \ud800 keys"
    assert [span.of(text) for span in embedder.encode([text])[0].spans] == ["hot", "keys"]


@pytest.mark.parametrize("filler", ["lorem ipsum dolor ", "數", "a-", "\n\n   "])
def test_only_the_beginning_of_a_long_text_counts(embedder: OnnxEmbedder, filler: str) -> None:
    head = "partition by key " * 100
    found = embedder.encode([head + filler * 100_000])[0]
    assert len(found.spans) == embedder.max_tokens
    assert np.array_equal(found.vector, embedder.vectors([head])[0])


def test_words_behind_much_space_are_still_seen(embedder: OnnxEmbedder) -> None:
    text = " " * 100_000 + "hot keys"
    assert [span.of(text) for span in embedder.encode([text])[0].spans] == ["hot", "keys"]
    assert np.array_equal(embedder.vectors([text]), embedder.vectors(["hot keys"]))


def test_counting_goes_beyond_what_the_model_reads(embedder: OnnxEmbedder) -> None:
    assert embedder.count("hot keys " * 1000) == 2000


def test_threads_may_share_it(embedder: OnnxEmbedder) -> None:
    expected = embedder.vectors(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: embedder.vectors(TEXTS), range(8)))
    assert all(np.array_equal(item, expected) for item in found)
