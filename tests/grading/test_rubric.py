"""A rubric from a reference answer's own structure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.catalogue.rubrics import WEIGHTS
from coach.domain import Importance, Kind, Question, Rubric
from coach.grading.rubric import MOST_POINTS, derive


def rubric(reference: str, text: str = "What is a log?") -> Rubric:
    return derive(Question("q1", 1, "deck", 1, Kind.CONCEPT, text, reference))


STRUCTURED = """A log is an append-only sequence of records.

#### Key properties

- **Order:** Records keep the order in which they were written
- **Durability:** A record that was acknowledged survives a crash

```python
log.append(record)
```

#### Complexity

Appending takes O(1) time.

#### Real-World Example

- Kafka partitions are logs that consumers read at their own offsets
"""


def test_structure_becomes_points_with_their_importance() -> None:
    found = {point.text: point.importance for point in rubric(STRUCTURED).points}
    assert len(found) == 5
    by_word = {word: importance for text, importance in found.items() for word in text.split()}
    assert by_word["append-only"] is Importance.MUST
    assert by_word["O(1)"] is Importance.MUST
    assert by_word["Kafka"] is Importance.BONUS
    assert any("Order" in text for text in found)
    assert any("Durability" in text for text in found)
    assert not any("log.append" in text for text in found)


def test_points_stand_where_they_say_and_weigh_what_they_are() -> None:
    for number, point in enumerate(rubric(STRUCTURED).points, 1):
        assert point.id == f"p{number}"
        assert point.weight == WEIGHTS[point.importance]
        assert point.reference is not None
        assert point.reference.of(STRUCTURED).strip()
        assert point.probe.endswith("?")


@pytest.mark.parametrize("reference", ["", "\n\n", "#### Only a heading", "**Label:**", "```\nx = 1\n```"])
def test_nothing_to_say_gives_no_points(reference: str) -> None:
    assert rubric(reference).points == ()


def test_one_sentence_is_one_essential_point() -> None:
    (point,) = rubric("A log is an append-only sequence of records.").points
    assert point.importance is Importance.MUST
    assert point.text == "A log is an append-only sequence of records."


def test_a_heading_alone_is_no_point() -> None:
    found = rubric("#### Durability\n\nA record that was acknowledged survives a crash of the machine.")
    assert len(found.points) == 1
    assert found.points[0].reference is not None


def test_long_lists_are_taken_together() -> None:
    items = "\n".join(
        f"- **Thing {number}:** it does the job number {number} of the system well" for number in range(40)
    )
    assert 1 <= len(rubric(f"The system has parts.\n\n{items}").points) <= MOST_POINTS


def test_the_hash_covers_what_can_change_a_grade() -> None:
    first = rubric(STRUCTURED)
    assert first.hash == rubric(STRUCTURED).hash
    assert first.hash != rubric(STRUCTURED.replace("crash", "fire")).hash
    assert len(first.hash) == 16
    assert first.origin == "derived"


PIECES = st.sampled_from(
    [
        "A log keeps records. ",
        "\n",
        "\n\n",
        "- **Label:** words here\n",
        "1. item one\n",
        "#### Head\n",
        "```\ncode()\n```\n",
        "O(n) ",
        "Intro:\n",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_any_reference(reference: str) -> None:
    found = rubric(reference)
    assert found == rubric(reference)
    assert len(found.points) <= MOST_POINTS
    assert len({point.id for point in found.points}) == len(found.points)
    position = 0
    for point in found.points:
        assert point.text.strip()
        assert point.reference is not None
        assert position <= point.reference.start < point.reference.end <= len(reference)
        position = point.reference.end
    if found.points:
        assert any(point.importance is Importance.MUST for point in found.points)
