"""The table of providers: where each one listens, which key is meant for it, and how it differs from the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from coach.errors import ConfigError

if TYPE_CHECKING:
    from coach.config import Paths
    from coach.llm.access import Access
    from coach.ports import ChatModel

ENTRY_POINTS = "coach.llm_providers"
"""The entry-point group in which a package offers a ``Provider`` under its name."""

SCHEMA, OBJECT, PROSE = "json_schema", "json_object", "prose"
RUNGS = (SCHEMA, OBJECT, PROSE)
"""The ladder of structured output, best first."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One row: a server that speaks Chat Completions, or a module that speaks something else."""

    name: str
    """What COACH_LLM_PROVIDER is set to."""
    base_url: str = ""
    """Where it listens unless told otherwise; empty: the user has to say it."""
    local: bool = False
    """Whether it usually runs on the user's own machine: no key needed, no price."""
    key_variables: tuple[str, ...] = ()
    """Customary variables of its key; read only for its own address, and only where the user chose it."""
    needs_key: bool = False
    """Whether it answers nobody without a key."""
    context: int = 8192
    """Tokens of prompt and reply together, where neither the user nor the server says."""
    default_model: str = ""
    """The model that is used where none is named; empty: the only one that the server offers."""
    key_header: str = "Authorization"
    """The header that carries the key."""
    rung: str = SCHEMA
    """The first rung of structured output that is worth a try."""
    length_name: str = "max_tokens"
    """What the limit of a reply is called."""
    hint: str = ""
    """What to do where nothing listens."""
    opens: str = "coach.llm.chat:opened"
    """``module:function`` that makes the model from (Access, Paths, notice)."""


PROVIDERS: dict[str, Provider] = {
    row.name: row
    for row in (
        Provider(
            "openai",
            "https://api.openai.com/v1",
            needs_key=True,
            context=128_000,
            default_model="gpt-4.1-mini",
            length_name="max_completion_tokens",
        ),
        Provider("ollama", "http://localhost:11434/v1", local=True, context=4096, hint="Start it: ollama serve."),
        Provider(
            "lmstudio", "http://localhost:1234/v1", local=True, context=4096, hint="Start its server: lms server start."
        ),
        Provider(
            "llamacpp",
            "http://localhost:8080/v1",
            local=True,
            context=4096,
            hint="Start it: llama-server -m MODEL.gguf.",
        ),
        Provider("vllm", "http://localhost:8000/v1", local=True, hint="Start it: vllm serve MODEL."),
        Provider(
            "openrouter",
            "https://openrouter.ai/api/v1",
            needs_key=True,
            context=32_768,
            key_variables=("OPENROUTER_API_KEY",),
        ),
        Provider(
            "groq",
            "https://api.groq.com/openai/v1",
            needs_key=True,
            context=32_768,
            key_variables=("GROQ_API_KEY",),
        ),
        Provider(
            "mistral",
            "https://api.mistral.ai/v1",
            needs_key=True,
            context=32_768,
            key_variables=("MISTRAL_API_KEY",),
        ),
        Provider(
            "deepseek",
            "https://api.deepseek.com/v1",
            needs_key=True,
            context=64_000,
            key_variables=("DEEPSEEK_API_KEY",),
            rung=OBJECT,
        ),
        Provider(
            "azure",
            needs_key=True,
            context=128_000,
            key_header="api-key",
            length_name="max_completion_tokens",
            hint="Its address looks like https://RESOURCE.openai.azure.com/openai/v1.",
        ),
        Provider("custom", hint="Check COACH_LLM_BASE_URL; it usually ends in /v1."),
    )
}
"""Name -> row."""


def find(name: str) -> Provider:
    """The row called ``name``, a third party's where the table has none. Raises ConfigError for an unknown one."""
    if name in PROVIDERS:
        return PROVIDERS[name]
    from importlib.metadata import entry_points

    offered = entry_points(group=ENTRY_POINTS)
    if name not in offered.names:
        known = ", ".join([*PROVIDERS, *sorted(offered.names)])
        raise ConfigError(f"No language model provider is called {name!r}.", f"COACH_LLM_PROVIDER is one of {known}.")
    try:
        row = offered[name].load()
    except Exception as problem:  # somebody else's code: whatever it raises, the user has to know whose it is
        raise ConfigError(
            f"The provider {name!r} cannot be loaded from {offered[name].value}: {type(problem).__name__}: {problem}.",
            "Update or remove the package that brings it.",
        ) from problem
    if not isinstance(row, Provider):
        raise ConfigError(
            f"The provider {name!r} ({offered[name].value}) is no coach.llm.providers.Provider.",
            "Update or remove the package that brings it.",
        )
    return row


def opener(provider: Provider) -> Callable[[Access, Paths, Callable[[str], None]], ChatModel]:
    """The function that makes a model of this provider; its module is loaded now. Raises ConfigError."""
    module, _, function = provider.opens.partition(":")
    try:
        opened: Callable[[Access, Paths, Callable[[str], None]], ChatModel] = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as problem:
        raise ConfigError(
            f"The provider {provider.name!r} names {provider.opens}, which is not there: {problem}.",
            "Update or remove the package that brings it.",
        ) from problem
    return opened
