"""Serves a compiled model: onnxruntime runs the graph, numpy pools.

Bit for bit, what a text gets depends on the text alone. A row's width follows from the text's own length, and rows
run together only on a processor and runtime where that was seen to give each the bits of a run of its own
(``rows_are_independent``); elsewhere every text runs alone.
"""

from __future__ import annotations

import os
import platform
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.domain import Span
from coach.errors import StoreCorrupt
from coach.models import stamp as stamps
from coach.models.stamp import Recipe, Stamp
from coach.ports import Encoded

PROBE = "Partition by key, and salt the hot ones."
"""Run at every load: damaged weights show in its vector."""

_WIDTH = 8
"""Row widths are multiples of it. Measured on answers, rubrics and chunks: narrower makes more and smaller runs,
wider more padding; both are slower."""
_RUN_TOKENS = 512
"""Tokens in one run at most: more gains no speed and costs memory."""
_CHARACTERS_A_TOKEN = 64
"""How much of a long text is cut into word pieces at first; more follows where it was not enough."""
_LONGEST_WORD = 2000
"""Characters after which a word is no word, and may be cut."""
_SPACE = re.compile(r"\s")
_SURROGATE = re.compile("[\ud800-\udfff]")

_Floats = NDArray[np.float32]


class OnnxEmbedder:
    """A compiled model in use; ``ports.Embedder``. Safe to share between threads."""

    def __init__(self, folder: Path, stamp: Stamp) -> None:
        """Open the compiled files. Raises StoreCorrupt where they are damaged."""
        self._stamp = stamp
        self._recipe = stamp.recipe
        self._longest = len(stamp.recipe.prefix) + stamp.recipe.max_tokens + len(stamp.recipe.suffix)
        self._together: bool | None = None
        self._tokenizer, self._session, self._dense = _open(folder, stamp.recipe)

    @property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer, pooling and compiler: equal fingerprints give equal vectors."""
        return self._stamp.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of a sentence vector."""
        return self._recipe.dimensions

    @property
    def max_tokens(self) -> int:
        """How many word pieces of a text the model reads, special ones left out."""
        return self._recipe.max_tokens

    def count(self, text: str) -> int:
        """Number of word pieces in the whole text, special ones left out, also beyond ``max_tokens``."""
        return len(self._tokenizer.encode(_without_surrogates(text), add_special_tokens=False))

    def vectors(self, texts: Sequence[str]) -> _Floats:
        """Sentence vectors, shape (n, d), unit rows; a text without a single word piece has a row of zeros."""
        result = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for index, states in self._states([self._pieces(text)[0] for text in texts]):
            result[index] = self._pooled(states)
        return result

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Sentence and token vectors in one pass, in the order of ``texts``.

        A text without a single word piece has a vector of zeros and no tokens. Token vectors have the length of the
        graph's states, which differs from ``dimensions`` where a model projects its sentence vectors.
        """
        pieces = [self._pieces(text) for text in texts]
        empty = np.zeros(self.dimensions, dtype=np.float32)
        result = [Encoded(empty, np.zeros((0, self.dimensions), dtype=np.float32), ())] * len(texts)
        first, last = len(self._recipe.prefix), len(self._recipe.suffix)
        for index, states in self._states([ids for ids, _ in pieces]):
            tokens = _unit_rows(states[first : len(states) - last])
            result[index] = Encoded(self._pooled(states), tokens, pieces[index][1])
        return result

    def rows_are_independent(self) -> bool:
        """Whether rows that run together get the bits of a run of their own, tried over widths and batch sizes."""
        vocabulary = self._tokenizer.get_vocab_size()
        for width in sorted({min(width, self._longest) for width in (_WIDTH, 3 * _WIDTH, 64, 256)}):
            most = max(2, _RUN_TOKENS // width)
            # Any word pieces will do, as long as rows differ and some end before the row does.
            ids = [[(row * 7919 + place * 104729) % vocabulary for place in range(width)] for row in range(most)]
            ids = [row[: width - index % min(width, _WIDTH)] for index, row in enumerate(ids)]
            watched = sorted({0, 1, most - 1})
            alone = {index: self._run([ids[index]], width)[0] for index in watched}
            for size in sorted({2, most}):
                together = self._run(ids[:size], width)
                if not all(np.array_equal(alone[index], together[index]) for index in watched if index < size):
                    return False
        return True

    def _pieces(self, text: str) -> tuple[list[int], tuple[Span, ...]]:
        """Ids and places of the word pieces that the model reads."""
        text = _without_surrogates(text)
        most = self._recipe.max_tokens
        reach = most * _CHARACTERS_A_TOKEN
        while True:
            head = _head(text, reach)
            found = self._tokenizer.encode(head, add_special_tokens=False)
            if len(head) == len(text) or len(found) >= most:
                break
            reach *= 4
        return found.ids[:most], tuple(_trimmed(text, start, end) for start, end in found.offsets[:most])

    def _states(self, texts: list[list[int]]) -> Iterator[tuple[int, _Floats]]:
        """(index, states of every position, special tokens included) for each text that has word pieces."""
        rows: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
        for index, ids in enumerate(texts):
            if ids:
                row = [*self._recipe.prefix, *ids, *self._recipe.suffix]
                rows[min(-(-len(row) // _WIDTH) * _WIDTH, self._longest)].append((index, row))
        for width in sorted(rows):
            size = max(1, _RUN_TOKENS // width)
            if size > 1 and len(rows[width]) > 1 and not self._may_run_together():
                size = 1
            for start in range(0, len(rows[width]), size):
                batch = rows[width][start : start + size]
                states = self._run([row for _, row in batch], width)
                for (index, row), state in zip(batch, states, strict=True):
                    yield index, state[: len(row)]

    def _may_run_together(self) -> bool:
        if self._together is None:
            self._together = self._stamp.processor == processor() or self.rows_are_independent()
        return self._together

    def _run(self, rows: list[list[int]], width: int) -> _Floats:
        ids = np.full((len(rows), width), self._recipe.pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states: _Floats = self._session.run(None, {name: given[name] for name in self._recipe.inputs})[0]
        return states

    def _pooled(self, states: _Floats) -> _Floats:
        vector = _POOLINGS[self._recipe.pooling](states)
        for (weight, bias), activation in zip(self._dense, self._recipe.dense, strict=True):
            vector = _ACTIVATIONS[activation]((weight * vector).sum(axis=1) + bias)
        unit: _Floats = _unit_rows(vector[np.newaxis])[0]
        return unit


def load(folder: Path, stamp: Stamp | None = None) -> OnnxEmbedder:
    """Open a compiled model and try it.

    Raises StoreCorrupt where a file is missing or cut, or where the probe does not get the vector that it had when
    the model was compiled.
    """
    stamp = stamp or stamps.read(folder)
    embedder = OnnxEmbedder(folder, stamp) if stamp.describes(folder) else None
    if embedder is not None:
        vector = embedder.vectors([PROBE])[0]
        if vector.shape == (len(stamp.probe),) and float((vector * np.asarray(stamp.probe)).sum()) > 0.999:
            return embedder
    raise _damaged(folder)


def processor() -> str:
    """What decides the bits of a run: the runtime, and the processor for which it picks its kernels."""
    import onnxruntime

    name = platform.processor()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
            lines = file.read(8192).split("\n\n")[0].splitlines()
        name = " ".join(line.partition(":")[2].strip() for line in lines if line.startswith(("model", "flags")))
    except OSError:
        pass  # not Linux: the platform's own word is all there is
    return f"onnxruntime {onnxruntime.__version__} {platform.machine()} {threads()} {name}"


def threads() -> int:
    """Threads for one run."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(4, usable)


