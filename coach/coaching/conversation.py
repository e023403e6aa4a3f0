"""A conversation that stays within a budget: beyond it, what was said first is summarised."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coach.coaching.material import Orders, material, prompt
from coach.ports import Message

if TYPE_CHECKING:
    from coach.ports import ChatModel

SUMMARISING = "summary-1"
SUMMARY_TOKENS = 250

SHARE = 0.25
"""Of the model's context that the history may take."""

KEPT_TURNS = 2
"""Exchanges that are never summarised: the last ones."""


@dataclass
class Conversation:
    """What was said so far."""

    exchanges: list[tuple[str, str]] = field(default_factory=list)
    """(what the candidate asked, what the coach said), oldest first."""
    summary: str = ""
    """Of what came before them."""

    def add(self, asked: str, said: str) -> None:
        """Remember one exchange; an answer that never came is not one."""
        if said.strip():
            self.exchanges.append((asked, said.strip()))

    def turns(self) -> list[Message]:
        """The history as a model reads it; user and assistant take turns."""
        found = []
        if self.summary:
            found.append(Message("user", f"Earlier in this conversation, as data: {json.dumps(self.summary)}"))
            found.append(Message("assistant", "Understood."))
        for asked, said in self.exchanges:
            found += [Message("user", asked), Message("assistant", said)]
        return found

    def fit(self, model: ChatModel, orders: Orders) -> None:
        """Bring the history within its share of the context: summarise, and where that is not enough, forget.

        Raises what the model raises.
        """
        most = int(model.context * SHARE)
        if self._size(model) <= most:
            return
        old = self.exchanges[:-KEPT_TURNS] if len(self.exchanges) > KEPT_TURNS else []
        if old:
            self.exchanges = self.exchanges[len(old) :]
            self.summary = self._summarised(model, old, orders)
        while self.exchanges and self._size(model) > most:
            self.exchanges.pop(0)
        if self._size(model) > most:
            self.summary = ""

    def _size(self, model: ChatModel) -> int:
        return sum(model.tokens.count(message.text) for message in self.turns())

    def _summarised(self, model: ChatModel, old: list[tuple[str, str]], orders: Orders) -> str:
        rows = [{"candidate": asked, "coach": said} for asked, said in old]
        # What does not fit into one prompt either is forgotten, the oldest first.
        while len(rows) > 1 and model.tokens.count(json.dumps(rows)) > model.context // 2:
            rows.pop(0)
        data = {"summary_so_far": self.summary, "exchanges": rows}
        messages = (
            Message("system", prompt(SUMMARISING).text),
            Message("user", material("conversation", data, orders)),
        )
        return model.complete(messages, SUMMARY_TOKENS).text.strip()
