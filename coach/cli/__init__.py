"""The command line: parse, call the session, print."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType

import click

from coach import __version__
from coach.errors import CoachError

_COMMANDS = {
    "ask": ("coaching", "Ask the coach; it answers from the documents."),
    "completion": ("health", "Print the completion script for a shell."),
    "crisper": ("coaching", "Say your own answer in fewer words."),
    "config": ("health", "Show every setting, its value and where that came from."),
    "decks": ("documents", "List the decks."),
    "doctor": ("health", "Check that everything works."),
    "drill": ("practice", "Answer questions line by line."),
    "due": ("practice", "Show what is due."),
    "explain": ("coaching", "Explain one key point of a question."),
    "export": ("export", "Write your practice to a file."),
    "follow-up": ("coaching", "Answer a follow-up, graded by one key point alone."),
    "grade": ("grade", "Grade an answer, or a file of answers."),
    "hint": ("coaching", "Get a hint, in three steps."),
    "history": ("history", "List your attempts, or show one."),
    "import": ("documents", "Bring documents into the corpus and the index."),
    "index": ("documents", "Bring the store in step with the documents."),
    "mock": ("mock", "Hold a mock interview."),
    "outline": ("coaching", "See how a question could be answered."),
    "override": ("history", "Put your own score beside a grade."),
    "path": ("health", "Show where things are."),
    "questions": ("questions", "List the questions."),
    "regrade": ("history", "Grade old answers anew."),
    "remove": ("documents", "Take a deck out."),
    "rubric": ("rubrics", "Show or edit what a question is graded by."),
    "search": ("documents", "Find passages by words and by meaning."),
    "serve": ("app", "Show the app in a browser on this machine."),
    "show": ("questions", "Show one question."),
    "stats": ("stats", "Show progress, self-knowledge and readiness."),
    "undo": ("history", "Take back what was done last."),
    "wipe": ("history", "Forget the whole history."),
}
"""Command -> (module of this package, its line in the help). A module is imported when its command is called."""

_NO_ROOM = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}
"""A full or read-only disk, wherever it shows."""

_HELP = """Practise engineering interviews in the terminal. Without a command, coach opens its app.

Q names a question: its number (9), deck/number (principal-data-engineer/9) or id. Results go to standard
output, everything else to standard error.

\b
Exit codes: 0 graded, whatever the score; 1 below --min-score; 2 usage or unreadable input;
3 not found; 4 configuration or key; 5 model unreachable; 6 could not be graded;
7 store locked, corrupt or not writable; 70 a fault of ours; 130 interrupted."""


class _Commands(click.Group):
    """Finds a command in its module when it is called for, so that --help and each command load no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"coach.cli.{_COMMANDS[cmd_name][0]}")
        found = (item for item in vars(module).values() if isinstance(item, click.Command))
        return next(command for command in found if command.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(
    cls=_Commands,
    help=_HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--debug", is_flag=True, help="Show the whole traceback of a fault.")
@click.version_option(__version__, prog_name="coach")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Hold the commands together; without one, open the app, or off a terminal show what there is."""
    if context.invoked_subcommand is None:
        if _on_a_screen():
            from coach.cli.app import open_app

            open_app()
        else:
            click.echo(context.get_help())


def _on_a_screen() -> bool:
    """Whether somebody sits at a terminal that can show the app."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code. No traceback reaches a user unless ``--debug`` asks for it."""
    # A start makes many objects and no garbage: looking for some takes a twentieth of `coach questions`.
    gc.set_threshold(50_000, 20, 20)
    # onnxruntime reports its users to its maker unless told not to before it is loaded; nothing leaves this machine here.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    if (
        signal.getsignal(signal.SIGINT) is signal.default_int_handler
        and threading.current_thread() is threading.main_thread()
    ):
        signal.signal(signal.SIGINT, _noticed)
        sys.unraisablehook = _unraised
    _interrupts.clear()
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
        return _interrupted()
    except (BrokenPipeError, SystemExit):
        # The reader (head, a pager) has gone: what it wanted is written. Where click notices it first, it exits.
        # Keep the interpreter from complaining at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CoachError as problem:
        if debug:
            raise
        return _interrupted() if _interrupts else _explained(problem)
    except Exception as problem:  # the last boundary: a user gets a sentence and exit code 70
        if debug:
            raise
        if _interrupts:
            return _interrupted()
        if isinstance(problem, OSError) and problem.errno in _NO_ROOM:
            from coach.storage import unwritable

            return _explained(unwritable(Path(problem.filename or "the disk"), problem))
        click.echo(f"coach: a fault of ours: {type(problem).__name__}: {problem}", err=True)
        click.echo("       Run it again with --debug and report what it shows.", err=True)
        return 70


def _interrupted() -> int:
    click.echo("Interrupted.", err=True)
    return 130


_interrupts: list[int] = []
"""Every Ctrl-C so far: a library that was stopped half-way may fail on its way out, with an error of its own."""


def _noticed(number: int, frame: FrameType | None) -> None:
    _interrupts.append(number)
    signal.default_int_handler(number, frame)


def _unraised(lost: sys.UnraisableHookArgs) -> None:
    """A Ctrl-C that hit a library's callback or finaliser, where nothing can be raised, comes again a moment later."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        threading.Timer(0.02, signal.raise_signal, (signal.SIGINT,)).start()
    else:
        sys.__unraisablehook__(lost)


def _explained(problem: CoachError) -> int:
    """Say what happened and what to do; the exit code."""
    from coach.text.printable import printable

    click.echo(f"coach: {printable(problem.message)}", err=True)
    if problem.hint:
        click.echo(f"       {printable(problem.hint)}", err=True)
    return problem.exit_code
