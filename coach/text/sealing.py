"""Foreign text made into data that a language model can be shown: what candidates and documents wrote is never prose
of a prompt, it travels as one line of JSON between marks that it can't forge.

The marks carry a hash of what they enclose, so they can't be written into it, and equal input gives an equal prompt.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coach.domain import Span

REMOVED = "[a passage addressed to the reader was removed here]"
"""Stands in a prompt where an order to the grader was cut out."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad"  # controls but tab and line ends; soft hyphen
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"  # fillers, variation selectors, surrogates
    "\U000e0000-\U000e0fff]"  # tags, which spell ASCII that nobody sees
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_MARKS = re.compile(
    r"((?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]){3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_TOKEN_LIKE = re.compile(r"<(?=[A-Za-z/|!?<｜])|\[(?=/?(?:INST|SYS|TOOL|AVAILABLE)\b)", re.I)
"""Where the special tokens of chat templates begin (<|im_start|>, </s>, [INST] …): a server that parses them in the
middle of a text would end the candidate's turn there."""


def neutralised(text: str) -> str:
    """``text`` without characters that nobody sees, and with plain line ends. Visible text is left as it is."""
    return _MARKS.sub(r"\1", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))


def without(text: str, spans: Sequence[Span]) -> str:
    """``text`` with the words ``REMOVED`` in the place of each span (in order, not overlapping)."""
    parts: list[str] = []
    done = 0
    for span in spans:
        parts += [text[done : span.start], REMOVED]
        done = span.end
    return "".join(parts) + text[done:]


def sealed(name: str, data: Mapping[str, Any]) -> str:
    """``data`` as one line of JSON between marks of its own. Every text in it is neutralised."""
    body = _TOKEN_LIKE.sub(_escaped, json.dumps(_clean(data), ensure_ascii=False))
    seal = hashlib.sha256(f"{name}\0{body}".encode()).hexdigest()[:16]
    return f"-----BEGIN {name} {seal}-----\n{body}\n-----END {name} {seal}-----"


def instruction_free(text: str, orders: Callable[[str], Sequence[Span]]) -> tuple[str, bool]:
    """``text`` without its orders to the reader, and whether there were any."""
    spans = orders(text)
    return (without(text, spans), True) if spans else (text, False)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def folded(text: str) -> tuple[str, list[int]]:
    """``text`` as it reads (case, typography, white space and invisible characters apart), with the offset in ``text``
    that each folded character comes from.
    """
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        if _INVISIBLE.match(letter) or letter in _EMPHASIS:
            continue
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(at)
            continue
        for plain in unicodedata.normalize("NFKD", _TYPOGRAPHY.get(letter, letter)).casefold():
            letters.append(plain)
            places.append(at)
    return "".join(letters), places


_EMPHASIS = "*`"
_TYPOGRAPHY = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
