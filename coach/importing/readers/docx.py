"""Word documents as Markdown: headings by style, outline or size, automatic numbers, lists, tables, code.

Read as zipped XML with the standard library: of the packages for this format the well-kept one neither resolves
automatic numbers nor reads content controls, and unpacks every picture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from coach.errors import UnreadableInput
from coach.importing.readers import grid, marks
from coach.importing.readers.archive import Archive
from coach.importing.readers.lines import Lines
from coach.importing.readers.numbering import Numbering, W, numbering_of, value_of, whole
from coach.importing.readers.runs import Run, is_mono, markdown, plain_text
from coach.importing.readers.styles import Styles, styles_of
from coach.importing.source import Limits, Source
from coach.text.printable import printable

_MAIN = "word/document.xml"
_LABELLED = re.compile(
    r"(?:\d{1,4}(?:\.\d{1,4})*[a-z]?|[a-z]{1,4}|Q\s?\d{1,4})[.):]?|.{0,12}\d{1,4}[.):]?", re.IGNORECASE
)
_LARGER = 1.12
"""A paragraph whose letters are this much larger than most is a heading."""
_MOST_HEADING = 300
"""Characters in a heading at most."""
_SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "instrText", "pict", "object", "rPr", "pPr", "txbxContent")
)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph with what decides how it is written."""

    place: int
    """1-based among the paragraphs of the document."""
    runs: tuple[Run, ...]
    level: int
    """Of a heading; 0 for other text."""
    number: str
    """As Word would print it; ``-`` for a bullet."""
    depth: int
    """Of its list."""
    code: bool
    size: float
    """Of its letters in points, where they all have one; else 0."""


def read(path: Path, limits: Limits) -> Source:
    """A Word document. Its positions are paragraphs. Raises NotFound and UnreadableInput."""
    with Archive(path, limits.max_bytes) as archive:
        main = archive.tree(_MAIN)
        if main is None:
            raise UnreadableInput(f"{path.name} is no Word document.", "Save it as .docx.")
        styles = styles_of(archive.tree("word/styles.xml"))
        numbers = numbering_of(archive.tree("word/numbering.xml"))
    body = main.find(f"{W}body")
    blocks = list(_blocks(body, styles, numbers)) if body is not None else []
    text, positions = _written(blocks)
    return Source(text, positions=positions)


def _blocks(body: Element, styles: Styles, numbers: Numbering) -> Iterator[_Paragraph | list[tuple[int, list[str]]]]:
    """Paragraphs, and tables as rows of cells with the place of each row."""
    place = 0
    for element in _flat(body):
        if element.tag == f"{W}p":
            place += 1
            made = _paragraph(element, place, styles, numbers)
            if made is not None:
                yield made
        else:
            rows: list[tuple[int, list[str]]] = []
            for row in element.findall(f"{W}tr"):
                rows.append((place + 1, [_cell(cell, styles, numbers) for cell in row.findall(f"{W}tc")]))
                place += sum(1 for _ in row.iter(f"{W}p"))
            yield rows


