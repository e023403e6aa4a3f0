"""docs/models.md says what the table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.llm.providers import PROVIDERS

TEXT = (Path(__file__).parent.parent.parent / "docs" / "models.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_is_listed_as_it_is(name: str) -> None:
    row = PROVIDERS[name]
    line = next(line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |"))
    assert f"`{row.base_url}`" in line or (not row.base_url and "COACH_LLM_BASE_URL" in line)
    assert f"{row.context:,}" in line
    for variable in row.key_variables:
        assert variable in line
    assert (row.default_model or "gpt") in TEXT
