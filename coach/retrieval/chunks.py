"""Cuts a reference answer into chunks that the embedding model can read. Pure: the token counter is an argument.

The Markdown is cut at its own structure: headings (and label lines such as ``**Situation:**``), list items, paragraphs,
code fences. Blocks under one heading are packed together up to the budget; a block that is too long by itself is cut
at blank lines, lines, sentences, words and, last of all, anywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from coach.domain import Chunk, Question, Span
from coach.ports import TokenCounter

CHUNKER_VERSION = 1
"""Part of the index's stamp: raise it whenever equal references may be cut in another way."""

MAX_TOKENS = 96
"""Budget of a chunk's own text. Between 64 and 128 the fused search found the same; the chunks are
passages to be read, too."""

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$")
_LABEL = re.compile(r"\s{0,3}(\*\*|__|\*|_)(?=\S)([^*\n]+?)(?<=\S)\1:?\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"( {0,1})(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CUTS = (re.compile(r"\n[ \t]*\n\s*"), re.compile(r"\n"), re.compile(r"(?<=[.!?;])\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of Markdown that belongs together."""

    start: int
    end: int
    level: int = 0
    """1 to 6 for a heading, 7 for a bold and 8 for an italic label line, 0 for everything else."""
    title: str = ""
    """A heading's words."""
    fence: str = ""
    """The opening line of a code fence, as it stands."""


def cut(question: Question, counter: TokenCounter, max_tokens: int = MAX_TOKENS) -> list[Chunk]:
    """The chunks of a question's reference in its order; empty where there is no reference.

    Their spans don't overlap and cover every character of the reference that is not white space. A chunk's text is the
    reference at its span, but for a code fence that had to be cut: each of its pieces is fenced again. No chunk's span
    holds more than ``max_tokens`` tokens (at least 1), as ``counter`` counts them, save where one character does.
    """
    text = question.reference
    limit = max(max_tokens, 1)
    chunks: list[Chunk] = []
    path: list[_Block] = []
    for section in _sections(_blocks(text)):
        below = _below(path, section)
        above = [outer for outer in path if outer.level < section[0].level] if section[0].level else path
        for index, (span, shown) in enumerate(_packed(section, text, counter, limit)):
            context = " > ".join(block.title for block in (below if index else above))
            identity = "\0".join((question.id, context, shown)).encode("utf-8", "surrogatepass")
            chunks.append(Chunk(hashlib.sha256(identity).hexdigest()[:32], question.id, shown, context, span))
        path = below
    return chunks


def _mark(fence: str) -> str:
    found = _FENCE.match(fence)
    return found.group(1) if found else "```"


def _below(path: list[_Block], section: list[_Block]) -> list[_Block]:
    """The heading path after a section's own headings have been entered."""
    for block in section:
        if block.level:
            path = [*(outer for outer in path if outer.level < block.level), block]
    return path


def _sections(blocks: Iterator[_Block]) -> Iterator[list[_Block]]:
    """Groups of blocks, each begun by the headings that stand directly one below the other, or by none."""
    section: list[_Block] = []
    for block in blocks:
        if block.level and section and not section[-1].level:
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _packed(section: list[_Block], text: str, counter: TokenCounter, limit: int) -> Iterator[tuple[Span, str]]:
    """Spans of at most ``limit`` tokens, each with the text to show for it."""
    start = end = used = 0
    for unit in _units(section, text, counter, limit):
        whole = Span(unit[0].start, unit[-1].end)
        size = counter.count(whole.of(text))
        if used and used + size > limit:
            yield Span(start, end), text[start:end]
            used = 0
        if size > limit:
            for span in _pieces(whole, text, counter, limit):
                yield span, _refenced(unit[-1], span, text)
            continue
        start = start if used else whole.start
        end, used = whole.end, used + max(size, 1)
    if used:
        yield Span(start, end), text[start:end]


def _units(section: list[_Block], text: str, counter: TokenCounter, limit: int) -> Iterator[list[_Block]]:
    """Blocks that must stay together: headings with what they head, and ``…:`` with what it announces."""
    unit: list[_Block] = []
    for block in section:
        if unit and not unit[-1].level and counter.count(text[unit[0].start : block.end]) > limit:
            yield unit
            unit = []
        unit.append(block)
        if not block.level and not text[block.start : block.end].rstrip("*_ ").endswith(":"):
            yield unit
            unit = []
    if unit:
        yield unit


def _refenced(block: _Block, span: Span, text: str) -> str:
    """A piece of a cut block as it is shown: in a fence of its own where the cut went through one."""
    shown = span.of(text)
    if block.fence and span.start > block.start:
        shown = f"{block.fence}\n{shown}"
    if block.fence and block.start < span.end < block.end:
        shown = f"{shown}\n{_mark(block.fence)}"
    return shown


def _pieces(span: Span, text: str, counter: TokenCounter, limit: int) -> Iterator[Span]:
    """A long span in parts of at most ``limit`` tokens, cut where it hurts least."""
    if counter.count(span.of(text)) <= limit or span.end - span.start <= 1:
        yield span
        return
    start = end = span.start
    used = 0
    for part in _parts(span, text):
        size = counter.count(part.of(text))
        if used and used + size > limit:
            yield Span(start, end)
            used = 0
        if size > limit:
            yield from _pieces(part, text, counter, limit)
            continue
        start = start if used else part.start
        end, used = part.end, used + max(size, 1)
    if used:
        yield Span(start, end)


def _parts(span: Span, text: str) -> list[Span]:
    """The span without the white space at the first kind of cut that it has; else its two halves."""
    for pattern in _CUTS:
        parts: list[Span] = []
        at = span.start
        for found in pattern.finditer(text, span.start, span.end):
            if found.start() > at:
                parts.append(Span(at, found.start()))
            at = found.end()
        if at < span.end:
            parts.append(Span(at, span.end))
        if len(parts) > 1:
            return parts
    middle = (span.start + span.end) // 2
    halves = (_trimmed(Span(span.start, middle), text), _trimmed(Span(middle, span.end), text))
    return [half for half in halves if half.end > half.start]


def _trimmed(span: Span, text: str) -> Span:
    """The span without the white space at its ends."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.end - (len(words) - len(words.rstrip()))))


def _blocks(text: str) -> Iterator[_Block]:
    """The Markdown's blocks in order; only white space lies between them."""
    start = end = -1
    fence = ""
    for line in _LINE.finditer(text):
        content = line.group().rstrip()
        line_end = line.start() + len(content)
        if fence:
            end = max(end, line_end)
            if content.strip().startswith(_mark(fence)) and not content.strip().strip(_mark(fence)[0]):
                yield _Block(start, end, fence=fence)
                start, fence = -1, ""
            continue
        heading = _heading(content)
        opens = _FENCE.match(content)
        alone = not content or heading is not None or opens is not None
        if start >= 0 and (alone or _ITEM.match(content)):
            yield _Block(start, end)
            start = -1
        if not content:
            continue
        if heading is not None:
            yield _Block(line.start(), line_end, *heading)
            continue
        start = line.start() if start < 0 else start
        end = line_end
        fence = content if opens else ""
    if start >= 0:
        yield _Block(start, end, fence=fence)


def _heading(line: str) -> tuple[int, str] | None:
    """(level, title) of a heading or of a line that is nothing but a label."""
    found = _HEADING.match(line)
    if found:
        return len(found.group(1)), _plain(found.group(2))
    found = _LABEL.match(line)
    if found:
        return 6 + (1 if len(found.group(1)) == 2 else 2), _plain(found.group(2))
    return None


def _plain(title: str) -> str:
    return re.sub(r"[*_`]+", "", title).strip().rstrip(":").strip()
