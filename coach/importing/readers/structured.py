"""JSON and JSON lines in any sensible shape: lists of objects, questions as keys, sections above them."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.domain import ParsedQuestion
from coach.errors import UnreadableInput
from coach.importing import decoding
from coach.importing.readers import choices, dialogues, fields
from coach.importing.readers.fields import Role
from coach.importing.source import Limits, Source
from coach.text.cleaning import one_line

_MOST_DEPTH = 40
_CONTAINER_NAMES = """
    questions question items data cards notes results entries faq faqs list content contents records rows qa qas quiz
    mainentity paragraphs deck decks sections topics categories chapters children groups quizzes pairs
"""
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())
"""Keys that hold questions without naming a section."""
_ASKED = frozenset({"questions", "interview questions", "sample questions", "example questions", "prompts", "fragen"})
"""Keys whose lists of texts are questions, whatever they say."""
_FOLLOWS = re.compile(r"(?:follow|sub ?questions?\b|probes?\b|probing\b|related questions?\b)")
"""Names of fields that list further questions beside one."""
_MOSTLY = 0.6
"""Share of texts that ask, from which all of them are questions."""
_TITLES = ("section", "topic", "category", "chapter", "title", "name", "heading", "label", "deck", "subject", "group")


@dataclass(frozen=True, slots=True)
class _Found:
    """A question as the data has it."""

    text: str
    answer: str
    section: str = ""
    number: str = ""
    kind: str = ""
    choice: choices.Choice | None = None
    """Options to choose from, where it has any; the answer is in them then."""


def read(path: Path, limits: Limits) -> Source:
    """The questions of a JSON document, or of one of JSON lines. Raises NotFound and UnreadableInput."""
    text, note = decoding.text_of(decoding.read_bytes(path, limits.max_bytes), path.name)
    lines = path.suffix.lower() in (".jsonl", ".ndjson")
    data, notes = _loaded(text, path.name, lines)
    title = ""
    if isinstance(data, Mapping):
        title = next((data[key] for key in ("title", "deck", "name") if isinstance(data.get(key), str)), "")
    found = list(_found(data, "", 0, True))
    questions = _placed(found, text)
    if not questions:
        notes += ("No questions were recognised.",)
    return Source(notes=(*((note,) if note else ()), *notes), title=one_line(title), questions=questions)


def _loaded(text: str, name: str, lines: bool) -> tuple[Any, tuple[str, ...]]:
    if not lines:
        try:
            return json.loads(text), ()
        except (ValueError, RecursionError) as problem:
            trouble = problem
        data, bad = _json_lines(text)
        if not data or bad:
            raise UnreadableInput(f"{name} is no JSON: {_reason(trouble)}.", "Mend it, or save it again.") from trouble
        return data, ()
    data, bad = _json_lines(text)
    if bad and len(bad) >= max(1, len(data)):
        raise UnreadableInput(f"{name} is no file of JSON lines: line {bad[0]} is no JSON.", "Write one object a line.")
    notes = (f"{len(bad)} lines that are no JSON were passed over, the first of them line {bad[0]}.",) if bad else ()
    return data, notes


def _json_lines(text: str) -> tuple[list[Any], list[int]]:
    """The values, and the 1-based numbers of lines that hold none."""
    data: list[Any] = []
    bad: list[int] = []
    for number, row in enumerate(text.split("\n"), start=1):
        if row.strip():
            try:
                data.append(json.loads(row))
            except (ValueError, RecursionError):
                bad.append(number)
    return data, bad


def _reason(problem: Exception) -> str:
    return "it is nested too deep" if isinstance(problem, RecursionError) else str(problem)[:120]


def _found(data: object, section: str, depth: int, trusted: bool) -> Iterator[_Found]:
    """All questions below ``data``; ``trusted`` says that the keys above leave no doubt that it holds questions."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(data, Mapping):
        yield from _of_object(data, section, depth)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        strings = [item for item in data if isinstance(item, str)]
        if strings and len(strings) == len(data):
            if depth == 0 or (trusted and fields.share_asking(strings[:200]) >= 0.5):
                yield from (_Found(text, "", section) for text in strings)
            return
        for item in data:
            if _is_pair(item):
                yield _Found(item[0], fields.joined(item[1]), section)
            else:
                yield from _found(item, section, depth + 1, trusted)


