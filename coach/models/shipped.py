"""The claims encoder that ships with coach: packed as 8-bit numbers, laid out once for onnxruntime.

``claims/`` holds the graph, the tokenizer, the stamp and ``weights.npz``: every large matrix as int8 with one scale a
column (a row for the word table), the rest as it is. Unpacking multiplies out to float32, so serving is as exact and
repeatable as with any other model; it needs neither torch nor a network and takes under a second.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from coach.config import Paths
from coach.errors import StoreCorrupt, StoreUnwritable
from coach.models import stamp as stamps
from coach.models.stamp import Stamp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from coach.models.serve import OnnxEmbedder
    from coach.ports import KnownStatements

PACK = Path(__file__).resolve().parent / "claims"
"""Where the packed model lies in the package."""

PACKED_WEIGHTS = "weights.npz"
KNOWN = "known.npz"
"""Beside the encoder: statements on the subjects that coach knows, by training/pack_known.py."""
LAYOUT = "layout.json"
"""Name, offset and shape of every tensor in the unpacked weights file."""


def open_claims(paths: Paths) -> OnnxEmbedder:
    """The claims encoder, unpacked below ``paths.models`` first where that was never done.

    Where the folder can't be written it is unpacked into a temporary one for this process. Raises StoreCorrupt where
    the package itself is damaged, StoreLocked where another process holds the folder for ten minutes.
    """
    from coach.models.serve import load

    stamp = stamps.read(PACK)
    target = paths.models / f"claims-{stamp.fingerprint[:12]}"
    try:
        return load(target)
    except StoreCorrupt:
        pass  # never unpacked, or damaged since: unpack it (again)
    try:
        _unpack_into(target, paths)
    except StoreUnwritable:
        return _for_this_process(stamp)
    return load(target)


def open_known() -> KnownStatements:
    """What is commonly said on known subjects, read from the package. Raises StoreCorrupt where that is damaged."""
    import zipfile
    import zlib

    import numpy as np

    from coach.ports import KnownStatements

    try:
        with np.load(PACK / KNOWN, allow_pickle=False) as arrays:
            right, wrong, basis, subjects = (
                arrays[name].astype(np.float32) * arrays[f"{name}_scale"]
                for name in ("right", "wrong", "basis", "subjects")
            )
            right_of, wrong_of = (arrays[name].astype(np.intp) for name in ("right_of", "wrong_of"))
            truths = json.loads(zlib.decompress(arrays["truths"].tobytes()))
    except (OSError, ValueError, KeyError, EOFError, zlib.error, zipfile.BadZipFile) as problem:
        raise StoreCorrupt(f"The known statements in {PACK} are damaged.", "Install coach again.") from problem
    return KnownStatements(right, wrong, right_of, wrong_of, basis, subjects, tuple(truths))


def unpack(folder: Path) -> None:
    """Write graph, tokenizer and float32 weights into an empty folder; the stamp is written last."""
    for name in (stamps.GRAPH, stamps.TOKENIZER):
        shutil.copyfile(PACK / name, folder / name)
    _write_weights(folder / stamps.WEIGHTS)
    shutil.copyfile(PACK / stamps.STAMP, folder / stamps.STAMP)


def quantised(matrix: NDArray[np.float32], by_row: bool) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 numbers of the matrix's shape, and their scales: of shape (rows, 1) or (1, columns)."""
    import numpy as np

    largest = np.abs(matrix).max(axis=1 if by_row else 0, keepdims=True)
    scale = np.maximum(largest / 127.0, 1e-12).astype(np.float32)
    return np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8), scale


def _opens(target: Path) -> bool:
    """Whether the folder holds a model that works: files of the right size may be damaged inside."""
    from coach.models.serve import load

    try:
        load(target)
    except StoreCorrupt:
        return False
    return True


def _unpack_into(target: Path, paths: Paths) -> None:
    from coach.models.compile import replacing, writing

    with writing(paths.models):
        if _opens(target):
            return  # another process was faster
        with replacing(target) as unfinished:
            unpack(unfinished)


def _for_this_process(stamp: Stamp) -> OnnxEmbedder:
    import tempfile

    from coach.models.serve import load

    with tempfile.TemporaryDirectory(prefix="coach-claims-") as name:
        folder = Path(name)
        unpack(folder)
        return load(folder, stamp)


def _write_weights(path: Path) -> None:
    import zipfile

    import numpy as np

    try:
        layout = json.loads((PACK / LAYOUT).read_text(encoding="utf-8"))
        with np.load(PACK / PACKED_WEIGHTS, allow_pickle=False) as arrays, path.open("wb") as file:
            for number, item in enumerate(layout["tensors"]):
                values = arrays[f"t{number}"]
                if f"s{number}" in arrays:
                    values = values.astype(np.float32) * arrays[f"s{number}"]
                file.seek(item["offset"])
                file.write(np.ascontiguousarray(values, dtype=np.float32).tobytes())
            file.truncate(layout["size"])
    except (ValueError, KeyError, zipfile.BadZipFile, FileNotFoundError) as problem:
        raise StoreCorrupt(f"The claims encoder in {PACK} is damaged.", "Install coach again.") from problem
