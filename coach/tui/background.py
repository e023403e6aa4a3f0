"""The bridge between the screens and the session: work runs beside the event loop, results come back to whoever asked.

Every thread is a daemon. What reads (grading, loading, a model's reply) may take minutes, and leaving waits for none of
it. What writes goes through one queue, so that it happens in the order in which it was asked for, and leaving waits for
it for a moment.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import queue
import threading
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from coach.errors import CoachError
from coach.tui.messages import Failed, Noticed, Opened, Progressed, Warmed

if TYPE_CHECKING:
    from textual.message import Message
    from textual.widget import Widget

    from coach.session import Session

T = TypeVar("T")

SWEEPS = (700, 10, 100)
"""When the young, the middle-aged and all objects are looked through for garbage; the last is Python's tenfold."""

SETTLING = 0.35
"""Seconds that leaving waits for writes under way."""


class Owner(Protocol):
    """Whoever asked: a screen, a widget or the app."""

    def call_later(self, callback: Callable[..., Any], *arguments: Any) -> bool:
        """Run ``callback`` on the event loop; False once the owner is gone."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message up from the owner."""
        ...


class Background:
    """Runs the session's work away from the event loop."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._opened = threading.Event()
        self._warm = threading.Event()
        self._leaving = threading.Event()
        self._latest: dict[str, object] = {}
        self._writes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._idle = threading.Condition()
        self._free = 0
        self._reading = 0
        self._unwritten = 0

    @property
    def is_warm(self) -> bool:
        """Whether library and models are loaded, or loading them was tried."""
        return self._warm.is_set()

    @property
    def is_busy(self) -> bool:
        """Whether a thread is at work."""
        return self._reading > 0 or self._unwritten > 0

    # --- starting and leaving -----------------------------------------------------------------

    def start(self, owner: Owner) -> None:
        """Load the library, then the models, and tell ``owner`` by messages how far it is."""
        self._session.progress = lambda what, done, total: _post(owner, Progressed(what, done, total))
        self._session.notice = lambda text: _post(owner, Noticed(text))
        self._run(lambda: self._warm_up(owner))
        threading.Thread(target=self._write_on, daemon=True).start()

    def _warm_up(self, owner: Owner) -> None:
        try:
            for what, load, event, message in (
                ("opening", _open, self._opened, Opened()),
                ("loading models", _load_models, self._warm, Warmed()),
            ):
                _post(owner, Progressed(what, 0, 0))
                problem = _tried(partial(load, self._session))[1]
                if problem is not None:
                    _post(owner, Failed(problem))
                # Whoever waits goes on even after a failure: the work itself meets it again, and says so where it is asked.
                event.set()
                _post(owner, message)
            # What is loaded stays. Looked through again and again for garbage, it held the screen up for 100 ms a time.
            # What comes after is looked through when a screen has gone; in between only once there is very much of it.
            gc.freeze()
            gc.set_threshold(*SWEEPS)
        finally:
            self._opened.set()
            self._warm.set()

    def leave(self) -> None:
        """Stop taking results, and give writes under way a moment to end."""
        self._leaving.set()
        until = monotonic() + SETTLING
        with self._idle:
            while self._unwritten and monotonic() < until:
                self._idle.wait(max(0.0, until - monotonic()))

    # --- work ---------------------------------------------------------------------------------

    def read(
        self,
        owner: Owner,
        work: Callable[[Session], T],
        done: Callable[[T], Any],
        failed: Callable[[CoachError], Any] | None = None,
        *,
        models: bool = False,
        latest: str = "",
    ) -> None:
        """Run ``work`` in a thread of its own, and ``done`` with its result on the event loop.

        ``models``: it needs the models, and starts once they are loaded. ``latest``: a name; of several reads under one
        name only the result of the last one is delivered. Without ``failed`` an error goes to the app as a message.
        """
        ticket = object()
        if latest:
            self._latest[latest] = ticket

        def run() -> None:
            (self._warm if models else self._opened).wait()
            if latest and self._latest[latest] is not ticket:
                return
            result, problem = _tried(lambda: work(self._session))
            if not latest or self._latest[latest] is ticket:
                self._deliver(owner, result, problem, done, failed)

        self._run(run)

    def write(
        self,
        owner: Owner,
        work: Callable[[Session], T],
        done: Callable[[T], Any] | None = None,
        failed: Callable[[CoachError], Any] | None = None,
    ) -> None:
        """Run ``work`` after the writes asked for before it."""
        context = contextvars.copy_context()

        def run() -> None:
            self._opened.wait()
            result, problem = _tried(lambda: work(self._session))
            self._deliver(owner, result, problem, done, failed)

        with self._idle:
            self._unwritten += 1
        self._writes.put(lambda: context.run(run))

    def stream(
        self,
        owner: Owner,
        pieces: Callable[[Session], Iterator[str]],
        piece: Callable[[str], Any],
        done: Callable[[str], Any],
        failed: Callable[[CoachError], Any],
    ) -> Callable[[], None]:
        """Deliver a text in pieces as they come, then the whole. The function that is returned stops it."""
        stopped = threading.Event()

        def run() -> None:
            self._warm.wait()
            whole: list[str] = []

            def follow() -> str:
                for part in pieces(self._session):
                    if stopped.is_set() or self._leaving.is_set():
                        break
                    whole.append(part)
                    _call(owner, piece, part)
                return "".join(whole)

            result, problem = _tried(follow)
            if not stopped.is_set():
                self._deliver(owner, result, problem, done, failed)

        self._run(run)
        return stopped.set

    # --- threads ------------------------------------------------------------------------------

    def _run(self, work: Callable[[], None]) -> None:
        """Run ``work`` in a thread that is free, else in a new one: a thread keeps its connection to the history."""
        context = contextvars.copy_context()
        with self._idle:
            self._reading += 1
            grow = self._free < self._reads.qsize() + 1
        self._reads.put(lambda: context.run(work))
        if grow:
            threading.Thread(target=self._read_on, daemon=True).start()

    def _read_on(self) -> None:
        while True:
            with self._idle:
                self._free += 1
            work: Callable[[], None] | None = self._reads.get()
            with self._idle:
                self._free -= 1
            try:
                assert work is not None
                work()
            finally:
                work = None  # a thread that waits would hold the screen that asked for it
                with self._idle:
                    self._reading -= 1

    def _write_on(self) -> None:
        while True:
            work: Callable[[], None] | None = self._writes.get()
            try:
                assert work is not None
                work()
            finally:
                work = None  # as above
                with self._idle:
                    self._unwritten -= 1
                    self._idle.notify_all()

    def _deliver(
        self,
        owner: Owner,
        result: T | None,
        problem: CoachError | None,
        done: Callable[[T], Any] | None,
        failed: Callable[[CoachError], Any] | None,
    ) -> None:
        if self._leaving.is_set():
            return
        if problem is not None:
            if failed is not None:
                _call(owner, failed, problem)
            else:
                _post(owner, Failed(problem))
        elif done is not None:
            _call(owner, done, result)


async def settled(widget: Widget) -> None:
    """Wait until ``widget`` has taken every key that was dealt out to it before now."""
    while widget.message_queue_size:
        await asyncio.sleep(0)


def _open(session: Session) -> None:
    """The documents' questions, and the history."""
    _ = session.library
    _ = session.practice.history


def _load_models(session: Session) -> None:
    """Everything that a grade needs."""
    _ = session.offline_grader
    if session.snapshot is not None:
        session.embedder.vectors(["warm"])


def _tried(work: Callable[[], T]) -> tuple[T | None, CoachError | None]:
    """The result of ``work``, or its failure as an error that can be shown."""
    try:
        return work(), None
    except CoachError as problem:
        return None, problem
    except Exception as problem:  # noqa: BLE001 - the last boundary of a thread: the app shows it as a fault of ours
        fault = CoachError(f"A fault of ours: {type(problem).__name__}: {problem}", "What you typed is kept.")
        fault.__cause__ = problem
        return None, fault


def _call(owner: Owner, callback: Callable[..., Any], *arguments: Any) -> None:
    try:
        owner.call_later(callback, *arguments)
    except RuntimeError:
        return  # the event loop has gone: the app is leaving, and nobody waits for the result


def _post(owner: Owner, message: Message) -> None:
    try:
        owner.post_message(message)
    except RuntimeError:
        return  # as above
