"""Practice at the command line: through pipes, as scripts and screen readers use it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import SAMPLE, Result

WEAK = "Hash partitioning spreads keys over nodes."


@pytest.fixture
def own(coach: Callable[..., Result], own_home: Path) -> Callable[..., Result]:
    """Runs a command in a home of its own."""

    def run(*arguments: object, **extra: str) -> Result:
        return coach(*arguments, home=own_home, **extra)

    return run


def test_a_grade_is_kept_unless_nobody_wants_it(own: Callable[..., Result], own_home: Path) -> None:
    kept = own("grade", "-", "--q", 9, "--json", stdin=SAMPLE)
    spoken = own("grade", "-", "--q", 9, stdin=WEAK)
    unkept = own("grade", "-", "--q", 9, "--json", "--no-save", stdin=WEAK)
    assert unkept.json["attempt"] is None
    rows = own("history", "--json").items
    assert [row["answer"] for row in rows] == [WEAK, SAMPLE]
    assert rows[1]["id"] == kept.json["attempt"]
    assert rows[0]["id"] in spoken.out
    for key in ("question", "status", "reason", "score", "answer", "created_at", "circumstances", "grader"):
        assert key in rows[0]
    assert rows[1]["score"] == kept.json["score"]
    one = own("history", rows[1]["id"], "--json").json
    assert one["schema_version"] == 1
    assert one["grades"][0]["grade"]["points"] == kept.json["points"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in own_home.glob("history*")} == {0o600}
    assert own("history", "last").out.count(WEAK) >= 1
    assert own("history", "-n", 1).out.count("\n") == 1
    assert own("history", "nothing").code == 3
    assert "sound, 2 attempts" in own("doctor").out


def test_without_saving_no_history_is_even_opened(process: Callable[..., Result], own_home: Path) -> None:
    result = process("grade", "-", "--q", 9, "--no-save", stdin=SAMPLE.encode(), home=own_home)
    assert result.code == 0
    assert not list(own_home.glob("history*"))


def test_a_batch_is_kept_only_where_it_is_asked_for(own: Callable[..., Result]) -> None:
    batch = "\n".join(json.dumps({"q": q, "answer": WEAK}) for q in (9, 9, "nothing"))
    assert own("grade", "--batch", "-", "--json", stdin=batch).code == 0
    assert own("history", "--json").items == []
    lines = [
        json.loads(line) for line in own("grade", "--batch", "-", "--json", "--save", stdin=batch).out.splitlines()
    ]
    assert [bool(line["attempt"]) for line in lines] == [True, True, False]
    rows = own("history", "--json").items
    assert {row["id"] for row in rows} == {line["attempt"] for line in lines[:2]}
    assert {row["circumstances"]["origin"] for row in rows} == {"batch"}


def test_opinions_undo_and_wiping(own: Callable[..., Result]) -> None:
    own("grade", "-", "--q", 9, stdin=WEAK)
    assert own("override", "last", "--score", 77, "--note", "Fair.").code == 0
    row = own("history", "last", "--json").json
    assert (row["override"]["score"], row["override"]["note"]) == (77, "Fair.")
    assert own("override", "last", "--score", 101).code == 2
    assert "override" in own("undo").out
    assert "attempt" in own("undo").out
    assert own("undo").code == 3
    own("grade", "-", "--q", 9, stdin=WEAK)
    refused = own("wipe")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert len(own("history", "--json").items) == 1
    assert own("wipe", "--yes").code == 0
    assert own("history", "--json").items == []


def test_a_drill_goes_through_a_pipe(own: Callable[..., Result]) -> None:
    script = (
        f"{WEAK}\n.\n55\n/retry\n{WEAK} A hot key is salted.\n.\n/hint\n/hint\nI am not sure, but I would index it.\n"
    )
    result = own("drill", "-n", 2, "--deck", "principal-data-engineer", "--seed", 5, "--plain", stdin=script)
    assert result.code == 0
    for words in ("Question 1 of 2", "Question 2 of 2", "Before it was", "You expected 55", "Hint 2", "Done."):
        assert words in result.out
    assert "✓" not in result.out + result.err
    rows = own("history", "--json").items[::-1]
    how = [row["circumstances"] for row in rows]
    assert [item["origin"] for item in how] == ["drill"] * 3
    assert [item["confidence"] for item in how] == [0.55, None, None]
    assert [item["hints"] for item in how] == [0, 0, 2]
    assert how[1]["retry_of"] == rows[0]["id"]
    # The same seed asks the same, but never the question that was asked last.
    again = own("drill", "-n", 1, "--deck", "principal-data-engineer", "--seed", 5, stdin="/quit\n")
    assert rows[2]["question"]["text"][:40] not in again.out


def test_what_was_begun_is_there_again(own: Callable[..., Result]) -> None:
    arguments = ("drill", "-n", 1, "--seed", 3, "--no-confidence")
    own(*arguments, stdin="Half of a thought\n/quit\n")
    assert own("history", "--json").items == []
    result = own(*arguments, stdin="and its end.\n.\n")
    assert "You began before" in result.out
    assert own("history", "last", "--json").json["answer"] == "Half of a thought\nand its end."
    own("drill", "-n", 1, "--seed", 3, "--weak", stdin="/reference\n/again\nx y z w\n.\n")
    assert own("history", "last", "--json").json["circumstances"]["reference_shown"] is True


def test_short_reviews_ask_for_what_was_missed(own: Callable[..., Result]) -> None:
    assert "No key point" in own("drill", "--points").err
    own("grade", "-", "--q", 9, stdin=WEAK)
    result = own("drill", "--points", "-n", 2, stdin="Every node does the same work.\n.\nI don't know\n.\n")
    assert result.code == 0
    assert result.out.count("The point:") == 2
    rows = own("history", "--json").items
    assert [row["circumstances"]["origin"] for row in rows] == ["points", "points", "grade"]
    assert all(row["circumstances"]["point"] for row in rows[:2])
    assert [row["number"] for row in own("questions", "--weak", "--json").items] == [9]


def test_what_is_due(own: Callable[..., Result]) -> None:
    assert "Nothing is due" in own("due").out
    assert own("due", "--json").json["items"] == []
    assert own("questions", "--due", "--json").items == []
    assert "Nothing is due" in own("drill", "--due").err
    over = own("due", COACH_INTERVIEW="2020-01-01")
    assert "is over" in over.out
    assert own("due", COACH_INTERVIEW="soon").code == 4
    assert own("due", COACH_RETENTION="2.5").code == 4
    ahead = own("due", "--json", COACH_INTERVIEW="2999-12-03").json["plan"]
    assert ahead["by"] == "2999-12-03"


def test_regrading_shows_what_changed(own: Callable[..., Result]) -> None:
    own("grade", "-", "--q", 9, stdin=WEAK)
    (row,) = own("regrade", "--json").items
    assert row["before"] == row["after"]
    assert row["points"] == []
    assert "1 graded anew: 0 changed" in own("regrade", "--since", "2020-01-01").out
    assert own("regrade", "--pending", "--json").items == []
    assert own("regrade", "--since", "2999-01-01", "--json").items == []
    assert own("regrade", "--since", "yesterday").code == 2


def test_a_history_that_cannot_be_used_is_told_in_words(own: Callable[..., Result], own_home: Path) -> None:
    (own_home / "history.db").write_text("This is no database. " * 100)
    for command in (("history",), ("due",), ("grade", "-", "--q", 9), ("doctor",)):
        result = own(*command, stdin=WEAK)
        assert result.code == 7
        assert "history.db" in result.err + result.out
    assert own("grade", "-", "--q", 9, "--no-save", stdin=WEAK).code == 0
