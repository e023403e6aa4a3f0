"""Damaged documents of every format: whatever the bytes, a document or a message, and never a wait.

    python benchmarks/fuzz_import.py --runs 2000 --seed 1 [--folder MORE_DOCUMENTS]

Takes the samples of tests/importing/samples, the built-in documents and those of ``--folder``, and changes them: bits
turned, stretches cut out, doubled, moved to another file or repeated, marks of the format strewn in, the end cut off; of
Word documents the XML inside the archive too. A run is determined by seed and number alone: ``--only N`` repeats one.
Ends with exit code 1 where anything but a CoachError came out or a reading took over 5 seconds of processor time.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import random
import signal
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach import config
from coach.errors import CoachError
from coach.importing import READERS, read
from coach.importing.source import Limits

SAMPLES = ROOT / "tests" / "importing" / "samples"
MOST_SECONDS = 5.0
MOST_BYTES = 600_000
"""Size of a changed document; larger ones are cut."""

MARKS: dict[str, tuple[bytes, ...]] = {
    ".html": (b"<", b"<!--", b"-->", b"</", b"<table>", b"<tr><td>", b"<pre>", b"<details><summary>", b"<a href=\"", b"<b>",
              b"<script>", b"<li>", b"&#x1F600;", b"&#999999999;", b"&amp", b"<![CDATA[", b"<dt>", b"<h2>", b"<ol start=9>"),
    ".csv": (b'"', b",", b";", b"\t", b"|", b"\n", b'""', b"\r\n", b"sep=,\n", b"question,answer\n", b"\x00"),
    ".json": (b"[", b"{", b"}", b"]", b'"', b":", b",", b"[" * 3000, b'{"a":' * 2000, b"1e999", b"NaN", b"9" * 5000, b"\\u0000",
              b'\\ud800', b'{"question":'),
    ".txt": (b"#separator:tab\n", b"#html:true\n", b"{{c1::", b"}}", b"\t", b"#deck column:9999999999\n", b'"', b"#columns:a\tb\n"),
    ".md": (b"#", b"*", b"`", b"```\n", b"\n\n", b"<summary>", b"**", b"1. ", b"Q: ", b"|", b"- ", b"$", b"<!--", b"---\n"),
    ".pdf": (b"obj", b"endobj", b"stream", b"endstream", b"/Kids [1 0 R 1 0 R]", b"/Count 99999999", b"<<", b">>", b"BT", b"Tj",
             b"/Filter /FlateDecode", b"/Parent 1 0 R", b"0 0 0 0 0 0 Tm", b"(((((", b"xref", b"/Encrypt"),
    ".docx": (b"<w:p>", b"</w:p>", b"<w:tbl>", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"<w:r><w:t>",
              b'w:val="99999999999"', b"<w:sdt>", b"<w:basedOn w:val=\"Normal\"/>", b"]]>"),
}  # fmt: skip
LIKE = {".htm": ".html", ".xhtml": ".html", ".tsv": ".csv", ".tab": ".csv", ".jsonl": ".json", ".ndjson": ".json"}


def originals(folder: Path | None = None) -> list[tuple[str, bytes]]:
    """(suffix, bytes) of every document that is changed, and of an empty one in each format."""
    paths = [*sorted(SAMPLES.iterdir()), *sorted(config.builtin_corpus().glob("*.md"))]
    paths += sorted(folder.rglob("*")) if folder else []
    found = [(path.suffix, path.read_bytes()) for path in paths if path.suffix in READERS and path.is_file()]
    return [*found, *((suffix, b"") for suffix in READERS)]


def changed(rng: random.Random, suffix: str, data: bytes, others: Sequence[tuple[str, bytes]]) -> bytes:
    """The document with one to eight changes."""
    if suffix == ".docx" and data and rng.random() < 0.7:
        return _repacked(rng, data)
    marks = MARKS.get(LIKE.get(suffix, suffix), MARKS[".md"])
    raw = bytearray(data[:MOST_BYTES])
    for _ in range(rng.randint(1, 8)):
        _change(rng, raw, marks, others)
    return bytes(raw[:MOST_BYTES])


def _change(rng: random.Random, raw: bytearray, marks: Sequence[bytes], others: Sequence[tuple[str, bytes]]) -> None:
    at = rng.randrange(len(raw) + 1)
    size = min(rng.choice((1, 2, 5, 20, 100, 1000, 10_000)), len(raw) - at)
    what = rng.randrange(9)
    if what == 0 and at < len(raw):
        raw[at] ^= 1 << rng.randrange(8)
    elif what == 1:
        del raw[at : at + size]
    elif what == 2:
        raw[at:at] = raw[at : at + size] * rng.choice((1, 2, 10, 200))
    elif what == 3:
        raw[at:at] = rng.choice(marks) * rng.choice((1, 1, 2, 50, 5000))
    elif what == 4:
        _, other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        raw[at:at] = other[start : start + rng.choice((10, 300, 5000))]
    elif what == 5 and rng.random() < 0.3:
        del raw[at:]
    elif what == 6:
        raw[at : at + size] = rng.randbytes(size)
    elif what == 7:
        raw[at:at] = rng.choice("\u202e\ufeff\x1b[31m\x00\u2028😀\ud7ff\xa0`*$").encode()
    else:
        for place in range(at, min(at + size, len(raw))):
            raw[place] = rng.choice(b" \n<>\"'()[]{}*`$#0Aa?")
    del raw[2 * MOST_BYTES :]


def _repacked(rng: random.Random, data: bytes) -> bytes:
    """A Word document with a part of its archive changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = ("word/document.xml", "word/styles.xml", "word/numbering.xml")
    name = rng.choice([one for one in names if one in parts])
    raw = bytearray(parts[name])
    if rng.random() < 0.5:  # move or repeat whole elements, so that the XML stays XML
        pieces = bytes(raw).split(b"<w:p>")
        rng.shuffle(pieces[1:])
        pieces[1:] = rng.choices(pieces[1:], k=len(pieces) * rng.choice((1, 3, 20))) if len(pieces) > 1 else []
        raw = bytearray(b"<w:p>".join(pieces))
        at = raw.find(b'w:val="', rng.randrange(len(raw)))
        if at > 0:
            raw[at + 7 : at + 8] = rng.choice((b"", b"0", b"-1", b"99999999999999", b"%9%1"))
    else:
        for _ in range(rng.randint(1, 3)):
            _change(rng, raw, MARKS[".docx"], [(".docx", parts[name])])
    parts[name] = bytes(raw)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(one, content)
    return made.getvalue()