def _open(folder: Path, recipe: Recipe) -> tuple[Any, Any, list[tuple[_Floats, _Floats]]]:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Waiting threads sleep: spinning gains nothing here and takes the core from whoever else works.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            str(folder / stamps.GRAPH), sess_options=options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_str((folder / stamps.TOKENIZER).read_text(encoding="utf-8"))
        dense = [
            (np.load(folder / f"dense-{index}-weight.npy"), np.load(folder / f"dense-{index}-bias.npy"))
            for index in range(len(recipe.dense))
        ]
    except MemoryError:
        raise
    except Exception as problem:  # both libraries raise bare Exception subclasses of their own
        raise _damaged(folder) from problem
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer, session, dense


def _damaged(folder: Path) -> StoreCorrupt:
    return StoreCorrupt(f"The compiled model in {folder} is damaged.", "Run `coach index --rebuild` to make it again.")


def _unit_rows(rows: _Floats) -> _Floats:
    length = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    result: _Floats = rows / np.maximum(length, np.float32(1e-12))
    return result


_POOLINGS: dict[str, Any] = {
    "mean": lambda states: states.sum(axis=0) / np.float32(len(states)),
    "cls": lambda states: states[0],
    "max": lambda states: states.max(axis=0),
    "mean_sqrt_len_tokens": lambda states: states.sum(axis=0) / np.sqrt(np.float32(len(states))),
    "lasttoken": lambda states: states[-1],
}
_ACTIVATIONS: dict[str, Any] = {
    "Identity": lambda vector: vector,
    "Tanh": np.tanh,
    "ReLU": lambda vector: np.maximum(vector, np.float32(0)),
}
POOLINGS = frozenset(_POOLINGS)
"""Ways of pooling that can be served."""
ACTIVATIONS = frozenset(_ACTIVATIONS)
"""Activations of linear layers that can be served."""


def _without_surrogates(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _head(text: str, reach: int) -> str:
    """The text's beginning, at least ``reach`` characters where it has them, cut where a word ends if one does soon."""
    if len(text) <= reach:
        return text
    space = _SPACE.search(text, reach, reach + _LONGEST_WORD)
    return text[: space.start() if space else reach + _LONGEST_WORD]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
