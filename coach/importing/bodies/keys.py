"""An answer key at the end of a quiz: ``Answers``, and below it a letter for every number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.domain import ParsedQuestion
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind

_TITLE = re.compile(r"\W*(?:correct )?(?:answers?(?: ?key| ?sheet)?|key|solutions?)\W*", re.IGNORECASE)
_MAYBE_TITLE = re.compile(r"answer|key|solution", re.IGNORECASE)
_PAIR = re.compile(
    r"(?:^|[\s|,;])\W?(\d{1,4})\s?[.):=\-–|]?\s{0,3}[(*]{0,3}([A-Ha-h](?:\s?[,&/+]\s?[A-Ha-h]){0,4})(?![\w'’])"
)
_LABEL = re.compile(r"^(?:[-*+•]\s{1,3})?(?:[*_]{2})?(?:[Qq](?:uestion|ues|ue)?\s?[.#-]?\s?)?(?=\d)")
"""What stands before the number in a row of a key."""
_COUNTS = re.compile(r"\d{1,4}\s?[.):=–|-]?\s{0,3}")
_REMARK = re.compile(r"(?<=[A-Ha-h0-9])[.*]{0,2}\s{1,3}(?:\(.*\)|[–—-]\s.*)$")
"""What a key says about an option behind its letter."""
_SAID = re.compile(r"^\W?(\d{1,4})\s?[.):=–-]\s{0,3}(\S{1,20}(?: \S{1,20}){0,2})$")
"""A number and a few words that answer a question without options."""
_BOX = re.compile(r"\s{0,9}(?:[-*+]|\d{1,2}[.)])\s{1,4}(?:\[[ xX]\]\s{1,4})?(?=\S)")
"""An option without a letter."""
_LETTERS = re.compile(r"[A-Ha-h](?:[\s,&/+]{1,3}[A-Ha-h]){0,4}")
_LEAST = 3
_MOST_LINES = 400
"""Lines of a key at most."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a key starts, and what it says."""

    start: int
    """Index of its title; one past the last line where the document has none."""
    letters: dict[str, str]
    """Printed number -> letters of the right options, in upper case, or a few words that are the answer; numbers that it
    gives twice are left out."""


def found(lines: Sequence[Line]) -> Key:
    """The key at the end of a document; an empty one where it has none."""
    for start in range(len(lines) - 1, max(-1, len(lines) - _MOST_LINES), -1):
        line = lines[start]
        if len(line.content) > 60 or line.is_code or line.is_blank or not _MAYBE_TITLE.search(line.content):
            continue
        if not _TITLE.fullmatch(one_line(line.content)):
            continue
        pairs = _pairs(lines[start + 1 :])
        if len(pairs) < _LEAST:
            break
        counts = Counter(number for number, _ in pairs)
        return Key(start, {n: s.upper() if _LETTERS.fullmatch(s) else s for n, s in pairs if counts[n] == 1})
    return Key(len(lines), {})


def _pairs(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Number and letters in every line; none where some line says something else."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        if line.is_blank or line.kind in (LineKind.RULE, LineKind.UNDERLINE) or not line.text.strip("|:- "):
            continue
        row = _without_remark(_LABEL.sub("", line.text.strip()[:2000]))[:400]
        if not pairs and row[0] == "|" and not any(map(str.isdigit, row)):
            continue  # names of the columns
        here = _PAIR.findall(row) if _PAIR.match(row) else _SAID.findall(row)
        if not here or line.is_code:
            return []
        pairs += here
    lettered = sum(_LETTERS.fullmatch(said) is not None for _, said in pairs)
    return pairs if 2 * lettered > len(pairs) else []


def _without_remark(row: str) -> str:
    head = _COUNTS.match(row)
    return head[0] + _REMARK.sub("", row[head.end() :]) if head is not None else row


def answered(questions: Sequence[ParsedQuestion], key: Key) -> list[ParsedQuestion]:
    """The questions, those without an answer with that of the key: the option in full where it stands behind them."""
    counts = Counter(question.printed for question in questions)
    made = []
    for question in questions:
        letters = key.letters.get(question.printed or "") if counts[question.printed] == 1 else None
        if letters and not question.has_answer:
            chosen = re.findall(r"[A-H]", letters) if _LETTERS.fullmatch(letters) else []
            right = [_option(question.material, letter) for letter in chosen] or [letters]
            question = replace(question, answer="\n".join(right))
        made.append(question)
    return made


def _option(material: str, letter: str) -> str:
    """What the option with a letter says among those of a question; the letter where it is not found."""
    rows = material.split("\n")
    for row in rows:
        option = re.match(r"[\s>*_(+-]{0,9}([A-Ha-h])\s?[.):\]–-][\s*_]{0,4}(?=\S)", row[:1000])
        if option and option[1].upper() == letter:
            return row[option.end() :].strip()
    boxes = [row for row in rows if _BOX.match(row)]
    place = ord(letter) - ord("A")
    return _BOX.sub("", boxes[place]).strip() if place < len(boxes) else letter
