"""The index on a real Chroma server on loopback, through the same door as the local one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.errors import BackendUnreachable
from coach.retrieval import index
from coach.retrieval.search import Search
from coach.retrieval.store import Store
from tests.retrieval.toys import QUESTIONS, BagEmbedder

CHROMA = Path(sys.executable).with_name("chroma")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Its address, and its process."""
    program = str(CHROMA) if CHROMA.is_file() else shutil.which("chroma")
    if program is None:
        pytest.skip("chromadb's command is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma")
    process = subprocess.Popen(
        [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


def test_build_search_share_and_lose_the_server(server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    url, process = server
    embedder = BagEmbedder()
    known = {question.id: question for question in QUESTIONS}
    report = index.build(QUESTIONS, {}, embedder, tmp_path / "one", url)
    assert report.embedded == len(embedder.seen) > 0
    assert not list((tmp_path / "one").glob("chroma-*"))
    search = Search(tmp_path / "one", embedder, known, url)
    for question in QUESTIONS:
        assert search.search(question.text, 1)[0].question.id == question.id

    # Another person's index on the same server: other collections, none in the way of the other.
    index.build(QUESTIONS[:2], {}, embedder, tmp_path / "two", url)
    index.build(QUESTIONS[:3], {}, embedder, tmp_path / "two", url)
    other = Search(tmp_path / "two", embedder, known, url)
    assert {passage.question.id for passage in other.search("cache log ring hash", 9)} <= {"q1", "q2", "q3"}
    assert search.search(QUESTIONS[-1].text, 1)[0].question.id == QUESTIONS[-1].id
    store = Store(tmp_path / "unused", url)
    assert len(store.names()) == 3  # one of the first index, two generations of the second
    store.close()

    # The same questions on this machine alone: the same passages.
    index.build(QUESTIONS, {}, embedder, tmp_path / "local")
    local = Search(tmp_path / "local", embedder, known)
    assert local.search("evict entries", 3) == search.search("evict entries", 3)

    for opened in (search, other, local):
        opened.close()
    process.kill()
    process.wait()
    with pytest.raises(BackendUnreachable, match="does not answer"):
        search.search("evict entries", 3)
    with pytest.raises(BackendUnreachable):
        Store(tmp_path / "unused", url)
