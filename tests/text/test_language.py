"""Which language a text is in."""

from __future__ import annotations

import pytest

from coach.text.language import other_language


@pytest.mark.parametrize(
    "notes",
    [
        "insert O(log k); n -> O(n log k); space O(k)",
        "amortised O(n): one push + one pop per index, non-empty deque",
        "sort + two pointers: O(n log n), O(1) space; brute force O(n^2)",
    ],
)
def test_complexities_are_no_foreign_words(notes: str) -> None:
    assert other_language(notes) is None
