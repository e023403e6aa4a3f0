"""What a model replies is read with care: usable parts are used, the rest is passed over or refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain import Outcome
from coach.grading.replies import LONGEST, MOST_CLAIMS, MOST_QUOTES, judgement

from .judges import entry

IDS = ("p1", "p2")
GOOD = {"points": [entry("p1", ["a b"]), entry("p2", [], "missing")], "false_claims": []}


def test_a_good_reply_is_read_as_it_is() -> None:
    found = judgement(GOOD, IDS)
    assert found.points["p1"].outcome is Outcome.COVERED
    assert found.points["p1"].quotes == ("a b",)
    assert found.points["p2"].credit == 0


@pytest.mark.parametrize(
    "reply",
    [
        None, 7, "covered", [], {}, {"score": 100}, {"points": None}, {"points": {}}, {"points": []},
        {"points": ["p1", "p2"]}, {"points": [{"verdict": "covered"}]}, {"points": [entry("p9", ["x"])]},
        {"points": [entry("p1", ["x"], "excellent"), entry("p2", ["x"])]},
        {"points": [{"id": "p1", "quotes": ["x"], "credit": 99}, {"id": "p2", "quotes": ["x"], "verdict": 1}]},
    ],
)  # fmt: skip
def test_a_reply_that_says_nothing_of_the_points_is_refused_with_the_reason(reply: Any) -> None:
    with pytest.raises(ValueError, match=r"point|verdict"):
        judgement(reply, IDS)


def test_unknown_points_further_fields_and_odd_quotes_are_passed_over() -> None:
    reply = {
        "score": 100,
        "points": [
            entry("p1", ["x"]) | {"credit": 99, "score": 100},
            entry("p7", ["y"]),
            {"id": "p2", "quotes": ["", None, 3, "z" * 9000, *["q"] * 20], "verdict": " Covered ", "reason": ["no"]},
        ],
        "false_claims": [None, {"quote": ""}, {"quote": "said", "point": "p7", "correction": "not so"}],
    }
    found = judgement(reply, IDS)
    assert set(found.points) == {"p1", "p2"}
    assert found.points["p1"].credit == 1
    assert len(found.points["p2"].quotes) == MOST_QUOTES
    assert len(found.points["p2"].quotes[0]) == LONGEST
    assert [(claim.quote, claim.point) for claim in found.claims] == [("said", "")]


def test_of_two_verdicts_for_one_point_the_lower_counts() -> None:
    rows = [entry("p1", ["x"]), entry("p1", [], "missing"), entry("p1", ["x"]), entry("p2", ["x"], "partial")]
    assert judgement({"points": rows}, IDS).points["p1"].outcome is Outcome.MISSING


def test_half_of_the_points_is_enough_and_less_is_not() -> None:
    assert set(judgement({"points": [entry("p1", ["x"])]}, IDS).points) == {"p1"}
    with pytest.raises(ValueError, match="p2, p3"):
        judgement({"points": [entry("p1", ["x"])]}, ("p1", "p2", "p3"))


def test_false_claims_are_limited() -> None:
    claims = [{"quote": f"claim {at}", "correction": "", "point": ""} for at in range(50)]
    assert len(judgement(GOOD | {"false_claims": claims}, IDS).claims) == MOST_CLAIMS


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "quotes", "verdict", "points", "x"]), inner),
)


@given(_JSON)
def test_any_json_is_read_or_refused(reply: Any) -> None:
    try:
        found = judgement(reply, IDS)
    except ValueError:
        return
    assert set(found.points) <= set(IDS)


@given(
    st.lists(st.fixed_dictionaries({"id": st.sampled_from(IDS), "quotes": _JSON, "verdict": _JSON, "reason": _JSON}))
)
def test_any_rows_are_read_or_refused(rows: list[Any]) -> None:
    try:
        found = judgement({"points": rows, "false_claims": rows}, IDS)
    except ValueError:
        return
    assert all(0 <= item.credit <= 1 for item in found.points.values())
