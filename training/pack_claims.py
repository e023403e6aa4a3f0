"""Pack a trained claims encoder into coach/models/claims (what ships).

    python training/pack_claims.py /tmp/claims                # as it is
    python training/pack_claims.py /tmp/claims --blend 0.5    # half of it, half of what ships now

Weights of two runs from the same start can be averaged, and the average errs less than either (Wortsman et al. 2022,
model soups).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach.config import Settings
from coach.models import compile as compiling
from coach.models import stamp as stamps
from coach.models.serve import PROBE, OnnxEmbedder
from coach.models.shipped import LAYOUT, PACK, PACKED_WEIGHTS, quantised, unpack
from coach.models.stamp import Artefact
from coach.models.weights import canonical, locate

SMALL = 4096
"""Tensors of fewer numbers are kept as they are."""


def main() -> None:
    """Compile, blend, quantise, check, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", help="of a trained encoder, as train_claims.py writes it")
    options.add_argument("--blend", type=float, default=1.0, metavar="SHARE", help="its share; the rest is what ships")
    given = options.parse_args()
    source = locate(canonical(given.folder), Settings())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "compiled"
        stamp = compiling.compile_model(source, folder)
        PACK.mkdir(exist_ok=True)
        _pack(folder, given.blend)
        for file in (stamps.GRAPH, stamps.TOKENIZER):
            shutil.copyfile(folder / file, PACK / file)
        # The stamp describes the unpacked folder, which has other weights than the compiled one.
        (PACK / stamps.STAMP).write_text(stamps.dumps(stamp), encoding="utf-8")
        unpacked = Path(name) / "unpacked"
        unpacked.mkdir()
        unpack(unpacked)
        stamp = replace(stamp, source="shipped:claims", folder="", files=())
        served = OnnxEmbedder(unpacked, stamp)
        artefacts = {
            file: Artefact((unpacked / file).stat().st_size, stamps.digest(unpacked / file))
            for file in (stamps.GRAPH, stamps.TOKENIZER, stamps.WEIGHTS)
        }
        digest = artefacts[stamps.WEIGHTS].sha256
        probe = tuple(round(float(value), 6) for value in served.vectors([PROBE])[0])
        stamp = replace(stamp, artefacts=artefacts, probe=probe, fingerprint=digest)
        (PACK / stamps.STAMP).write_text(stamps.dumps(stamp), encoding="utf-8")
        exact = OnnxEmbedder(folder, stamps.read(folder))  # of the trained folder, also where it was blended
        texts = (ROOT / "corpus" / "data-engineering.md").read_text(encoding="utf-8").splitlines()
        texts = [text for text in texts if len(text) > 20]
        cosine = (served.vectors(texts) * exact.vectors(texts)).sum(axis=1)
        print(f"cosine to float32: mean {cosine.mean():.6f}, least {cosine.min():.6f} over {len(texts)} texts")
    size = sum(file.stat().st_size for file in PACK.iterdir())
    print(f"{PACK}: {size / 1e6:.1f} MB")


def _pack(folder: Path, share: float) -> None:
    shipped = _shipped() if share < 1 else {}
    graph = onnx.load(str(folder / stamps.GRAPH), load_external_data=False).graph
    raw = (folder / stamps.WEIGHTS).read_bytes()
    arrays: dict[str, np.ndarray] = {}
    tensors = []
    for tensor in graph.initializer:
        where = {entry.key: entry.value for entry in tensor.external_data}
        if not where:
            continue
        offset, length = int(where["offset"]), int(where["length"])
        shape = tuple(tensor.dims)
        values = np.frombuffer(raw, dtype=np.float32, count=length // 4, offset=offset).reshape(shape)
        if shipped:
            values = (share * values + (1 - share) * shipped[tensor.name]).astype(np.float32)
        number = len(tensors)
        tensors.append({"name": tensor.name, "offset": offset, "shape": list(shape)})
        if values.ndim == 2 and values.size >= SMALL:
            by_row = shape[0] > 4 * shape[1]
            arrays[f"t{number}"], arrays[f"s{number}"] = quantised(values, by_row)
        else:
            arrays[f"t{number}"] = values
    np.savez_compressed(PACK / PACKED_WEIGHTS, **arrays)
    layout = {"size": len(raw), "tensors": tensors}
    (PACK / LAYOUT).write_text(json.dumps(layout), encoding="utf-8")


def _shipped() -> dict[str, np.ndarray]:
    """The weights that ship now, by name."""
    tensors = json.loads((PACK / LAYOUT).read_text(encoding="utf-8"))["tensors"]
    with np.load(PACK / PACKED_WEIGHTS) as arrays:
        found = {}
        for number, tensor in enumerate(tensors):
            values = arrays[f"t{number}"].astype(np.float32) * arrays.get(f"s{number}", np.float32(1))
            found[tensor["name"]] = values.reshape(tensor["shape"])
    return found


if __name__ == "__main__":
    main()
