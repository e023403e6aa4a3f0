"""The one door to chromadb: vectors by id, in a local folder or on a Chroma server.

chromadb reads ``.env`` of the working folder and a dozen bare environment variables (``IS_PERSISTENT``,
``MIGRATIONS`` …) as it is imported, and a value it can't parse breaks the import. None of them are meant for coach,
so its settings class is kept from all sources but our own arguments.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from coach.errors import BackendUnreachable, CoachError, ConfigError, StoreCorrupt, StoreLocked, StoreUnwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ANSWER_SECONDS = 60.0
"""How long a Chroma server may take to answer; chromadb itself waits for ever."""

_BATCH = 1000
"""Vectors handed to Chroma at a time; also its own measure for writing its graph."""

_LARGE_BATCH = 2000
"""The same for a large collection."""

_WIDTH, _LARGE_WIDTH, _LARGE = 128, 512, 20_000
"""How many neighbours the graph keeps in sight on its way, and in a collection of more than so many vectors. Of 300,000
nearly random vectors 128 found three quarters of the 96 nearest in 1.8 ms, 512 seven eighths in 3.3 ms."""

_WRITINGS = 6
"""How often the graph of a large collection is written while it is filled."""

REBUILD = "Run `coach index --rebuild`."

_UNWRITABLE = (
    "readonly",
    "read-only",
    "read only",
    "permission denied",
    "disk is full",
    "no space left",
    "os error 13",
)
_LOCKED = ("database is locked", "database table is locked", "sqlite_busy")
_IMPORTING = threading.Lock()


def version() -> str:
    """The installed chromadb's version, without importing it."""
    from importlib.metadata import version as installed

    return installed("chromadb")


class Store:
    """Collections of unit vectors under cosine similarity. Use one instance at a time from one thread."""

    def __init__(self, folder: Path, chroma_url: str = "") -> None:
        """Open the store in ``folder`` (made where missing), or on the server at ``chroma_url``.

        Raises ConfigError for an address that is none, BackendUnreachable for a server that does not answer, and
        StoreCorrupt, StoreLocked or StoreUnwritable for a folder that can't be used.
        """
        self._where = chroma_url or str(folder)
        self._remote = bool(chroma_url)
        chromadb = _chromadb()
        settings = chromadb.config.Settings(_env_file=None, anonymized_telemetry=False)
        with _explained(self._where, remote=bool(chroma_url)):
            if chroma_url:
                host, port, secure = _address(chroma_url)
                self._client: Any = chromadb.HttpClient(host=host, port=port, ssl=secure, settings=settings)
                for session in self._sessions():
                    session.timeout = ANSWER_SECONDS
            else:
                self._client = chromadb.PersistentClient(path=str(folder), settings=settings)

    def close(self) -> None:
        """Let go of the folder or the connection."""
        with _explained(self._where, remote=self._remote):
            self._client.close()
            # chromadb leaves the connections open; every client has its own.
            for session in self._sessions():
                session.close()

    def _sessions(self) -> list[Any]:
        """The HTTP sessions of a client of a server, as far as this version of chromadb has them."""
        clients = (self._client, getattr(self._client, "_admin_client", None)) if self._remote else ()
        found = [getattr(getattr(client, "_server", None), "_session", None) for client in clients]
        return [session for session in found if session is not None]

    def names(self) -> list[str]:
        """All collections, sorted."""
        with _explained(self._where, remote=self._remote):
            return sorted(collection.name for collection in self._client.list_collections())

    def drop(self, name: str) -> None:
        """Remove a collection and its vectors."""
        with _explained(self._where, remote=self._remote):
            self._client.delete_collection(name)

    def fill(
        self,
        name: str,
        count: int,
        vectors: Callable[[int, int], NDArray[np.float32]],
        done: Callable[[int], None] = lambda count: None,
    ) -> None:
        """Make a new collection of ``count`` vectors under the ids ``0``, ``1`` …, in batches that are asked for by
        their first place and one past their last; ``done`` is told how many are in.
        """
        with _explained(self._where, remote=self._remote):
            most = int(self._client.get_max_batch_size())
            # A server takes requests of 40 MB, and a number is some 20 characters there.
            batch, sync = _steps(count, min(most, _BATCH) if self._remote else most)
            width = _WIDTH if count <= _LARGE else _LARGE_WIDTH
            hnsw = {"space": "cosine", "ef_search": width, "sync_threshold": sync}
            collection = self._client.create_collection(name, embedding_function=None, configuration={"hnsw": hnsw})
            for start in range(0, count, batch):
                stop = min(start + batch, count)
                ids = [str(place) for place in range(start, stop)]
                collection.upsert(ids=ids, embeddings=vectors(start, stop))
                done(stop)

    def collection(self, name: str) -> Collection:
        """An existing collection. Raises StoreCorrupt where it is missing."""
        with _explained(self._where, remote=self._remote):
            return Collection(self._client.get_collection(name, embedding_function=None), self._where, self._remote)


