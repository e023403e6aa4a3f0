"""The requests of one call to a server that speaks Chat Completions; the one door of the openai library.

openai's own repetitions are switched off: it would wait beyond any deadline. So are its key and its variables in the
shell, see ``transport``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from coach.errors import ConfigError
from coach.llm import failures, replies
from coach.llm.access import Access
from coach.llm.deadline import Deadline, Gate
from coach.llm.failures import Failure
from coach.llm.redaction import redacted
from coach.llm.replies import Piece, Said, ThinkingFilter
from coach.llm.structured import FormatRefused
from coach.text.printable import printable

if TYPE_CHECKING:
    from openai import OpenAI

T = TypeVar("T")

PAUSE = 0.5
"""Seconds before the first repetition; twice as many before each further one."""

LENGTHS = ("max_completion_tokens", "max_tokens")
"""What servers call the limit of a reply."""

NOT_OFFERED = (400, 404, 405, 500, 501)
"""Answers of a server that has no list of models."""


class Exchange:
    """One call: requests are repeated and adapted as its deadline and the number of repetitions allow."""

    def __init__(
        self,
        access: Access,
        deadline: Deadline,
        gate: Gate,
        sleep: Callable[[float], None],
        before: Callable[[], None],
        refuses: Callable[[Sequence[str]], None],
    ) -> None:
        self._access = access
        self._deadline = deadline
        self._gate = gate
        self._sleep = sleep
        self._before = before
        self._refuses = refuses
        self._client = _client(access, deadline)
        self._repeats = 0
        self._stumbled = False
        self.replies: list[tuple[dict[str, Any], Said]] = []
        """Every request that was answered, with its answer."""

    def close(self) -> None:
        """Close the connections of the call."""
        self._client.close()

    def sent(self, body: dict[str, Any]) -> Said:
        """The reply to a request. Raises Failure, and FormatRefused where its form is not to the server's liking."""
        self._before()
        said = self._adapted(body, self._once)
        self.replies.append((body, said))
        return said

    def streamed(self, body: dict[str, Any]) -> Iterator[str | Said]:
        """The reply in pieces as they come, and at last how it ended. Raises Failure."""
        self._before()
        thinking, shown, finish, refusal, thought, done = ThinkingFilter(), False, "", "", False, False
        for piece in self._adapted(body | {"stream": True}, self._begun):
            finish, refusal = piece.finish or finish, refusal + piece.refusal
            thought, done = thought or piece.thought, done or piece.done
            text = thinking.passed(piece.text)
            if text:
                shown = shown or bool(text.strip())
                yield text
        if not (finish or done):
            raise failures.of_connection(self._access, "RemoteProtocolError", "", self._deadline.seconds)
        if rest := thinking.rest():
            shown = shown or bool(rest.strip())
            yield rest
        yield Said("…" if shown else "", finish, refusal, thought or thinking.thought)

    def listed(self) -> list[tuple[str, int | None]] | None:
        """The models that the server lists, with their context; None where it has no list. Raises Failure."""

        def once(body: dict[str, Any]) -> bytes:
            with self._explained(), self._client.models.with_streaming_response.list() as response:
                return response.read()

        try:
            found = replies.models(self._repeated({}, once))
            return [(redacted(printable(name), self._access.key), context) for name, context in found]
        except replies.Garbled:
            return None
        except Failure as failure:
            if failure.status in NOT_OFFERED:
                return None
            raise

    # --- one request --------------------------------------------------------------------------

    def _once(self, body: dict[str, Any]) -> Said:
        with self._explained(), self._client.chat.completions.with_streaming_response.create(**body) as response:
            return replies.said(response.read())

    def _begun(self, body: dict[str, Any]) -> Iterator[Piece]:
        """A stream whose first event is there: up to then it may be asked for again."""
        events = self._events(body)
        first = next(events, None)
        return chain([] if first is None else [first], events)

    def _events(self, body: dict[str, Any]) -> Iterator[Piece]:
        with self._explained(), self._client.chat.completions.with_streaming_response.create(**body) as response:
            yield from replies.pieces(response.iter_lines())

    # --- and what becomes of it ---------------------------------------------------------------

    def _adapted(self, body: dict[str, Any], once: Callable[[dict[str, Any]], T]) -> T:
        """Leave out, one by one, the parameters that the server refuses; keep in mind which, once it answers."""
        refused: list[str] = []
        while True:
            try:
                result = self._repeated(body, once)
            except Failure as failure:
                name = _refused(failure, body)
                if name is None:
                    raise
                if name == "response_format":
                    raise FormatRefused(failure) from None
                refused.append(name)
                body = _without(body, name, refused)
                continue
            if refused:
                self._refuses(refused)
            return result

    def _repeated(self, body: dict[str, Any], once: Callable[[dict[str, Any]], T]) -> T:
        while True:
            held = self._gate.wait  # another call was told to wait
            if 0 < held < self._deadline.left:
                self._sleep(held)
            try:
                return once(body)
            except Failure as failure:
                if failure.wait is not None:
                    self._gate.shut_for(failure.wait)
                wait = PAUSE * 2**self._repeats if failure.wait is None else failure.wait
                again = failure.passing and self._repeats < self._access.max_retries and wait < self._deadline.left
                if failure.stumbles and "response_format" in body and (self._stumbled or not again):
                    # Some servers report a form that they don't know as a fault of their own.
                    raise FormatRefused(failure) from None
                if not again:
                    raise
                self._stumbled = self._stumbled or failure.stumbles
                self._repeats += 1
                silent = failure.wait is None
            if silent:  # else the gate keeps us waiting
                self._sleep(wait)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Whatever the libraries raise, as a Failure."""
        import httpx2
        import openai

        failure: Failure
        try:
            yield
        except openai.APIStatusError as problem:
            text, headers = replies.error_text(problem.response.content), problem.response.headers
            failure = failures.of_status(self._access, problem.status_code, text, headers, datetime.now(UTC))
        except replies.ErrorInside as problem:
            failure = failures.of_status(self._access, problem.status, problem.text, {}, datetime.now(UTC))
        except replies.Garbled as problem:
            failure = failures.garbled(self._access, str(problem))
        except (openai.APIConnectionError, httpx2.HTTPError) as problem:
            cause = problem if isinstance(problem, httpx2.HTTPError) else problem.__cause__ or problem
            failure = failures.of_connection(self._access, type(cause).__name__, str(cause), self._deadline.seconds)
        except openai.OpenAIError as problem:
            failure = failures.garbled(self._access, f"something openai does not understand ({type(problem).__name__})")
        else:
            return
        raise failure from None


def load() -> None:
    """Load the library, which takes its time once."""
    import openai  # noqa: F401

    import coach.llm.transport  # noqa: F401


def _client(access: Access, deadline: Deadline) -> OpenAI:
    """A client of openai without a key: ``transport`` adds it. An empty one would make openai look for OPENAI_API_KEY."""
    import httpx2
    import openai

    from coach.llm.transport import GuardedTransport

    try:
        transport = GuardedTransport(access, deadline)
        return openai.OpenAI(
            api_key="added-by-the-transport",
            base_url=access.base_url,
            default_query=dict(access.query),
            max_retries=0,
            timeout=deadline.seconds,
            http_client=httpx2.Client(transport=transport, trust_env=False, follow_redirects=False),
        )
    except httpx2.InvalidURL:
        raise ConfigError("COACH_LLM_BASE_URL is not an address.", "It looks like http://localhost:11434/v1.") from None


def _refused(failure: Failure, body: dict[str, Any]) -> str | None:
    """The parameter to try without; the likeliest one where the server names none."""
    if not failure.refuses_request:
        return None
    roles = {row["role"] for row in body["messages"]}
    named = failures.named_parameter(failure.said, {*body, *roles})
    if named or failures.named_parameter(failure.said):
        return named
    return next((name for name in ("response_format", "temperature", *LENGTHS) if name in body), None)


def without_system(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The messages for a model that knows users only: what the system says stands before what the first of them says."""
    orders = [row["content"] for row in rows if row["role"] == "system"]
    others = [row for row in rows if row["role"] != "system"]
    if others and others[0]["role"] == "user":
        first = others.pop(0)
        orders.append(first["content"])
    return [{"role": "user", "content": "\n\n".join(orders)}, *others] if orders else others


def _without(body: dict[str, Any], name: str, refused: Sequence[str]) -> dict[str, Any]:
    """A body without a parameter; the limit of the reply is tried under its other name."""
    if name == "system":
        return body | {"messages": without_system(body["messages"])}
    left = {key: value for key, value in body.items() if key != name}
    if name in LENGTHS:
        other = next((key for key in LENGTHS if key not in refused), None)
        if other is not None:
            left[other] = body[name]
    return left
