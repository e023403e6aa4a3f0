"""What leaves this machine, said before it does. A key is no consent: a model is used where the user chose one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coach.errors import ConfigError
from coach.llm import access

if TYPE_CHECKING:
    from coach.config import Loaded, Settings
    from coach.llm.access import Access


def chosen(settings: Settings) -> bool:
    """Whether the user chose a model in coach's own settings; only then does ``auto`` mean a language model."""
    return bool(settings.llm_provider or settings.llm_base_url or settings.llm_model)


def first_notice(found: Access, model: str) -> str:
    """What the user is told before a model is used for the first time."""
    what = "the question, its reference answer and your answer, and what you ask the coach,"
    if found.stays:
        return f"From now on {what} go to {model} at {found.host}, on this machine. Said once."
    open_road = " The connection is not encrypted." if found.unencrypted else ""
    return (
        f"From now on {what} leave this machine for {found.host} ({found.provider.name}, {model}) whenever a language"
        f" model grades or coaches.{open_road} Nothing does with --grader offline or COACH_OFFLINE=1. Said once."
    )


def leaving(loaded: Loaded, environ: Mapping[str, str]) -> str:
    """What goes to a language model under these settings, or nothing. One line, for ``coach doctor``; shows no key."""
    settings = loaded.settings
    if not (chosen(settings) or settings.openai_api_key or settings.openai_base_url or settings.grader == "llm"):
        return ""
    try:
        found = access.resolve(loaded, environ)
    except ConfigError as problem:
        return f"nothing to a language model, which cannot be used as it is set: {problem.message}"
    if found.offline and not found.stays:
        return ""
    where = f"{found.host} ({found.provider.name})" + (", on this machine" if found.stays else "")
    used = settings.grader == "llm" or (settings.grader == "auto" and chosen(settings))
    when = (
        "answers that are graded or discussed with the language model" if used else "answers graded with --grader llm"
    )
    key = f", with the key from {found.key_source}" if found.key else ", without a key"
    note = ", not encrypted" if found.unencrypted else ""
    asked = "" if used else " (a key alone enables nothing)"
    return f"{when}, their questions and references, to {where}{key}{note}{asked}"
