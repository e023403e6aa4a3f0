"""What several commands share: opening the session, naming a question, shell completion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from coach.cli.screen import notice, progress_shown

if TYPE_CHECKING:
    from coach.session import Session

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

grader_option = click.option(
    "--grader",
    type=click.Choice(["auto", "offline", "llm"]),
    default="auto",
    show_default=True,
    help="auto: the language model where one is set, else offline.",
)


@contextmanager
def session(**flags: Any) -> Iterator[Session]:
    """A session that reports to this terminal."""
    from coach.wiring import open_session

    with progress_shown() as progress:
        yield open_session(flags, progress, notice)


def complete_question(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Numbers and qualified numbers of questions."""
    from coach.wiring import open_session

    found = []
    for question in open_session().library.questions:
        for name in (str(question.number), f"{question.deck}/{question.printed or question.place}"):
            if incomplete and name.startswith(incomplete):
                found.append(CompletionItem(name, help=question.text[:60]))
    return found[:100]


def complete_deck(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Slugs of decks."""
    from coach.wiring import open_session

    return [
        CompletionItem(deck.slug, help=deck.title)
        for deck in open_session().library.decks
        if deck.slug.startswith(incomplete)
    ]


def question_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument Q."""
    return click.argument("q", metavar="Q", shell_complete=complete_question)(command)
