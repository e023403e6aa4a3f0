"""What a model is shown of documents and answers: data under a seal, with orders to the reader cut out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.domain import Span
from coach.text.prompts import Prompt, read_prompt
from coach.text.sealing import sealed, without

Orders = Callable[[str], Sequence[Span]]
"""Finds where a text gives orders to its reader."""


def prompt(name: str) -> Prompt:
    """A prompt of this package, by its version (``ask-1``)."""
    return read_prompt(Path(__file__).parent / "prompts", name)


def material(name: str, data: Mapping[str, Any], orders: Orders) -> str:
    """``data`` sealed, every text in it without the orders that it held."""
    return sealed(name, _cleared(data, orders))


def _cleared(value: Any, orders: Orders) -> Any:
    if isinstance(value, str):
        return without(value, orders(value))
    if isinstance(value, Mapping):
        return {key: _cleared(item, orders) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleared(item, orders) for item in value]
    return value
