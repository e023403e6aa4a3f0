"""``coach mock``: an interview line by line, on a terminal and in a pipe."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_deck, json_option, session
from coach.cli.screen import notice, paint, say, say_json, wrapped
from coach.cli.timed_lines import TimedLines, asked_share, asked_yes
from coach.domain import Kind
from coach.errors import NotFound

if TYPE_CHECKING:
    from coach.practice.mock import MockInterview
    from coach.session import Session
    from coach.session.mock import MockWish

RULES = (
    "No feedback until the end. End an answer with a line that holds only a full stop (.), or with Ctrl-D.",
    "/skip leaves a question out, /time tells the time, /pause stops the clock, /edit opens your editor, /stop ends it.",
    "/quit or Ctrl-C leaves; `coach mock --resume` goes on from there.",
)

COMMANDS = ("/skip", "/time", "/pause", "/edit", "/stop", "/quit")


@click.command()
@click.option("-n", "count", default=8, show_default=True, type=click.IntRange(1, 50), help="How many questions.")
@click.option(
    "--minutes", default=40.0, show_default=True, type=click.FloatRange(0.05, 600), help="For all of them together."
)
@click.option("--sections", metavar="S,S…", help="Only sections whose names contain one of these.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Only this kind."
)
@click.option("--deck", metavar="D", shell_complete=complete_deck, help="Only this deck.")
@click.option("--seed", type=int, metavar="N", help="Makes the choice of questions repeatable.")
@click.option(
    "--grader",
    type=click.Choice(["auto", "offline", "llm"]),
    default="auto",
    show_default=True,
    help="auto: the language model where one is set, else offline.",
)
@click.option("--resume", is_flag=True, help="Go on with the interview that was interrupted.")
@click.option("--report", "past", metavar="ID", help="Show the report of a finished interview again.")
@click.option("--plain", is_flag=True, help="No colours; for screen readers.")
@json_option
def mock(
    count: int,
    minutes: float,
    sections: str | None,
    kinds: tuple[str, ...],
    deck: str | None,
    seed: int | None,
    grader: str,
    resume: bool,
    past: str | None,
    plain: bool,
    as_json: bool,
) -> None:
    """Hold a mock interview: a mix of questions, a clock, one second try, then a report."""
    from coach.session.mock import MockWish

    if plain:
        os.environ["NO_COLOR"] = "1"
    names = tuple(part.strip() for part in (sections or "").split(",") if part.strip())
    with session() as coach:
        if past is not None:
            _say_report(coach, coach.mock.past(past), as_json)
            return
        talk = Talk(coach, TimedLines(), notice if as_json else say)
        begun = _begun(coach, talk, resume, MockWish(count, minutes, names, kinds, deck, seed))
        _say_report(coach, talk.held(begun, grader), as_json)


def _begun(coach: Session, talk: Talk, resume: bool, wish: MockWish) -> MockInterview:
    before = coach.mock.unfinished()
    if resume and before is None:
        raise NotFound("No interview was interrupted.", "`coach mock` begins one.")
    if before is not None and not resume and talk.lines.interactive:
        resume = asked_yes(talk.lines, talk.say, "An interview was interrupted. Go on with it?")
    if before is not None and resume:
        return before
    if before is not None:
        notice("An interview that was interrupted is put aside; its answers are in the history.")
    return coach.mock.start(wish)


def _say_report(coach: Session, interview: MockInterview, as_json: bool) -> None:
    from coach.cli.mock_report import say_report
    from coach.practice.standing.figures import as_record

    found = coach.mock.report(interview)
    if as_json:
        say_json({"schema_version": records.SCHEMA_VERSION} | as_record(found))
    else:
        say_report(found)


class Talk:
    """The conversation: what happens to the interview is decided by the interview itself."""

    def __init__(self, coach: Session, lines: TimedLines, out: Callable[[str], None]) -> None:
        self.coach = coach
        self.lines = lines
        self.say = out
        self.now = coach.practice.now

    def held(self, interview: MockInterview, grader: str) -> MockInterview:
        """Ask until it is finished. An interruption stops the clock and keeps everything."""
        from coach.practice.mock import Stage

        stage = interview.stage
        try:
            while stage is not Stage.FINISHED:
                if stage is Stage.GRADING:
                    self.say("Grading …")
                    interview = self.coach.mock.graded(interview, grader)
                elif stage is Stage.OFFER:
                    interview = self.coach.mock.keep(self._offered(interview))
                else:
                    interview = self._asked(interview)
                stage = interview.stage
        except KeyboardInterrupt:
            kept = self.coach.mock.unfinished()
            if kept is not None:
                self.coach.mock.keep(kept.pause(self.now()))
            notice("\nKept. `coach mock --resume` goes on.")
            raise
        return interview

    def _asked(self, interview: MockInterview) -> MockInterview:
        """One question, from its showing to its end."""
        from coach.practice.mock import Ending, Stage

        if interview.stage is Stage.READY:
            self.say(f"Mock interview: {len(interview.items)} questions, {clock(interview.total)}.")
            for rule in RULES:
                self.say(wrapped(rule))
            interview = interview.begin(self.now())
        else:
            interview = interview.resume(self.now())
        interview = self.coach.mock.keep(interview)
        self._show(interview)
        at, stage = interview.at, interview.stage
        while (interview.at, interview.stage) == (at, stage):
            interview = self.coach.mock.keep(self._stepped(interview))
        item = interview.again if stage is Stage.REDO else interview.items[at]
        if item is not None and item.ending is Ending.TIME_UP:
            self.say("\nTime is up: what you wrote is your answer.")
        return interview

    def _show(self, interview: MockInterview) -> None:
        """The question, with what was written before an interruption."""
        item = interview.current
        question = self.coach.mock.question(item.question_id) if item else None
        if item is None or question is None:
            return
        now = self.now()
        again = "Once more" if interview.again else f"{interview.at + 1} of {len(interview.items)}"
        parts = (again, question.kind.value, question.section, f"{clock(interview.left_here(now))} for this one")
        left = () if interview.again else (f"{clock(interview.left(now))} left in all",)
        self.say("")
        self.say(paint(" · ".join(part for part in (*parts, *left) if part), bold=True))
        self.say(wrapped(question.text))
        if item.text:
            self.say("So far you wrote:")
            self.say(item.text)

    def _stepped(self, interview: MockInterview) -> MockInterview:
        """One more line of an answer, or what comes in its place."""
        item = interview.current
        text = item.text if item else ""

        def look(typed: str) -> None:
            self.coach.mock.keep(interview.write(f"{text}\n{typed}" if text else typed, self.now()))

        try:
            line = self.lines.next(interview.left_here(self.now()) + 0.01, look)
        except EOFError:
            return self._ended(interview)
        if line is None:
            rest = self.lines.unfinished()  # typed in time, only its line has no end
            whole = "\n".join(part for part in (text, rest) if part.strip())
            return interview.write(whole, interview.last_moment).tick(self.now())
        now = self.now()
        command = line.strip()
        if interview.tick(now).items != interview.items or command not in (".", *COMMANDS):
            return interview.write(f"{text}\n{line}" if text else line, now)
        return self._handed_in(interview) if command == "." else self._obeyed(interview, command)

    def _handed_in(self, interview: MockInterview) -> MockInterview:
        item = interview.current
        if item is None or not item.text.strip():
            self.say("Nothing was written: the question counts as left out.")
            return interview.skip(self.now())
        ended = self.now()
        sure = asked_share(self.lines, self.say, "What score do you expect for it, 0 to 100? Enter: no idea.")
        return interview.submit(item.text, sure, ended)

    def _ended(self, interview: MockInterview) -> MockInterview:
        """Ctrl-D hands in an answer; at the end of a pipe there is nobody left to ask."""
        item = interview.current
        if item is not None and item.text.strip():
            return self._handed_in(interview)
        if self.lines.interactive:
            self.say("Nothing is written yet. /skip leaves the question out, /stop ends the interview.")
            return interview
        return interview.stop(self.now())

    def _obeyed(self, interview: MockInterview, command: str) -> MockInterview:
        now = self.now()
        if command == "/skip":
            return interview.skip(now)
        if command == "/stop":
            return interview.stop(now)
        if command == "/quit":
            raise KeyboardInterrupt
        if command == "/pause":
            kept = self.coach.mock.keep(interview.pause(now))
            self.say("The clock stands still. Enter goes on.")
            try:
                self.lines.next()
            except EOFError:
                return kept
            return kept.resume(self.now())
        if command == "/edit" and self.lines.interactive and interview.current is not None:
            written = click.edit(interview.current.text, extension=".md")
            return interview if written is None else interview.write(written.rstrip("\n"), self.now())
        self.say(f"{clock(interview.left_here(now))} for this one, {clock(interview.left(now))} in all.")
        return interview

    def _offered(self, interview: MockInterview) -> MockInterview:
        number = (interview.weakest or 0) + 1
        question = self.coach.mock.question(interview.items[number - 1].question_id)
        self.say("")
        self.say(wrapped(f"Your weakest answer was to question {number}: {question.text if question else ''}"))
        if asked_yes(self.lines, self.say, "Give it once more?"):
            return interview.redo(self.now())
        return interview.decline()


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"
