"""Takes keys out of text that is to be shown or kept."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

MASK = "[key]"

_LEAST = 8
"""Characters of a key, from its start or up to its end, that count as the key; fewer are found in ordinary words."""

_LOOKS_LIKE_ONE = re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=*-]{6,}|\b(?:sk|gsk|pk|rk)[-_][\w*-]{6,}")


def redacted(text: str, key: str) -> str:
    """``text`` without the key, in whole or in part, as it stands or encoded, and without what looks like another."""
    if key:
        for form in {key, quote(key, safe=""), base64.b64encode(key.encode()).decode().rstrip("=")}:
            text = _without(text, form)
    return _LOOKS_LIKE_ONE.sub(MASK, text)


def without_key(text: str, key: str) -> str:
    """``text`` without the whole key; for words that are meant to be read, which only the key itself may change."""
    return text.replace(key, MASK) if len(key) >= _LEAST else text


def _without(text: str, form: str) -> str:
    if len(form) < 2 * _LEAST:
        return re.sub(rf"(?<![\w-]){re.escape(form)}(?![\w-])", MASK, text)
    # A server may show only the beginning or the end of a long key.
    for start, step in ((form[:_LEAST], 1), (form[-_LEAST:], -1)):
        at = text.find(start)
        while at >= 0:
            first, last = at, at + _LEAST
            if step == 1:
                while last < len(text) and last - first < len(form) and text[last] == form[last - first]:
                    last += 1
            else:
                while first > 0 and last - first < len(form) and text[first - 1] == form[-(last - first) - 1]:
                    first -= 1
            text = text[:first] + MASK + text[last:]
            at = text.find(start, first + len(MASK))
    return text
