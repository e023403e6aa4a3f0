"""Makes the snapshot of a generation: cuts the questions, embeds what is new, writes rows and vectors part by part.

Texts wait in a file, new vectors go through the journal, and known ones are read from where they lie: memory holds
the digests of the texts, and of texts and vectors one batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.domain import Chunk, Question
from coach.ports import Embedder, Progress
from coach.retrieval import snapshot
from coach.retrieval.chunks import cut
from coach.retrieval.journal import Journal
from coach.retrieval.pending import Pending
from coach.retrieval.rows import KEY_BYTES, Part, Row, Writer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Searches = Mapping[str, Sequence[str]]
"""Question id -> how somebody with the problem would put it."""

BATCH = 32
"""Texts embedded, and then kept in the journal, at a time."""

_BLOCK = 4096
"""Vectors copied at a time."""

_CUT_AT_A_TIME = 500
"""Questions after which somebody who waits is told how far the cutting is."""


@dataclass(frozen=True, slots=True)
class Known:
    """Where the vectors of the generation before lie."""

    folder: Path
    """Its snapshot."""
    places: Mapping[bytes, int]
    """Digest of a text -> row of its vector."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a snapshot came to hold."""

    rows: int
    chunks: int
    embedded: int
    """Texts that went through the model."""
    texts: frozenset[bytes]
    """Digests of all texts."""


def make(
    questions: Sequence[Question],
    searches: Searches,
    embedder: Embedder,
    folder: Path,
    known: Known,
    journal: Journal,
    progress: Progress,
) -> Made:
    """Write the snapshot ``folder`` of the questions. Raises StoreUnwritable."""
    journal.find()
    with Writer(folder) as writer, Pending(folder / "waiting") as pending:
        chunks = 0
        for done, question in enumerate(questions, 1):
            for part, text, chunk in _parts(question, searches.get(question.id, ()), embedder):
                key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]
                writer.add(Row(question.id, part, key.hex(), chunk))
                chunks += part is Part.CHUNK
                if key not in known.places and key not in journal:
                    pending.add(key, text)
            if done % _CUT_AT_A_TIME == 0:
                progress("cutting answers", done, len(questions))
        writer.finish()
        _embed(pending, embedder, journal, progress)
        keys = writer.keys
        snapshot.write_vectors(folder, _blocks(keys, known, journal), len(keys), embedder.dimensions)
        return Made(len(keys), chunks, len(pending), frozenset(keys))


def _parts(question: Question, searches: Sequence[str], embedder: Embedder) -> Iterator[tuple[Part, str, Chunk | None]]:
    yield Part.QUESTION, question.text, None
    if question.reference:
        yield Part.ANSWER, f"{question.text}\n{question.reference}", None
    for chunk in cut(question, embedder):
        yield Part.CHUNK, f"{chunk.context}\n{chunk.text}" if chunk.context else chunk.text, chunk
    for search in searches:
        yield Part.SEARCH, search, None


def _embed(pending: Pending, embedder: Embedder, journal: Journal, progress: Progress) -> None:
    done = 0
    for keys, texts in pending.batches(BATCH):
        journal.append(keys, embedder.vectors(texts))
        done += len(keys)
        progress("embedding", done, len(pending))


def _blocks(keys: Sequence[bytes], known: Known, journal: Journal) -> Iterator[NDArray[np.float32]]:
    """The vectors of all rows in order, some at a time."""
    import numpy as np

    for start in range(0, len(keys), _BLOCK):
        wanted = keys[start : start + _BLOCK]
        before = [(row, known.places[key]) for row, key in enumerate(wanted) if key in known.places]
        new = [row for row, key in enumerate(wanted) if key not in known.places]
        made = journal.vectors([wanted[row] for row in new])
        block = np.empty((len(wanted), made.shape[1]), np.float32)
        block[new] = made
        if before:
            # Mapped anew for every block, so that what was read does not stay in memory.
            rows, places = zip(*before, strict=True)
            block[list(rows)] = snapshot.vectors_in(known.folder)[list(places)]
        yield block
