"""Rubrics of imported questions written with a model's help, kept as overlay files once they are accepted."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from coach.catalogue import rubrics
from coach.domain import Question, Rubric
from coach.errors import CoachError
from coach.grading.brief import orders

if TYPE_CHECKING:
    from pathlib import Path

    from coach.session import Session

PROVENANCE = "[provenance]"


@dataclass(frozen=True, slots=True)
class Cost:
    """What enriching would take, before anything is sent."""

    questions: int
    prompt_tokens: int
    reply_tokens: int
    """At most."""
    usd: float | None
    """At most; None where no price is known."""
    model: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A better rubric for one question, not yet kept; or why there is none."""

    question: Question
    before: Rubric
    after: Rubric | None
    """None where the model failed."""
    problem: CoachError | None = None

    @property
    def added(self) -> tuple[int, int]:
        """How many right phrasings and misconceptions are new."""
        if self.after is None:
            return 0, 0
        points = list(zip(self.before.points, self.after.points, strict=True))
        return (
            sum(len(new.right) - len(old.right) for old, new in points),
            sum(len(new.misconceptions) - len(old.misconceptions) for old, new in points),
        )

    def diff(self) -> str:
        """What would change in the rubric's file, line by line."""
        if self.after is None:
            return ""
        old, new = (rubrics.as_toml(item, self.question).splitlines() for item in (self.before, self.after))
        return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=1))[2:])


def wanted(session: Session, questions: Sequence[Question]) -> list[Question]:
    """Those that have a reference, no hand-made rubric, and were not enriched before."""
    found = []
    for question in questions:
        if (
            not question.reference
            or session.rubric(question).origin == "shipped"
            or not session.rubric(question).points
        ):
            continue
        overlay = rubrics.overlay_file(question, session.paths)
        if overlay.is_file() and PROVENANCE in overlay.read_text(encoding="utf-8", errors="replace"):
            continue
        found.append(question)
    return found


def cost(session: Session, questions: Sequence[Question]) -> Cost:
    """What the prompts for these questions take. Sends nothing. Raises ConfigError where no model is set."""
    from coach.coaching import enriching

    model = session.model
    prompt = reply = 0
    for question in questions:
        rubric = session.rubric(question)
        prompt += sum(model.tokens.count(item.text) for item in enriching.messages(question, rubric, orders))
        reply += enriching.reply_tokens(rubric)
    return Cost(len(questions), prompt, reply, model.cost(prompt, reply), model.model)


def proposals(session: Session, questions: Sequence[Question], jobs: int = 1) -> Iterator[Proposal]:
    """A proposal for each question, in order. Replies are kept until they are accepted or refused: an interrupted run
    pays for none twice.
    """
    from coach.coaching import enriching
    from coach.session.journal import Journal, Journalled
    from coach.session.side_by_side import in_order

    model = Journalled(session.model, Journal(_journal(session)))
    before = [(question, session.rubric(question)) for question in questions]
    embedder = session.claims

    def propose(item: tuple[Question, Rubric]) -> Proposal:
        question, rubric = item
        try:
            found = enriching.written(model, question, rubric, orders)
        except CoachError as problem:
            return Proposal(question, rubric, None, problem)
        return Proposal(question, rubric, enriching.enriched(rubric, found, embedder))

    yield from in_order(propose, before, jobs)


def accept(session: Session, proposal: Proposal, now: datetime) -> Rubric:
    """Keep a proposal as the user's rubric, with who wrote it when. Raises StoreUnwritable."""
    from coach.coaching.enriching import ENRICHING

    if proposal.after is None:
        raise ValueError("nothing to accept")
    import tomlkit

    origin = tomlkit.table()
    origin["model"] = f"{session.model.provider}/{session.model.model}"
    origin["prompt"] = ENRICHING
    origin["at"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    origin["from"] = proposal.before.hash
    text = rubrics.as_toml(proposal.after, proposal.question)
    text += "\n" + tomlkit.dumps({"provenance": origin})
    return rubrics.save_overlay(proposal.question, session.paths, text)


def finished(session: Session) -> None:
    """Every proposal was accepted or refused: the kept replies go."""
    _journal(session).unlink(missing_ok=True)


def _journal(session: Session) -> Path:
    return session.paths.data / "enriching.jsonl"
