"""CSV, TSV and their kin: delimiter, header and the columns' meaning are found; every row is a question."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.domain import ParsedQuestion
from coach.errors import UnreadableInput
from coach.importing import decoding
from coach.importing.readers import choices, fields
from coach.importing.readers.fields import Role
from coach.importing.source import Limits, Source

_DELIMITERS = ",;\t|"
_SAMPLE = 200_000
"""Characters by which the delimiter is found."""
_ROWS = 300
"""Rows by which columns are told."""
_LEAST = 3
_ASKING = 0.9
"""Share of a column that asks, from which short words above it are names of columns."""
_MOST_NAME = 25
_MOST_COLUMNS = 200
_SEP = re.compile(r"sep=(.)\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    line: int
    """1-based line where it starts."""
    cells: tuple[str, ...]


def read(path: Path, limits: Limits) -> Source:
    """The questions of a table. Raises NotFound and UnreadableInput."""
    text, note = decoding.text_of(decoding.read_bytes(path, limits.max_bytes), path.name)
    rows = rows_of(text, path.name, "\t" if path.suffix.lower() in (".tsv", ".tab") else "")
    found, notes = questions_of(rows)
    return Source(notes=(*((note,) if note else ()), *notes), questions=found)


def rows_of(text: str, name: str, delimiter: str = "") -> list[Row]:
    """All rows that are not empty. Raises UnreadableInput where the text is no table."""
    skipped = 0
    if named := _SEP.match(text):
        delimiter, text, skipped = named[1], text[named.end() :], 1
    if not delimiter or delimiter not in text[:_SAMPLE]:
        delimiter = _delimiter(text[:_SAMPLE])
    for strict in (True, False):
        try:
            return _parsed(text, delimiter, skipped, strict)
        except csv.Error as problem:
            if not strict:
                raise UnreadableInput(
                    f"{name} is no table that can be read ({problem}).", "Save it again as CSV in UTF-8."
                ) from problem
    return []


def _parsed(text: str, delimiter: str, skipped: int, strict: bool) -> list[Row]:
    """Rows by the rules of CSV; where a quote is never closed (not ``strict``), quotes are text like any other."""
    csv.field_size_limit(max(len(text) + 1, 131_072))
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if strict else csv.QUOTE_NONE,
        strict=strict,
        skipinitialspace=True,
    )
    rows: list[Row] = []
    before = 0
    for cells in reader:
        if any(cell.strip() for cell in cells[:_MOST_COLUMNS]):
            rows.append(Row(before + 1 + skipped, tuple(cell.strip() for cell in cells[:_MOST_COLUMNS])))
        before = reader.line_num
    return rows


def _delimiter(sample: str) -> str:
    """The delimiter that cuts the most rows into the same number of cells, more than one."""
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        try:
            rows = [row.cells for row in _parsed(sample, delimiter, 0, strict=False)][:400]
            quoted = [row.cells for row in _parsed(sample.rpartition("\n")[0] or sample, delimiter, 0, strict=True)]
            rows = quoted[:400]
        except csv.Error:
            pass
        widths = Counter(len(cells) for cells in rows)
        width, count = max(widths.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]), default=(1, 0))
        score = count / len(rows) if width > 1 else 0.0
        named = Role.QUESTION in fields.roles(rows[0]) if width > 1 else False
        if score + named > most:
            best, most = delimiter, score + named
    return best


def questions_of(rows: Sequence[Row], html: bool = False) -> tuple[tuple[ParsedQuestion, ...], tuple[str, ...]]:
    """The questions of a table, by its header or else by what its columns hold; and notes."""
    if not rows:
        return (), ("No questions were recognised.",)
    rows = _without_title(rows)
    options = choices.columns(rows[0].cells)
    roles, headed = columns(rows, options)
    options = options if headed else []
    if headed and Role.ANSWER not in roles and not options:
        roles |= _unnamed(rows, roles)
    right = choices.right_column(rows[0].cells) if options else None
    body = rows[1:] if headed else rows
    notes = [] if headed else ["The table has no header that was recognised; its columns were told by their content."]
    sections = _sections([_cell(row, roles.get(Role.SECTION)) for row in body])
    kinds = [_cell(row, roles.get(Role.KIND)) for row in body]
    reason = _reason(rows[0].cells, roles) if headed else None
    if Role.KIND in roles and Role.SECTION not in roles and not any(map(fields.kind_of, kinds)):
        sections = kinds
    listed = choices.list_column(rows[0].cells) if headed and not options else None
    chosen = [] if listed is None else choices.of_lists(
        [_cell(row, listed) for row in body], [_cell(row, roles.get(Role.ANSWER)) for row in body]
    )  # fmt: skip
    first = choices.first_number(chosen)
    found: list[ParsedQuestion] = []
    for place, (row, section, kind) in enumerate(zip(body, sections, kinds, strict=True)):
        answer = _cell(row, roles.get(Role.ANSWER))
        if chosen:
            answer = chosen[place].answer(first) if answer else ""
        pointer = answer if right is None else _cell(row, right)
        if reason is not None:
            answer = "\n\n".join(part for part in (answer, _cell(row, reason)) if part)
        choice = choices.of_cells([cell for place in options if (cell := _cell(row, place))], pointer)
        made = fields.question(
            _cell(row, roles.get(Role.QUESTION)),
            choice.answer(None) if options else answer,
            row.line,
            section,
            _cell(row, roles.get(Role.NUMBER)),
            kind,
            html,
            choice.shown() if options else chosen[place].shown() if chosen else "",
        )
        if made is not None:
            found.append(made)
    if len(found) < len(body):
        notes.append(f"{len(body) - len(found)} rows without a question were passed over.")
    return tuple(found), tuple(notes)


def _reason(names: Sequence[str], roles: Mapping[Role, int]) -> int | None:
    """The column that says why an answer is right, beside that of the answers."""
    plain = [fields.named(name) for name in names]
    places = (n for n, name in enumerate(plain) if name in choices.REASONS and n not in roles.values())
    return next(places, None) if Role.ANSWER in roles else None


def _without_title(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without a first one of a single cell above names of columns."""
    single = len(rows) > 2 and sum(map(bool, rows[0].cells)) == 1 < sum(map(bool, rows[1].cells))
    named = fields.roles(rows[1].cells) if single else {}
    return rows[1:] if Role.QUESTION in named and Role.ANSWER in named else rows


