"""One question with its rubric, and an embedder that compares words: no model is loaded here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from coach.catalogue.rubrics import sealed
from coach.domain import Importance, KeyPoint, Kind, Misconception, Question, Rubric
from coach.text.terms import content_stems

REFERENCE = """### Partitioning

- **Range Partitioning:** Divide by value ranges (e.g., date ranges). Good for time-series queries but prone to hotspots
- **Hash Partitioning:** Distribute via hash function. Ensures even distribution but loses range query optimization

```python
hotspots = ranges(partition)
```
"""

QUESTION = Question("q1", 9, "deck", 9, Kind.CONCEPT, "Which partitioning strategies do you know?", REFERENCE, "Core")

RUBRIC = sealed(
    Rubric(
        "q1",
        (
            KeyPoint("bonus", "Monitoring finds new hot keys early.", Importance.BONUS, 0.25),
            KeyPoint(
                "range",
                "Range partitioning keeps neighbouring keys together, which serves scans, but popular ranges create hotspots.",
                Importance.MUST,
                1.0,
                right=("Dividing by date ranges is good for time-series queries and prone to hotspots.",),
                misconceptions=(Misconception("Ranges always spread rows evenly.", "Popular ranges become hot."),),
                probe="What do intervals of the key buy you, and where do they hurt?",
            ),
            KeyPoint(
                "p3", "Hash partitioning spreads distinct keys evenly and loses range scans.", Importance.SHOULD, 0.6
            ),
        ),
        "edited",
        "",
    )
)


class Words:
    """Vectors of stems: two texts are as near as the words that they share."""

    fingerprint = "words"
    dimensions = 512
    max_tokens = 512

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for stem in content_stems(text):
                row[sum(ord(letter) * 31**at for at, letter in enumerate(stem)) % self.dimensions] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def words() -> Words:
    return Words()
