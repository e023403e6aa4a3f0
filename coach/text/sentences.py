"""Text cut into statements, with the offsets they came from.

A statement is what can be right or wrong on its own: a sentence, a list item, a line of code. Offsets always index the
text that was given, so that evidence can be quoted exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from coach.domain import Span


class Form(StrEnum):
    """What a statement looks like."""

    PROSE = "prose"
    CODE = "code"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Statement:
    """One assertion of a text."""

    span: Span
    """Where it stands, white space and list marks left out; never empty."""
    text: str
    """The words as they stand, inner line breaks folded to blanks."""
    form: Form
    """Prose is judged; headings and code count in their own ways."""


_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*$", re.M)
_MARK = re.compile(r"[ \t]*(?:(?:[-*+•◦▪–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]+|>+[ \t]*|\|[ \t]*)*")
_SIGN = re.compile(r"\s[-*+•–]\s+(?=\w)")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+")
_LABEL = re.compile(r"^(?:\*\*|__)?[^.!?\n]{1,60}(?:\*\*|__)?:(?:\*\*|__)?$")
_CODE_LINE = re.compile(
    r"^\s*(?:def |class |return\b|import |from \w+ import|for .+:\s*$|while .+:\s*$|if .+:\s*$|elif .+:\s*$|else:\s*$|try:\s*$"
    r"|except\b.*:\s*$|@\w+|\w[\w.\[\]]* (?:\+|-|\*|/)?= \S.*[()\[\]{}]|[\w.]+\(.*\)\s*;?$|[{}\])]+;?$|SELECT .* FROM )"
)
# Lines of code that end in a colon, and so look like a label.
_CODE_HEAD = re.compile(
    r"^\s*(?:(?:async )?def \w+\(|class \w+[(:]|(?:else|try|finally):|except\b[^!?]*:$|for \w+ in \w+:$|while \w+:$"
    r"|(?:if|elif|while|for) .*[()\[\]=<>].*:$)"
)
# A sentence ends at . ! ? (with closing quotes or brackets) before white space; people who type fast begin the next one
# in lower case, so only abbreviations and list numbers hold it together.
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|;(?=\s)|[。！？]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|eg|ie|etc|vs|cf|approx|resp|incl|max|min|ca|no|fig|sec|dr|mr|ms|mrs|inc|ltd|jr|sr|st|al)|\b[A-Za-z]"
    r"|(?:^|[\s*_(])\d{1,2})\.$",
    re.I,
)
# Where one claim ends inside a long sentence and the next begins.
_JOINT = re.compile(
    r"\s+[-–—]{1,2}\s+|:\s+|,\s+(?=(?:so|but|while|whereas|because|since|which|and|or|although|then|where|as|meaning|not)\b)"
    r"|\s+(?=(?:because|whereas|so that|although)\b)",
    re.I,
)
ITEMS_IN_A_LINE = 3
"""Of a list pasted into one line, from which its signs are no dashes between thoughts."""
LONG, SHORTEST = 16, 6
"""Words above which a sentence is taken apart into claims, and that each claim keeps at least."""


def statements(text: str) -> list[Statement]:
    """The statements of ``text`` in order. Their spans do not overlap."""
    found: list[Statement] = []
    position = 0
    opened: str | None = None
    for fence in _FENCE.finditer(text):
        mark = fence.group(1)
        if opened is None:
            found += _prose(text, position, fence.start())
            opened, position = mark, fence.end()
        elif mark[0] == opened[0] and len(mark) >= len(opened):
            found += _code(text, position, fence.start())
            opened, position = None, fence.end()
    found += _prose(text, position, len(text)) if opened is None else _code(text, position, len(text))
    return found


def claims(statement: Statement, text: str) -> list[Statement]:
    """A long sentence taken apart where one claim ends and the next begins; a short one as it is."""
    if statement.form is not Form.PROSE or len(statement.text.split()) <= LONG:
        return [statement]
    found: list[Statement] = []
    begin = statement.span.start
    for joint in _JOINT.finditer(text, statement.span.start, statement.span.end):
        before, after = text[begin : joint.start()], text[joint.end() : statement.span.end]
        if len(before.split()) >= SHORTEST and len(after.split()) >= SHORTEST:
            found += _statement(text, begin, joint.start(), Form.PROSE)
            begin = joint.end()
    return found + _statement(text, begin, statement.span.end, Form.PROSE)


def _prose(text: str, start: int, end: int) -> list[Statement]:
    found: list[Statement] = []
    for block_start, block_end in _blocks(text, start, end):
        line = text[block_start:block_end]
        heading = _HEADING.match(line)
        mark = heading or _MARK.match(line)
        inner = block_start + (mark.end() if mark else 0)
        alone = "\n" not in line.strip()
        if alone and _CODE_HEAD.match(line.rstrip()):
            found += _statement(text, block_start, block_end, Form.CODE)
        elif heading or _LABEL.match(text[inner:block_end].strip()):
            found += _statement(text, inner, block_end, Form.HEADING)
        elif alone and _CODE_LINE.match(line):
            found += _statement(text, block_start, block_end, Form.CODE)
        else:
            for first, last in _items(text, inner, block_end, mark.group().strip()[:1] if mark else ""):
                found += _sentences(text, first, last)
    return found


def _items(text: str, start: int, end: int, sign: str) -> list[tuple[int, int]]:
    """A list item that holds further ones, pasted into one line: ``- one - two - three``."""
    cuts = [cut for cut in _SIGN.finditer(text, start, end) if cut.group().strip() == sign]
    if len(cuts) < ITEMS_IN_A_LINE - 1:
        return [(start, end)]
    return list(zip([start, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), end], strict=True))


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Paragraphs, list items, headings, code-like lines: where one ends, a statement ends too."""
    blocks: list[tuple[int, int]] = []
    position = start
    open_block: int | None = None
    for line in text[start:end].splitlines(keepends=True):
        stripped = line.strip()
        mark = _MARK.match(line)
        marked = bool(mark and mark.group().strip())
        alone = bool(_HEADING.match(line) or _CODE_LINE.match(line) or _LABEL.match(stripped))
        if open_block is not None and (not stripped or marked or alone):
            blocks.append((open_block, position))
            open_block = None
        if alone:
            blocks.append((position, position + len(line)))
        elif stripped and open_block is None:
            open_block = position
        position += len(line)
    if open_block is not None:
        blocks.append((open_block, position))
    return blocks


def _sentences(text: str, start: int, end: int) -> list[Statement]:
    found: list[Statement] = []
    begin = start
    for mark in _END.finditer(text, start, end):
        if mark.end() < end and _ABBREVIATION.search(text, max(begin, mark.end() - 12), mark.end()):
            continue
        found += _statement(text, begin, mark.end(), Form.PROSE)
        begin = mark.end()
    return found + _statement(text, begin, end, Form.PROSE)


def _code(text: str, start: int, end: int) -> list[Statement]:
    found: list[Statement] = []
    position = start
    for line in text[start:end].splitlines(keepends=True):
        found += _statement(text, position, position + len(line), Form.CODE)
        position += len(line)
    return found


def _statement(text: str, start: int, end: int, form: Form) -> list[Statement]:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    stop = start + len(piece.rstrip())
    if begin >= stop or not any(letter.isalnum() for letter in text[begin:stop]):
        return []
    return [Statement(Span(begin, stop), " ".join(text[begin:stop].split()), form)]
