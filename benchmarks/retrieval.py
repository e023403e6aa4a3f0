"""Recall of the search over the built-in corpus, by kind of query, and how its parameters were chosen.

    python benchmarks/retrieval.py

``data/queries.jsonl`` holds three queries a question, written from the documents without sight of the rubrics'
``searches``: keywords, a detail in the corpus's own words, the problem in other words. They were written by a language
model. The parameters of the fusion are chosen by five-fold cross-validation over questions: each fold's queries are
ranked with what was best on the other four. Not in that loop, but tried on the same queries: the size of the chunks,
the column weights of the words, and the form of the sum. So the last row is a fit to them; the row above is fairer.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from coach import config
from coach.domain import Kind, Question
from coach.importing import read
from coach.models import open_embedder
from coach.ports import Embedder
from coach.retrieval import index
from coach.retrieval.chunks import cut
from coach.retrieval.search import Search
from coach.retrieval.snapshot import NEAR, Likeness, Snapshot, read_stamp
from coach.retrieval.words import Words

CORPUS = config.builtin_corpus()
QUERIES = Path(__file__).parent / "data" / "queries.jsonl"
TYPES = ("keywords", "detail", "other_words")
FOLDS = 5
Score = Callable[[Likeness, float], float]


def corpus() -> tuple[list[Question], dict[str, tuple[str, ...]]]:
    """The built-in questions, their ids as ``deck/number``, and their searches."""
    questions: list[Question] = []
    searches: dict[str, tuple[str, ...]] = {}
    for path in sorted(CORPUS.glob("*.md"), reverse=True):
        document = read(path)
        printed = [item.printed for item in document.questions]
        for place, item in enumerate(document.questions, 1):
            number = item.printed if item.printed and printed.count(item.printed) == 1 else str(place)
            name = f"{document.deck}/{number}"
            questions.append(
                Question(
                    name, len(questions) + 1, document.deck, place, Kind.CONCEPT, item.text, item.answer, item.section
                )
            )
            rubric = CORPUS / "rubrics" / document.deck / f"{int(number):02}.toml"
            if rubric.is_file():
                searches[name] = tuple(tomllib.loads(rubric.read_text("utf-8")).get("searches", ()))
    return questions, searches


def recall(ranks: Sequence[int], types: Sequence[str]) -> str:
    """recall@1 / recall@3 for each type."""
    found = []
    for kind in TYPES:
        of_kind = [rank for rank, type_ in zip(ranks, types, strict=True) if type_ == kind]
        found.append(
            "{:.2f} / {:.2f}".format(*(sum(rank < most for rank in of_kind) / len(of_kind) for most in (1, 3)))
        )
    return "".join(f"{cell:>16}" for cell in found)


def fused(answer: float, words: float) -> Score:
    return lambda near, page: max(near.chunk, near.search) + answer * near.answer + words * page


SINGLE: dict[str, Score] = {
    "words alone (BM25)": lambda near, page: page,
    "whole answers alone": lambda near, page: near.answer,
    "chunks alone": lambda near, page: near.chunk,
    "chunks + answer + words": lambda near, page: near.chunk + near.answer + 0.5 * page,
    "searches alone": lambda near, page: near.search,
}


class Bench:
    """Likeness and word score of every query with every question."""

    def __init__(self, folder: Path, embedder: Embedder, questions: Sequence[Question], lines: list[dict[str, str]]):
        stamp = read_stamp(folder)
        snapshot = Snapshot.open(folder, embedder.fingerprint)
        assert stamp and snapshot
        words = Words(folder / stamp.words)
        vectors = embedder.vectors([line["query"] for line in lines])
        self.ids = [question.id for question in questions]
        self.gold = [self.ids.index(line["question"]) for line in lines]
        self.types = [line["type"] for line in lines]
        self.near = [snapshot.likenesses(self.ids, vector) for vector in vectors]
        self.pages: list[list[float]] = []
        for line in lines:
            scores = dict(words.scores(line["query"], len(self.ids)))
            best = max(scores.values(), default=1.0)
            self.pages.append([scores.get(name, 0.0) / best for name in self.ids])
        words.close()

    def ranks(self, score: Score) -> list[int]:
        """Place of the right question from 0, for each query."""
        ranks = []
        for gold, near, pages in zip(self.gold, self.near, self.pages, strict=True):
            scores = [score(one, page) for one, page in zip(near, pages, strict=True)]
            ranks.append(sum(other > scores[gold] for other in scores))
        return ranks

    def cross_validated(self) -> tuple[list[int], list[tuple[float, float]]]:
        """Ranks by parameters chosen on the other folds, and the parameters of each fold."""
        grid = list(product((0.5, 1.0, 1.5), (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)))
        ranks = np.array([self.ranks(fused(*point)) for point in grid])
        worth = np.mean([np.where(ranks < most, 1.0, 0.0) for most in (1, 3)], axis=0)
        fold = np.array([gold % FOLDS for gold in self.gold])
        chosen: list[tuple[float, float]] = []
        out = np.zeros(len(self.gold), int)
        for number in range(FOLDS):
            best = int(np.argmax(worth[:, fold != number].mean(axis=1)))
            chosen.append(grid[best])
            out[fold == number] = ranks[best][fold == number]
        return out.tolist(), chosen


def by_search(
    folder: Path, embedder: Embedder, questions: Sequence[Question], lines: list[dict[str, str]]
) -> list[int]:
    """Ranks as ``coach search`` gives them, candidates from Chroma and all."""
    search = Search(folder, embedder, {question.id: question for question in questions})
    ranks = []
    for line in lines:
        found = [passage.question.id for passage in search.search(line["query"], 10)]
        ranks.append(found.index(line["question"]) if line["question"] in found else 99)
    search.close()
    return ranks


def neighbours(embedder: Embedder, questions: Sequence[Question]) -> None:
    """How many passages of other questions each reference answer, taken as an answer, comes near to."""
    chunks = [chunk for question in questions for chunk in cut(question, embedder)]
    vectors = embedder.vectors([f"{chunk.context}\n{chunk.text}" if chunk.context else chunk.text for chunk in chunks])
    cosines = embedder.vectors([question.reference for question in questions]) @ vectors.T
    owners = np.array([chunk.question_id for chunk in chunks])
    best = np.array([[row[owners == other.id].max() for other in questions] for row in cosines])
    np.fill_diagonal(best, -1.0)
    print("\nOther questions beside a reference answer, by the least cosine shown")
    for least in (0.75, 0.7, 0.65, 0.6, 0.55, 0.5):
        mark = "  <- in use" if least == NEAR else ""
        print(f"  {least:.2f}  {np.mean((best >= least).sum(axis=1)):5.2f} each{mark}")


def main() -> None:
    settings = config.load().settings
    embedder = open_embedder(settings, config.paths_of(settings))
    questions, searches = corpus()
    lines = [json.loads(line) for line in QUERIES.read_text("utf-8").splitlines()]
    types = [line["type"] for line in lines]
    print(f"{len(questions)} questions, {len(searches)} with searches, {len(lines)} queries; recall@1 / recall@3")
    print(f"{'':36}" + "".join(f"{kind:>16}" for kind in TYPES))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = index.build(questions, searches, embedder, folder)
        bench = Bench(folder, embedder, questions, lines)
        for label, score in SINGLE.items():
            print(f"{label:36}{recall(bench.ranks(score), types)}")
        ranks, chosen = bench.cross_validated()
        print(f"{'fused, cross-validated':36}{recall(ranks, types)}")
        found = by_search(folder, embedder, questions, lines)
        print(f"{'coach search, as it ships':36}{recall(found, types)}")
        print("\nChosen by the folds (answer, words):", *chosen)
        print(f"{report.chunks} chunks, {report.embedded} vectors")
        print("Not first:")
        for rank, line in zip(found, lines, strict=True):
            if rank:
                print(f"  {rank + 1:3} {line['type']:12} {line['question']:28} {line['query'][:70]}")
    neighbours(embedder, questions)


if __name__ == "__main__":
    main()
