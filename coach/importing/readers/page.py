"""An HTML page token by token: blocks, headings, lists, accordions, code and tables as lines of Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coach.importing.readers import marks, widgets
from coach.importing.readers.grid import Table
from coach.importing.readers.inline import INLINE, Inline
from coach.importing.readers.lines import Lines
from coach.importing.readers.tokens import Token, TokenKind
from coach.text.cleaning import one_line
from coach.text.printable import printable

_DROPPED_NAMES = """
    script style template noscript svg math nav footer aside select iframe video audio canvas head textarea
"""
_DROPPED = frozenset(_DROPPED_NAMES.split())
"""Elements whose whole content is passed over (``head`` but for its title)."""
_VOID = ("br", "hr", "img", "input")
"""Elements that have no content, however they are written."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOST_LISTS = 8
"""Depth to which lists are indented."""


class Page:
    """Takes tokens, writes lines."""

    def __init__(self) -> None:
        self._line = 0
        self._lines = Lines()
        self._inline = Inline(self._lines)
        self._dropped: list[str] = []
        self._title: list[str] = []
        self._in_title = False
        self._spans: list[int] = []
        self._in_div = False
        self._lists: list[int | None] = []
        self._mark = ""
        self._heading = 0
        self._question = ""
        self._doubtful = self._answering = False
        self._depth = 0
        self._pre: list[str] | None = None
        self._language = ""
        self._table: Table | None = None

    # --- tokens -------------------------------------------------------------------------------

    def take(self, token: Token) -> None:
        """The next token of the page."""
        self._line = token.line
        if token.kind is TokenKind.TEXT:
            self._text(token.value)
        elif token.kind is TokenKind.END:
            self._end(token.value)
        elif not token.closed or token.value in _VOID:
            self._start(token.value, token.attributes)

    def _start(self, tag: str, own: Mapping[str, str]) -> None:
        if tag == "title":
            self._in_title = not self._title
        if self._dropped:
            if tag == "body":
                self._dropped.clear()
            elif tag in _DROPPED or tag == self._dropped[-1]:
                self._dropped.append(tag)
            return
        classes = own.get("class", "")[:500]
        if self._is_dropped(tag, own, classes):
            self._dropped.append(tag)
        elif tag in widgets.BLOCKS:
            self._start_block(tag, own, classes)
        elif tag == "br":
            self._break()
        elif tag in INLINE or tag in ("span", "label"):
            self._start_inline(tag, own, classes)
        elif self._pre is None:
            self._lines.write(marks.replaced(tag, own), self._line)

    def _is_dropped(self, tag: str, own: Mapping[str, str], classes: str) -> bool:
        if tag == "button":
            beside = self._heading and self._lines.pending.strip()
            return bool(beside) or (self._table is not None and not widgets.is_toggle(own, classes))
        if tag == "span" and (self._heading or self._question) and widgets.is_badge(classes):
            return bool(self._lines.pending.strip())
        panel = tag == "div" and "hidden" in own and self._answering
        return tag in _DROPPED or (not panel and widgets.is_decoration(tag, own, classes))

    def _end(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._dropped:
            if tag in self._dropped:
                while self._dropped.pop() != tag:
                    pass
            return
        if tag in widgets.BLOCKS:
            self._end_block(tag)
        elif tag == self._question:
            self._flush()
        elif tag == "span" and self._spans and self._pre is None:
            self._lines.rewrite(self._spans.pop(), widgets.badge)
        elif tag in INLINE and self._pre is None:
            self._inline.end(tag)

    def _text(self, data: str) -> None:
        if self._in_title:
            self._title.append(data[:500])
        if self._dropped:
            return
        if self._pre is not None:
            self._pre.append(data)
            return
        text = printable(data)
        line = self._line + len(data[: len(data) - len(data.lstrip())].split("\n")) - 1
        if self._inline.is_code:
            self._lines.write(" ".join(text.split("\n")), line)
        else:
            self._lines.write(marks.escaped(re.sub(r"\s+", " ", text)), line)

    # --- blocks -------------------------------------------------------------------------------

    def _start_block(self, tag: str, own: Mapping[str, str], classes: str) -> None:
        if self._table is not None and tag not in ("table", "tr", "td", "th", "pre"):
            self._lines.space()
            return
        if self._question and tag in ("div", "p", "button", *_HEADINGS) and not self._is_asked(tag):
            self._depth += tag == "div"
            return
        if self._heading and tag == "button":
            return
        if self._table is not None and self._table.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        self._flush()
        self._in_div = tag in ("div", "header", "label")
        if tag in ("table", "tr"):
            self._start_table(tag)
        else:
            self._enter(tag, own, classes)

    def _is_question(self, classes: str) -> bool:
        """Whether an inline element is a question by its classes, and no part of one or of a table."""
        free = not (self._question or self._heading or self._pre is not None or self._table is not None)
        return free and widgets.holds_question(classes)

    def _is_asked(self, tag: str) -> bool:
        """Whether an element that holds question and answer has said the question when ``tag`` begins."""
        return not widgets.is_label(self._lines.pending)

    def _enter(self, tag: str, own: Mapping[str, str], classes: str) -> None:
        line = self._line
        if tag in _HEADINGS:
            self._heading = int(tag[1])
        elif tag in ("ul", "ol"):
            start = own.get("start", "1").strip()
            first = int(start) if start.isdecimal() and len(start) < 5 else 1
            self._lists.append(first if tag == "ol" else None)
        elif tag == "li":
            self._start_item(own, classes)
        elif tag == "pre":
            self._pre, self._language = [], widgets.language(classes)
            self._lines.start(line)
        elif tag == "hr":
            self._lines.add(["", "---", ""], line)
        elif tag in ("dt", "summary", "button") or (tag in ("div", "p", "label") and widgets.holds_question(classes)):
            self._question, self._depth = tag, 0
            self._doubtful = tag == "button" and not widgets.is_toggle(own, classes)

    def _start_table(self, tag: str) -> None:
        if tag == "table":
            self._table = self._table or Table()
            self._table.depth += 1
        elif self._table is not None and self._table.depth == 1:
            self._table.row(self._line)

    def _end_block(self, tag: str) -> None:
        if self._question and tag in ("div", "p", *_HEADINGS) and (tag != self._question or self._depth):
            self._depth -= tag == "div"
            return
        if tag == "pre" and self._pre is not None:
            self._end_pre()
            return
        if self._table is not None:
            self._end_in_table(tag)
            return
        self._flush()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._mark = ""
            if not self._lists:
                self._lines.blank()

    def _start_item(self, own: Mapping[str, str], classes: str) -> None:
        if widgets.holds_question(classes) or widgets.holds_answer(classes):
            self._mark = ""
            self._question, self._depth = ("li" if widgets.holds_question(classes) else ""), 0
            return
        indent = "  " * (min(len(self._lists), _MOST_LISTS) - 1) if self._lists else ""
        number = self._lists[-1] if self._lists else None
        value = own.get("value", "").strip()
        if number is not None and value.isdecimal() and len(value) < 5:
            number = int(value)
        self._mark = f"{indent}{number}. " if number is not None else f"{indent}- "
        if number is not None:
            self._lists[-1] = number + 1

    def _flush(self) -> None:
        """Write the text gathered so far as the block that it stands in."""
        self._inline.close()
        self._spans.clear()
        text, line = self._lines.taken()
        rows = [row.strip() for row in text.split("\n")]
        rows = [row for row in rows if row]
        mark, self._mark = self._mark, self._mark if not rows else ""
        heading, question = self._heading, self._question
        self._heading, self._question = 0, ""
        self._answering = self._answering and not rows
        if not rows or (question == "button" and self._doubtful and not widgets.asks(text)):
            return
        if heading:
            self._lines.add(["", f"{mark}{'#' * heading} {' '.join(rows)}", ""], line)
        elif question in ("summary", "button") and widgets.SHOWS.fullmatch(one_line(text)[:80]):
            self._lines.add(["", "<summary>Answer</summary>" if question == "summary" else "**Answer:**", ""], line)
        elif question:
            self._lines.add(["", f"{mark}**{widgets.asked(' '.join(rows))}**", ""], line)
            self._answering = True
        elif mark:
            self._lines.add([mark + rows[0], *rows[1:]], line)
        else:
            self._lines.add(["", *map(marks.line_start, rows), ""], line)

    def _break(self) -> None:
        if self._pre is not None:
            self._pre.append("\n")
        elif self._heading or self._question or self._table is not None:
            self._lines.space()
        else:
            self._inline.newline()

    def _end_pre(self) -> None:
        rows = printable("".join(self._pre or [])).rstrip().split("\n")
        self._pre = None
        while rows and not rows[0].strip():
            rows.pop(0)
        if not rows:
            return
        if self._table is not None:
            self._lines.write(" ".join(map(marks.code_span, (row.strip() for row in rows if row.strip()))), 0)
            return
        _, line = self._lines.taken()
        self._mark = ""
        self._lines.add(["", *marks.fence(rows, self._language), ""], line, running=True)

    def _start_inline(self, tag: str, own: Mapping[str, str], classes: str) -> None:
        beside = tag == "span" and classes and self._in_div and self._lines.closed_span
        if beside and not self._question and not self._heading and self._pre is None:
            self._inline.newline()
        if tag == "span" and widgets.holds_answer(classes) and self._table is None and self._pre is None:
            self._flush()
        if tag in ("span", "a") and self._is_question(classes):
            self._flush()
            self._question, self._depth = tag, 0
        elif tag not in INLINE:
            if tag == "span" and classes and self._pre is None:
                self._spans.append(self._lines.mark())
        elif self._pre is None:
            bold = bool(self._heading or self._question)
            self._inline.start(tag, own.get("href", ""), bold)
        elif tag == "code":
            self._language = self._language or widgets.language(classes)

    # --- tables -------------------------------------------------------------------------------

    def _end_cell(self, always: bool = False) -> None:
        """Put the text gathered so far into the row; an empty cell only where ``always``."""
        self._inline.close()
        text, line = self._lines.taken()
        if self._table is not None and (always or text.strip()):
            self._table.add(" ".join(text.split()), line or self._line)

    def _end_in_table(self, tag: str) -> None:
        if self._table is None:
            return
        if tag in ("td", "th") and self._table.depth == 1:
            self._end_cell(always=True)
        elif tag == "table":
            self._table.depth -= 1
            if self._table.depth <= 0:
                self._end_cell()
                for block, line in self._table.blocks():
                    self._lines.add(block, line)
                self._table = None
        else:
            self._lines.space()

    # --- the end ------------------------------------------------------------------------------

    def finished(self) -> tuple[str, tuple[int, ...], str]:
        """Markdown, positions and title."""
        if self._pre is not None:
            self._end_pre()
        while self._table is not None:
            self._end_in_table("td")
            self._end_in_table("table")
        self._flush()
        text, positions = self._lines.whole()
        return text, positions, one_line(" ".join("".join(self._title).split()))[:200]
