"""Which model is used, where it listens, and which key may be sent there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlsplit

from coach.errors import ConfigError
from coach.llm.providers import PROVIDERS, Provider, find

if TYPE_CHECKING:
    from coach.config import Loaded

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Access:
    """A model, its address and its key. The key is kept out of ``repr``."""

    provider: Provider
    base_url: str
    """Without user, password, query and closing slash."""
    model: str
    """Empty: the only one that the server offers."""
    key: str = field(default="", repr=False)
    """Empty: none is sent."""
    key_source: str = ""
    """Where the key stands, for the user to see: ``environment``, a file, the name of a variable."""
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What the address carried after its question mark."""
    timeout: float = 120.0
    """Seconds for one whole call."""
    max_retries: int = 2
    context: int = 0
    """Tokens; 0: as known."""
    offline: bool = False
    """Connect to nothing but this machine."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: where the key may go."""
        return origin_of(urlsplit(self.base_url))

    @property
    def host(self) -> str:
        """The host as a person reads it."""
        return urlsplit(self.base_url).netloc

    @property
    def stays(self) -> bool:
        """Whether the address is this machine itself by its very name."""
        return is_loopback(self.origin[1])

    @property
    def unencrypted(self) -> bool:
        """Whether what is sent can be read on its way."""
        return self.origin[0] == "http" and not self.stays


def resolve(loaded: Loaded, environ: Mapping[str, str]) -> Access:
    """Choose provider, address, model and key. ``environ`` holds the customary key variables of providers.

    Raises ConfigError where something is missing or cannot be used.
    """
    settings = loaded.settings
    if settings.llm_timeout < 1:
        raise ConfigError("COACH_LLM_TIMEOUT is 0: no call can be made in no time.", "The default is 120 seconds.")
    provider = _provider(settings.llm_provider, settings.llm_base_url)
    url, key, source = settings.llm_base_url or provider.base_url, settings.llm_api_key, loaded.sources["llm_api_key"]
    if provider.name == "openai" and not settings.llm_base_url and not key:
        url = settings.openai_base_url or url
        key, source = settings.openai_api_key, f"OPENAI_API_KEY from {loaded.sources['openai_api_key']}"
    if not url:
        raise ConfigError(
            f"The provider {provider.name} has no address of its own.", f"Set COACH_LLM_BASE_URL. {provider.hint}"
        )
    parts = _address(url, "COACH_LLM_BASE_URL" if settings.llm_base_url else "OPENAI_BASE_URL")
    own = bool(provider.base_url) and origin_of(parts) == origin_of(urlsplit(provider.base_url))
    if not key and own:
        key, source = _customary(loaded, provider, environ)
    if not key and provider.needs_key and (own or provider.name == "azure"):
        names = " or ".join(("COACH_LLM_API_KEY", *_names_of_keys(provider)))
        raise ConfigError(
            f"There is no key for {provider.name}.", f"Set {names}, or use --grader offline, which needs none."
        )
    model = settings.llm_model or provider.default_model
    if not model and provider.needs_key:
        raise ConfigError(f"No model of {provider.name} is named.", "Set COACH_LLM_MODEL.")
    return Access(
        provider,
        parts._replace(query="", fragment="").geturl().rstrip("/"),
        model,
        _usable(key, source),
        source if key else "",
        tuple(parse_qsl(parts.query, keep_blank_values=True)),
        float(settings.llm_timeout),
        settings.llm_max_retries,
        settings.llm_context,
        settings.offline,
    )


def origin_of(parts: SplitResult) -> tuple[str, str, int]:
    """Scheme, host and port of an address."""
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or number."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _provider(name: str, base_url: str) -> Provider:
    """The provider that is named, else the one whose own address this is, else ``custom``, else OpenAI."""
    if name:
        return find(name.lower())
    if not base_url:
        return PROVIDERS["openai"]
    origin = origin_of(_address(base_url, "COACH_LLM_BASE_URL"))
    known = (row for row in PROVIDERS.values() if row.base_url and origin_of(urlsplit(row.base_url)) == origin)
    return next(known, PROVIDERS["custom"])


def _customary(loaded: Loaded, provider: Provider, environ: Mapping[str, str]) -> tuple[str, str]:
    """A key that the user keeps for this provider; only for the provider's own address."""
    settings = loaded.settings
    if provider.name == "openai" and settings.openai_api_key and not settings.openai_base_url:
        return settings.openai_api_key, f"OPENAI_API_KEY from {loaded.sources['openai_api_key']}"
    for name in provider.key_variables:
        if environ.get(name, "").strip():
            return environ[name].strip(), f"{name} from environment"
    return "", ""


def _names_of_keys(provider: Provider) -> tuple[str, ...]:
    return ("OPENAI_API_KEY",) if provider.name == "openai" else provider.key_variables


def _address(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")
    except ValueError:  # a port that is no number, brackets left open, a label that is too long
        usable = False
    if not usable or re.search(r"[\s\x00-\x20\x7f\\]", url):
        raise ConfigError(f"{name} is not an address.", "It looks like http://localhost:11434/v1.")
    if "@" in parts.netloc:
        raise ConfigError(
            f"{name} carries a user or password.", "Take it out, and put the key into COACH_LLM_API_KEY beside it."
        )
    return parts


def _usable(key: str, source: str) -> str:
    key = key.strip()
    if not re.fullmatch(r"[\x21-\x7e]*", key):
        raise ConfigError(
            f"The key for the language model ({source}) has characters that no key has.", "Copy it once more."
        )
    return key
