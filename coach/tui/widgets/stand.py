"""Where one stands, for the first screen: plan, streak, recent scores, weakest points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from coach.tui import keymap

if TYPE_CHECKING:
    from coach.domain.plans import Plan
    from coach.tui.figures import Figures

BLOCKS = "▁▂▃▄▅▆▇█"


def stand(figures: Figures, keys: Mapping[str, str]) -> Content:
    """What was left lying, then the figures, as lines."""
    found = figures.overview
    parts = [_left(line, keymap.shown(name, keys)) for line, name in left_lying(figures)]
    parts += [Content(plan_line(found.plan)), Content(streak_line(found.streak, found.today))]
    scores = [row.score for row in reversed(found.recent) if row.score is not None]
    if scores:
        parts.append(
            Content.assemble("Recent  ", (sparkline(scores), "$accent"), f"  last {scores[-1]}, best {max(scores)}")
        )
    if found.weakest:
        rows = [
            Content.assemble(
                ("✗ ", "bold $error"),
                missed.point.text,
                (f"  Q{missed.question.number}, missed {missed.times}×", "$muted"),
            )
            for missed in found.weakest[:4]
        ]
        parts.append(Content("\n").join([Content.styled("Weakest points", "bold"), *rows]))
    return Content("\n\n").join(parts)


def left_lying(figures: Figures) -> list[tuple[str, str]]:
    """What waits to be finished, each with the action that does it."""
    rows = []
    count = len(figures.waiting)
    if count:
        rows.append(
            (f"{count} answer waits for its grade" if count == 1 else f"{count} answers wait for a grade", "home.grade")
        )
    if figures.drafts:
        draft, question = figures.drafts[0]
        rows.append((f"Draft: question {question.number}, {len(draft.text.split())} words", "home.resume"))
    return rows


def _left(line: str, key: str) -> Content:
    return Content.assemble((f"{key}  ", "bold $accent"), line)


def plan_line(plan: Plan) -> str:
    """What to do today, and until when."""
    if plan.over:
        return "The interview is over. Set the next date under Settings."
    if plan.by is None:
        return (
            f"Due today: {plan.due}. An interview date under Settings makes a plan."
            if plan.due
            else "Nothing is due today."
        )
    days = (plan.by - plan.today).days
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    left = f"{plan.left_today} left today" if plan.left_today else "today's part is done ✓"
    return f"Interview {when} ({plan.by:%d %b}): {plan.a_day} a day, {left}."


def streak_line(days: int, today: int) -> str:
    """Days in a row, and today."""
    if not days:
        return "No streak yet: one answer starts it."
    done = f"{today} answered today" if today else "nothing answered today yet"
    return f"Streak  {days} day{'s' if days > 1 else ''}, {done}."


def sparkline(scores: list[int]) -> str:
    """One block a score from 0 to 100."""
    return "".join(BLOCKS[min(len(BLOCKS) - 1, score * len(BLOCKS) // 101)] for score in scores)
