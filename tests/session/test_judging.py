"""Grading with a model through the session: samples, dry runs, batches that are resumed, and work side by side."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from grading.judges import OBEYING, blocks

from coach.domain import Failure, Grade, Provenance, ScorePart, Status, Usage
from coach.errors import BackendUnreachable, ConfigError, Ungradable
from coach.llm.scripted import ScriptedModel
from coach.ports import Message
from coach.session import Session
from coach.session.batch import batch, default_journal, planned
from coach.session.grading import exit_code
from coach.session.journal import Journal, Journalled
from coach.session.judging import Plan, median, plan
from coach.session.side_by_side import in_order

ANSWER = "A doubly linked list keeps the entries in order of use, and the victim is at its end."
LINES = "\n".join(json.dumps({"q": q, "answer": f"{ANSWER} Case {q}.", "id": f"a{q}"}) for q in (1, 2, 1))


_OPENED: dict[str, Any] = {}
"""What takes long to open and depends on no test: the encoder and the vectors of rubrics."""


def with_model(session: Session, model: Any) -> Session:
    """The session over this model; without passages beside a grade, whose index takes seconds and is not the point."""
    for name in ("claims", "anchors"):
        session.__dict__[name] = _OPENED.setdefault(name, None) or getattr(session, name)
        _OPENED[name] = session.__dict__[name]
    session.__dict__["snapshot"] = None
    session.__dict__["model"] = model
    return session


def whole(messages: Sequence[Message]) -> str:
    return json.dumps(OBEYING["the whole answer"](blocks(messages)))


def test_the_session_grades_with_the_model_only_where_it_is_asked_to(opened: Callable[[], Session]) -> None:
    model = ScriptedModel(otherwise=whole, context=32_000)
    session = with_model(opened(), model)
    question = session.library.find("1")
    assert session.grade(question, ANSWER).grader.kind == "offline"
    assert session.grade(question, ANSWER, "offline").grader.kind == "offline"
    assert model.asked == []
    grade = session.grade(question, ANSWER, "llm")
    assert (grade.grader.kind, grade.grader.model) == ("llm", "scripted-1")
    assert len(model.asked) == 1


def test_a_failing_model_never_becomes_an_offline_grade(opened: Callable[[], Session]) -> None:
    session = opened()
    for problem, code in ((BackendUnreachable("gone"), 5), (ConfigError("no"), 4), (Ungradable("what"), 6)):
        with_model(session, ScriptedModel(otherwise=problem, context=32_000))
        grade = session.grade(session.library.find("1"), ANSWER, "llm")
        assert (grade.status, grade.grader.kind, exit_code(grade)) == (Status.UNGRADED, "llm", code)


def test_several_samples_ask_in_several_orders_and_the_median_counts(opened: Callable[[], Session]) -> None:
    model = ScriptedModel(otherwise=whole, context=32_000, cost_usd=0.25)
    session = with_model(opened(), model)
    grade = session.grade(session.library.find("2"), ANSWER, "llm", samples=3)
    assert len(model.asked) == 3
    assert grade.usage.cost_usd == 0.75
    assert grade.parts[-1].name == "samples"
    assert sum(part.value for part in grade.parts) == grade.score


def graded(score: int | None) -> Grade:
    from grading.conftest import QUESTION

    made_by = Provenance("llm", "judge", "1", "")
    if score is None:
        return Grade(QUESTION, Status.UNGRADED, made_by, reason="cut", failure=Failure.UNUSABLE)
    parts = (ScorePart("points", score, ""),)
    return Grade(
        QUESTION,
        Status.GRADED,
        made_by,
        score=score,
        confidence=0.8,
        range=(score, score),
        parts=parts,
        usage=Usage(10, 1),
    )


def test_the_median_tells_the_spread() -> None:
    grade = median([graded(80), graded(30), graded(60)])
    assert (grade.score, grade.range, grade.usage) == (60, (30, 80), Usage(30, 3))
    assert "30, 60, 80. Spread 50." in grade.parts[-1].why
    assert median([graded(50)]) == graded(50)
    assert median([graded(50), graded(None), graded(70)]).score == 50
    assert median([graded(50), graded(None)]).status is Status.UNGRADED


def test_a_dry_run_shows_exactly_what_is_sent_and_sends_nothing(opened: Callable[[], Session]) -> None:
    model = ScriptedModel(otherwise=whole, context=32_000, cost_usd=0.5)
    session = with_model(opened(), model)
    question = session.library.find("1")
    made = plan(session, question, ANSWER, samples=2)
    assert isinstance(made, Plan)
    assert model.asked == []
    assert (made.cost_usd, made.samples) == (1.0, 2)
    session.grade(question, ANSWER, "llm")
    sent = [{"role": message.role, "content": message.text} for message in model.asked[0].messages]
    assert made.request["messages"] == sent
    assert plan(session, question, ANSWER, samples=2) == made
    nothing = plan(session, question, "I don't know")
    assert isinstance(nothing, Grade)


def test_a_batch_with_a_model_keeps_the_order_and_leaves_no_journal(opened: Callable[[], Session]) -> None:
    model = ScriptedModel(otherwise=whole, context=32_000)
    session = with_model(opened(), model)
    lines = list(batch(session, LINES + "\nnot json", False, "llm", jobs=3))
    assert [line.id for line in lines] == ["a1", "a2", "a1", None]
    assert lines[3].error
    assert all(line.grade and line.grade.grader.kind == "llm" for line in lines[:3])
    assert not default_journal(session, LINES + "\nnot json").exists()
    single = session.grade(session.library.find("2"), f"{ANSWER} Case 2.", "llm")
    assert lines[1].grade == single


def test_an_interrupted_batch_goes_on_without_paying_twice(opened: Callable[[], Session], notices: list[str]) -> None:
    first = ScriptedModel(otherwise=whole, context=32_000)
    session = with_model(opened(), first)
    text = "\n".join(json.dumps({"q": 1, "answer": f"{ANSWER} Case {at}."}) for at in range(4))
    begun = batch(session, text, False, "llm")
    kept = [next(begun), next(begun)]
    begun.close()
    journal = default_journal(session, text)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    with journal.open("a") as file:
        file.write('{"key": "cut by a cra')
    second = ScriptedModel(otherwise=whole, context=32_000)
    lines = list(batch(with_model(session, second), text, False, "llm"))
    # The session has opened its model already; the replies of the first run are not asked for again.
    assert len(first.asked) + len(second.asked) == 4
    assert [line.grade for line in lines[:2]] == [line.grade for line in kept]
    assert any("2 replies are there already" in notice for notice in notices)
    assert not journal.exists()


def test_lines_that_failed_keep_the_journal_for_another_run(opened: Callable[[], Session], tmp_path: Path) -> None:
    journal = tmp_path / "out" / "journal.jsonl"
    model = ScriptedModel(whole, BackendUnreachable("gone"), whole, context=32_000)
    session = with_model(opened(), model)
    lines = list(batch(session, LINES, False, "llm", journal=journal))
    assert [line.grade.status if line.grade else None for line in lines] == [
        Status.GRADED, Status.UNGRADED, Status.GRADED,
    ]  # fmt: skip
    assert journal.exists()
    session.__dict__["model"] = again = ScriptedModel(whole, context=32_000)
    lines = list(batch(session, LINES, False, "llm", journal=journal))
    assert all(line.grade and line.grade.status is Status.GRADED for line in lines)
    assert len(again.asked) == 1
    assert not journal.exists()


def test_a_refused_key_is_not_tried_on_every_line(opened: Callable[[], Session]) -> None:
    model = ScriptedModel(otherwise=ConfigError("The key was refused."), context=32_000)
    lines = list(batch(with_model(opened(), model), LINES, False, "llm"))
    assert len(model.asked) == 1
    assert [line.grade.failure if line.grade else None for line in lines] == [Failure.CONFIGURATION] * 3
    assert [line.grade.question.number if line.grade else None for line in lines] == [1, 2, 1]


def test_a_batch_can_be_previewed(opened: Callable[[], Session]) -> None:
    model = ScriptedModel(context=32_000)
    plans = list(planned(with_model(opened(), model), f"{LINES}\nnot json", False))
    assert [type(item) for item in plans] == [Plan, Plan, Plan]
    assert model.asked == []


def test_a_journal_that_cannot_be_kept_is_said_and_costs_nothing_else(
    opened: Callable[[], Session], notices: list[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    session = with_model(opened(), ScriptedModel(otherwise=whole, context=32_000))
    lines = list(batch(session, LINES, False, "llm", journal=tmp_path / "file" / "journal.jsonl"))
    assert all(line.grade for line in lines)
    assert any("can't be resumed" in notice for notice in notices)


def test_a_kept_reply_that_is_no_longer_understood_is_asked_for_again(tmp_path: Path) -> None:
    def check(data: Any) -> int:
        if not isinstance(data["n"], int):
            raise ValueError("a number")
        return int(data["n"])

    messages = [Message("user", "how many?")]
    model = ScriptedModel('{"n": "seven"}', '{"n": 7}')
    journal = Journal(tmp_path / "j")
    loose = Journalled(model, journal)
    assert loose.structured(messages, {}, lambda data: data, 10)[0] == {"n": "seven"}
    again = Journalled(model, Journal(tmp_path / "j"))
    assert again.structured(messages, {}, check, 10)[0] == 7
    assert Journalled(model, Journal(tmp_path / "j")).structured(messages, {}, check, 10)[0] == 7


# --- side by side ---------------------------------------------------------------------------------


def test_work_runs_side_by_side_and_comes_back_in_order() -> None:
    together = threading.Barrier(3, timeout=20)

    def work(item: int) -> int:
        together.wait()  # passes only where three run at once
        return 10 * item

    assert list(in_order(work, range(9), 3)) == [10 * item for item in range(9)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_work_raises_is_raised_in_its_turn(jobs: int) -> None:
    def work(item: int) -> int:
        if item == 2:
            raise Ungradable("third")
        return item

    results = in_order(work, range(9), jobs)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(Ungradable, match="third"):
        next(results)


def test_a_reader_that_stops_begins_nothing_more() -> None:
    begun: list[int] = []
    hold = threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item:
            hold.wait(20)
        return item

    results = in_order(work, range(100), 2)
    assert next(results) == 0
    results.close()
    hold.set()
    assert len(begun) <= 4


def test_reading_ahead_is_limited() -> None:
    drawn: list[int] = []

    def items() -> Any:
        for item in range(100):
            drawn.append(item)
            yield item

    results = in_order(lambda item: item, items(), 4)
    next(results)
    assert len(drawn) <= 8
