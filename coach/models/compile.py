"""Compiles an embedding model once, or takes the files from where it has been compiled before.

A compiled model appears under its final name whole or not at all: it is built in a hidden folder beside and renamed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import coach
from coach import errors
from coach.errors import CoachError, StoreCorrupt
from coach.models import stamp as stamps
from coach.models.stamp import Stamp
from coach.models.weights import Source
from coach.ports import Progress
from coach.storage import make_folder, unwritable, write_atomically, writer_lock

LOCK_SECONDS = 600.0
"""How long to wait for another process that compiles."""

STEPS = 5
"""Lines of progress from ``export``; checked against it in the tests."""

_UNFINISHED = ".unfinished-"
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
}


def folder_name(source: str, fingerprint: str) -> str:
    """Where a model lies below ``Paths.models``: readable, and different for different models."""
    slug = re.sub(r"[^a-z0-9]+", "-", source.rsplit(":", 1)[-1].rsplit("/", 1)[-1].lower()).strip("-") or "model"
    return f"{slug[:48]}-{fingerprint[:12]}"


def compiled_under(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """Every folder below ``folder`` with a readable stamp, in order of name."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for path in inside:
        if path.name.startswith("."):
            continue
        try:
            yield path, stamps.read(path)
        except StoreCorrupt:
            continue


@contextmanager
def writing(models: Path) -> Iterator[None]:
    """Hold the lock of the folder of compiled models, and clear away what killed processes left.

    Raises StoreUnwritable, or StoreLocked after LOCK_SECONDS.
    """
    with writer_lock(models / ".lock", "compiling the embedding model", LOCK_SECONDS):
        for left in models.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def compile_model(source: Source, target: Path, progress: Progress | None = None) -> Stamp:
    """Compile into the folder ``target``, in place of what is there. Call it inside ``writing``.

    Raises ConfigError for a model that cannot be compiled, StoreUnwritable where the disk is full or read-only.
    """
    with replacing(target) as unfinished:
        exported = _export(source.folder, unfinished, progress)
        stamp = replace(_of_source(exported, source), fingerprint=source.fingerprint)
        write_atomically(unfinished / stamps.STAMP, stamps.dumps(stamp))
    return stamp


def adopt(found: Path, stamp: Stamp, source: Source, target: Path) -> Stamp:
    """Take the compiled files from ``found``, by hard link where the disk allows. Call it inside ``writing``.

    Raises StoreCorrupt where they are not what their stamp says, StoreUnwritable as ``compile_model`` does.
    """
    with replacing(target) as unfinished:
        for name, item in sorted(stamp.artefacts.items()):
            _link(found / name, unfinished / name)
            if stamps.digest(unfinished / name) != item.sha256:
                raise StoreCorrupt(f"{found / name} is damaged.", "Remove the folder; it is made again when needed.")
        stamp = _of_source(stamp, source)
        write_atomically(unfinished / stamps.STAMP, stamps.dumps(stamp))
    return stamp


def renew(folder: Path, stamp: Stamp, source: Source) -> Stamp:
    """Note in a compiled model where its unchanged source lies now. Raises StoreUnwritable."""
    stamp = _of_source(stamp, source)
    write_atomically(folder / stamps.STAMP, stamps.dumps(stamp))
    return stamp


def clear_older(models: Path, source: Source) -> None:
    """Remove what was compiled from an earlier state of the source. Call it inside ``writing``."""
    for folder, stamp in compiled_under(models):
        if stamp.source == source.name and stamp.fingerprint != source.fingerprint:
            shutil.rmtree(folder, ignore_errors=True)


def _of_source(stamp: Stamp, source: Source) -> Stamp:
    return replace(stamp, source=source.name, folder=str(source.folder), files=source.files)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of ``target`` when the block ends well."""
    make_folder(target.parent)
    unfinished = None
    try:
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=target.parent))
        yield unfinished
        if target.exists():
            # Who has the old files open keeps them; the name is free for a moment only.
            target.replace(unfinished.with_name(unfinished.name + "-old"))
        unfinished.replace(target)
    except OSError as problem:
        raise unwritable(target, problem) from problem
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.rmtree(unfinished.with_name(unfinished.name + "-old"), ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError as problem:
        raise StoreCorrupt(f"{source} is missing.", "Remove the folder; it is made again when needed.") from problem
    except OSError:
        shutil.copyfile(source, target)


def _export(folder: Path, target: Path, progress: Progress | None) -> Stamp:
    """Run ``export`` in a process of its own and pass on what it says."""
    root = str(Path(coach.__file__).resolve().parent.parent)
    # -P and the path's end: no module of the working folder, and none of ours, may stand in for a library.
    program = (
        "import sys; sys.path.append(sys.argv.pop(1)); "
        "from coach.models.export import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-P", "-W", "ignore", "-c", program, root, str(folder), str(target)]
    with tempfile.TemporaryFile() as noise:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=noise, env={**os.environ, **_QUIET}
        )
        try:
            assert process.stdout is not None
            lines = list(_listen(process.stdout, progress))
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        return _outcome(lines, code, _last_line(noise))


def _listen(lines: IO[bytes], progress: Progress | None) -> Iterator[dict[str, Any]]:
    what = "compiling the embedding model"
    if progress is not None:
        progress(what, 0, STEPS)
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        if "done" in said:
            if progress is not None:
                progress(what, int(said["done"]), STEPS)
        else:
            yield said


def _outcome(lines: Sequence[dict[str, Any]], code: int, noise: str) -> Stamp:
    for line in lines:
        if "result" in line:
            return stamps.parse(line["result"])
        problem = line["error"]
        raise getattr(errors, problem["kind"])(problem["message"], problem["hint"])
    raise CoachError(
        f"Compiling the embedding model ended early (code {code}): {noise or 'no word why'}",
        "It needs about 1 GB of memory and 400 MB of disk for a few seconds; free some and try again.",
    )


def _last_line(noise: IO[bytes]) -> str:
    noise.seek(0)
    lines = noise.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