def _flat(body: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, out of content controls and insertions, but for tables of contents."""
    waiting = list(reversed(list(body)))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag == f"{W}sdt":
            gallery = next((one.get(f"{W}val", "") for one in element.iter(f"{W}docPartGallery")), "")
            content = element.find(f"{W}sdtContent")
            if content is not None and gallery != "Table of Contents":
                waiting += reversed(list(content))
        elif element.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            waiting += reversed(list(element))


def _cell(cell: Element, styles: Styles, numbers: Numbering) -> str:
    found = [_paragraph(one, 0, styles, numbers) for one in cell.iter(f"{W}p")]
    rows: list[str] = []
    for one in found:
        if one is None:
            continue
        if one.code:
            rows.append(marks.code_span(plain_text(one.runs).strip()))
        else:
            mark = f"{one.number} " if one.number else ""
            rows.append(mark + markdown(one.runs))
    return "\n".join(row for row in rows if row.strip())


def _paragraph(element: Element, place: int, styles: Styles, numbers: Numbering) -> _Paragraph | None:
    own = element.find(f"{W}pPr")
    style = styles.of(value_of(own, "pStyle"))
    if style.contents:
        return None
    runs = tuple(_runs(element, styles, value_of(own, "pStyle")))
    if not plain_text(runs).strip():
        return None
    num = own.find(f"{W}numPr") if own is not None else None
    list_id = value_of(num, "numId") or style.list_id
    depth = whole(value_of(num, "ilvl"), style.depth) if num is not None else style.depth
    number = numbers.next(list_id, depth) if list_id and list_id != "0" else ""
    outline = value_of(own, "outlineLvl")
    level = style.level or (int(outline) + 1 if outline.isdecimal() and int(outline[:2]) < 6 else 0)
    said = [run for run in runs if run.text.strip()]
    sizes = {run.size for run in said}
    return _Paragraph(
        place=place,
        runs=runs,
        level=level if len(plain_text(runs)) <= _MOST_HEADING else 0,
        number=number,
        depth=depth,
        code=not level and (style.code or all(run.mono for run in said)),
        size=sizes.pop() if len(sizes) == 1 else 0.0,
    )


def _runs(element: Element, styles: Styles, style: str) -> Iterator[Run]:
    """The runs of a paragraph, those of links and insertions too, without what was deleted."""
    waiting = list(reversed(list(element)))
    while waiting:
        one = waiting.pop()
        if one.tag == f"{W}r":
            text = "".join(_texts(one))
            if text:
                yield _run(one.find(f"{W}rPr"), text, styles, style)
        elif one.tag not in _SKIPPED:
            waiting += reversed(list(one))


def _texts(run: Element) -> Iterator[str]:
    for one in run:
        if one.tag == f"{W}t":
            yield printable(one.text or "").replace("\n", " ")
        elif one.tag == f"{W}tab":
            yield "\t"
        elif one.tag in (f"{W}br", f"{W}cr") and one.get(f"{W}type", "textWrapping") == "textWrapping":
            yield "\n"
        elif one.tag == f"{W}noBreakHyphen":
            yield "-"


def _run(own: Element | None, text: str, styles: Styles, style: str) -> Run:
    paragraph, character = styles.of(style), styles.of(value_of(own, "rStyle"))
    fonts = own.find(f"{W}rFonts") if own is not None else None
    font = fonts.get(f"{W}ascii", "") if fonts is not None else ""
    size = whole(value_of(own, "sz")) / 2
    return Run(
        text=text,
        bold=styles.toggle(own, "b", paragraph.bold or character.bold),
        italic=styles.toggle(own, "i", paragraph.italic or character.italic),
        mono=is_mono(font) if font else (paragraph.mono or character.mono),
        size=size or character.size or paragraph.size or styles.size,
    )


def _written(blocks: Sequence[_Paragraph | list[tuple[int, list[str]]]]) -> tuple[str, tuple[int, ...]]:
    """The document as Markdown, with the paragraph that each line comes from."""
    lines = Lines()
    levels = _levels([one for one in blocks if isinstance(one, _Paragraph)])
    listed = False
    code: list[_Paragraph] = []
    for block in blocks:
        if isinstance(block, _Paragraph) and block.code:
            code.append(block)
            continue
        _write_code(lines, code)
        code = []
        if isinstance(block, list):
            for rows, (place, _) in zip(grid.markdown([cells for _, cells in block]), block, strict=True):
                lines.add(rows, place)
            listed = False
        else:
            item = bool(block.number) and block.place not in levels
            _write(lines, block, levels.get(block.place, 0), tight=item and listed)
            listed = item
    _write_code(lines, code)
    return lines.whole()


def _write_code(lines: Lines, paragraphs: Sequence[_Paragraph]) -> None:
    """Paragraphs of code as one fence; empty ones between them were left out before and are blank lines of it."""
    rows: list[str] = []
    for one, before in zip(paragraphs, [None, *paragraphs], strict=False):
        rows += [""] * min(one.place - before.place - 1 if before else 0, 3)
        rows += plain_text(one.runs).rstrip().replace("\t", "    ").split("\n")
    if rows:
        lines.add(["", *marks.fence(rows), ""], paragraphs[0].place, running=True)


def _write(lines: Lines, block: _Paragraph, level: int, tight: bool) -> None:
    if level:
        number = f"{block.number} " if block.number not in ("", "-") else ""
        words = marks.escaped(" ".join(plain_text(block.runs).split()))
        lines.add(["", f"{'#' * level} {number}{words}", ""], block.place)
        return
    rows = [row.strip() for row in markdown(block.runs).split("\n") if row.strip()]
    if not rows:
        return
    if not block.number:
        lines.add(["", *map(marks.line_start, rows), ""], block.place)
        return
    number = block.number if _LABELLED.fullmatch(block.number) or block.number == "-" else "-"
    mark = f"{'  ' * min(block.depth, 8)}{number} "
    lines.add([*([] if tight else [""]), mark + rows[0], *rows[1:]], block.place)


def _levels(paragraphs: Sequence[_Paragraph]) -> dict[int, int]:
    """Place -> heading level: by style, else by letters that are larger than those of most of the text."""
    found = {one.place: min(one.level, 6) for one in paragraphs if one.level}
    weights: Counter[float] = Counter()
    for one in paragraphs:
        for run in one.runs:
            if not run.mono and not one.level:
                weights[run.size] += len(run.text)
    body = weights.most_common(1)[0][0] if weights else 0.0
    large = {
        one.place: one.size
        for one in paragraphs
        if body
        and not one.level
        and not one.code
        and one.size >= body * _LARGER
        and len(plain_text(one.runs)) < _MOST_HEADING
    }
    if large and not found:
        ranks = {size: rank for rank, size in enumerate(sorted(set(large.values()), reverse=True), start=1)}
        found = {place: min(ranks[size], 6) for place, size in large.items()}
    return found
