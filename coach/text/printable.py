"""Text made safe for a terminal. A module of its own: whatever is shown needs it, and hardly one command cleans Markdown."""

from __future__ import annotations

import re

_ESCAPE_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]"  # CSI: colours, cursor movements
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\\\|\x9c)"  # OSC and other strings
    "|\x1b[ -/]{0,16}[0-~]"  # two-character sequences
)
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls but tab and the line ends
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # invisible: zero width, direction overrides
    "\ue000-\ue00f"  # private use: the placeholders of this module
    "\ud800-\udfff]"  # halves of surrogate pairs: no output encoding takes them
)
_NEWLINE = re.compile("\r\n|[\r\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    r"""``text`` without terminal escape sequences, control and invisible characters; every line end is ``\n``."""
    if text.isprintable():  # no control, format or private character at all
        return text
    return _UNSAFE.sub("", _NEWLINE.sub("\n", _ESCAPE_SEQUENCE.sub("", text)))
