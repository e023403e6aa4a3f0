"""Questions that customers ask about a product: a FAQ of a shop or service is nothing to be studied."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OF_ME = re.compile(r"\b(?:do|can|should|could|will|am|may|must|would) I\b|\bmy\b", re.IGNORECASE)
_TO_YOU = re.compile(
    r"\b(?:do|are|can|will|could|have|does) (?:you|your)\b|\byour\b|\byou (?:accept|offer|ship|provide|support|sell)\b",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(r"(?:is|are) there\b|(?:is|are) \w+(?: \w+)? (?:available|included|supported)\b", re.IGNORECASE)
_LEAST = 4
_SOME = 0.25
"""Share of the questions that speak of whoever asks, and share that speak to whoever answers."""
_MOSTLY = 0.6
"""Share that do either."""


def ask(texts: Sequence[str]) -> bool:
    """Whether questions are those of customers: about what they may do, and to those who sell."""
    if len(texts) < _LEAST:
        return False
    mine = [_OF_ME.search(text) is not None for text in texts]
    yours = [_TO_YOU.search(text) is not None for text in texts]
    either = sum(
        one or other or _ASKS_FOR.match(text) is not None for one, other, text in zip(mine, yours, texts, strict=True)
    )
    return min(sum(mine), sum(yours)) >= _SOME * len(texts) and either >= _MOSTLY * len(texts)
