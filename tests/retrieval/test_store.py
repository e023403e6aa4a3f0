from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.errors import BackendUnreachable, ConfigError, StoreCorrupt, StoreError
from coach.retrieval.store import Store, _steps

ROOT = Path(__file__).resolve().parents[2]
EYE = np.eye(4, dtype=np.float32)


def test_vectors_come_back_by_cosine_and_survive_reopening(tmp_path: Path) -> None:
    store = Store(tmp_path / "chroma")
    told: list[int] = []
    store.fill("some-name", 4, lambda start, stop: EYE[start:stop], told.append)
    assert told == [4] and store.names() == ["some-name"]
    store.close()
    store = Store(tmp_path / "chroma")
    collection = store.collection("some-name")
    query = np.array([0.8, 0.6, 0.0, 0.0], np.float32)
    found = collection.nearest(query, 10)
    assert collection.count() == 4
    assert [name for name, _ in found[:2]] == ["0", "1"]
    assert [cosine for _, cosine in found[:2]] == pytest.approx([0.8, 0.6], abs=1e-5)
    store.drop("some-name")
    with pytest.raises(StoreCorrupt, match="index --rebuild"):
        store.collection("some-name")
    with pytest.raises(StoreCorrupt):
        collection.nearest(query, 1)
    store.close()


def test_a_large_collection_ends_with_its_graph_on_disk() -> None:
    for count in (1, 999, 4000):
        assert _steps(count, 5461) == (1000, 1000)
    for count in (4001, 12_345, 300_000, 1_000_003):
        batch, sync = _steps(count, 5461)
        assert 0 < batch <= 2000 and sync % batch == 0
        assert count % sync < count / batch, "next to nothing waits to be put in at every opening"
    assert _steps(10_000, 100)[0] <= 100


def test_a_damaged_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"this is no database at all" * 200)
    with pytest.raises(StoreError) as caught:
        Store(tmp_path)
    assert "index --rebuild" in caught.value.hint


def test_a_file_in_place_of_the_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        Store(tmp_path / "file")
    assert "index --rebuild" in caught.value.hint


@pytest.mark.parametrize("url", ["http://", "ftp://host:1", "http://host:notaport"])
def test_an_address_that_is_none_is_a_configuration_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="COACH_CHROMA_URL"):
        Store(tmp_path, url)


def test_a_silent_server_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackendUnreachable, match=r"127\.0\.0\.1:9"):
        Store(tmp_path, "http://127.0.0.1:9")


def test_a_strangers_env_file_and_environment_change_nothing(tmp_path: Path) -> None:
    hostile = "IS_PERSISTENT=perhaps\nCHROMA_SERVER_HTTP_PORT=many\nALLOW_RESET=maybe\nMIGRATIONS=none\n"
    (tmp_path / ".env").write_bytes(hostile.encode() + b"\xff\xfe broken")
    script = (
        "import numpy, pathlib; from coach.retrieval.store import Store\n"
        "store = Store(pathlib.Path('chroma')); store.fill('abc', 1, lambda *_: numpy.eye(1, 4, dtype='float32'))\n"
        "print(store.collection('abc').nearest(numpy.eye(1, 4, dtype='float32')[0], 1)[0][0])"
    )
    variables = {
        "PYTHONPATH": str(ROOT),
        "IS_PERSISTENT": "perhaps",
        "CHROMA_API_IMPL": "none.such",
        "CHROMA_SERVER_NOFILE": "lots",
        "PERSIST_DIRECTORY": str(tmp_path / "elsewhere"),
        "CHROMA_SERVER_CORS_ALLOW_ORIGINS": "{",
        "MIGRATIONS": "validate",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
    assert not (tmp_path / "elsewhere").exists()
