"""What went wrong on the wire, in words for the person at the terminal, and what the caller may still try."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from coach.errors import BackendUnreachable, CoachError, ConfigError, Ungradable
from coach.llm.redaction import redacted
from coach.text.printable import printable

if TYPE_CHECKING:
    from datetime import datetime

    from coach.llm.access import Access

SHOWN = 300
"""Characters of a server's own words that are shown."""

_LENGTH = re.compile(
    r"(?i)context.{0,20}(length|size|window)|maximum context|too many tokens|prompt is too long|exceed.{0,30}context"
)
_FILTER = re.compile(r"(?i)content.?(filter|policy|management)|responsible.?ai|safety system")
_MODEL = re.compile(
    r"(?i)\bmodel\b.{0,80}(not|unknown|invalid|exist|found|available)|(invalid|unknown|no such).{0,20}\bmodel\b"
)

PARAMETERS = {
    "response_format": r"response.?format|json.?schema|json.?object|json mode|structured.?output|grammar|guided",
    "temperature": r"temperature",
    "max_completion_tokens": r"max_completion_tokens",
    "max_tokens": r"max_tokens",
    "system": r"system.{0,3} (role|message|prompt).{0,30}\bnot\b|not support.{0,20}system|\brole.{0,20}system.{0,20}\bnot\b",
}
"""What a server may refuse of a request -> how its error then names it. ``system`` is the role of a message."""


class Failure(Exception):
    """One request failed. ``error`` is what the user is told if nothing else helps."""

    def __init__(
        self,
        error: CoachError,
        *,
        status: int = 0,
        said: str = "",
        passing: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.status = status
        self.said = said
        """The server's words, redacted, whole."""
        self.passing = passing
        """Whether the same request may succeed a little later."""
        self.wait = wait
        """Seconds after which the server wants it, where it says so."""

    @property
    def refuses_request(self) -> bool:
        """Whether the server may have objected to a parameter, not to what the request says."""
        return self.status in (400, 422) and not _LENGTH.search(self.said) and not _FILTER.search(self.said)

    @property
    def stumbles(self) -> bool:
        """Whether the server reports a fault of its own, which some do for a parameter they don't know."""
        return self.status in (500, 501)


def of_status(access: Access, status: int, raw_text: str, headers: Mapping[str, str], now: datetime) -> Failure:
    """The failure for an answer with a status other than 200."""
    said = redacted(printable(raw_text), access.key)
    quoted = f" It says: “{_clipped(said)}”" if said else ""
    where = _where(access)
    wait = _wait(headers, now)
    if 300 <= status < 400:
        target = redacted(printable(headers.get("location", "somewhere else").split("?")[0]), access.key)[:120]
        error: CoachError = ConfigError(
            f"{where} sends its callers on to {target}; coach does not follow, so that no key or answer goes astray.",
            "Where that is right, set COACH_LLM_BASE_URL to it.",
        )
        return Failure(error, status=status, said=said)
    if status in (401, 403):
        error = ConfigError(
            f"{where} refuses the key.{quoted}" if access.key else f"{where} wants a key.{quoted}", _key_hint(access)
        )
    elif status == 404 or (status in (400, 422) and _MODEL.search(said) and not named_parameter(said)):
        error = ConfigError(
            f"{where} does not know the model {access.model!r}, or there is nothing at this address.{quoted}",
            "Check COACH_LLM_MODEL, and COACH_LLM_BASE_URL, which usually ends in /v1. `coach doctor --llm` lists the models.",
        )
    elif status == 429 and re.search(r"(?i)insufficient_quota|billing|credit", said):
        error = BackendUnreachable(f"The account at {access.host} has no credit left.{quoted}", "Look at the account.")
        return Failure(error, status=status, said=said)
    elif status == 429:
        error = BackendUnreachable(
            f"{where} takes no more requests for now.{quoted}", "Try again later, or use --jobs 1."
        )
        return Failure(error, status=status, said=said, passing=True, wait=wait)
    elif status in (408, 409, 425) or status >= 500:
        error = BackendUnreachable(f"{where} has a fault of its own (status {status}).{quoted}", "Try again later.")
        return Failure(error, status=status, said=said, passing=True, wait=wait)
    elif status == 402:
        error = ConfigError(f"{where} wants to be paid.{quoted}", "Look at the account.")
    elif status == 413 or _LENGTH.search(said):
        error = Ungradable(
            f"The prompt is longer than the model reads.{quoted}",
            "Set COACH_LLM_CONTEXT to the model's context in tokens.",
        )
    elif _FILTER.search(said):
        error = Ungradable(f"{where} declined to read this.{quoted}", "Grade it with --grader offline.")
    else:
        error = Ungradable(
            f"{where} refuses the request (status {status}).{quoted}", "Try another model, or --grader offline."
        )
    return Failure(error, status=status, said=said)


def of_connection(access: Access, kind: str, detail: str, seconds: float) -> Failure:
    """The failure for a connection that did not come about, or broke. ``kind`` is the name of httpx2's exception."""
    where = _where(access)
    detail = redacted(printable(detail), access.key)
    if kind.endswith("Timeout") and kind != "ConnectTimeout":
        return Failure(
            BackendUnreachable(
                f"{where} did not finish its reply within {seconds:g} seconds.",
                "Raise COACH_LLM_TIMEOUT, or use a faster model.",
            )
        )
    if "CERTIFICATE" in detail.upper():
        return Failure(
            BackendUnreachable(
                f"The certificate of {access.host} is not trusted.",
                "Check the address, or name your authority's file in SSL_CERT_FILE.",
            )
        )
    if kind in ("ConnectError", "ConnectTimeout", "ProxyError"):
        reason = "took too long to answer" if kind == "ConnectTimeout" else f"cannot be reached ({_clipped(detail)})"
        return Failure(
            BackendUnreachable(
                f"{where} {reason}.", access.provider.hint or "Check COACH_LLM_BASE_URL and the network."
            )
        )
    return Failure(
        BackendUnreachable(
            f"{where} broke the connection off in the middle.", "Try again; the server's log may say why."
        ),
        passing=True,
    )


def garbled(access: Access, what: str) -> Failure:
    """The failure for a reply that is none."""
    return Failure(
        BackendUnreachable(
            f"{_where(access)} answers with {what}, not in the form of Chat Completions.",
            "Check COACH_LLM_BASE_URL; it usually ends in /v1.",
        )
    )


def named_parameter(said: str, sent: Collection[str] = tuple(PARAMETERS)) -> str | None:
    """The parameter, of those that were sent, that an error is about, as far as its words tell."""
    return next((name for name, words in PARAMETERS.items() if name in sent and re.search(words, said, re.I)), None)


def _where(access: Access) -> str:
    name = "The model server" if access.provider.name == "custom" else access.provider.name
    return f"{name} at {access.host}"


def _key_hint(access: Access) -> str:
    if access.key:
        return f"The key comes from {access.key_source}; check that it belongs to this provider."
    return "Set COACH_LLM_API_KEY where COACH_LLM_BASE_URL is set."


def _clipped(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a server asks its callers to wait: a number, or a date."""
    millis = headers.get("retry-after-ms", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", millis):
        return float(millis) / 1000
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds()) if value else None
    except (ValueError, TypeError):  # no date, or one without a zone
        return None
