"""Language models behind any OpenAI-compatible server, and the fake that stands in for one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.config import Loaded, Paths
    from coach.llm.connection import Connection
    from coach.ports import ChatModel


def open_model(
    loaded: Loaded,
    paths: Paths,
    notice: Callable[[str], None] = lambda message: None,
    environ: Mapping[str, str] | None = None,
) -> ChatModel:
    """The language model that the settings name; without any, OpenAI with OPENAI_API_KEY. Connects to nothing yet.

    ``notice`` takes what the user should know when the model is used for the first time: what leaves the machine.
    Raises ConfigError where provider, address, model or key cannot be used.
    """
    from coach.llm import access, providers

    found = access.resolve(loaded, os.environ if environ is None else environ)
    return providers.opener(found.provider)(found, paths, notice)


def check(model: ChatModel) -> Connection:
    """Try a model: is it there, which structured output works, how fast is it? Sends a few words of its own.

    Raises what ``ChatModel`` raises.
    """
    from coach.llm import connection

    return connection.check(model)
