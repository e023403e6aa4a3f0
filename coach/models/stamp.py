"""What a compiled model is: a folder of files with a stamp that says what they were made from.

``stamp.json`` is written last, so a folder without one is unfinished. Nothing of the model's size is read to judge
a folder at start-up: sizes and modification times decide, digests only where files come from somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coach.errors import StoreCorrupt

COMPILER = "1"
"""Raise it whenever the compiled files change in content or in meaning; older folders are then left aside."""

STAMP = "stamp.json"
GRAPH = "model.onnx"
WEIGHTS = "weights.bin"
TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the uncompiled model, as it was when it was compiled."""

    name: str
    """Path below the model's folder, with forward slashes."""
    size: int
    """Bytes."""
    modified: int
    """Modification time in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file of the compiled model."""

    size: int
    """Bytes."""
    sha256: str
    """Hex digest."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How word pieces become vectors around the graph."""

    dimensions: int
    """Length of a sentence vector."""
    max_tokens: int
    """Word pieces that the model reads, special ones left out."""
    prefix: tuple[int, ...]
    """Ids of the special tokens before the text."""
    suffix: tuple[int, ...]
    """Ids of the special tokens after it."""
    pad: int
    """Id that fills a row up."""
    inputs: tuple[str, ...]
    """Which of ``input_ids``, ``attention_mask`` and ``token_type_ids`` the graph takes."""
    pooling: str
    """``mean``, ``cls``, ``max``, ``mean_sqrt_len_tokens`` or ``lasttoken``."""
    dense: tuple[str, ...] = ()
    """Activations of the linear layers behind the pooling, whose matrices lie in ``dense-<i>-*.npy``."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Everything that is known of a compiled model without opening it."""

    compiler: str
    """``COMPILER`` of the code that wrote it."""
    source: str
    """The model's name as weights.canonical gives it."""
    folder: str
    """Where the uncompiled files lie."""
    files: tuple[SourceFile, ...]
    """Those that decide what the model computes."""
    fingerprint: str
    """Hex digest over them and the compiler."""
    artefacts: dict[str, Artefact]
    """The compiled files by name, the stamp itself left out."""
    recipe: Recipe
    """How to use them."""
    probe: tuple[float, ...]
    """The vector of ``serve.PROBE``: what the files must still give when they are loaded."""
    processor: str
    """Where one run of several rows was seen to give each the bits of a run of its own; empty: nowhere."""

    def describes(self, folder: Path) -> bool:
        """Whether the compiled files below ``folder`` have their sizes. Cheap; contents are not read."""
        return all(_size(folder / name) == item.size for name, item in self.artefacts.items())

    def is_current(self) -> bool:
        """Whether the uncompiled files lie unchanged where they were compiled from. Cheap; contents are not read."""
        return bool(self.files) and all(seen(Path(self.folder), item.name) == item for item in self.files)


def seen(folder: Path, name: str) -> SourceFile | None:
    """The file as it is now; None where there is none."""
    try:
        status = (folder / name).stat()
    except (OSError, ValueError):
        return None
    return SourceFile(name, status.st_size, status.st_mtime_ns)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path) -> Stamp:
    """The stamp of a compiled model. Raises StoreCorrupt where it is missing, damaged or of another compiler."""
    path = folder / STAMP
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StoreCorrupt(f"{path} is no stamp of a compiled model.", "Run `coach index --rebuild`.") from problem


def dumps(stamp: Stamp) -> str:
    """The stamp as it is written."""
    return json.dumps(asdict(stamp), sort_keys=True)


def parse(table: dict[str, Any]) -> Stamp:
    """The stamp from its JSON form. Raises ValueError, KeyError or TypeError for anything else."""
    if table["compiler"] != COMPILER:
        raise ValueError(table["compiler"])
    recipe = dict(table["recipe"])
    for name in ("prefix", "suffix", "inputs", "dense"):
        recipe[name] = tuple(recipe[name])
    return Stamp(
        compiler=COMPILER,
        source=str(table["source"]),
        folder=str(table["folder"]),
        files=tuple(SourceFile(**item) for item in table["files"]),
        fingerprint=str(table["fingerprint"]),
        artefacts={name: Artefact(**item) for name, item in table["artefacts"].items()},
        recipe=Recipe(**recipe),
        probe=tuple(float(value) for value in table["probe"]),
        processor=str(table["processor"]),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
