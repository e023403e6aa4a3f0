"""What the app reads from and keeps in ``config.toml`` beside the settings that every command reads: keys, and choices."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import config
from coach.errors import ConfigError, StoreUnwritable
from coach.storage import write_atomically

if TYPE_CHECKING:
    from coach.session import Session


def keys(config_file: Path) -> dict[str, str]:
    """The table ``[keys]``: action id -> keys, commas between. ``practice.submit`` may be written as nested tables.

    Empty where there is no such table. Raises ConfigError for a value that is no text.
    """
    try:
        table = tomllib.loads(config_file.read_text(encoding="utf-8-sig")).get("keys", {})
    except (OSError, ValueError, RecursionError):
        return {}  # loading the settings has said already what is wrong with the file
    return dict(_flat(table, "")) if isinstance(table, dict) else {}


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            rows.append((f"{prefix}{name}", value))
        else:
            raise ConfigError(f"[keys] {prefix}{name} is not text.", 'Write it as "ctrl+s".')
    return rows


def keep(name: str, value: str, loaded: config.Loaded, config_file: Path) -> str:
    """Write one setting into ``config.toml``, the user's comments kept; empty takes it out. What still overrides it.

    The result names the source that stands above the file (the environment, say), or is empty. Raises ConfigError for
    a value that cannot be used or a secret, which is kept in the environment only, and StoreUnwritable.
    """
    if config.is_secret(name):
        raise ConfigError("Keys are not kept by coach.", f"Set {config.env_name(name)} in your environment or .env.")
    if value:
        config.checked(name, value, str(config_file))
    import tomlkit

    try:
        text = config_file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        text = ""
    except OSError as problem:
        raise StoreUnwritable(f"Cannot read {config_file}: {problem.strerror}.", "Check its permissions.") from problem
    document = tomlkit.parse(text)
    table, key = _place(document, name)
    if value:
        table[key] = config.checked(name, value, str(config_file))
    else:
        table.pop(key, None)
    write_atomically(config_file, tomlkit.dumps(document))
    above = loaded.sources.get(name, "default")
    return "" if above in ("default", str(config_file)) else above


def renew(session: Session) -> None:
    """Read the settings again and let go of what was made by the old ones; models and library stay open."""
    session.loaded = config.load()
    for made in ("practice", "coaching", "model"):
        session.__dict__.pop(made, None)


def _place(document: Any, name: str) -> tuple[Any, str]:
    """Where a setting stands: at the top, or as ``model`` in a table ``llm``, as the user wrote it."""
    first, _, rest = name.partition("_")
    inner = document.get(first)
    if rest and hasattr(inner, "keys") and rest in inner:
        return inner, rest
    return document, name
