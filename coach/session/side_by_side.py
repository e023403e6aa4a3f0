"""Work that waits for a server, done a few at a time, with the results in the order of the input."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


def in_order(work: Callable[[A], B], items: Iterable[A], jobs: int) -> Iterator[B]:
    """``work`` of each item, in order, at most ``jobs`` at once and at most twice as many ahead of the reader.

    What ``work`` raises is raised here, in its turn. The threads are daemons: whoever stops reading, or presses Ctrl-C,
    does not wait for a call that hangs.
    """
    if jobs == 1:
        yield from map(work, items)
        return
    waiting: SimpleQueue[tuple[A, SimpleQueue[Any]] | None] = SimpleQueue()
    for _ in range(jobs):
        threading.Thread(target=_worker, args=(work, waiting), daemon=True).start()
    ahead: deque[SimpleQueue[Any]] = deque()
    try:
        for item in items:
            box: SimpleQueue[Any] = SimpleQueue()
            ahead.append(box)
            waiting.put((item, box))
            if len(ahead) >= 2 * jobs:
                yield _opened(ahead.popleft())
        while ahead:
            yield _opened(ahead.popleft())
    finally:
        with suppress(Empty):  # what nobody will read is not begun
            while True:
                waiting.get_nowait()
        for _ in range(jobs):
            waiting.put(None)


def _worker(work: Callable[[Any], Any], waiting: SimpleQueue[Any]) -> None:
    while (task := waiting.get()) is not None:
        item, box = task
        try:
            box.put((work(item), None))
        except BaseException as problem:  # noqa: BLE001 - handed to the reader, who raises it
            box.put((None, problem))


def _opened(box: SimpleQueue[Any]) -> Any:
    made, problem = box.get()
    if problem is not None:
        raise problem
    return made
