"""What a model costs, from a small dated table that the user may correct."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.errors import ConfigError
from coach.llm.access import Access

FILE = "prices.toml"
"""Its name beside ``config.toml``."""

AS_OF = "2026-03"
"""When the table was written; prices change, and none of them is asked for anywhere."""

Price = tuple[float, float]
"""US dollars for a million tokens: of the prompt, of the reply (reasoning included)."""

TABLE: Mapping[str, Mapping[str, Price]] = {
    "openai": {
        "gpt-4o": (2.50, 10.00),
        "gpt-4o-mini": (0.15, 0.60),
        "gpt-4.1": (2.00, 8.00),
        "gpt-4.1-mini": (0.40, 1.60),
        "gpt-4.1-nano": (0.10, 0.40),
        "gpt-5": (1.25, 10.00),
        "gpt-5-mini": (0.25, 2.00),
        "gpt-5-nano": (0.05, 0.40),
        "gpt-5.1": (1.25, 10.00),
        "gpt-5.4": (2.50, 15.00),
        "o3": (2.00, 8.00),
        "o3-mini": (1.10, 4.40),
        "o4-mini": (1.10, 4.40),
    },
}
"""Provider -> model -> price, without discounts for cached prompts: what is computed is never too low for that."""

_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")
"""How OpenAI names one day's version of a model; it costs what the model costs."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The table with the user's corrections."""

    rows: Mapping[str, Mapping[str, Price]]

    def cost(self, access: Access, model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
        """US dollars; 0 for a local provider on the user's own machine, None where no price is known."""
        row = self.rows.get(access.provider.name, {})
        price = row.get(model) or row.get(_DATED.sub("", model))
        if price is None:
            return 0.0 if access.stays and access.provider.local else None
        return round((price[0] * prompt_tokens + price[1] * completion_tokens) / 1_000_000, 8)


def load(path: Path) -> Prices:
    """The table, with what the file says in place of it. Raises ConfigError for a file that cannot be used.

    The file has a table for a provider, and in it one for a model: ``[openai."gpt-4o"]``, ``input = 2.5``,
    ``output = 10``.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return Prices(TABLE)
    except (OSError, ValueError, RecursionError) as problem:
        raise ConfigError(f"{path} cannot be read: {problem}.", "Mend it, or move it away.") from problem
    rows = {provider: dict(models) for provider, models in TABLE.items()}
    for provider, models in body.items():
        for model, price in (models if isinstance(models, dict) else {"": models}).items():
            rows.setdefault(provider, {})[model] = _price(path, provider, model, price)
    return Prices(rows)


def _price(path: Path, provider: str, model: str, value: Any) -> Price:
    pair = [value.get(name) for name in ("input", "output")] if isinstance(value, dict) else []
    numbers = [
        float(number)
        for number in pair
        if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number < 1e6
    ]
    if not model or len(numbers) != 2:
        raise ConfigError(
            f"{path}: {provider} {model} has no usable price.".replace("  ", " "),
            'Write [openai."gpt-4o"], then input = 2.5 and output = 10 (US dollars for a million tokens).',
        )
    return numbers[0], numbers[1]
