"""What kind of question a question is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.catalogue.kinds import kind_of
from coach.domain import Kind


@pytest.mark.parametrize(
    ("text", "section", "kind"),
    [
        ("What is a bloom filter?", None, Kind.CONCEPT),
        ("Explain the difference between a process and a thread.", "Operating systems", Kind.CONCEPT),
        ("Design a rate limiter.", None, Kind.DESIGN),
        ("How would you design a feature store?", "System Design", Kind.DESIGN),
        ("Describe how you would architect a chat service.", None, Kind.DESIGN),
        ("Write a function that reverses a linked list.", None, Kind.CODING),
        ("Implement an LRU cache.", None, Kind.CODING),
        ("Explain how you would implement a trie.", "Data Structures and Algorithms", Kind.CODING),
        ("Tell me about a time when you missed a deadline.", None, Kind.BEHAVIOURAL),
        ("Describe a situation in which you disagreed with your manager.", None, Kind.BEHAVIOURAL),
        ("Describe how you've led a migration.", None, Kind.BEHAVIOURAL),
        ("What are you proud of?", "Behavioral Questions", Kind.BEHAVIOURAL),
        ("How do you handle disagreement with stakeholders?", None, Kind.PRACTICE),
        ("How do you keep up with new tools?", "Leadership and Communication", Kind.PRACTICE),
        ("How do you reverse a string?", "Strings", Kind.CONCEPT),
    ],
)
def test_kinds(text: str, section: str | None, kind: Kind) -> None:
    assert kind_of(text, section) is kind


@given(st.text(max_size=100), st.one_of(st.none(), st.text(max_size=20)))
def test_every_question_has_a_kind(text: str, section: str | None) -> None:
    assert kind_of(text, section) in Kind
