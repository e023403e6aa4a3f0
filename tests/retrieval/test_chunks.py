from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.domain import Chunk
from coach.retrieval.chunks import MAX_TOKENS, cut

from .toys import QUESTIONS, BagEmbedder, question

COUNTER = BagEmbedder()


def pieces(reference: str, max_tokens: int = MAX_TOKENS) -> list[Chunk]:
    return cut(question(1, "Q?", reference), COUNTER, max_tokens)


LINES = st.one_of(
    st.sampled_from(
        [
            "# Title",
            "#### Deep title:",
            "**Label:**",
            "*Versus:*",
            "- item one, with some words in it",
            "  - nested item",
            "1. first",
            "```python",
            "```",
            "~~~",
            "    indented = 1",
            "",
            "   ",
            "A paragraph. With two sentences; and more!",
            "what follows:",
            "\tx",
        ]
    ),
    st.text(max_size=60),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=30).map("\n".join), st.integers(1, 60))
def test_spans_cover_everything_once_within_the_budget(reference: str, budget: int) -> None:
    chunks = pieces(reference, budget)
    covered = [False] * len(reference)
    last = 0
    for chunk in chunks:
        assert last <= chunk.span.start < chunk.span.end <= len(reference)
        last = chunk.span.end
        covered[chunk.span.start : chunk.span.end] = [True] * (chunk.span.end - chunk.span.start)
        words = chunk.span.of(reference)
        assert words in chunk.text
        assert not words.isspace()
        assert COUNTER.count(words) <= budget or len(words) == 1
    assert all(seen or sign.isspace() for seen, sign in zip(covered, reference, strict=True))
    assert chunks == pieces(reference, budget)


def test_headings_lead_their_chunk_and_stand_in_the_context_of_the_next() -> None:
    first, second = pieces("# A\n\n## B\n\n- one two three four\n- five six seven eight", 12)
    assert first.text.startswith("# A") and first.context == ""
    assert second.text == "- five six seven eight" and second.context == "A > B"


def test_a_sibling_heading_replaces_the_one_before() -> None:
    chunks = pieces("# A\n\n## B\n\nbee\n\n## C\n\nsea\n\n# D\n\ndee")
    assert [(chunk.context, chunk.text.split("\n")[0]) for chunk in chunks] == [("", "# A"), ("A", "## C"), ("", "# D")]


def test_label_lines_are_headings_below_all_others() -> None:
    chunks = pieces("# A\n\n**Design:**\n- x\n\n*Versus:*\n- y\n\n**Cost:**\n- z")
    assert [chunk.context for chunk in chunks] == ["", "A > Design", "A"]


def test_a_hash_line_in_a_fence_is_no_heading_and_code_stays_whole() -> None:
    (chunk,) = pieces("Before.\n\n```\n# not a heading\n\nx = 1\n```\n\nAfter.")
    assert chunk.text.count("```") == 2


def test_code_stays_with_the_line_that_announces_it() -> None:
    chunks = pieces("- one two three four five\n- **Caching:**\n\n```\ndf.cache()\n```", 20)
    assert chunks[1].text == "- **Caching:**\n\n```\ndf.cache()\n```"


def test_long_code_is_cut_at_lines_and_fenced_again() -> None:
    code = "\n".join(f"value_{n} = {n}" for n in range(40))
    chunks = pieces(f"```python\n{code}\n```", 30)
    assert len(chunks) > 2
    for chunk in chunks:
        assert chunk.text.startswith("```python") and chunk.text.endswith("```")
    assert "".join(chunk.text.count("value_7 ") * "x" for chunk in chunks) == "x"


def test_nested_items_stay_with_theirs() -> None:
    chunks = pieces("- outer one\n  - inner one\n- outer two\n  - inner two", 6)
    assert [chunk.text for chunk in chunks] == ["- outer one\n  - inner one", "- outer two\n  - inner two"]


def test_a_long_paragraph_is_cut_at_sentences_and_a_long_word_anywhere() -> None:
    assert [chunk.text for chunk in pieces("One two three. Four five six. Seven.", 4)] == [
        "One two three.",
        "Four five six.",
        "Seven.",
    ]

    class Letters(BagEmbedder):
        def count(self, text: str) -> int:
            return len(text)

    assert [chunk.text for chunk in cut(question(1, "Q?", "abcdef"), Letters(), 2)] == ["a", "bc", "d", "ef"]


def test_ids_depend_on_content_context_and_question_only() -> None:
    one = cut(QUESTIONS[0], COUNTER)
    assert [chunk.id for chunk in one] == [chunk.id for chunk in cut(QUESTIONS[0], COUNTER)]
    assert len({chunk.id for item in QUESTIONS for chunk in cut(item, COUNTER)}) == sum(
        len(cut(item, COUNTER)) for item in QUESTIONS
    )


@pytest.mark.parametrize("reference", ["", " \n\t\n"])
def test_nothing_gives_no_chunk(reference: str) -> None:
    assert pieces(reference) == []
