"""What a judging model is shown, and what goes first where it does not fit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from coach.coaching import material
from coach.domain import Rubric
from coach.grading import brief as briefs
from coach.grading.brief import brief, clipped
from coach.grading.rubric import derive
from coach.llm.tokens import Estimate

from .conftest import QUESTION
from .judges import blocks
from .test_offline import CAP, RIGHT, rubric_of

COUNTER = Estimate()


@pytest.fixture(scope="module")
def cap() -> Rubric:
    return rubric_of(CAP, "principal-data-engineer/01")


def test_what_changes_least_stands_first(cap: Rubric) -> None:
    first, second = (brief(CAP, cap, answer, (), COUNTER, 32_000) for answer in (RIGHT, "Another answer. It is short."))
    assert first is not None
    assert second is not None
    assert first.messages[0] == second.messages[0]
    one, other = first.messages[1].text, second.messages[1].text
    shared = next(at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    assert "-----BEGIN answer" in one[shared - 40 : shared + 40]
    assert one.index("BEGIN question") < one.index("BEGIN points") < one.index("BEGIN answer")


@pytest.mark.parametrize("context", [5000, 6000, 8192, 16_000])
def test_prompt_and_reply_fit_into_the_context(cap: Rubric, context: int) -> None:
    long = replace(CAP, reference="\n\n".join(f"Paragraph {at} about replicas and quorums." * 4 for at in range(300)))
    made = brief(long, cap, RIGHT * 5, (), COUNTER, context)
    assert made is not None
    assert made.prompt_tokens + made.reply_tokens <= context


def test_a_reference_is_clipped_to_what_the_answer_and_the_points_touch() -> None:
    text = "\n\n".join([f"Filler number {at} about gardens and flowers." for at in range(40)] + ["Salt the hot key."])
    kept = clipped(text, {"salt", "hot", "key"}, COUNTER, 60)
    assert "Salt the hot key." in kept
    assert "[…]" in kept
    assert COUNTER.count(kept) <= 80
    assert clipped("short", set(), COUNTER, 10) == "short"
    assert clipped(text, set(), COUNTER, 0) == ""


def test_common_errors_go_before_the_answer_is_cut(cap: Rubric) -> None:
    roomy, tight = (brief(CAP, cap, RIGHT, (), COUNTER, context) for context in (32_000, 4450))
    assert roomy is not None
    assert tight is not None
    assert any("common_errors" in row for row in blocks(roomy.messages)["points"]["points"])
    assert not any("common_errors" in row for row in blocks(tight.messages)["points"]["points"])
    assert tight.seen == len(RIGHT)


def test_one_endless_sentence_is_cut_where_a_word_ends(cap: Rubric) -> None:
    answer = "the store " * 20_000
    made = brief(CAP, cap, answer, (), COUNTER, 6000)
    assert made is not None
    assert 0 < made.seen < len(answer)
    assert answer[made.seen - 1].isalpha()
    assert made.prompt_tokens + made.reply_tokens <= 6000


def test_turning_rotates_the_points_and_keeps_their_names() -> None:
    rubric = derive(QUESTION)
    plain, turned = (brief(QUESTION, rubric, RIGHT, (), COUNTER, 32_000, turn) for turn in (0, 1))
    assert plain is not None
    assert turned is not None
    rows, other = (blocks(item.messages)["points"]["points"] for item in (plain, turned))
    assert other == rows[1:] + rows[:1] != rows


FINGERPRINTS = {
    "ask-1": "849dc395bab0",
    "crisper-1": "37121779d5ee",
    "enrich-1": "8c621cc116cd",
    "explain-1": "5fe089adb695",
    "judge-1": "d632a229e447",
    "model-answer-1": "53f6be6e12af",
    "probe-1": "c4d3fa62e168",
    "summary-1": "4bc008d627e9",
}
"""Digests of the prompts that were shipped. A test that fails here asks for a new file beside the old one."""


def test_a_changed_prompt_gets_a_new_version() -> None:
    folders = [Path(module.__file__ or "").parent / "prompts" for module in (briefs, material)]
    found = {path.stem: path.read_bytes() for folder in folders for path in folder.glob("*.md")}
    assert {name: hashlib.sha256(raw).hexdigest()[:12] for name, raw in found.items()} == FINGERPRINTS
