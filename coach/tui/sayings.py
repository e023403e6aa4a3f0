"""What the coach says in a conversation, as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach.domain.practice import Attempt
from coach.session.wording import MARKS
from coach.text.cleaning import one_line

if TYPE_CHECKING:
    from coach.coaching.asking import Citation

GREETING = (
    "Ask anything that the documents may answer. Offline I show the passages that fit best; with a language model set "
    "I answer from them, and say which."
)

NOTHING = "The documents hold nothing about that. Other words may help, or a document that does: Library, Import."

EXCERPT = 700
"""Letters of a passage where it stands for itself."""

CITED = 140
"""Letters of a passage under an answer that cites it."""


def citations(found: Sequence[Citation], brief: bool) -> str:
    """The sources, numbered; ``brief`` under an answer, in full where they are the answer."""
    if not found:
        return NOTHING if not brief else ""
    rows = []
    for citation in found:
        question = citation.passage.question
        head = f"**[{citation.number}] Question {question.number}** · {question.section or question.deck}"
        if brief:
            rows.append(f"- {head}: {one_line(citation.passage.text)[:CITED]} …")
        else:
            rows.append(f"{head} · *{one_line(question.text)}*\n\n{citation.passage.text[:EXCERPT].strip()}")
    return "\n".join(rows) if brief else "\n\n---\n\n".join(rows)


def outcome(attempt: Attempt) -> str:
    """What became of the answer to a follow-up."""
    grade = attempt.grade
    if grade is None or not grade.points:
        return f"It could not be graded: {grade.reason if grade else 'no reason is known'}. Your words are kept."
    verdict = grade.points[0]
    lines = [f"**{MARKS[verdict.outcome]} {verdict.outcome.value}**: {verdict.point.text}"]
    lines += [f"> {evidence.quote}" for evidence in verdict.evidence[:1]]
    lines += [f"Not so: “{found.claim.quote}”. {found.why or found.reference}" for found in grade.contradictions[:1]]
    if verdict.note:
        lines.append(verdict.note)
    return "\n\n".join(lines)
