"""Mock interviews over the user's history: chosen, kept at every step, graded at the end, reported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from coach.domain import Question, Status
from coach.domain.practice import Attempt, Circumstances, Origin
from coach.errors import CoachError, NotFound, UsageError

if TYPE_CHECKING:
    from coach.practice.mock import Item, MockInterview
    from coach.practice.mock.report import Report, Story
    from coach.session import Session

CURRENT = "mock"
"""Under which name the interview that goes on is kept; a finished one is kept under this, a dash and its id."""


@dataclass(frozen=True, slots=True)
class MockWish:
    """What an interview shall be."""

    count: int = 8
    minutes: float = 40
    sections: tuple[str, ...] = ()
    """Parts of section names; empty: all."""
    kinds: tuple[str, ...] = ()
    """Kinds by name; empty: all."""
    deck: str | None = None
    seed: int | None = None
    """Equal seeds over equal histories give equal interviews; None: any."""


class Mocks:
    """The user's mock interviews. Every method raises StoreError where the history cannot be used."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- before -------------------------------------------------------------------------------

    def unfinished(self) -> MockInterview | None:
        """The interview that was begun and not ended; None where there is none, or where it can't be read any more."""
        kept = self._session.practice.history.state(CURRENT)
        return None if kept is None else self._read(kept)

    def start(self, wish: MockWish) -> MockInterview:
        """Choose the questions and keep the interview, ready to begin. One that goes on is put aside, stopped.

        Raises UsageError where nothing fits the wish, NotFound for a deck that isn't there.
        """
        from coach.practice.history.attempts import new_id
        from coach.practice.mock import planned
        from coach.practice.mock.mix import mix
        from coach.practice.planning.selection import Words

        practice = self._session.practice
        random = Random() if wish.seed is None else Random(wish.seed)
        asked = {name: standing.last_at for name, standing in practice.history.standings().items()}
        words = Words(self._session.library.questions)
        fitting = self._fitting(wish)
        chosen = mix(fitting, wish.count, random, asked, lambda one, other: not words.twins(one.id, other.id))
        before = self.unfinished()
        if before is not None:
            self.keep(before.stop(practice.now()))
        now = practice.now()
        return self.keep(planned(f"m{new_id(now, random.randbytes(4))}", chosen, wish.minutes))

    def _fitting(self, wish: MockWish) -> list[Question]:
        library = self._session.library
        among = library.deck(wish.deck).questions if wish.deck else library.questions
        found = [
            item
            for item in among
            if item.reference
            and (not wish.kinds or item.kind.value in wish.kinds)
            and (not wish.sections or any(part.lower() in (item.section or "").lower() for part in wish.sections))
        ]
        if not found:
            names = dict.fromkeys(item.section for item in among if item.section and item.reference)
            raise UsageError("No question with an answer fits.", f"Sections: {', '.join(names) or 'none'}.")
        return found

    # --- while it goes on -----------------------------------------------------------------------

    def keep(self, interview: MockInterview) -> MockInterview:
        """Put the interview on the disk, and answers that were handed in into the history; with their ids."""
        from coach.practice.mock import Stage

        self._save(interview)
        if interview.pending or interview.second_pending:
            interview = self._submitted(interview)
            self._save(interview)
        if interview.stage is Stage.FINISHED:
            history, now = self._session.practice.history, self._session.practice.now()
            history.set_state(f"{CURRENT}-{interview.id}", self._written(interview), now)
            history.set_state(CURRENT, None, now)
        return interview

    def question(self, question_id: str) -> Question | None:
        """A question of the interview, as the library has it now; None where it has gone."""
        return self._session.library.by_id.get(question_id)

    def _submitted(self, interview: MockInterview) -> MockInterview:
        """Answers into the history."""
        for index in interview.pending:
            item = interview.items[index]
            how = Circumstances(Origin.MOCK, item.seconds, confidence=item.confidence, mock=interview.id)
            interview = interview.saved(index, self._kept(item, how))
        again = interview.again
        if again is not None and interview.second_pending:
            first = interview.items[interview.weakest or 0].attempt_id
            how = Circumstances(
                Origin.MOCK, again.seconds, confidence=again.confidence, mock=interview.id, retry_of=first
            )
            interview = interview.second_saved(self._kept(again, how))
        return interview

    def _kept(self, item: Item, how: Circumstances) -> str:
        """The id of the attempt with this answer: from before a kill, or made now."""
        for row in self._session.practice.summaries(item.question_id):
            if row.mock == how.mock and row.retry_of == how.retry_of:
                return row.id
        question = self.question(item.question_id)
        if question is None:
            raise NotFound("A question of this interview has left the corpus.", "`coach mock` begins another one.")
        return self._session.practice.submit(question, item.text, how).id

    # --- after --------------------------------------------------------------------------------

    def graded(self, interview: MockInterview, grader: str = "auto") -> MockInterview:
        """Grade what was answered; the interview then offers a second try, or is finished.

        An answer that can't be graded now waits in the history, and the reason is noticed: it has no score.
        """
        interview = self.keep(interview)
        names = [item.attempt_id for item in (*interview.items, interview.again) if item and item.attempt_id]
        scores = {}
        for done, name in enumerate(names):
            self._session.progress("Grading", done, len(names))
            attempt = self._graded(self._session.practice.attempt(name), grader)
            if attempt.grade is not None and attempt.grade.score is not None:
                scores[name] = attempt.grade.score
        self._session.progress("Grading", len(names), len(names))
        return self.keep(interview.graded(scores))

    def _graded(self, attempt: Attempt, grader: str) -> Attempt:
        if attempt.grade is not None and attempt.grade.status is Status.GRADED:
            return attempt
        try:
            return self._session.practice.graded(attempt, grader)
        except CoachError as problem:
            self._session.notice(f"Question {attempt.question.number} is not graded yet. {problem}")
            return attempt

    def report(self, interview: MockInterview) -> Report:
        """What the interview showed, from the grades as they are now."""
        from coach.practice.mock.review import review

        known = self._session.library.by_id
        questions = {item.question_id: known[item.question_id] for item in interview.items if item.question_id in known}
        names = [item.attempt_id for item in (*interview.items, interview.again) if item and item.attempt_id]
        attempts = {}
        for name in names:
            try:
                attempts[name] = self._session.practice.attempt(name)
            except NotFound:
                continue  # taken back since: the report does without it
        rubrics = {name: self._session.rubric(question) for name, question in questions.items()}
        return review(interview, questions, rubrics, attempts, story_of)

    def past(self, name: str) -> MockInterview:
        """A finished interview by its id. Raises NotFound."""
        kept = self._session.practice.history.state(f"{CURRENT}-{name}")
        interview = None if kept is None else self._read(kept)
        if interview is None:
            raise NotFound(f"No finished interview {name!r}.", "`coach history` shows the attempts of all interviews.")
        return interview

    # --- on the disk --------------------------------------------------------------------------

    def _save(self, interview: MockInterview) -> None:
        practice = self._session.practice
        practice.history.set_state(CURRENT, self._written(interview), practice.now())

    def _written(self, interview: MockInterview) -> object:
        from coach.practice.mock.state import as_json

        return json.loads(as_json(interview))

    def _read(self, kept: object) -> MockInterview | None:
        from coach.practice.mock.state import from_json

        try:
            return from_json(json.dumps(kept))
        except ValueError as problem:
            self._session.notice(
                f"The interview that was kept can't be read: {problem}. Its answers are in the history."
            )
            return None


def story_of(answer: str) -> Story:
    """The parts of a told experience in an answer."""
    from coach.grading.story import Part, read_story
    from coach.practice.mock.report import Story
    from coach.text.sentences import statements

    found = read_story(statements(answer))
    there = {part: bool(found.parts[part]) for part in Part}
    return Story(
        there[Part.SITUATION],
        there[Part.TASK],
        there[Part.ACTION],
        there[Part.RESULT],
        there[Part.REFLECTION],
        bool(found.measured),
        round(found.own, 3),
    )
