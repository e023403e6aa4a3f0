"""Questions with their answer on the same line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from coach.importing.clues import Clues
from coach.importing.marks.candidate import Marker, clean
from coach.importing.wording.reading import CERTAIN, belief

_LABELLED = re.compile(
    r"[?.!]\**(?:\s+(?=\**(?:A|Ans|Answer)\s?[:.]\**\s)|(?=Answer:))|\s+(?=\*\*(?:A|Ans|Answer)\s?[:.]\s?\*\*)"
)
_DASHED = re.compile(r"\?\**\s+(?:[-–—→|]|=>|->)+\s+(?=\S)")
_EMPHASISED = re.compile(r"\?\s+(?=(\*{1,3}|_{1,2})(?![*_\s])[^*_]{2,2000}\1\W{0,3}$)")
_BROKEN = re.compile(r"\s*(?:<br ?/?>\s{0,9}){1,9}(?=[^\s<])", re.IGNORECASE)
_LEAST_ASKED = 5
_SENTENCE = re.compile(r"\?\s+(?=\S)")
_HABIT = 0.8
"""Share of a document's questions behind whose question mark a sentence follows that asks nothing: then it answers."""
_LEAST_WORDS = 3
_LEAST = 3


def split(text: str) -> tuple[str, str]:
    """``What is X? A: …`` in one line as question and answer; the answer is empty where the line shows none."""
    if "<" in text and (broken := _BROKEN.search(text)) and broken.start() > _LEAST_ASKED:
        return text[: broken.start()], text[broken.end() :]
    found = _LABELLED.search(text) or _DASHED.search(text) or _EMPHASISED.search(text)
    if not found:
        return text, ""
    mark = text[: found.end()].rstrip(" -–—:→=>|")
    return mark, text[found.end() :]


def habitual(clues: Clues, chosen: list[Marker]) -> list[Marker]:
    """The markers, cut behind the question mark where nearly all of a style say question and answer in one line."""
    result = list(chosen)
    for style in ("item", "text"):
        own = [n for n, m in enumerate(chosen) if m.style == style]
        cuts = {n: cut for n in own if not chosen[n].rest and (cut := _cut(chosen[n].text)) is not None}
        bare = sum(_is_bare(clues, chosen, n) for n in own)
        if len(own) >= _LEAST and len(cuts) >= _HABIT * len(own) and bare >= _HABIT * len(own):
            for n, (question, answer) in cuts.items():
                result[n] = replace(chosen[n], text=clean(question), rest=answer, belief=belief(question))
    return result


def _cut(text: str) -> tuple[str, str] | None:
    ends = [found.end() for found in _SENTENCE.finditer(text[:2000])]
    if not ends:
        return None
    question, answer = text[: ends[-1]].rstrip(), text[ends[-1] :]
    if answer.endswith("?") or len(answer.split()) < _LEAST_WORDS or belief(answer) >= CERTAIN:
        return None
    return question, answer


def _is_bare(clues: Clues, chosen: Sequence[Marker], place: int) -> bool:
    """Whether nothing stands between a question and the next."""
    stop = chosen[place + 1].start if place + 1 < len(chosen) else len(clues.lines)
    return place + 1 == len(chosen) or clues.filled[stop] - clues.filled[chosen[place].end] <= 1
