"""Texts that wait for their vectors: nothing is lost, likes go together, and the order tells the pace."""

from __future__ import annotations

from pathlib import Path

from coach.retrieval import index
from coach.retrieval.making import BATCH
from coach.retrieval.pending import Pending

from .toys import BagEmbedder, question

TEXTS = {bytes([n]) * 16: "ä" * n for n in range(1, 201)} | {b"lone" * 4: "\ud800"}


def batches(path: Path, size: int) -> list[tuple[list[bytes], list[str]]]:
    with Pending(path) as pending:
        for key, text in TEXTS.items():
            pending.add(key, text)
        pending.add(b"lone" * 4, "never looked at")
        assert len(pending) == len(TEXTS)
        return list(pending.batches(size))


def test_every_text_comes_once_among_its_likes_and_in_a_mixed_order(tmp_path: Path) -> None:
    found = batches(tmp_path / "waiting", 10)
    assert {key: text for keys, texts in found for key, text in zip(keys, texts, strict=True)} == TEXTS
    assert all(len(texts[-1]) - len(texts[0]) <= 10 for _, texts in found)
    lengths = [len(texts[0]) for _, texts in found]
    assert lengths != sorted(lengths)
    assert abs(sum(lengths[:10]) - sum(lengths[10:])) < sum(lengths) / 2, "the first half is like the second"
    assert found == batches(tmp_path / "waiting", 10)
    assert not (tmp_path / "waiting").exists()


def test_a_build_hands_over_a_batch_at_a_time_and_tells_how_far_it_is(tmp_path: Path) -> None:
    sizes: list[int] = []

    class Counting(BagEmbedder):
        def vectors(self, texts):  # type: ignore[no-untyped-def]
            sizes.append(len(texts))
            return super().vectors(texts)

    questions = [question(n, f"What is thing {n}?", f"It is the {n}th.") for n in range(600)]
    told: list[tuple[str, int, int]] = []
    report = index.build(questions, {}, Counting(), tmp_path, progress=lambda *step: told.append(step))
    assert max(sizes) <= BATCH and sum(sizes) == report.embedded == 1800
    assert [done for what, done, _ in told if what == "embedding"][-1] == 1800
    assert ("cutting answers", 500, 600) in told
    assert not list(tmp_path.rglob("waiting"))