def _unnamed(rows: Sequence[Row], roles: Mapping[Role, int]) -> dict[Role, int]:
    """The column that holds answers by its content."""
    names, taken = rows[0].cells, set(roles.values())
    samples = [[] if place in taken else [_cell(row, place) for row in rows[1:_ROWS]] for place in range(len(names))]
    found = fields.unnamed(names, samples)
    return {} if found is None else {Role.ANSWER: found}


def columns(rows: Sequence[Row], options: Sequence[int] = ()) -> tuple[dict[Role, int], bool]:
    """Role -> column, and whether the first row is a header; columns with ``options`` play no role."""
    head = rows[0].cells
    roles = fields.roles(["" if place in options else name for place, name in enumerate(head)])
    short = all(len(cell) <= 60 and not cell.endswith("?") for cell in head)
    sure = Role.QUESTION in roles and (
        fields.named(head[roles[Role.QUESTION]]) in fields.CERTAIN or Role.ANSWER in roles or len(roles) > 2
    )
    if short and sure:
        return roles, True
    told = _by_content(rows)
    asked = told[Role.QUESTION]
    body = [_cell(row, asked) for row in rows[1:_ROWS]]
    named = short and len(body) >= _LEAST and fields.share_asking(body) >= _ASKING and len(set(head)) == len(head) > 1
    return told, named and all(0 < len(cell) <= _MOST_NAME for cell in head)


def _by_content(rows: Sequence[Row]) -> dict[Role, int]:
    """Role -> column, told by what stands in the columns."""
    sample = rows[:_ROWS]
    width = Counter(len(row.cells) for row in sample).most_common(1)[0][0]
    cells = [[_cell(row, place) for row in sample] for place in range(width)]
    numbers = [
        place for place in range(width) if _share(cells[place], lambda text: fields.number_of(text) is not None) > 0.8
    ]
    texts = [place for place in range(width) if place not in numbers]
    if not texts:
        return {Role.QUESTION: 0}
    asking = {place: fields.share_asking(cells[place]) for place in texts}
    question = max(texts, key=lambda place: (round(asking[place], 1), -place))
    roles = {Role.QUESTION: question}
    rest = [place for place in texts if place != question and any(cells[place])]
    if rest:
        answer = max(rest, key=lambda place: (sum(map(len, cells[place])), -place))
        roles[Role.ANSWER] = answer
        groups = [place for place in rest if place != answer and 0 < len(set(cells[place])) <= max(1, len(sample) // 2)]
        if groups:
            roles[Role.SECTION] = groups[0]
    if numbers:
        roles[Role.NUMBER] = numbers[0]
    return roles


def _share(cells: Sequence[str], fits: object) -> float:
    filled = [cell for cell in cells if cell]
    return sum(bool(fits(cell)) for cell in filled) / len(filled) if filled and callable(fits) else 0.0


def _cell(row: Row, place: int | None) -> str:
    return row.cells[place] if place is not None and place < len(row.cells) else ""


def _sections(cells: Sequence[str]) -> list[str]:
    """Sections row by row; where cells were merged, only the first of each run is filled and the others follow it."""
    if not cells or not cells[0] or sum(map(bool, cells)) * 2 > len(cells):
        return list(cells)
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or filled[-1])
    return filled
