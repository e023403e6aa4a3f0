"""Which questions of an edited document are the ones that were there before."""

from __future__ import annotations

import pytest

from coach.catalogue.matching import match
from coach.domain import Kind, ParsedQuestion, Question


def known(number: int, text: str, reference: str = "R") -> Question:
    return Question(f"q{number}", number, "deck", number, Kind.CONCEPT, text, reference)


def found(text: str, answer: str = "other") -> ParsedQuestion:
    return ParsedQuestion(text, answer, 1)


def ids(old: list[Question], new: list[ParsedQuestion]) -> list[str | None]:
    return [question.id if question else None for _, question in match(old, new)]


def test_equal_texts_first_whatever_their_order() -> None:
    old = [known(1, "What is a cache?"), known(2, "What is a log?")]
    assert ids(old, [found("What is a LOG?"), found("what is a cache")]) == ["q2", "q1"]


def test_repeats_in_their_order() -> None:
    old = [known(1, "Same?"), known(2, "Same?")]
    assert ids(old, [found("Same?"), found("Same?"), found("Same?")]) == ["q1", "q2", None]


@pytest.mark.parametrize(
    ("text", "answer", "recognised"),
    [
        ("Explain how a write-ahead log keeps a database safe after a crash.", "other", True),
        ("Explain how a checkpoint shortens recovery.", "other", False),
        ("How does the log help after a crash?", "R", True),
        ("Why is sorting slow?", "R", False),
    ],
)
def test_rewording(text: str, answer: str, recognised: bool) -> None:
    old = [known(1, "Explain how a write-ahead log keeps a database safe in a crash.")]
    assert ids(old, [found(text, answer)]) == (["q1"] if recognised else [None])


def test_of_one_text_those_with_their_answer_come_first() -> None:
    old = [known(1, "Same?", "one"), known(2, "Same?", "two")]
    assert ids(old, [found("Same?", "two"), found("Same?", "one")]) == ["q2", "q1"]
    assert ids(old, [found("Same?", "new"), found("Same?", "one")]) == ["q2", "q1"]


def test_the_most_alike_wins_and_nobody_is_taken_twice() -> None:
    old = [known(1, "Explain the log of a database and its cost.")]
    new = [
        found("Explain the log of a database and its price today."),
        found("Explain the log of a database and its costs."),
    ]
    assert ids(old, new).count("q1") == 1


def test_nothing_known_and_nothing_found() -> None:
    assert match([], []) == []
    assert ids([], [found("What?")]) == [None]
    assert ids([known(1, "What?")], []) == []


def test_texts_without_a_letter() -> None:
    assert ids([known(1, "???")], [found("!!!")]) == ["q1"]


def placed(text: str, answer: str, section: str, printed: str | None = None, material: str = "") -> ParsedQuestion:
    return ParsedQuestion(text, answer, 1, section, printed, material=material)


OUTPUT = "What's the output?"
LONG = (
    "The loop prints every number twice because of a closure over it",
    "Hoisting moves the declaration up, the value stays",
)


def test_titles_that_repeat_are_told_apart_by_what_stands_behind_them() -> None:
    old = [
        Question("q1", 1, "d", 1, Kind.CONCEPT, OUTPUT, LONG[0], "Loops", "1"),
        Question("q2", 2, "d", 2, Kind.CONCEPT, OUTPUT, LONG[1], "Scopes", "2"),
    ]
    new = [
        placed(OUTPUT, "Something new that nobody asked about before, in a new question", "Loops", "1"),
        placed(OUTPUT, LONG[0] + ", as it does so often", "Loops", "2"),
        placed(OUTPUT, LONG[1], "Functions", "3"),
    ]
    assert ids(old, new) == [None, "q1", "q2"]


def test_a_repeated_title_in_another_section_is_another_question() -> None:
    old = [
        Question("q1", 1, "d", 1, Kind.CONCEPT, "Summary?", "One.", "Loops"),
        Question("q2", 2, "d", 2, Kind.CONCEPT, "Summary?", "Two.", "Scopes"),
    ]
    new = [placed("Summary?", "Three.", "Scopes"), placed("Summary?", "Four.", "Types")]
    assert ids(old, new) == ["q2", None]


def test_code_belongs_to_a_questions_identity() -> None:
    code = (
        "```js\nconsole.log(typeof null, void 0, NaN)\n```",
        "```js\nlet a = [1, 2, 3]; a.length = 0; print(a)\n```",
    )
    old = [
        Question("q1", 1, "d", 1, Kind.CONCEPT, OUTPUT, "A", None, "1", material=code[0]),
        Question("q2", 2, "d", 2, Kind.CONCEPT, OUTPUT, "A", None, "2", material=code[1]),
    ]
    assert ids(old, [placed(OUTPUT, "A", "New", "1", code[1]), placed(OUTPUT, "A", "New", "2", code[0])]) == [
        "q2",
        "q1",
    ]
