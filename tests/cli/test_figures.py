"""``coach stats``, ``coach export``, ``coach history --import`` and the grading week, as a user calls them."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.wiring import open_session
from tests.cli.conftest import Result
from tests.session.made import Clock, answered, grade

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with forty answers over twenty days; no model is needed to look at them. Not for tests that change it."""
    home = tmp_path_factory.mktemp("practised")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_HOME", str(home))
        session, clock = open_session(), Clock()
        session.practice.now = clock
        for n in range(40):
            question = session.library.questions[n % 10]
            score = min(99, 20 + n + n % 7)
            answered(session, question, score, f"Answer {n}.", confidence=(n % 10) / 10, seconds=60.0 + n)
            clock.wait(hours=12)
    return home


def test_stats_say_everything_in_words(coach: Run, practised: Path) -> None:
    done = coach("stats", home=practised)
    assert done.code == 0
    for part in (
        "40 graded answers to 10 questions",
        "Readiness",
        "Coverage",
        "Points to work on",
        "Brier",
        "What stays",
    ):
        assert part in done.out
    assert "\x1b" not in done.out
    assert not any("\u2800" <= letter <= "\u28ff" or letter in "█░" for letter in done.out)
    assert max(map(len, done.out.splitlines())) <= 80
    assert coach("stats", "--plain", home=practised).out == done.out


def test_the_same_figures_as_json(coach: Run, practised: Path) -> None:
    found = coach("stats", "--json", home=practised).json
    assert found["schema_version"] == 1
    assert found["attempts"] == 40
    assert found["trend"]["direction"] == "rising"
    assert found["readiness"]["score"] is not None
    assert sum(step["count"] for step in found["calibration"]["curve"]) == 40
    narrow = coach("stats", "--json", "--section", "no such", home=practised).json
    assert narrow["attempts"] == 0


def test_with_nothing_answered_stats_say_what_to_do(coach: Run, tmp_path: Path) -> None:
    done = coach("stats", home=tmp_path / "new")
    assert (done.code, done.out) == (0, "")
    assert "coach grade" in done.err


def test_charts_are_drawn_for_a_terminal(practised: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.cli.stats import say_figures

    said: list[str] = []
    monkeypatch.setattr("coach.cli.stats.say", lambda text="": said.append(text))
    monkeypatch.setattr("coach.cli.stats.width", lambda: 110)
    monkeypatch.setenv("COACH_HOME", str(practised))
    session = open_session()
    say_figures(session.stats.figures(), session.library.by_id.get, charts=True)
    text = "\n".join(said)
    assert "⠤" in text
    assert "█" in text
    assert "(expected)" in text
    assert "(week)" in text


@pytest.mark.parametrize("form", ["md", "html", "csv", "json", "anki"])
def test_exports_go_to_standard_output_or_a_private_file(
    coach: Run, practised: Path, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"out.{form}"
    done = coach("export", "--format", form, "--output", path, home=practised)
    assert (done.code, done.out) == (0, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shown = coach("export", "--format", form, home=practised).out
    if form == "json":
        assert json.loads(shown)["items"] == json.loads(path.read_text())["items"]
    else:
        assert shown == path.read_bytes().decode()


def test_since_takes_a_day_or_days(coach: Run, practised: Path) -> None:
    def count(since: str) -> int:
        return (
            len(list(csv.reader(io.StringIO(coach("export", "--format", "csv", "--since", since, home=practised).out))))
            - 1
        )

    assert count("2026-03-12") < 40
    assert count("2000-01-01") == 40
    assert count("1d") == 0 or count("9999d") == 40
    assert coach("export", "--format", "csv", "--since", "soon", home=practised).code == 2


def test_a_history_moves_to_a_new_machine_and_moving_it_again_changes_nothing(
    coach: Run, practised: Path, tmp_path: Path
) -> None:
    path, other = tmp_path / "all.json", tmp_path / "other"
    coach("export", "--format", "json", "--output", path, home=practised)
    assert "40 new attempts" in coach("history", "--import", path, home=other).out
    again = coach("history", "--import", "-", "--json", stdin=path.read_bytes(), home=other).json
    assert again == {"schema_version": 1, "new": 0, "gained": 0, "unusable": 0}
    before, after = (coach("stats", "--json", home=home).json for home in (practised, other))
    assert {**before, "at": None, "readiness": None} == {**after, "at": None, "readiness": None}
    assert coach("history", "--import", tmp_path / "no.json", home=other).code == 3
    assert coach("history", "--import", path, "last", home=other).code == 2
    assert coach("history", "--import", "-", stdin="{}", home=other).code == 2


CLASS = 'Who,Question,Answer\nAda Lovelace,9,"Hash partitioning spreads rows evenly by a hash of the key."\n../x,9,=1\nAda Lovelace,no,x\n'


def test_a_class_is_graded_checked_and_graded_again(
    coach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.session.grading.graded", lambda of, asked, *rest: grade(of, asked, 40))
    source, folder, home = tmp_path / "class.csv", tmp_path / "week", tmp_path / "fresh"
    source.write_text(CLASS)
    batch = ("grade", "--batch", source, "--report", folder, "--grader", "offline")
    refused = coach(*batch, home=home)
    assert refused.code == 2
    assert "--columns student=" in refused.err
    assert not folder.exists()
    done = coach(*batch, "--columns", "student=who", "--json", home=home)
    assert done.code == 0
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["line"] for line in lines] == [1, 2, 3]
    assert lines[0]["score"] > 0
    assert "error" in lines[2]
    assert coach("history", "--json", home=home).items == []
    table = list(csv.reader(io.StringIO((folder / "review.csv").read_text(encoding="utf-8-sig"), newline="")))
    table[-1][table[0].index("override")] = "77"
    with (folder / "review.csv").open("w", newline="") as file:
        csv.writer(file).writerows(table)
    done = coach("grade", "--report", folder, "--apply", folder / "review.csv", home=home)
    assert done.code == 0
    assert "1 with your score" in done.err
    assert any("77 of 100, by your teacher" in path.read_text() for path in (folder / "sheets").glob("*.md"))


def test_the_grading_weeks_options_go_together(coach: Run, tmp_path: Path) -> None:
    for words in (
        ("--apply", "x.csv"),
        ("--report", "d", "--q", "1"),
        ("--report", "d", "--apply", "x", "--batch", "y"),
    ):
        done = coach("grade", *words, stdin="x")
        assert done.code == 2, words
        assert "--apply FILE goes with --report DIR" in done.err
    assert coach("grade", "--report", tmp_path, "--apply", tmp_path / "x.csv").code == 3
