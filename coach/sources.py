"""The files that settings stand in, and which of their values may be used together."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.errors import ConfigError

Layer = tuple[str, Mapping[str, Any]]
"""Where settings stand, and their values by field name as they stand there."""


def env_file(path: Path, problems: list[str]) -> dict[str, str | None]:
    """The variables of a ``.env`` file. Lines that are none are named in ``problems``."""
    text = _text_of(path, problems)
    if text is None or not text.strip():
        return {}
    from io import StringIO

    from dotenv.parser import parse_stream

    found: dict[str, str | None] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            problems.append(f"{path}, line {binding.original.line}: not NAME=value; passed over.")
        elif binding.key is not None:
            found[binding.key] = binding.value
    return found


def config_file(path: Path, known: Collection[str], problems: list[str]) -> dict[str, Any]:
    """The values of ``config.toml``, tables flattened. Unknown keys are named in ``problems``. Raises ConfigError."""
    text = _text_of(path, problems)
    if text is None:
        return {}
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # numbers of thousands of digits, brackets nested as deep
        raise ConfigError(f"{path} is not valid TOML: {problem}.", "Fix the line, or move the file away.") from problem
    table.pop("keys", None)  # the app's own, read by coach.session.preferences
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update({f"{key}_{inner}": deeper for inner, deeper in value.items()})
        else:
            flat[key] = value
    for key in sorted(flat.keys() - set(known)):
        problems.append(f"{path}: no setting is called {key!r}; passed over.")
    return flat


def keys_beside_addresses(layers: Sequence[Layer], problems: list[str]) -> list[Layer]:
    """The layers without the keys that were not given for the address they would be sent to.

    A key belongs to the address that stands in the same layer; one that stands without any address belongs to the
    provider chosen elsewhere, at its own address, and to no base URL from another layer.
    """
    kept = _paired(layers, "llm_api_key", "llm_base_url", "llm_provider", problems)
    return _paired(kept, "openai_api_key", "openai_base_url", None, problems)


def _paired(layers: Sequence[Layer], key: str, url: str, provider: str | None, problems: list[str]) -> list[Layer]:
    address = _holder(layers, url)
    chosen = _holder(layers, provider) if provider else None
    if address is None and chosen is None:
        return list(layers)
    named = str(chosen[1][provider]).strip() if chosen and provider else ""
    kept: list[Layer] = []
    for layer in layers:
        source, values = layer
        beside = layer is address or (address is None and (layer is chosen or _fits(values, provider, named)))
        if values.get(key) and not beside:
            if _holder(kept, key) is None:
                name = f"COACH_{key.upper()}" if provider else key.upper()
                where = address[0] if address else chosen[0] if chosen else ""
                problems.append(
                    f"{name} from {source} is not used: the model's address comes from {where}, and a key goes only"
                    " where it was given for. Write both in one place."
                )
            values = {name: value for name, value in values.items() if name != key}
        kept.append((source, values))
    return kept


def _fits(values: Mapping[str, Any], provider: str | None, named: str) -> bool:
    """Whether a layer names no other provider than the chosen one."""
    own = str(values.get(provider) or "").strip() if provider else ""
    return own in ("", named)


def _holder(layers: Sequence[Layer], name: str | None) -> Layer | None:
    return next((layer for layer in layers if name and layer[1].get(name)), None)


def _text_of(path: Path, problems: list[str]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(f"{path} cannot be read ({problem}); passed over.")
        return None
