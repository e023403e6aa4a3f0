"""Slash commands: what an input line may start besides text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slash:
    """One command."""

    name: str
    action: str
    """The screen's action; with ``takes`` it gets the rest of the line."""
    help: str
    takes: str = ""
    """What follows the name; empty where nothing does."""


EVERYWHERE = (
    Slash("home", "app.home", "the first screen"),
    Slash("help", "app.keys", "every key of this screen"),
    Slash("quit", "app.quit", "leave; what you typed is kept"),
)

ANSWERING = (
    Slash("submit", "submit", "hand the answer in"),
    Slash("hint", "hint", "a hint, three steps; it counts"),
    Slash("reference", "reference", "the reference answer; it counts"),
    Slash("edit", "editor", "write in $VISUAL or $EDITOR"),
    Slash("ask", "ask_text", "ask the coach", "QUESTION"),
    Slash("skip", "skip", "the next question"),
    *EVERYWHERE,
)

JUDGED = (
    Slash("next", "next", "the next question"),
    Slash("retry", "retry", "answer again, your own words in the box"),
    Slash("follow", "follow", "answer the follow-up question"),
    Slash("reference", "reference", "the whole reference answer"),
    Slash("explain", "explain", "have the chosen point explained"),
    Slash("crisper", "crisper", "your answer, said more crisply"),
    Slash("model", "model_answer", "an answer as a strong candidate gives it"),
    Slash("override", "override_text", "your own opinion of the score", "SCORE [NOTE]"),
    Slash("ask", "ask_text", "ask the coach", "QUESTION"),
    *EVERYWHERE,
)


def without_editor(commands: Iterable[Slash]) -> tuple[Slash, ...]:
    """The commands where there is no terminal to hand over to an editor."""
    return tuple(command for command in commands if command.action != "editor")


def is_command(text: str, names: Iterable[str]) -> bool:
    """Whether ``text`` is one line that starts with one of the commands."""
    line = text.strip()
    return line.startswith("/") and "\n" not in line and line[1:].split(" ", 1)[0] in names


def split(text: str) -> tuple[str, str]:
    """``/ask why so`` -> ``("ask", "why so")``; text without a slash has an empty name."""
    line = text.strip()
    if not line.startswith("/"):
        return "", line
    name, _, rest = line[1:].partition(" ")
    return name, rest.strip()


def completions(text: str, commands: Iterable[Slash]) -> list[Slash]:
    """The commands that a half-typed line may become; none for lines of another kind."""
    if not text.startswith("/") or "\n" in text or " " in text.rstrip():
        return []
    begun = text[1:].strip().lower()
    return [command for command in commands if command.name.startswith(begun)]