class Late(Exception):
    """A reading that does not come to an end."""


def attempt(path: Path) -> str:
    """What came of reading a document: ``read``, ``empty``, ``refused``, or a fault that the caller must know of."""
    try:
        document = read(path, limits=Limits(max_bytes=8_000_000, max_pages=300))
    except CoachError as problem:
        return "refused" if problem.hint else f"no hint: {problem}"
    if any(_is_unsafe(question.text + question.answer + (question.section or "")) for question in document.questions):
        return "control characters in a question"
    return "read" if document.questions else "empty"


def _is_unsafe(text: str) -> bool:
    return any(
        (ord(letter) < 32 and letter not in "\n\t") or "\x7f" <= letter <= "\x9f" or letter in "\u202e\u2066"
        for letter in text
    )


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="repeat this run alone, and show what it was")
    parser.add_argument("--folder", type=Path, help="more documents to change")
    given = parser.parse_args()
    faulthandler.enable()
    known = originals(given.folder)
    outcomes: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    slowest = (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.runs) if given.only is None else [given.only]:
            path = written(Path(folder), given.seed, number, known)
            (Path(folder) / "last").write_text(str(number))
            outcome, spent = timed(path)
            slowest = max(slowest, (spent, number))
            if outcome not in ("read", "empty", "refused") or spent > MOST_SECONDS:
                faults.append(f"run {number} ({path.suffix}, {spent:.1f} s): {outcome}")
                print(faults[-1], flush=True)
                outcome = "FAULT"
            outcomes[path.suffix, outcome] += 1
            if given.only is not None:
                kept = Path(tempfile.gettempdir()) / f"fuzz-{given.seed}-{number}{path.suffix}"
                kept.write_bytes(path.read_bytes())
                print(f"kept as {kept}: {outcome}, {spent:.2f} s")
            path.unlink()
    for suffix in sorted({suffix for suffix, _ in outcomes}):
        row = {outcome: count for (one, outcome), count in sorted(outcomes.items()) if one == suffix}
        print(f"{suffix:10}", ", ".join(f"{count} {outcome}" for outcome, count in row.items()))
    print(
        f"{sum(outcomes.values())} documents, {len(faults)} faults; the slowest (run {slowest[1]}) took {slowest[0]:.2f} s"
    )
    return 1 if faults else 0


def written(folder: Path, seed: int, number: int, known: Sequence[tuple[str, bytes]]) -> Path:
    """The document of one run, on disk."""
    rng = random.Random(zlib.crc32(f"{seed}/{number}".encode()))
    suffix, data = known[number % len(known)] if rng.random() < 0.9 else rng.choice(known)
    path = folder / f"changed-{number}{suffix if rng.random() < 0.97 else rng.choice(sorted(READERS))}"
    path.write_bytes(changed(rng, suffix, data, known))
    return path


def timed(path: Path) -> tuple[str, float]:
    """The outcome of a reading, and its seconds of processor time; ended after twice the time it may take."""

    def late(number: int, frame: FrameType | None) -> None:
        raise Late

    signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, 2 * MOST_SECONDS)
    start = time.process_time()
    try:
        outcome = attempt(path)
    except Late:
        outcome = "no end: " + " < ".join(traceback.format_exc().splitlines()[-7:-1])
    except Exception as problem:  # noqa: BLE001 - this is what is looked for
        outcome = f"{type(problem).__name__}: {problem} at " + " < ".join(traceback.format_exc().splitlines()[-4:-1])
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return outcome, time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
