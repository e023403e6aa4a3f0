"""A report as a list of blocks, and the two forms in which it leaves: Markdown and one self-contained HTML page.

Blocks hold plain text, whoever wrote it; escaping happens here and nowhere else. The page loads nothing: styles and
charts are inline, there is no script, and it says so to the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from coach.text.printable import printable


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    text: str
    new_page: bool = False
    """Whether it begins a page in print."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; numbers stand to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words with their line breaks, as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture over its figures as a table; Markdown has the table alone."""

    svg: str
    """Made by ``coach.practice.charts``: escaped already."""
    figures: Table


Block = Heading | Text | Bullets | Table | Quote | Chart

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --tint: #f6f8fa; --mark: #0b5cad }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --line: #30363d; --paper: #0d1117; --tint: #161b22; --mark: #6cb2ff } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 52rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .5em } h1 { margin-top: 0 }
table { border-collapse: collapse; width: 100%; margin: 1em 0; font-size: .92em }
th, td { border-bottom: 1px solid var(--line); padding: .3em .6em; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { color: var(--soft); font-weight: 600 } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
pre { background: var(--tint); border-left: 3px solid var(--line); padding: .6em 1em; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace }
figure { margin: 1em 0 } svg { max-width: 100%; height: auto } svg text { fill: var(--ink); font: 12px system-ui, sans-serif } svg .soft { fill: var(--soft) }
svg .line { stroke: var(--mark); fill: none; stroke-width: 2 } svg .dot, svg .bar { fill: var(--mark) } svg .grid { stroke: var(--line); stroke-width: 1 } svg .aim { stroke: var(--soft); stroke-dasharray: 4 4 }
@page { margin: 18mm }
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tint: #fff; --mark: #000 } body { margin: 0; max-width: none; font-size: 11pt } h1, h2, h3, h4 { break-after: avoid } tr, figure, li { break-inside: avoid } thead { display: table-header-group } .page { break-before: page } }
""".strip()
"""Screen, dark screen and paper."""


def html(title: str, blocks: Iterable[Block]) -> str:
    """One page that needs nothing else."""
    body = "\n".join(_as_html(block) for block in blocks)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_safe(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def markdown(blocks: Iterable[Block]) -> str:
    """The same for whoever reads plain text."""
    return "\n\n".join(part for block in blocks if (part := _as_markdown(block))) + "\n"


def _as_html(block: Block) -> str:
    match block:
        case Heading(level, text, new_page):
            mark = ' class="page"' if new_page else ""
            return f"<h{level}{mark}>{_safe(text)}</h{level}>"
        case Text(text):
            return f"<p>{_safe(text)}</p>"
        case Bullets(items):
            return "<ul>\n" + "\n".join(f"<li>{_safe(item)}</li>" for item in items) + "\n</ul>" if items else ""
        case Quote(text):
            return f"<pre>{_safe(text)}</pre>"
        case Table():
            return _table_html(block)
        case Chart(svg, figures):
            return f"<figure>{svg}</figure>\n{_table_html(figures)}"


def _as_markdown(block: Block) -> str:
    match block:
        case Heading(level, text, _):
            return f"{'#' * level} {_marked(text)}"
        case Text(text):
            return _marked(text)
        case Bullets(items):
            return "\n".join(f"- {_marked(item)}" for item in items)
        case Quote(text):
            return _fenced(text)
        case Table():
            return _table_markdown(block)
        case Chart(_, figures):
            return _table_markdown(figures)


def _safe(text: str) -> str:
    return escape(printable(text))


def _table_html(table: Table) -> str:
    numeric = _numeric(table)

    def cells(row: Sequence[str], tag: str) -> str:
        marks = [' class="n"' if right else "" for right in numeric]
        return "".join(f"<{tag}{mark}>{_safe(cell)}</{tag}>" for mark, cell in zip(marks, row, strict=True))

    rows = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in table.rows)
    return f"<table>\n<thead><tr>{cells(table.head, 'th')}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _table_markdown(table: Table) -> str:
    numeric = _numeric(table)
    lines = [f"| {' | '.join(_marked(cell) for cell in row)} |" for row in (table.head, *table.rows)]
    rule = " | ".join("---:" if right else "---" for right in numeric)
    return "\n".join([lines[0], f"| {rule} |", *lines[1:]])


def _numeric(table: Table) -> list[bool]:
    """For each column whether it holds figures only."""
    return [
        bool(table.rows)
        and all(_FIGURE.fullmatch(row[at]) for row in table.rows)
        and any(row[at] for row in table.rows)
        for at in range(len(table.head))
    ]


_FIGURE = re.compile(r"[-+−–]?[\d.,:%/ ]*(?:days?|min|s)?|–|")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!&$])")
_AT_START = re.compile(r"^(?:[-+=]|\d{1,9}[.)](?=\s|$))")


def _marked(text: str) -> str:
    """One line of Markdown that shows ``text`` as it is."""
    line = " ".join(printable(text).split())
    line = _SPECIAL.sub(r"\\\1", line)
    return _AT_START.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", line)


def _fenced(text: str) -> str:
    lines = printable(text)
    longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{lines.rstrip(chr(10))}\n{fence}"
