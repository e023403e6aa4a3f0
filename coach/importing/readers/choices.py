"""Multiple choice in tables and objects: which fields are options, and which of them an answer points at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.importing.readers.fields import named

_COLUMN = re.compile(r"(?:(?:answer )?(?:option|opt|choice|alternative|distractor|variant) ?)?([a-h])|(?:answer )?(?:option|opt|choice|alternative) ?([1-8])")  # fmt: skip
_ANSWER_COLUMN = re.compile(r"answer ?([a-h1-8])")
_WRONG = frozenset(
    {"incorrect answers", "wrong answers", "incorrect", "distractors", "wrong options", "incorrect options"}
)
_LISTS = frozenset({"options", "choices", "alternatives", "variants", "answer options", "possible answers", "answers"})
_RIGHT = (
    "correct answer", "correct answers", "answer", "correct", "correct option", "correct options", "correct choice",
    "right answer", "right option", "answer key", "key", "correct index", "correct choice id", "correct option id", "correct id", "correct answer index", "answer index", "solution",
)  # fmt: skip
REASONS = ("explanation", "rationale", "reason", "why", "feedback")
_FLAGS = ("correct", "is correct", "iscorrect", "right", "is right")
_TEXTS = (
    "text",
    "answer text",
    "option text",
    "choice text",
    "option",
    "answer",
    "value",
    "label",
    "content",
    "title",
    "choice",
)
_POINTER = re.compile(r"(?:(?:option|choice|answer)\s?)?\(?([A-Ha-h1-8])\)?[.):]?", re.IGNORECASE)
_TAGS = re.compile(r"\s*(?:(?:</?[A-Za-z][^<>`]{0,200}>|<!--[^<>`]{0,200}-->)[^<>`]{0,200}){1,9}")
"""An option that is markup: written as code, for it would be taken for that of the page."""
_MOST = 8
_LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of one question, and what says which are right."""

    options: tuple[str, ...]
    """In order; they are called A, B, C …"""
    right: tuple[str, ...] = ()
    """Letters, texts or numbers that point at the right ones, as found."""
    reason: str = ""
    """Why they are right; may be empty."""
    counted: bool = False
    """Whether a number in ``right`` is one that was a number in the data, counted from nobody knows where."""

    def shown(self) -> str:
        """The options as lines."""
        return "\n".join(f"{letter}. {_coded(text)}" for letter, text in zip(_LETTERS, self.options, strict=False))

    def answer(self, first: int | None) -> str:
        """The right options in full and the reason; ``first`` is the number of the first option, where that is known."""
        said = [self._option(one, first) for one in self.right]
        return "\n\n".join(part for part in ("\n".join(said), self.reason) if part.strip())

    def _option(self, pointer: str, first: int | None) -> str:
        flat = " ".join(pointer.split())
        same = next((n for n, text in enumerate(self.options) if " ".join(text.split()) == flat), None)
        found = _POINTER.fullmatch(flat) if same is None else None
        if found and found[1].isdigit() and (not self.counted or first is not None):
            same = int(found[1]) - (1 if first is None else first)
        elif found and found[1].isalpha():
            same = _LETTERS.index(found[1].upper())
        elif self.counted and flat == "0" and first == 0:
            same = 0
        chosen = pointer if same is None or not 0 <= same < len(self.options) else self.options[same]
        return _coded(chosen)


def _coded(option: str) -> str:
    return f"`{option}`" if _TAGS.fullmatch(option) else option


def columns(names: Sequence[str]) -> list[int]:
    """The columns that hold the options, in order; none where there are not two at least that count from a or 1 on."""
    plain = [named(name) for name in names]
    pointed = any(name.startswith(("correct", "right")) for name in plain)
    found: dict[int, int] = {}
    for place, name in enumerate(plain):
        part = _COLUMN.fullmatch(name) or (_ANSWER_COLUMN.fullmatch(name) if pointed else None)
        if part:
            letter = next(group for group in part.groups() if group)
            found.setdefault("abcdefgh".index(letter) if letter.isalpha() else int(letter) - 1, place)
    count = next((n for n in range(_MOST + 1) if n not in found), _MOST)
    return [found[n] for n in range(count)] if count > 1 else []


def list_column(names: Sequence[str]) -> int | None:
    """The column whose cells hold all options of a question, by its name."""
    return next((place for place, name in enumerate(names) if named(name) in _LISTS and named(name) != "answers"), None)


