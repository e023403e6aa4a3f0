"""Interviews as a script holds them: the dialogue through a pipe, the report on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.cli import mock as command
from coach.session import Session
from tests.cli.conftest import Result
from tests.session.made import Clock, grade

Run = Callable[..., Result]
TWO = ("-n", "2", "--minutes", "10", "--seed", "3", "--kind", "concept", "--grader", "offline")
ANSWERS = (
    "It splits data by a hash of its key,\nso that rows spread evenly.\n.\n80\n"
    "It keeps a log of all changes.\n.\n\n"
    "y\nIt splits data by a hash of its key, and hot keys get a salt.\n.\n60\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home, and a grader that needs no model: 60 for an answer with a salt, else 30."""
    monkeypatch.setattr(
        Session, "grade", lambda self, asked, answer, *rest: grade(self, asked, 60 if "salt" in answer else 30)
    )
    return tmp_path / "fresh"


def test_an_interview_from_end_to_end(coach: Run, home: Path) -> None:
    done = coach("mock", *TWO, stdin=ANSWERS, home=home)
    assert done.code == 0
    assert done.out.count("1 of 2 · concept") == 1
    assert "Once more · concept" in done.out
    assert "[Y/n]" not in done.out
    assert "Your interview:" in done.out
    assert "Second try at question" in done.out
    assert "What to do next" in done.out
    assert "A stronger answer says" in done.out
    rows = coach("history", "--json", home=home).items
    assert len(rows) == 3
    assert {row["circumstances"]["origin"] for row in rows} == {"mock"}
    assert [row["circumstances"]["confidence"] for row in rows] == [0.6, None, 0.8]
    assert rows[0]["circumstances"]["retry_of"] in {row["id"] for row in rows[1:]}


def test_as_json_nothing_but_the_report_is_on_standard_output(coach: Run, home: Path) -> None:
    report = coach("mock", *TWO, "--json", stdin=ANSWERS, home=home).json
    assert report["schema_version"] == 1
    assert len(report["questions"]) == 2
    first = report["questions"][0]
    assert first["question"].keys() == {"number", "id", "deck", "section", "kind", "text"}
    assert first["ending"] == "submitted"
    assert 0 <= first["score"] <= 100
    assert first["outline"][0].keys() == {"point_id", "text", "outcome"}
    assert report["calibration"]["count"] == 1
    assert report["second"]["after"] is not None
    assert 1 <= len(report["next"]) <= 3
    again = coach("mock", "--report", report["mock"], "--json", home=home).json
    assert again == report


def test_skipping_stopping_and_the_end_of_the_pipe(coach: Run, home: Path) -> None:
    report = coach("mock", *TWO, "--json", stdin="/skip\n/time\n/stop\n", home=home).json
    assert [row["ending"] for row in report["questions"]] == ["skipped", "stopped"]
    assert report["score"] == 0
    report = coach("mock", *TWO, "--json", stdin="It is a thing without its dot", home=home).json
    assert [row["ending"] for row in report["questions"]] == ["submitted", "stopped"]
    report = coach("mock", *TWO, "--json", stdin="", home=home).json
    assert [row["ending"] for row in report["questions"]] == ["stopped", "not_reached"]
    assert report["score"] is None


def test_interrupted_it_goes_on_with_what_was_written(coach: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*anything: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command.Talk, "_handed_in", interrupt)
        done = coach("mock", *TWO, stdin="It splits data.\n.\n", home=home)
    assert done.code == 130
    assert "coach mock --resume" in done.err
    done = coach("mock", "--resume", "--grader", "offline", stdin=".\n\n/skip\nn\n", home=home)
    assert done.code == 0
    assert "So far you wrote:\nIt splits data." in done.out
    (row,) = coach("history", "--json", home=home).items
    assert row["answer"] == "It splits data."


def test_time_that_is_up_hands_in_what_is_there(coach: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    real = command.TimedLines.next

    def slow(self: command.TimedLines, seconds: float | None = None, each: object = None) -> str | None:
        clock.wait(seconds=200)
        return real(self, seconds)

    monkeypatch.setattr(command.TimedLines, "next", slow)
    monkeypatch.setattr("coach.session.practice.Practice.__init__.__defaults__", (clock, lambda size: b"\1" * size))
    done = coach("mock", *TWO, "--json", stdin="one\ntwo\nthree\nfour\n", home=home)
    endings = [row["ending"] for row in done.json["questions"]]
    assert endings == ["time_up", "time_up"]
    assert "Time is up" in done.err
    answers = [row["answer"] for row in coach("history", "--json", home=home).items]
    assert answers == ["three", "one"]


def test_what_does_not_fit_is_said(coach: Run, home: Path) -> None:
    done = coach("mock", "--sections", "nowhere, nothere", stdin="", home=home)
    assert done.code == 2
    assert "Sections: Core Concepts" in done.err
    assert coach("mock", "--resume", stdin="", home=home).code == 3
    assert coach("mock", "--report", "m0", home=home).code == 3
    assert coach("mock", "-n", "0", home=home).code == 2


def test_one_that_was_left_is_put_aside_by_the_next(coach: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(command.Talk, "_handed_in", lambda *anything: (_ for _ in ()).throw(KeyboardInterrupt))
        coach("mock", *TWO, stdin="Half.\n.\n", home=home)
    done = coach("mock", *TWO, "--json", stdin="", home=home)
    assert "put aside" in done.err
    rows = coach("history", "--json", home=home).items
    assert [(row["answer"], row["status"]) for row in rows] == [("Half.", None)]
    assert json.loads(done.out)["answered"] == 0