def _is_pair(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and isinstance(item[1], str | list)


def _of_object(data: Mapping[str, Any], section: str, depth: int) -> Iterator[_Found]:
    if (turns := dialogues.turns(data)) is not None:
        yield from (_Found(asked, told, section) for asked, told in turns)
        return
    made = _question(data, section)
    if made is not None:
        yield made
        yield from (_Found(text, "", made.section) for text in _followed_up(data))
        return
    if _is_mapping_of_answers(data):
        for text, answer in data.items():
            yield _Found(text, fields.joined(answer), section)
        return
    own = next((data[key] for key in _TITLES if isinstance(data.get(key), str) and data[key].strip()), "")
    inside = own if own and depth > 0 else section
    asking = _lists_ask(data)
    for key, value in data.items():
        if asking and _is_texts(value):
            yield from (_Found(text, "", inside if own else key) for text in value)
        elif _is_texts(value) and fields.named(key) in _ASKED:
            yield from (_Found(text, "", inside) for text in value)
        elif isinstance(value, Mapping | list):
            contains = fields.named(key).replace(" ", "") in _CONTAINERS
            yield from _found(value, inside if contains or own else key, depth + 1, contains or not own)


def _followed_up(data: Mapping[str, Any]) -> list[str]:
    """The questions that follow up another one, where a field of its object lists them."""
    for key, value in data.items():
        if _FOLLOWS.match(fields.named(key)) and _is_texts(value) and fields.share_asking(value[:200]) >= _MOSTLY:
            return list(value)
    return []


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _lists_ask(data: Mapping[str, Any]) -> bool:
    """Whether an object is lists of texts side by side, of which most ask: then the others ask too."""
    lists = [value for value in data.values() if isinstance(value, list)]
    if len(lists) < 2 or not all(map(_is_texts, lists)):
        return False
    return fields.share_asking([text for own in lists for text in own[:200]]) >= 0.6


def _question(data: Mapping[str, Any], section: str) -> _Found | None:
    """The question that an object is, if it is one."""
    choice, used = choices.of_object(data)
    keys = [key for key, value in data.items() if value is not None and key not in used]
    roles = fields.roles(keys)
    place = roles.get(Role.QUESTION)
    if place is None:
        return None
    asked = data[keys[place]]
    if fields.named(keys[place]) == "instruction" and fields.share_asking([fields.joined(data.get("input"))]):
        asked = data["input"]  # the instruction says what to do with every one of them
    if isinstance(asked, Mapping | list):
        asked = fields.joined(asked) if isinstance(asked, Mapping) else ""
    unsolved = fields.is_unsolved(keys) or any(map(fields.tells_of_answer, keys))
    certain = unsolved or fields.is_certain(keys[place])
    if _is_left_open(data, keys, roles.get(Role.ANSWER)):
        roles.pop(Role.ANSWER, None)
    elif Role.ANSWER not in roles and certain and not choice and not unsolved:
        samples = [[] if n in roles.values() else [fields.joined(data[key])] for n, key in enumerate(keys)]
        found = fields.unnamed(keys, samples)
        roles |= {} if found is None else {Role.ANSWER: found}
    answer = data[keys[roles[Role.ANSWER]]] if Role.ANSWER in roles else ""
    answer = str(answer) if isinstance(answer, bool) else answer
    if not isinstance(asked, str) or not asked.strip() or (not certain and Role.ANSWER not in roles and not choice):
        return None
    if not certain and isinstance(answer, list) and any(isinstance(item, Mapping | list) for item in answer):
        return None  # a section with its questions
    own = fields.joined(data[keys[roles[Role.SECTION]]]) if Role.SECTION in roles else ""
    own = own.split("\n")[0].removeprefix("- ")
    number = fields.joined(data[keys[roles[Role.NUMBER]]]) if Role.NUMBER in roles else ""
    kind = fields.joined(data[keys[roles[Role.KIND]]]) if Role.KIND in roles else ""
    return _Found(asked, fields.joined(answer), own or section, number, kind, choice)


def _is_left_open(data: Mapping[str, Any], keys: Sequence[str], place: int | None) -> bool:
    """Whether a field that is surely the answer's is there and empty, so that no other can be meant."""
    chosen = fields.named(keys[place]) if place is not None else ""
    return chosen not in fields.ANSWERS and any(
        fields.named(key) in fields.ANSWERS and value in (None, "", []) for key, value in data.items()
    )


def _is_mapping_of_answers(data: Mapping[str, Any]) -> bool:
    """Whether the keys are questions and the values their answers."""
    if not data or not all(isinstance(value, str | list | Mapping | None) for value in data.values()):
        return False
    if any(isinstance(item, Mapping | list) for value in data.values() if isinstance(value, list) for item in value):
        return False
    return fields.share_asking(list(data)[:200]) >= 0.6


def _placed(found: Sequence[_Found], text: str) -> tuple[ParsedQuestion, ...]:
    """The questions with the lines on which their texts stand."""
    ends = [place for place, character in enumerate(text) if character == "\n"]
    made: list[ParsedQuestion] = []
    first = choices.first_number([item.choice for item in found if item.choice])
    at = 0
    for item in found:
        for ascii_only in (False, True):
            place = text.find(json.dumps(item.text, ensure_ascii=ascii_only), at)
            if place >= 0:
                at = place + 1
                break
        line = bisect_right(ends, max(at - 1, 0)) + 1
        options = item.choice.shown() if item.choice else ""
        answer = item.choice.answer(first) if item.choice and item.choice.right else item.answer
        one = fields.question(item.text, answer, line, item.section, item.number, item.kind, options=options)
        if one is not None:
            made.append(one)
    return tuple(made)
