"""Files that survive: locks between processes, private and atomic writes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.errors import StoreLocked, StoreUnwritable


def write_atomically(path: Path, data: str | bytes) -> None:
    """Replace ``path`` as a whole, readable by its owner only.

    Raises StoreUnwritable where the disk is full or the folder may not be written; the old file is whole then.
    """
    write_parts_atomically(path, (data,))


def write_parts_atomically(path: Path, parts: Iterable[str | bytes]) -> None:
    """The same for a file too long to be held at once. What making the parts raises leaves the old file whole, too."""
    name = ""
    try:
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part.encode("utf-8") if isinstance(part, str) else part)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        name = ""
    except OSError as problem:
        raise unwritable(path, problem) from problem
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Create ``path`` and its parents, private to the user. Raises StoreUnwritable."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise unwritable(path, problem) from problem


def unwritable(path: Path, problem: OSError) -> StoreUnwritable:
    """The error for a path that could not be written."""
    return StoreUnwritable(
        f"Cannot write {path}: {problem.strerror or problem}.",
        "Free some space or fix the permissions, or point COACH_HOME at a folder you can write.",
    )


@contextmanager
def writer_lock(path: Path, what: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the advisory lock file ``path`` while writing ``what``; the lock goes when its process does.

    Raises StoreLocked, naming the holder, when it is not free within ``wait_seconds``.
    """
    from filelock import FileLock, Timeout

    make_folder(path.parent)
    holder = path.with_suffix(".holder")
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as problem:
        raise StoreLocked(
            f"Another coach process ({_describe(holder)}) is {what}.",
            "Wait for it to finish, or stop it, then try again.",
        ) from problem
    except OSError as problem:
        raise unwritable(path, problem) from problem
    try:
        write_atomically(holder, json.dumps({"pid": os.getpid(), "what": what}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _describe(holder: Path) -> str:
    try:
        return f"pid {json.loads(holder.read_text())['pid']}"
    except (OSError, ValueError, KeyError):
        return "pid unknown"
