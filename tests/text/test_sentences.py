"""Text cut into statements: where they stand, what form they have, and that nothing is lost or said twice."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coach.text.sentences import Form, claims, statements


def cut(text: str) -> list[str]:
    return [found.text for found in statements(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        ("Use e.g. Kafka. Then, i.e. later, read it.", ["Use e.g. Kafka.", "Then, i.e. later, read it."]),
        ("It costs 3.5 vs. 4.0 in Node.js. Next one.", ["It costs 3.5 vs. 4.0 in Node.js.", "Next one."]),
        ("First; second; third.", ["First;", "second;", "third."]),
        ('"Quoted." He agreed. (Yes.) Really?! Sure…', ['"Quoted."', "He agreed.", "(Yes.)", "Really?!", "Sure…"]),
        ("**1. Look:** use it. **2. Act:** do it.", ["**1. Look:** use it.", "**2. Act:** do it."]),
        ("typed fast. no capitals. e.g. here", ["typed fast.", "no capitals.", "e.g. here"]),
        ("Dr. Smith said so. We agreed.", ["Dr. Smith said so.", "We agreed."]),
        ("第一句。第二句", ["第一句。", "第二句"]),
        ("one\ntwo lines\n\nanother", ["one two lines", "another"]),
        ("- a dash\n* a star\n1. a number\nb) a letter", ["a dash", "a star", "a number", "a letter"]),
        ("- An item\n  that goes on. And on.", ["An item that goes on.", "And on."]),
        ("> quoted\n> again", ["quoted", "again"]),
        ("a store\r\nwith\rodd ends", ["a store with odd ends"]),
    ],
)
def test_prose(text: str, expected: list[str]) -> None:
    assert cut(text) == expected
    assert {found.form for found in statements(text)} == {Form.PROSE}


@pytest.mark.parametrize("text", ["", " \n\t ", "...", "---\n***", "```\n```", "- \n- "])
def test_nothing_is_stated(text: str) -> None:
    assert statements(text) == []


@pytest.mark.parametrize("text", ["## Steps", "**Answer:**", "Trade-offs:", "if the key is hot:"])
def test_headings_and_labels(text: str) -> None:
    assert [found.form for found in statements(f"{text}\nWords below.")] == [Form.HEADING, Form.PROSE]


def test_a_label_with_words_after_it_is_a_statement() -> None:
    assert cut("Key idea: caches help") == ["Key idea: caches help"]


@pytest.mark.parametrize(
    "line",
    [
        "def put(self, key):",
        "class Cache:",
        "for i in range(3):",
        "else:",
        "    return x + 1",
        "import os",
        "x = f(1)",
        "print(x)",
        "SELECT a FROM b",
        "@cache",
    ],
)
def test_code_without_a_fence(line: str) -> None:
    found = statements(f"It starts here:\n\n{line}\nThis is prose again.")
    assert [item.form for item in found] == [Form.HEADING, Form.CODE, Form.PROSE]


def test_fences_hold_code_until_they_are_closed_in_kind() -> None:
    found = statements("Before.\n~~~py\nx = 1\n```\n\ny = 2\n~~~\nAfter.\n```\nnever closed")
    assert [(item.form, item.text) for item in found] == [
        (Form.PROSE, "Before."),
        (Form.CODE, "x = 1"),
        (Form.CODE, "y = 2"),
        (Form.PROSE, "After."),
        (Form.CODE, "never closed"),
    ]


PIECES = (
    "A store keeps logs. ", "e.g. ", "- item ", "\n", "\n\n", "```", "```py\n", "~~~\n", "# Head\n", "x = f(1)\n",
    "def f(x):\n", "Label:\n", "> ", "| a | b |\n", "1. ", "O(n). ", "…", "。", "\r\n", "\u2028", "é", "\x0b", "\t", "; ",
    "“So.” ", "\U0001f600",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


@given(TEXTS)
@example("```\na\n````\nb")
def test_spans_are_in_order_inside_the_text_and_never_overlap(text: str) -> None:
    position = 0
    for found in statements(text):
        assert position <= found.span.start < found.span.end <= len(text)
        position = found.span.end
        exact = found.span.of(text)
        assert exact == exact.strip()
        assert found.text == " ".join(exact.split())
        assert any(letter.isalnum() for letter in exact)


WORDS = st.sampled_from(["store", "log", "Kafka", "reads", "because", "it", "3", "O(n)", "node.js", "e.g."])
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words) + ".")


@given(st.lists(SENTENCES, max_size=8), st.sampled_from([" ", "\n", "\n\n", "\n- "]))
def test_no_word_of_prose_is_lost(sentences: list[str], between: str) -> None:
    said = " ".join(cut(between.join(sentences))).split()
    assert said == " ".join(sentences).split()


def test_a_short_sentence_is_one_claim() -> None:
    text = "A hash spreads keys, but it loses their order."
    (found,) = statements(text)
    assert claims(found, text) == [found]


def test_a_long_sentence_is_taken_apart_where_a_claim_begins() -> None:
    text = (
        "Range partitioning keeps neighbouring keys together in one place, so a scan over an interval is cheap, "
        "but the newest partition takes all of the inserts while the others idle."
    )
    (found,) = statements(text)
    assert [claim.text for claim in claims(found, text)] == [
        "Range partitioning keeps neighbouring keys together in one place",
        "so a scan over an interval is cheap",
        "but the newest partition takes all of the inserts while the others idle.",
    ]


@given(TEXTS)
def test_claims_lie_in_order_inside_their_statement(text: str) -> None:
    for statement in statements(text):
        found = claims(statement, text)
        assert found
        position = statement.span.start
        for claim in found:
            assert position <= claim.span.start < claim.span.end <= statement.span.end
            assert claim.text == " ".join(claim.span.of(text).split())
            position = claim.span.end


def test_a_list_in_one_line_is_taken_apart() -> None:
    text = "- ingest: Kafka for events - store: Delta tables - serve: a warehouse. It scales."
    assert [found.text for found in statements(text)] == [
        "ingest: Kafka for events",
        "store: Delta tables",
        "serve: a warehouse.",
        "It scales.",
    ]


def test_a_dash_between_two_thoughts_is_none_of_a_list() -> None:
    assert len(statements("- the log - an append-only file - holds it")) == 3
    assert len(statements("- the log - an append-only file")) == 1
    assert len(statements("The log - an append-only file - holds it - all of it.")) == 1
