"""Conversations in JSON: turns of two speakers, of which one asks and the other answers."""

from __future__ import annotations

from collections.abc import Mapping

from coach.importing.readers.fields import named

_TURNS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns")
_SPEAKERS = ("role", "from", "speaker", "author")
_SAID = ("content", "value", "text", "message")
_ASKING = frozenset({"user", "human", "interviewer", "question", "prompter"})
_ANSWERING = frozenset({"assistant", "gpt", "bot", "candidate", "interviewee", "answer", "model", "chatgpt"})


def turns(data: Mapping[str, object]) -> list[tuple[str, str]] | None:
    """Question and answer of every pair of turns in an object; None where it is no conversation."""
    value = next((data[key] for key in data if named(key) in _TURNS), None)
    if not isinstance(value, list) or not value or not all(isinstance(turn, Mapping) for turn in value):
        return None
    pairs: list[tuple[str, str]] = []
    for turn in value:
        speaker, said = named(_first(turn, _SPEAKERS)), _first(turn, _SAID)
        if speaker in _ASKING and said.strip():
            pairs.append((said, ""))
        elif speaker in _ANSWERING and pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], said)
    return pairs or None


def _first(turn: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := turn.get(name), str)), "")
