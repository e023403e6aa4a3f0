from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from coach.errors import StoreCorrupt
from coach.ports import PassageSearch
from coach.retrieval import index, store
from coach.retrieval.search import Search

from .toys import BY_ID, QUESTIONS, SEARCHES, BagEmbedder, question

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index.build(QUESTIONS, SEARCHES, BagEmbedder(), tmp_path)
    return tmp_path


@pytest.fixture
def search(folder: Path) -> Search:
    return Search(folder, BagEmbedder(), BY_ID)


def test_the_best_passage_of_the_best_question(search: Search) -> None:
    port: PassageSearch = search
    found = port.search("linked list and hash map constant", 3)
    assert found[0].question is BY_ID["q1"] and found[0].text.startswith("#### Cost")
    assert found[0].section == "Basics"
    assert len({passage.question.id for passage in found}) == len(found) == 3
    assert 1 >= found[0].score > found[1].score >= found[2].score >= 0
    assert found == port.search("linked list and hash map constant", 3)


def test_a_problem_in_other_words_is_found_by_its_searches(search: Search) -> None:
    assert search.search("half written file after the power went", 1)[0].question.id == "q2"
    assert search.search("old things in full memory", 1)[0].question.id == "q1"


def test_near_twins_are_kept_apart(search: Search) -> None:
    assert search.search("consistent hashing ring", 1)[0].question.id == "q3"
    assert search.search("rendezvous hashing weight", 1)[0].question.id == "q4"
    assert {passage.question.id for passage in search.search("hashing node key", 2)} == {"q3", "q4"}


def test_a_question_without_a_reference_shows_itself(search: Search) -> None:
    assert search.search("a question nobody has answered yet", 1)[0].text == BY_ID["q5"].text


@pytest.mark.parametrize("text", ["", " \n", "?!…", "\x00", "🙂"])
def test_nothing_to_search_for_finds_nothing(search: Search, text: str) -> None:
    assert search.search(text, 3) == []


@pytest.mark.parametrize(
    "text", ["word " * 10_000, "данные кэш", "缓存如何淘汰", '" OR *', "the", "x" * 10_000, "\ud800 cache"]
)
def test_odd_queries_are_no_error(search: Search, text: str) -> None:
    assert len(search.search(text, 2)) <= 2


def test_no_limit_no_passages(search: Search) -> None:
    assert search.search("cache", 0) == []


def test_beside_takes_the_snapshot(search: Search) -> None:
    vector = BagEmbedder().vectors(["drop the least recently used entry"])[0]
    found = search.beside(BY_ID["q3"], vector, 3)
    assert found[0].question.id == "q3"
    assert all(0 <= passage.score <= 1 for passage in found)


def test_a_reader_notices_what_another_process_wrote(folder: Path, search: Search) -> None:
    assert search.search("sixth", 1)[0].question.id != "q6"
    script = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from tests.retrieval.toys import *; from coach.retrieval import index\n"
        "six = question(6, 'What is a sixth question?', 'Its answer.')\n"
        "index.build((*QUESTIONS, six), SEARCHES, BagEmbedder(), pathlib.Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    grown = Search(folder, BagEmbedder(), {**BY_ID, "q6": question(6, "What is a sixth question?", "Its answer.")})
    assert grown.search("sixth", 1)[0].question.id == "q6"
    search._questions = grown._questions
    assert search.search("sixth", 1)[0].question.id == "q6"


def test_a_reader_survives_two_builds_and_a_rebuild(folder: Path, search: Search) -> None:
    assert search.search("ring", 1)[0].question.id == "q3"
    for number in range(2):
        index.build(QUESTIONS[: 4 - number], SEARCHES, BagEmbedder(), folder, rebuild=bool(number))
        assert search.search("ring", 1)[0].question.id == "q3"


def test_a_collection_dropped_under_it_is_opened_again(
    folder: Path, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    search.search("ring", 1)
    assert search._opened is not None and search._opened.collection is not None
    failing = search._opened.collection

    def gone(*_: object) -> None:
        raise StoreCorrupt("gone")

    monkeypatch.setattr(failing, "nearest", gone)
    assert search.search("ring", 1)[0].question.id == "q3"


def test_no_index_another_model_and_a_lost_store_are_explained(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(StoreCorrupt, match="coach index"):
        Search(tmp_path / "empty", BagEmbedder(), BY_ID).search("cache", 1)
    other = BagEmbedder()
    other.fingerprint = "another"
    with pytest.raises(StoreCorrupt, match="another model"):
        Search(folder, other, BY_ID).search("cache", 1)
    opened = store.Store(folder / "chroma-1")
    for name in opened.names():
        opened.drop(name)
    opened.close()
    with pytest.raises(StoreCorrupt, match="index --rebuild"):
        Search(folder, BagEmbedder(), BY_ID).search("cache", 1)


def test_threads_may_share_one(search: Search) -> None:
    found: list[str] = []

    def look() -> None:
        found.extend(search.search("ring", 1)[0].question.id for _ in range(5))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["q3"] * 20
