"""One line on who grades and whether anything leaves this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from coach.session import Session


def standing(session: Session) -> str:
    """``offline · rubric grader``, or ``online · MODEL at HOST``."""
    from coach.session.grading import chosen

    if chosen(session, "auto") == "offline":
        return "offline · rubric grader"
    settings = session.settings
    host = urlsplit(settings.llm_base_url).hostname or settings.llm_provider or "openai"
    local = host in ("localhost", "127.0.0.1", "::1")
    return f"{'local' if local else 'online'} · {settings.llm_model or 'model'} at {host}"


def leaves(session: Session) -> str:
    """What would leave this machine as things are set, in a sentence."""
    line = standing(session)
    if line.startswith("offline"):
        return "Nothing leaves this machine: no model is set. With one set, question, rubric and your answer go to it."
    if line.startswith("local"):
        return "Question, rubric and your answer go to the model that runs on this machine, and no further."
    return f"With a model set, question, rubric and your answer go to {line.rpartition(' at ')[2]}. Nothing else does."
