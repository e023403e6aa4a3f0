"""What the screens are made from, without a screen."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from coach.domain import Kind, Question
from coach.domain.plans import Plan
from coach.tui import keymap, slash
from coach.tui.rounds import Round
from coach.tui.shelf import Shelved, due_words, found
from coach.tui.widgets.answer_box import spoken
from coach.tui.widgets.score_line import bar
from coach.tui.widgets.stand import plan_line, sparkline, streak_line
from coach.tui.widgets.stopwatch import clock
from coach.tui.wrapping import wrapped


@given(st.text(st.sampled_from("ab \n\t漢🙂é"), max_size=40), st.integers(1, 12))
def test_wrapping_keeps_every_letter_in_its_place_and_fits(text: str, width: int) -> None:
    spans = wrapped(text, width)
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(at in covered or text[at].isspace() for at in range(len(text)))
    for span in spans:
        line = span.of(text)
        assert "\n" not in line
        assert cell_len(line) <= width or len(line) == 1


def test_a_line_is_cut_between_words() -> None:
    text = "one two three"
    assert [span.of(text) for span in wrapped(text, 8)] == ["one two", "three"]


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [("/ask why so?", "ask", "why so?"), ("/hint", "hint", ""), ("why /ask", "", "why /ask")],
)
def test_a_slash_command_is_split_from_what_it_takes(text: str, name: str, rest: str) -> None:
    assert slash.split(text) == (name, rest)


def test_only_a_half_typed_command_is_completed() -> None:
    assert [item.name for item in slash.completions("/re", slash.JUDGED)] == ["retry", "reference"]
    assert slash.completions("/retry now", slash.JUDGED) == []
    assert slash.completions("text /re", slash.JUDGED) == []
    assert slash.completions("/re\nmore", slash.JUDGED) == []


def test_an_answer_that_begins_with_a_slash_is_no_command() -> None:
    names = [item.name for item in slash.ANSWERING]
    assert slash.is_command("/hint", names)
    assert not slash.is_command("/etc/fstab lists them", names)
    assert not slash.is_command("/hint\nand more", names)


def test_each_slash_command_names_an_action_that_its_screen_has() -> None:
    from coach.tui.app import CoachApp
    from coach.tui.screens.practice import PracticeScreen
    from coach.tui.screens.verdict import VerdictScreen

    for commands, screen in ((slash.ANSWERING, PracticeScreen), (slash.JUDGED, VerdictScreen)):
        for command in commands:
            owner = CoachApp if command.action.startswith("app.") else screen
            assert hasattr(owner, f"action_{command.action.removeprefix('app.')}"), command.name


def test_keys_of_the_user_are_checked_one_by_one() -> None:
    good, problems = keymap.checked({"practice.submit": "f2", "nonsense": "x", "home.due": " "})
    assert good == {"practice.submit": "f2"}
    assert len(problems) == 2
    assert keymap.shown("practice.submit", good) == "F2"
    assert keymap.shown("practice.submit", {}) == "^s"


def test_every_key_has_a_line_for_the_help() -> None:
    assert all(key.label for key in keymap.KEYS.values())
    assert all("." in name for name in keymap.KEYS)


def question(number: int, text: str, section: str = "Storage") -> Question:
    return Question(f"q{number}", number, "deck", number, Kind.CONCEPT, text, "", section)


def test_the_library_is_searched_by_all_words_and_by_number() -> None:
    rows = [Shelved(question(1, "Range or hash 12?")), Shelved(question(12, "Skewed keys"))]
    assert [row.question.number for row in found(rows, "HASH range")] == [1]
    assert [row.question.number for row in found(rows, "12")] == [12, 1]
    assert [row.question.number for row in found(rows, "storage")] == [1, 12]
    assert found(rows, "nothing of it") == []


def test_dates_scores_and_times_in_words() -> None:
    today = date(2026, 3, 1)
    assert due_words(date(2026, 2, 1), today) == "due"
    assert due_words(date(2026, 3, 4), today) == "in 3 d"
    assert due_words(None, today) == ""
    assert (clock(65), clock(3661), clock(-5)) == ("1:05", "1:01:01", "-0:05")
    assert (spoken(70), spoken(280)) == ("30 s", "2:00 min")
    assert sparkline([0, 50, 100]) == "▁▄█"
    assert len(bar(0)) == len(bar(37)) == len(bar(100))
    assert "░" not in bar(100)


def test_the_plan_and_the_streak_in_words() -> None:
    today = date(2026, 3, 1)
    ahead = Plan(today, 9, date(2026, 3, 4), 3, 2, 0)
    assert plan_line(ahead) == "Interview in 3 days (04 Mar): 3 a day, 2 left today."
    assert "over" in plan_line(Plan(today, 0, date(2026, 2, 1), 0, 0, 0, over=True))
    assert plan_line(Plan(today, 0, None, 0, 0, 0)) == "Nothing is due today."
    assert streak_line(0, 0).startswith("No streak")
    assert streak_line(1, 2) == "Streak  1 day, 2 answered today."


def test_a_round_ends_with_its_last_question() -> None:
    round_ = Round("Two", (question(1, "a"), question(2, "b")))
    assert round_.place == "1 of 2"
    after = round_.next()
    assert after is not None
    assert after.question.number == 2
    assert after.next() is None
