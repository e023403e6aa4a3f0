"""Files that survive: whole or not at all, private, one writer at a time."""

from __future__ import annotations

import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coach.errors import StoreLocked, StoreUnwritable
from coach.storage import make_folder, write_atomically, writer_lock

HOLDER = """
import sys
from pathlib import Path
from coach.storage import writer_lock
with writer_lock(Path(sys.argv[1]), "testing"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_file_is_replaced_as_a_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_atomically(path, "one")
    write_atomically(path, "zwei – ü")
    assert path.read_text(encoding="utf-8") == "zwei – ü"
    write_atomically(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    write_atomically(path, "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnwritable, match="No space left") as caught:
        write_atomically(path, "new")
    assert caught.value.hint
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_place_of_a_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreUnwritable, match="home"):
        make_folder(tmp_path / "home" / "index")
    with pytest.raises(StoreUnwritable, match="home"):
        write_atomically(tmp_path / "home" / "file", "x")


def test_another_process_waits_outside_and_is_told_who_is_in(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=f"pid {child.pid}") as caught, writer_lock(path, "reading"):
            pass
        assert caught.value.hint
        child.stdin.write("\n")
        child.stdin.close()
        assert child.wait() == 0
    with writer_lock(path, "writing"):
        assert (tmp_path / "lock.holder").exists()
    assert not (tmp_path / "lock.holder").exists()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        child.kill()
        child.wait()
    with writer_lock(path, "writing"):
        pass


def test_a_lock_is_free_again_after_a_failure_inside(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), writer_lock(path, "writing"):
        raise ZeroDivisionError
    with writer_lock(path, "writing"):
        pass


def _add_one(folder: Path) -> None:
    for _ in range(20):
        with writer_lock(folder / "lock", "counting", wait_seconds=30):
            counter = folder / "counter"
            write_atomically(counter, str(int(counter.read_text()) + 1))


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "counter").write_text("0")
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_add_one, args=(tmp_path,)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert (tmp_path / "counter").read_text() == "40"
