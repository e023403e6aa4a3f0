"""The file is read back by the rules of Anki's own importer for text files (checked once against Anki 26.9)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import Importance, KeyPoint, Kind, Outcome, Question, Rubric
from coach.practice.export.anki import Note, as_text, note
from coach.text.printable import printable
from tests.practice.made import attempt, grade, question, verdict

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";"}


@dataclass(frozen=True)
class Read:
    guid: str
    deck: str
    tags: set[str]
    fields: list[str]


def import_text(text: str) -> tuple[dict[str, str], list[Read]]:
    """Header lines up to the first one without ``#``; rows as CSV by the header's separator; lines with ``#`` skipped.

    Columns that the header names are taken out, the rest are the fields in order.
    """
    head: dict[str, str] = {}
    lines = io.StringIO(text, newline="")
    for line in lines:
        if not line.startswith("#"):
            break
        key, sign, value = line[1:].rstrip("\r\n").partition(":")
        if sign:
            head[key.strip().lower()] = value
    assert not text.startswith("tags:")
    rows = csv.reader(
        (line for line in io.StringIO(text, newline="") if not line.startswith("#")),
        delimiter=SEPARATORS[head["separator"]],
        strict=True,
    )
    places = {name: int(head[f"{name} column"]) - 1 for name in ("guid", "deck", "tags")}
    found = []
    for row in rows:
        rest = [cell for at, cell in enumerate(row) if at not in places.values()]
        tags = {*row[places["tags"]].split(), *head.get("tags", "").split()}
        found.append(Read(row[places["guid"]], row[places["deck"]], tags, rest))
    return head, found


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == []
        self.tags.append(tag)
        self.text += "\n" if tag == "br" else " "

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(html: str) -> Seen:
    reader = Seen()
    reader.feed(html)
    reader.close()
    return reader


texts = st.text(st.sampled_from("ab<>&\"'#\t\n\r,;:|[]{}\\() é漢\x1b="), min_size=1, max_size=40)


def a_note(text: str, section: str | None = "Basics", deck: str = "Deck") -> Note:
    asked = Question("q1", 1, "deck-1", 1, Kind.CONCEPT, text, "ref", section)
    points = (KeyPoint("p1", text, Importance.MUST, 1.0), KeyPoint("p2", "plain", Importance.BONUS, 1.0))
    return note(asked, deck, Rubric("q1", points, "shipped", "h"), None)


@settings(max_examples=40)
@given(st.lists(st.tuples(texts, st.none() | texts, texts), min_size=1, max_size=4))
def test_what_went_in_comes_out(rows: list[tuple[str, str | None, str]]) -> None:
    head, found = import_text(as_text([a_note(text, section, deck) for text, section, deck in rows]))
    assert (head["html"], head["notetype"]) == ("true", "Basic")
    assert len(found) == len(rows)
    for read, (text, section, _) in zip(found, rows, strict=True):
        assert read.guid == "coach-q1"
        assert len(read.fields) == 2
        front = seen(read.fields[0])
        assert front.text == printable(text).replace("\t", " ")
        assert set(front.tags) <= {"br"}
        assert set(seen(read.fields[1]).tags) <= {"ul", "li", "b", "i", "br"}
        assert {"coach", "kind::concept", "deck::deck-1"} == read.tags
        levels = read.deck.split("::")
        assert levels[0] == "coach"
        assert all(level.strip() == level and level for level in levels)
        assert len(levels) == 3 if (section or "").strip() else len(levels) >= 2


@given(texts)
def test_nothing_is_left_that_anki_takes_for_its_own(text: str) -> None:
    made = a_note(f"[sound:{text}] {{{{c1::{text}}}}} \\({text}\\)")
    for field in (made.front, made.back):
        assert not set(field) & set('[{\\\t\n\r"')


def test_the_back_says_what_was_missed_last() -> None:
    asked = question(1)
    points = tuple(KeyPoint(name, f"Point {name} is so.", Importance.MUST, 1.0) for name in ("a", "b", "c"))
    verdicts = (verdict("a", Outcome.COVERED), verdict("b", Outcome.MISSING), verdict("c", Outcome.CONTRADICTED))
    last = attempt("a1", asked, grade(asked, 40, verdicts, "c"))
    made = note(asked, "Deck", Rubric("q1", points, "shipped", "h"), last)
    text = seen(made.back).text
    assert "Last answer, 2026-03-02: 40 of 100." in text
    assert "Missing: Point b is so." in text
    assert "Wrong: Point c is so. Not so: c." in text
    assert "Missing: Point a" not in text
    assert "weak" in made.tags
    better = replace(last, grades=(replace(last.grades[0], grade=grade(asked, 90, verdicts[:1])),))
    again = note(asked, "Deck", Rubric("q1", points, "shipped", "h"), better)
    assert again.guid == made.guid
    assert "Nothing was missing." in again.back
    assert "answered" in again.tags
