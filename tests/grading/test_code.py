"""Code read aloud."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.grading.code import Code, read_code
from coach.text.sentences import statements

TWO_SUM = """I walk the list once.

```python
def pairs(nums, goal):
    seen = set()
    for x in nums:
        need = goal - x
        if need in seen:
            return need, x
        seen.add(x)  # only after the look-up
```
"""


def read(answer: str) -> Code:
    return read_code(statements(answer), answer)


def test_a_statement_is_read_with_the_condition_it_stands_under() -> None:
    said = {item.text for item in read(TWO_SUM).said}
    assert "keep a set the set seen" in said
    assert "if need is in the set seen, return need, x" in said
    assert "for each x of nums, add x to the set seen" in said


def test_every_sentence_spans_the_lines_it_was_read_from() -> None:
    at = {item.text: item.span.of(TWO_SUM) for item in read(TWO_SUM).said}
    assert at["if need is in the set seen, return need, x"] == "return need, x"


def test_comments_are_prose() -> None:
    assert "only after the look-up" in {item.text for item in read(TWO_SUM).said}


def test_recursion_is_named() -> None:
    answer = (
        "```\ndef dfs(g, n, seen):\n    for m in g[n]:\n        if m not in seen:\n            dfs(g, m, seen)\n```"
    )
    assert any("call itself recursively" in item.text for item in read(answer).said)


def test_loops_over_whole_inputs_count_and_those_over_one_element_do_not() -> None:
    nested = "```\nfor i in range(len(a)):\n    for j in range(i):\n        print(a[i] + a[j])\n```"
    neighbours = "```\nfor v in order:\n    for w in g[v]:\n        seen.add(w)\n```"
    assert read(nested).loops == 2
    assert read(neighbours).loops == 1
    assert read("No code at all.").loops == 0


def test_a_piece_of_a_function_is_read_too() -> None:
    answer = "```\nnode = root\nfor c in word:\n    node = node.setdefault(c, {})\nreturn node\n```"
    assert any("for each c of word" in item.text for item in read(answer).said)


def test_other_languages_are_read_by_their_words() -> None:
    answer = "```java\nfor (int heapSize = 0; heapSize < maxSize; heapSize++) {\n    queue.offer(nextNode);\n}\n```"
    assert any("heap size" in item.text for item in read(answer).said)


@given(st.text(alphabet=st.sampled_from("abc =([{:.,\n\t #\"'0+-*/x"), max_size=300))
def test_any_text_can_be_read_and_is_quoted_from_itself(text: str) -> None:
    answer = f"```\n{text}\n```"
    for item in read(answer).said:
        assert 0 <= item.span.start <= item.span.end <= len(answer)
