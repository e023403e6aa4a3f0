"""A stated complexity against the loops of the code."""

from __future__ import annotations

import pytest

from coach.grading.code import read_code
from coach.grading.complexity import misfit
from coach.text.sentences import statements

PAIRS = """
```python
def pairs(nums, target):
    found = []
    for i in range(len(nums)):
        for j in range(i + 1, len(nums)):
            if nums[i] + nums[j] == target:
                found.append((i, j))
    return found
```
"""
ONE_PASS = """
```python
def pairs(nums, target):
    seen = set()
    for number in nums:
        if target - number in seen:
            return True
        seen.add(number)
    return False
```
"""


def remark(answer: str) -> str | None:
    found = statements(answer)
    return misfit(found, read_code(found, answer))


@pytest.mark.parametrize("stated", ["It takes O(n) time.", "Time is O(n log n), space is O(n^2).", "That is O(1)."])
def test_loops_within_each_other_are_not_linear(stated: str) -> None:
    said = remark(f"I look at every pair.\n{PAIRS}\n{stated}")
    assert said is not None
    assert "2 loops" in said


@pytest.mark.parametrize(
    "stated",
    [
        "It takes O(n^2) time and O(1) extra space.",
        "Brute force is O(n^2), a set makes it O(n).",
        "It needs O(1) memory.",
        "It looks at every pair.",
    ],
)
def test_what_fits_or_speaks_of_an_alternative_or_of_memory_is_left_alone(stated: str) -> None:
    assert remark(f"I look at every pair.\n{PAIRS}\n{stated}") is None


def test_one_pass_may_be_linear() -> None:
    assert remark(f"{ONE_PASS}\nIt takes O(n) time.") is None
