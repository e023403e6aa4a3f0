"""Text of other formats as Markdown: what would be read as a mark is escaped; code gets its fence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.text.printable import printable

_HTML = re.compile(
    r"</?(?:p|br|div|span|b|strong|i|em|u|ul|ol|li|pre|code|h[1-6]|table|tr|td|th|a|img|blockquote|sub|sup|hr)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_ESCAPE = re.compile(r"[*_`\\$]|<(?=[A-Za-z/!?])|\[(?=[^\[\]]*\]\()")
_START = re.compile(r"(?:#{1,6}(?=\s|$)|>|\||~~~|={3,}\s*$|-{2,}\s*$)")
_TICKS = re.compile("`+")


def escaped(text: str) -> str:
    """Plain text of one line as Markdown that says the same."""
    return _ESCAPE.sub(lambda found: f"\\{found[0]}", text)


def replaced(tag: str, own: Mapping[str, str]) -> str:
    """What stands for an element without text: the words of a picture, the box of a choice; empty for all others."""
    if tag == "input" and own.get("type", "").lower() in ("radio", "checkbox"):
        return "[x] " if "checked" in own else "[ ] "
    return escaped(" ".join(printable(own.get("alt", "")).split())) if tag == "img" else ""


def line_start(text: str) -> str:
    """The same line, its first characters escaped where a line that starts so is no text."""
    return f"\\{text}" if _START.match(text) else text


def code_span(text: str) -> str:
    """Text in backticks, as many as it needs."""
    if not text.strip():
        return text
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(lines: Sequence[str], language: str = "") -> list[str]:
    """Lines of code in a fence that none of them closes."""
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return [f"{ticks}{language}", *lines, ticks]


def looks_like_html(text: str) -> bool:
    """Whether a field holds HTML rather than Markdown that names a tag or two in its code."""
    if "<" not in text or ">" not in text:
        return False
    return _HTML.search(_CODE.sub("", text)) is not None


def from_html(text: str) -> str:
    """An HTML fragment as Markdown."""
    from coach.importing.readers import html

    return html.markdown_of(text)[0].strip("\n")
