"""What the coach does beside grading, joined with the corpus, the rubrics and the model that is set."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from coach.domain import Grade, KeyPoint, Question
from coach.errors import NotFound
from coach.grading.brief import orders

if TYPE_CHECKING:
    from coach.coaching.asking import Answer
    from coach.coaching.conversation import Conversation
    from coach.coaching.hints import Hint
    from coach.coaching.told import Told
    from coach.session import Session


class Coaching:
    """Hints, follow-ups, explanations, questions to the coach. ``with_model``: None means as the settings say."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def uses_model(self, with_model: bool | None = None) -> bool:
        """Whether a language model would be asked."""
        from coach.session.grading import chosen

        return with_model if with_model is not None else chosen(self._session, "auto") == "llm"

    # --- before and while answering --------------------------------------------------------------

    def hint(self, question: Question, step: int, missed: Collection[str] = ()) -> str:
        """The text of a hint; see ``hint_at``."""
        return self.hint_at(question, step, missed).text

    def hint_at(self, question: Question, step: int, missed: Collection[str] = ()) -> Hint:
        """Step 1 gives a direction, 2 names the key point, 3 quotes the reference; all towards one point, among
        ``missed`` (ids) where some are named. Needs no model.
        """
        from coach.coaching.hints import hint

        return hint(question, self._session.rubric(question), step, missed)

    # --- after a grade -----------------------------------------------------------------------------

    def follow_up(self, grade: Grade, answer: str = "", with_model: bool | None = None) -> tuple[KeyPoint, str] | None:
        """The largest gap and a question that probes it; None where there is no gap.

        With a model it is phrased for this ``answer``, else it is the rubric's own probe. Raises what the model raises.
        """
        from coach.coaching import probes

        point = probes.largest_gap(grade)
        if point is None:
            return None
        if answer and self.uses_model(with_model):
            return point, probes.phrased(self._session.model, grade.question, point, answer, orders)
        return point, probes.probe(point)

    def grade_follow_up(self, question: Question, point: KeyPoint, answer: str, grader: str = "auto") -> Grade:
        """Grade an answer to a follow-up against that point alone: the grade has one point."""
        from coach.coaching.probes import single
        from coach.session.grading import chosen
        from coach.session.judging import judge

        rubric = single(self._session.rubric(question), point)
        if chosen(self._session, grader) == "llm":
            return judge(self._session).grade(question, rubric, answer)
        return self._session.offline_grader.grade(question, rubric, answer)

    def point(self, question: Question, name: str) -> KeyPoint:
        """A key point by id, place or words of it. Raises NotFound, naming the points there are."""
        from coach.coaching.sources import point_of

        rubric = self._session.rubric(question)
        found = point_of(rubric, name)
        if found is None:
            there = ", ".join(point.id for point in rubric.points) or "none"
            raise NotFound(f"Question {question.number} has no point {name!r}.", f"Its points: {there}.")
        return found

    def explain(self, question: Question, point: KeyPoint, with_model: bool | None = None) -> Told:
        """One point explained, from the rubric and the reference."""
        from coach.coaching import explaining
        from coach.coaching.told import Told

        if self.uses_model(with_model):
            return explaining.explained(self._session.model, question, point, orders)
        return Told(iter([explaining.explanation(question, point)]), "offline")

    def model_answer(self, question: Question, grade: Grade | None = None, with_model: bool | None = None) -> Told:
        """An answer at the candidate's level (by ``grade``), built only from the reference; offline its outline."""
        from coach.coaching import explaining
        from coach.coaching.told import Told

        rubric = self._session.rubric(question)
        if not rubric.points:
            return Told(iter(["There is no reference answer to build one from."]), "offline")
        if self.uses_model(with_model):
            return explaining.model_answer(self._session.model, question, rubric, grade, orders)
        return Told(iter([explaining.outline(question, rubric, grade)]), "offline")

    def crisper(self, question: Question, answer: str, with_model: bool | None = None) -> Told:
        """One's own answer in fewer words; offline the sentences of it that made none."""
        from coach.coaching import explaining
        from coach.coaching.told import Told

        if self.uses_model(with_model):
            return explaining.crisper(self._session.model, question, answer, orders)
        grade = self._session.grade(question, answer, "offline")
        text = grade.reason or explaining.dispensable(question, self._session.rubric(question), answer, grade)
        return Told(iter([text]), "offline")

    # --- questions to the coach --------------------------------------------------------------------

    def ask(self, text: str, conversation: Conversation | None = None, with_model: bool | None = None) -> Answer:
        """Answer from the corpus with numbered citations; offline, or where the corpus holds nothing, passages alone.

        What is said is added to ``conversation`` once it is read. Raises what the model raises, also while it is read.
        """
        from coach.coaching import asking
        from coach.coaching.conversation import Conversation

        talk = conversation or Conversation()
        # "And why is that?" is looked up with what it is about.
        about = f"{talk.exchanges[-1][0]}\n{text}" if talk.exchanges and len(text.split()) < _SHORT else text
        found = self._session.search(about, asking.PASSAGES)
        held = asking.holds(about, found, self._session.embedder)
        if not held or not self.uses_model(with_model):
            return asking.shown(held)
        talk.fit(self._session.model, orders)
        return asking.answered(self._session.model, text, held, talk, orders)


_SHORT = 8
"""Words below which a question of a conversation leans on the one before."""
