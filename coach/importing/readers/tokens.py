"""HTML as tokens, in time linear in its length whatever it is.

The standard library's tokenizer takes minutes for half a megabyte of open quotes (mended in Python 3.13 only), and a
page is a stranger's. The rules are those of HTML5 as far as they decide where text ends and a tag begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from html import unescape

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,60})")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s\"'>]++)))?")
_OPEN_QUOTE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')|=\s*+([\"'])")
_LONG_NUMBER = re.compile(r"&#(?:[xX]0*[0-9A-Fa-f]{7,}|0*\d{8,});?")
_RAW = ("script", "style", "textarea", "title", "xmp", "noembed", "noframes")
"""Elements in which nothing but their own end tag is a tag."""
_RAW_ENDS = {name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in _RAW}
_MOST_ATTRIBUTES = 4000
"""Characters of a tag in which attributes are looked for."""


class TokenKind(Enum):
    """What a token is."""

    START = "start"
    END = "end"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Token:
    """A tag or a stretch of text."""

    kind: TokenKind
    value: str
    """A tag's name in lower case, or text with its character references resolved."""
    line: int
    """1-based line on which it begins."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Of a start tag: name in lower case -> value."""
    closed: bool = False
    """Whether a start tag ends in ``/>``."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a page, comments and declarations left out."""
    scanner = _Scanner(text)
    while scanner.at < len(text):
        yield from scanner.next()


class _Scanner:
    """Walks over the text once; what is not found once is not looked for again."""

    def __init__(self, text: str) -> None:
        self.at = 0
        self._text = text
        self._line = 1
        self._counted = 0
        self._missing: set[str] = set()

    def next(self) -> Iterator[Token]:
        """The tokens from here to the end of the next tag."""
        start = self._text.find("<", self.at)
        if start < 0:
            start = len(self._text)
        if start > self.at:
            yield self._said(self.at, start)
        self.at = start
        if start < len(self._text):
            yield from self._tag(start)

    def _tag(self, start: int) -> Iterator[Token]:
        text = self._text
        if text.startswith("<!--", start):
            end = self._find("-->", start + 4)
            self.at = len(text) if end < 0 else end + 3
            return
        name = _NAME.match(text, start)
        if name is None and not text.startswith(("<!", "<?", "</"), start):
            self.at = start + 1
            yield self._said(start, start + 1)
            return
        end = self._end_of_tag(start)
        if end < 0:
            self.at = len(text)
            return
        self.at = end + 1
        if name is None:
            return
        tag = name[1].lower()
        if text[start + 1] == "/":
            yield Token(TokenKind.END, tag, self._line_of(start))
            return
        inner = text[name.end() : min(end, name.end() + _MOST_ATTRIBUTES)]
        found = {one[1].lower(): _resolved(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(inner)}
        yield Token(TokenKind.START, tag, self._line_of(start), found, text[end - 1] == "/")
        if tag in _RAW_ENDS and text[end - 1] != "/":
            yield from self._raw(tag)

    def _raw(self, tag: str) -> Iterator[Token]:
        """The text of an element in which there are no tags."""
        found = _RAW_ENDS[tag].search(self._text, self.at)
        end = found.start() if found else len(self._text)
        if end > self.at:
            yield self._said(self.at, end)
        self.at = end

    def _end_of_tag(self, start: int) -> int:
        """The index of the ``>`` that ends a tag: the first one that stands in no quotes that are ever closed."""
        end = self._find(">", start)
        done = start
        while end >= 0:
            quote = next((one[1] for one in _OPEN_QUOTE.finditer(self._text, done, end) if one[1]), "")
            if not quote:
                return end
            closing = self._find(quote, end)
            following = self._find(">", closing + 1) if closing >= 0 else -1
            if following < 0:
                return end
            done, end = closing + 1, following
        return end

    def _find(self, what: str, start: int) -> int:
        if what in self._missing:
            return -1
        place = self._text.find(what, start)
        if place < 0:
            self._missing.add(what)
        return place

    def _said(self, start: int, end: int) -> Token:
        return Token(TokenKind.TEXT, _resolved(self._text[start:end]), self._line_of(start))

    def _line_of(self, place: int) -> int:
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line


def _resolved(text: str) -> str:
    """Text with its character references resolved; numbers that no character has are the sign for that."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text
