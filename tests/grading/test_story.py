"""The parts of a told experience, and how much of one is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.grading.score import story_share
from coach.grading.story import Part, read_story
from coach.text.sentences import statements

TOLD = (
    "At my last company the nightly load took nine hours. I was asked to bring it under four. I profiled the jobs, "
    "found one join that read everything twice and rewrote it, then I split the rest into parallel runs. As a result "
    "the load dropped from 9 hours to 3. I learned to measure before changing anything."
)
HYPOTHETICAL = (
    "I would usually profile the jobs first. Typically one should look at the joins. Ideally you would then split them."
)


def test_all_parts_of_a_story_are_found() -> None:
    story = read_story(statements(TOLD))
    assert all(story.parts[part] for part in Part)
    assert story.measured
    assert story.own == 1.0


def test_what_one_would_do_is_no_story() -> None:
    story = read_story(statements(HYPOTHETICAL))
    assert not story.parts[Part.ACTION]
    assert story.lived < 0.5
    assert story_share(story) < 0.1


def test_we_alone_shows_no_ownership() -> None:
    assert read_story(statements("We built it. Our team shipped it.")).own == 0.0


def test_a_full_story_counts_fully() -> None:
    assert story_share(read_story(statements(TOLD))) > 0.8


@given(st.text(max_size=400))
def test_the_share_stays_between_zero_and_one(text: str) -> None:
    assert 0.0 <= story_share(read_story(statements(text))) <= 1.0
