"""PDF files: the text of every page with its letters, by PDFium; ``typeset`` makes Markdown of it.

PDFium fetches nothing and, as it is built for this package, runs no script.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from coach.errors import UnreadableInput
from coach.importing import decoding
from coach.importing.readers import columns
from coach.importing.readers.columns import Grid
from coach.importing.readers.printed import Printed
from coach.importing.readers.runs import Run, is_mono
from coach.importing.readers.typeset import markdown
from coach.importing.source import Limits, Source
from coach.text.printable import printable

_MOST_CHARACTERS = 200_000
"""Of one page; beyond it is no page that anybody reads."""
_LEAST_CHARACTERS = 8
"""A page with fewer has no text layer."""
_ROW = re.compile("\n")
_WORD = re.compile(r"\w+|[^\w\s]")
_HYPHEN = re.compile("[\x02\ufffe]")
"""How PDFium gives a hyphen at a line end."""
_MEANINGLESS = re.compile("[\x00\uffff\ud800-\udfff]")
_FIXED, _BOLD = 1, 1 << 18
"""Flags of a font descriptor."""
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "cmbx", "sfbx", "-medi")


def read(path: Path, limits: Limits) -> Source:
    """The text of a PDF. Its positions count the lines of its text from the first page on.

    Raises NotFound and UnreadableInput: too large or too long, damaged, encrypted, or pictures of text only.
    """
    data = decoding.read_bytes(path, limits.max_bytes)
    pdfium = _pdfium()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as problem:
        reason = "it asks for a password" if "password" in str(problem).lower() else "it is damaged, or no PDF"
        raise UnreadableInput(f"{path.name} cannot be opened: {reason}.", "Save an open copy of it.") from problem
    try:
        pages, empty = _pages(document, path.name, limits, pdfium)
        title = printable(str(document.get_metadata_dict().get("Title", "")))[:200]
    finally:
        document.close()
    if empty == len(pages):
        raise UnreadableInput(
            f"{path.name} has no text layer: its {len(pages)} pages are pictures.",
            "Run a text recogniser over it first (ocrmypdf, say).",
        )
    notes = (f"{empty} of {len(pages)} pages hold no text; they may be pictures.",) if empty else ()
    text, positions = markdown(pages)
    return Source(text, notes, title if len(title.split()) > 1 and "." not in title else "", positions)


def _pages(document: Any, name: str, limits: Limits, pdfium: Any) -> tuple[list[list[Printed]], int]:
    """The lines of each page, and how many pages have no text."""
    count = len(document)
    if count > limits.max_pages:
        raise UnreadableInput(
            f"{name} has {count} pages; at most {limits.max_pages} are read.", "Split it, or raise COACH_MAX_PAGES."
        )
    pages: list[list[Printed]] = []
    empty = used = 0
    grid: Grid | None = None
    for place in range(count):
        try:
            lines, grid = _lines(document[place], pdfium.raw, grid)
        except pdfium.PdfiumError:
            lines = []
        size = sum(len(line.text) for line in lines)
        empty += size < _LEAST_CHARACTERS
        used += size
        if used > limits.max_bytes:
            raise UnreadableInput(f"{name} holds more text than is read.", "Split it, or raise COACH_MAX_DOCUMENT_MB.")
        pages.append(lines)
        limits.progress(f"reading {name[:40]}", place + 1, count)
    return pages, empty


def _lines(page: Any, raw: Any, grid: Grid | None) -> tuple[list[Printed], Grid | None]:
    """The lines of one page in reading order, as PDFium breaks them, and the table that is open at its end."""
    text = page.get_textpage()
    try:
        height = float(page.get_height())
        reader = _Letters(text.raw, raw)
        found = list(_read(reader, height))
        lines = [line for line, _ in found]
        if grid is None and not any(map(columns.may_start, lines)):
            return lines, None
        return columns.replaced(lines, lambda place: reader.words(found[place][1]), grid)
    finally:
        text.close()
        page.close()


def _read(reader: _Letters, height: float) -> Iterator[tuple[Printed, int]]:
    """The lines of a page, each with the place of its first letter; the kind of letters is asked where it can change: at
    words and round punctuation.
    """
    letters = reader.all()
    place = 0
    for row in _ROW.split(letters):
        words = [found.span() for found in _WORD.finditer(row)]
        if words:
            kinds = [reader.kind(place + start) for start, _ in words]
            turns = [n for n, kind in enumerate(kinds) if n == 0 or kind is not kinds[n - 1]]
            ends = [*(words[n][0] for n in turns[1:]), words[-1][1]]
            runs = tuple(
                replace(kinds[n], text=row[words[n][0] : end].replace("\t", " "))
                for n, end in zip(turns, ends, strict=True)
            )
            left, base = reader.origin(place + words[0][0])
            yield Printed(runs, left, reader.right(place + words[-1][1] - 1), height - base), place
        place += len(row) + 1


class _Letters:
    """What PDFium knows of single letters. A call costs a microsecond, so kinds and places are asked once a word."""

    def __init__(self, text: Any, raw: Any) -> None:
        self._text = text
        self._raw = raw
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._flags = ctypes.c_int()
        self._name = ctypes.create_string_buffer(128)
        self._box = [ctypes.c_double() for _ in range(4)]
        self._kinds: dict[tuple[bytes, int, float], Run] = {}
        self._whole: str | None = None

    def all(self) -> str:
        """Every letter of the page; hyphens at line ends are soft ones, letters without meaning spaces."""
        if self._whole is None:
            self._whole = self._all()
        return self._whole

    def _all(self) -> str:
        count = min(max(self._raw.FPDFText_CountChars(self._text), 0), _MOST_CHARACTERS)
        buffer = ctypes.create_string_buffer(2 * count + 2)
        written = self._raw.FPDFText_GetText(self._text, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
        whole = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(whole) != count:  # letters without Unicode were left out, or some take two units
            whole = "".join(self._letter(place) for place in range(count))
        return _MEANINGLESS.sub(" ", _HYPHEN.sub("\xad", whole).replace("\r", "\n"))

    def words(self, start: int) -> list[columns.Word]:
        """The words of the line that starts at a place."""
        letters = self.all()
        end = letters.find("\n", start)
        row = letters[start : end if end >= 0 else len(letters)]
        spans = [found.span() for found in re.finditer(r"\S+", row)]
        return [columns.Word(row[a:b], self.origin(start + a)[0], self.right(start + b - 1)) for a, b in spans]

    def _letter(self, place: int) -> str:
        code = self._raw.FPDFText_GetUnicode(self._text, place)
        return chr(code) if 0 < code <= 0x10FFFF else " "

    def kind(self, place: int) -> Run:
        """An empty run of the letters there."""
        size = round(float(self._raw.FPDFText_GetFontSize(self._text, place)) * 2) / 2
        self._raw.FPDFText_GetFontInfo(self._text, place, self._name, 128, self._flags)
        key = (self._name.value, self._flags.value, size)
        if key not in self._kinds:
            name = key[0].decode("utf-8", "replace").partition("+")[2] or key[0].decode("utf-8", "replace")
            lowered = name.lower()
            self._kinds[key] = Run(
                "",
                bold=any(sign in lowered for sign in _BOLD_NAMES) or bool(key[1] & _BOLD),
                italic="italic" in lowered or "oblique" in lowered,
                mono=is_mono(name) or bool(key[1] & _FIXED),
                size=size,
            )
        return self._kinds[key]

    def origin(self, place: int) -> tuple[float, float]:
        """Where a letter stands on its line, in points from the left and the bottom of the page."""
        self._raw.FPDFText_GetCharOrigin(self._text, place, self._x, self._y)
        return self._x.value, self._y.value

    def right(self, place: int) -> float:
        """The right end of a letter."""
        left, right, bottom, top = self._box
        self._raw.FPDFText_GetCharBox(self._text, place, left, right, bottom, top)
        return right.value


def _pdfium() -> Any:
    import pypdfium2

    return pypdfium2
