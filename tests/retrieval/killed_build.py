"""Run as a script: builds the toy index in a folder and kills itself at a named point of the build."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        function(*arguments, **named)
        die()

    return wrapped


def main(point: str, folder: Path) -> None:
    from tests_toys import QUESTIONS, SEARCHES, BagEmbedder, question

    from coach.retrieval import index, making, snapshot, store, words
    from coach.retrieval.journal import Journal

    if point == "embedding":
        making.BATCH = 1
        kept = [0]
        append = Journal.append

        def count(self: Journal, *arguments: Any) -> None:
            append(self, *arguments)
            kept[0] += 1
            if kept[0] == 2:
                die()

        Journal.append = count  # type: ignore[method-assign]
    elif point == "words":
        words.write = after(words.write)
    elif point == "half a store":
        fill = store.Store.fill

        def half(self: store.Store, name: str, count: int, vectors: Any, *_: Any) -> None:
            fill(self, name, 2, vectors)
            die()

        store.Store.fill = half  # type: ignore[method-assign]
    elif point == "stamp":
        snapshot.write_stamp = die
    elif point == "sweep":
        snapshot.write_stamp = after(snapshot.write_stamp)
    more = (*QUESTIONS, question(6, "What is a sixth question?", "#### One\n\nIts answer.\n\n#### Two\n\nIts rest."))
    index.build(more, SEARCHES, BagEmbedder(), folder, rebuild=False)


if __name__ == "__main__":
    import importlib.util

    sys.path.insert(0, str(ROOT))
    spec = importlib.util.spec_from_file_location("tests_toys", Path(__file__).with_name("toys.py"))
    assert spec and spec.loader
    sys.modules["tests_toys"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["tests_toys"])
    main(sys.argv[1], Path(sys.argv[2]))
