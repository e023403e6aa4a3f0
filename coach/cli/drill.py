"""A drill in a plain terminal: question, answer, confidence, feedback, and the same once more."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from coach.cli.lines import Lines, Written
from coach.cli.screen import paint, say, wrapped
from coach.domain import Grade, Outcome, Question, Status
from coach.domain.practice import Attempt, Circumstances, Origin
from coach.text.printable import printable

if TYPE_CHECKING:
    from coach.domain.plans import MissedPoint, Wish
    from coach.session import Session

COMMANDS = frozenset(("/hint", "/reference", "/again", "/skip", "/quit"))
POINT_COMMANDS = frozenset(("/skip", "/quit"))
MOST_HINTS = 3
YES = frozenset(("y", "yes", "/retry"))
NO = frozenset(("n", "no", ""))
_SURE = re.compile(r"\s*(\d{1,3}(?:\.\d+)?)\s*%?\s*$")


class Quit(Exception):
    """Somebody has had enough."""


@dataclass
class Answer:
    """An answer that is being written, and what its writer made use of."""

    text: str
    seconds: float
    hints: int = 0
    reference_shown: bool = False


class Drill:
    """One sitting."""

    def __init__(self, coach: Session, grader: str, plain: bool, ask_confidence: bool) -> None:
        self.coach = coach
        self.lines = Lines()
        self._grader = grader
        self._plain = plain
        self._ask = ask_confidence
        self._scores: list[str] = []

    # --- questions ----------------------------------------------------------------------------

    def run(self, questions: Sequence[Question]) -> None:
        """Ask one after the other, until all are answered or nobody answers any more."""
        try:
            for number, question in enumerate(questions, 1):
                self.heading(f"Question {number} of {len(questions)}", question)
                if number == 1 and self.lines.terminal:
                    say("Write your answer; a line with a single dot ends it. /hint /reference /again /skip /quit")
                self._question(question)
        except Quit:
            pass
        finally:
            self.sum_up()

    def heading(self, place: str, question: Question) -> None:
        """Say which question comes."""
        where = ", ".join(part for part in (question.section, question.kind.value) if part)
        say()
        say(self.bold(f"{place}: number {question.number} ({where})"))
        say(wrapped(question.text))

    def _question(self, question: Question) -> None:
        answer = self._answer(question)
        if answer is None:
            return
        attempt = self._submitted(question, answer, None)
        self._tell(attempt, None)
        self._follow_up(attempt)
        while self._wants_more():
            say(wrapped(question.text))
            again = self._answer(question)
            if again is None:
                return
            before, attempt = attempt, self._submitted(question, again, attempt.id)
            self._tell(attempt, before)

    def _answer(self, question: Question) -> Answer | None:
        """What somebody writes; None where they skip it. Raises Quit."""
        draft = self.coach.practice.draft(question.id)
        answer = Answer(draft.text, draft.seconds) if draft else Answer("", 0.0)
        before, started = answer.seconds, time.monotonic()
        if answer.text:
            say("You began before, and go on here (/again begins anew):")
            say(printable(answer.text))

        def keep(text: str) -> None:
            self.coach.practice.save_draft(question.id, text, before + time.monotonic() - started)

        while True:
            found = self.lines.written(answer.text, keep, COMMANDS)
            answer.text = "" if found.command == "/again" else found.text
            answer.seconds = before + time.monotonic() - started
            # Through a pipe the text can be sent again; here it is typed once, and asking for more may take a while.
            if self.lines.terminal or found.command:
                keep(answer.text)
            if found.command is None and answer.text.strip():
                return answer
            if found.command == "/skip":
                return None
            if found.command == "/quit" or found.at_end:
                raise Quit
            self._help(question, answer, found.command)

    def _help(self, question: Question, answer: Answer, command: str | None) -> None:
        if command == "/hint":
            answer.hints = min(MOST_HINTS, answer.hints + 1)
            say(wrapped(self.coach.coaching.hint(question, answer.hints), f"Hint {answer.hints}: ", "  "))
        elif command == "/reference":
            answer.reference_shown = True
            say(printable(question.reference))
        elif command is None:
            say("Nothing is written yet; /skip leaves the question out.")

    def _submitted(self, question: Question, answer: Answer, retry_of: str | None) -> Attempt:
        how = Circumstances(
            Origin.DRILL, round(answer.seconds, 1), answer.hints, self._confidence(), answer.reference_shown, retry_of
        )
        attempt = self.coach.practice.submit(question, answer.text, how)
        return self.coach.practice.graded(attempt, self._grader)

    def _confidence(self) -> float | None:
        """How sure somebody is, 0 to 1; through a pipe a line that is a number, else nobody said."""
        if not self._ask:
            return None
        if not self.lines.terminal:
            found = sure(self.lines.peek() or "")
            if found is not None:
                self.lines.next()
            return found
        while True:
            line = self.lines.next("How many of 100 points is this worth? (Enter: no idea) ")
            if line is None or not line.strip():
                return None
            found = sure(line)
            if found is not None:
                return found
            say("A number from 0 to 100.")

    def _wants_more(self) -> bool:
        if not self.lines.terminal:
            line = (self.lines.peek() or "-").strip().lower()
            if line in YES | NO:
                self.lines.next()
            return line in YES
        reply = self.lines.next("Answer it once more? y/N ")
        return reply is not None and reply.strip().lower() in YES

    # --- what came of it ----------------------------------------------------------------------

    def _tell(self, attempt: Attempt, before: Attempt | None) -> None:
        grade = attempt.grade
        if grade is None or grade.status is Status.UNGRADED:
            reason = grade.reason if grade else "it waits for its grade"
            say(wrapped(f"Not graded: {reason} Your answer is kept as attempt {attempt.id}."))
            return
        say()
        band = grade.band.value if grade.band else ""
        say(self.bold(f"{grade.score} of 100, {band}.") + self._against(attempt, before))
        how = attempt.circumstances
        if how.confidence is not None and grade.score is not None:
            said = round(100 * how.confidence)
            say(f"You expected {said}: {_judged(said - grade.score)}.")
        self._points(grade, before.grade if before else None)
        for found in grade.contradictions:
            say(wrapped(f"You said: “{found.claim.quote}” {found.why or 'The reference says: ' + found.reference}"))
        if grade.feedback.next_step:
            say(wrapped(grade.feedback.next_step, "Next: ", "  "))
        self._scores.append(f"{attempt.question.number}: {grade.score}")

    def _against(self, attempt: Attempt, before: Attempt | None) -> str:
        old = before.grade.score if before and before.grade else None
        new = attempt.grade.score if attempt.grade else None
        return "" if old is None or new is None else f" Before it was {old}, {new - old:+d}."

    def _points(self, grade: Grade, before: Grade | None) -> None:
        old = {verdict.point.id: verdict.outcome for verdict in before.points} if before else {}
        for verdict in grade.points:
            was = old.get(verdict.point.id)
            change = f" (before: {was.value})" if was is not None and was is not verdict.outcome else ""
            say(
                wrapped(
                    f"{self.mark(verdict.outcome)}{verdict.outcome.value}{change}: {verdict.point.text}", "  ", "    "
                )
            )

    def _follow_up(self, attempt: Attempt) -> None:
        """A point missed twice in a row is asked for at once, on its own."""
        grade = attempt.grade
        if grade is None or not self.lines.terminal:
            return
        missed = {v.point.id for v in grade.points if v.outcome in (Outcome.MISSING, Outcome.CONTRADICTED)}
        for item in self.coach.practice.missed_points():
            if item.question.id == attempt.question.id and item.point.id in missed and item.times > 1:
                if item.point.probe:
                    say()
                    say("You missed this before. In one or two sentences (an empty line ends them):")
                    self.point(item)
                return

    def point(self, item: MissedPoint) -> None:
        """Ask for one key point alone. Raises Quit."""
        started = time.monotonic()
        say(wrapped(item.point.probe or f"What belongs to this: {item.question.text}"))
        found: Written = self.lines.written("", lambda text: None, POINT_COMMANDS, stop_at_blank=True)
        if found.command == "/quit" or (found.at_end and not found.text.strip()):
            raise Quit
        if found.command is None and found.text.strip():
            how = Circumstances(Origin.POINTS, round(time.monotonic() - started, 1), point=item.point.id)
            self._tell_point(self.coach.practice.answered(item.question, found.text, how))

    def _tell_point(self, attempt: Attempt) -> None:
        grade = attempt.grade
        if grade is None or grade.status is Status.UNGRADED:
            self._tell(attempt, None)
            return
        verdict = grade.points[0]
        say(wrapped(f"{self.mark(verdict.outcome)}{verdict.outcome.value}. {grade.feedback.summary}"))
        say(wrapped(f"The point: {verdict.point.text}"))
        self._scores.append(f"{attempt.question.number}: {verdict.outcome.value}")

    def sum_up(self) -> None:
        """Say what the sitting came to."""
        if self._scores:
            say()
            say(wrapped("Done. " + ", ".join(self._scores)))

    # --- how it looks -------------------------------------------------------------------------

    def bold(self, text: str) -> str:
        """Bold, but for who wants words only."""
        return text if self._plain else paint(text, bold=True)

    def mark(self, outcome: Outcome) -> str:
        """A sign before the word, but for who wants words only."""
        from coach.cli.report import COLOURS
        from coach.session.wording import MARKS

        return "" if self._plain else paint(f"{MARKS[outcome]} ", fg=COLOURS[outcome])


def point_drill(talk: Drill, wish: Wish, count: int | None) -> None:
    """Ask for key points that were missed, one or two sentences each."""
    items = talk.coach.practice.next_points(wish, count if count is not None else 10)
    if not items:
        click.echo("No key point is due or was missed. `coach drill` asks whole questions.", err=True)
        return
    try:
        for number, item in enumerate(items, 1):
            say()
            say(
                talk.bold(f"Point {number} of {len(items)}, question {item.question.number}: ")
                + _short(item.question.text)
            )
            talk.point(item)
    except Quit:
        pass
    finally:
        talk.sum_up()


def sure(line: str) -> float | None:
    """A confidence as written, 0 to 1: a number up to 100, or a share like 0.7; None for anything else."""
    found = _SURE.match(line)
    if found is None:
        return None
    value = float(found.group(1))
    if "." in found.group(1) and value <= 1 and "%" not in line:
        return value
    return value / 100 if value <= 100 else None


def _judged(over: int) -> str:
    if abs(over) <= 15:
        return "well judged"
    return f"{over} too many" if over > 0 else f"{-over} too few"


def _short(text: str, most: int = 70) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