class Collection:
    """One collection, to be searched; a ports.VectorStore."""

    def __init__(self, raw: Any, where: str, remote: bool) -> None:
        self._raw = raw
        self._where = where
        self._remote = remote

    def count(self) -> int:
        """How many vectors it holds."""
        with _explained(self._where, remote=self._remote):
            return int(self._raw.count())

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """(id, cosine), best first, for a vector of shape (d,); fewer than ``limit`` where there are fewer."""
        with _explained(self._where, remote=self._remote):
            found = self._raw.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return sorted(((name, 1.0 - float(distance)) for name, distance in pairs), key=lambda pair: (-pair[1], pair[0]))


def _steps(count: int, most: int) -> tuple[int, int]:
    """(vectors a batch, vectors after which Chroma writes its graph to disk) for a collection of ``count``.

    The graph is written as a whole each time, so that a large one must be written seldom; what came in since the last
    time is put in anew at every opening, so that the last batch should be followed by a writing.
    """
    if count <= 4 * _BATCH:
        return min(_BATCH, most), _BATCH
    writings = max(1, min(_WRITINGS, count // (4 * _BATCH)))
    batches = writings * -(-count // (writings * min(_LARGE_BATCH, most)))
    batch = count // batches
    return batch, batch * (batches // writings)


def _address(url: str) -> tuple[str, int, bool]:
    """(host, port, https) of a server's address."""
    hint = "Write it as http://host:port."
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError as problem:
        raise ConfigError(f"COACH_CHROMA_URL is not an address: {url!r}.", hint) from problem
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigError(f"COACH_CHROMA_URL is not an address: {url!r}.", hint)
    secure = parts.scheme == "https"
    return host, port or (443 if secure else 8000), secure


def _chromadb() -> Any:
    """The package, imported once with every outside source of settings shut."""
    import sys

    with _IMPORTING:
        if "chromadb" not in sys.modules:
            with _sources_shut():
                import chromadb
                import chromadb.config

                chromadb.config.Settings.settings_customise_sources = classmethod(_only_arguments)
        import chromadb

        return chromadb


def _only_arguments(cls: type, /, settings_cls: type, init_settings: Any, **others: Any) -> tuple[Any, ...]:
    return (init_settings,)


@contextmanager
def _sources_shut() -> Iterator[None]:
    """While chromadb is imported, settings objects read neither ``.env`` nor the environment."""
    from pydantic_settings import BaseSettings

    made: Any = BaseSettings.__init__
    sources = BaseSettings.__dict__["settings_customise_sources"]

    def shut(self: Any, **values: Any) -> None:
        made(self, **{"_env_file": None, **values})

    setattr(BaseSettings, "__init__", shut)  # noqa: B010
    setattr(BaseSettings, "settings_customise_sources", classmethod(_only_arguments))  # noqa: B010
    try:
        yield
    finally:
        setattr(BaseSettings, "__init__", made)  # noqa: B010
        setattr(BaseSettings, "settings_customise_sources", sources)  # noqa: B010


@contextmanager
def _explained(where: str, *, remote: bool) -> Iterator[None]:
    """Turns whatever chromadb raises into one of coach's errors; its Rust core panics beside ``Exception``."""
    try:
        yield
    except CoachError:
        raise
    except BaseException as problem:
        if not isinstance(problem, Exception) and type(problem).__name__ != "PanicException":
            raise
        raise _error(where, problem, remote) from problem


def _error(where: str, problem: BaseException, remote: bool) -> CoachError:
    text = f"{type(problem).__name__}: {problem}"
    lowered = text.lower()
    first = text.splitlines()[0][:200]
    if remote and ("connect" in lowered or "timeout" in lowered):
        return BackendUnreachable(
            f"The Chroma server at {where} does not answer ({first}).", "Start it, or unset COACH_CHROMA_URL."
        )
    if any(sign in lowered for sign in _LOCKED):
        return StoreLocked(f"The vector store at {where} is in use by another process.", "Try again in a moment.")
    if any(sign in lowered for sign in _UNWRITABLE) or isinstance(problem, PermissionError):
        return StoreUnwritable(
            f"The vector store at {where} can't be written ({first}).",
            "Free some space or fix the permissions, then run `coach index --rebuild`.",
        )
    return StoreCorrupt(f"The vector store at {where} can't be read ({first}).", REBUILD)