def of_lists(cells: Sequence[str], right: Sequence[str]) -> list[Choice]:
    """A choice for every row of a table: its options from one cell, parted by the sign that parts most of them; none where no sign does."""
    for sign in ("|", "\n", ";", ","):
        parts = [tuple(part.strip() for part in cell.split(sign) if part.strip()) for cell in cells]
        if 2 * sum(1 < len(own) <= _MOST for own in parts) >= max(1, sum(map(bool, parts))):
            return [
                Choice(own if 1 < len(own) <= _MOST else (), (pointer,) if pointer else (), "", pointer.isdigit())
                for own, pointer in zip(parts, right, strict=True)
            ]
    return []


def right_column(names: Sequence[str]) -> int | None:
    """The column that says which option is right, where one says so by its name."""
    plain = [named(name) for name in names]
    return next((place for place, name in enumerate(plain) if name.startswith(("correct", "right"))), None)


def of_cells(options: Sequence[str], right: str) -> Choice:
    """The options of a row, and the cell that says which is right."""
    several = re.fullmatch(r"\s*[A-Ha-h1-8](?:\s*[,;&/]\s*[A-Ha-h1-8])+\s*", right)
    pointers = re.split(r"\s*[,;&/]\s*", right) if several else [right]
    return Choice(tuple(options), tuple(one.strip() for one in pointers if one.strip()))


def of_object(data: Mapping[str, object]) -> tuple[Choice | None, frozenset[str]]:
    """The choice that an object offers, and the keys that make it; None where it offers none."""
    keys = {named(key): key for key in data}
    right_key = next((keys[name] for name in _RIGHT if name in keys and data[keys[name]] not in (None, "", [])), "")
    wrong = next((keys[name] for name in keys if name in _WRONG and isinstance(data[keys[name]], list)), "")
    if wrong and right_key and isinstance(data[right_key], str):
        texts, _ = _options([data[right_key], *_listed(data[wrong])])
        return (
            (Choice(tuple(sorted(texts)), texts[:1]), frozenset({wrong, right_key})) if texts else (None, frozenset())
        )
    for name in [name for name in keys if name in _LISTS]:
        options, flagged = _options(data[keys[name]], data[right_key] if right_key else None)
        if options and (flagged or (right_key and right_key != keys[name]) or name != "answers"):
            used = {keys[name], *([right_key] if right_key else [])}
            break
    else:
        places = columns(list(data))
        own = [list(data.values())[place] for place in places]
        options, flagged = tuple(str(text) for text in own if isinstance(text, str | int | float)), ()
        used = {list(data)[place] for place in places} | ({right_key} if right_key else set())
        if len(options) < 2 or len(options) != len(places):
            return None, frozenset()
    pointers, counted = _pointers(data[right_key]) if right_key and not flagged else (flagged, False)
    why = next((keys[name] for name in REASONS if name in keys and isinstance(data[keys[name]], str)), "")
    choice = Choice(options, pointers, str(data[why]) if why else "", counted)
    return choice, frozenset({*used, *([why] if why else [])})


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _options(value: object, pointed: object = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options in a value, and those that are flagged as right."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list) or not 2 <= len(value) <= _MOST:
        return (), ()
    if all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in value):
        return tuple(str(item) for item in value), ()
    texts: list[str] = []
    right: list[str] = []
    for item in value:
        if not isinstance(item, Mapping):
            return (), ()
        plain = {named(key): own for key, own in item.items()}
        text = next((str(plain[name]) for name in _TEXTS if isinstance(plain.get(name), str | int | float)), "")
        if not text:
            return (), ()
        texts.append(text)
        if pointed is not None and pointed in (plain.get("id"), plain.get("key"), plain.get("letter")):
            right.append(text)
        if any(plain.get(name) is True for name in _FLAGS):
            right.append(text)
    return tuple(texts), tuple(right)


def _pointers(value: object) -> tuple[tuple[str, ...], bool]:
    """What points at the right options, and whether it was a number."""
    items = value if isinstance(value, list) else [value]
    plain = [item for item in items if isinstance(item, str | int) and not isinstance(item, bool)]
    return tuple(str(item).strip() for item in plain), any(isinstance(item, int) for item in plain)


def first_number(found: Sequence[Choice]) -> int | None:
    """With which number the options of a document are counted: 0 or 1; None where its numbers do not tell."""
    numbers = [
        (int(one), len(choice.options)) for choice in found if choice.counted for one in choice.right if one.isdigit()
    ]
    if any(number == count for number, count in numbers):
        return None if any(number == 0 for number, _ in numbers) else 1
    return 0 if any(number == 0 for number, _ in numbers) else None
