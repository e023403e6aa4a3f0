"""The command line: parse, call the session, print."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from coach import __version__
from coach.cli.documents import decks, import_, index, search
from coach.cli.grade import grade
from coach.cli.health import completion, config, doctor, path
from coach.cli.questions import questions, rubric, show
from coach.errors import CoachError

_HELP = """Practise engineering interviews in the terminal.

Q names a question: its number (9), deck/number (principal-data-engineer/9) or id. Results go to standard
output, everything else to standard error.

\b
Exit codes: 0 graded, whatever the score; 1 below --min-score; 2 usage or unreadable input;
3 not found; 4 configuration or key; 5 model unreachable; 6 could not be graded;
7 store locked, corrupt or not writable; 70 a fault of ours; 130 interrupted."""


@click.group(help=_HELP, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the whole traceback of a fault.")
@click.version_option(__version__, prog_name="coach")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Hold the commands together; without one, show what there is."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (
    grade,
    questions,
    show,
    rubric,
    search,
    import_,
    index,
    decks,
    doctor,
    path,
    config,
    completion,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code. No traceback reaches a user unless ``--debug`` asks for it."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run([item for item in given if item != "--debug"], debug))


def _run(given: list[str], debug: bool) -> int:
    try:
        result = cli.main(args=given, prog_name="coach", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except BrokenPipeError:
        # The reader (head, a pager) has gone: what it wanted is written. Keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CoachError as problem:
        if debug:
            raise
        click.echo(f"coach: {problem.message}", err=True)
        if problem.hint:
            click.echo(f"       {problem.hint}", err=True)
        return problem.exit_code
    except Exception as problem:  # noqa: BLE001  the last boundary: a user gets a sentence and exit code 70
        if debug:
            raise
        click.echo(f"coach: a fault of ours: {type(problem).__name__}: {problem}", err=True)
        click.echo("       Run it again with --debug and report what it shows.", err=True)
        return 70
