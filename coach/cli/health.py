"""``coach doctor``, ``path``, ``config`` and ``completion``: is it well, where is it, how is it set."""

from __future__ import annotations

from dataclasses import fields

import click

from coach import config as settings_of
from coach import records
from coach.cli.options import json_option, session
from coach.cli.screen import paint, say, say_json, wrapped
from coach.config import Settings


@click.command()
@click.option(
    "--llm", "with_model", is_flag=True, help="Try the language model too; it is sent two short texts of coach's own."
)
@json_option
def doctor(with_model: bool, as_json: bool) -> int:
    """Check that everything works, and say what would leave this machine."""
    from coach.session.health import examine

    with session() as coach:
        checks = examine(coach, with_model)
    worst = next((check.exit_code for check in checks if not check.ok), 0)
    if as_json:
        rows = [{"name": check.name, "ok": check.ok, "detail": check.detail, "hint": check.hint} for check in checks]
        say_json(records.items(rows))
        return worst
    for check in checks:
        mark = paint("ok  ", fg="green") if check.ok else paint("FAIL", fg="red", bold=True)
        say(f"{mark} " + wrapped(f"{check.name}: {check.detail}", "", "     "))
        if check.hint and not check.ok:
            say(wrapped(check.hint, "     "))
    return worst


@click.command()
@json_option
def path(as_json: bool) -> None:
    """Show where things are."""
    with session() as coach:
        places = {
            "documents": coach.paths.builtin_corpus,
            "own_documents": coach.paths.corpora[0],
            "data": coach.paths.data,
            "config": coach.paths.config_file,
            "index": coach.paths.index,
            "models": coach.paths.models,
            "rubrics": coach.paths.rubric_overlay,
            "history": coach.practice.path,
        }
    if as_json:
        say_json({"schema_version": records.SCHEMA_VERSION} | {name: str(place) for name, place in places.items()})
        return
    for name, place in places.items():
        say(f"{name:<14} {place}")


@click.command()
@json_option
def config(as_json: bool) -> None:
    """Show every setting, its value and where that came from. Keys are shown only as set or unset."""
    with session() as coach:
        loaded = coach.loaded
    rows = []
    for item in fields(Settings):
        value = getattr(loaded.settings, item.name)
        rows.append(
            {
                "setting": item.name,
                "variable": settings_of.env_name(item.name),
                "value": settings_of.shown(item.name, value),
                "source": loaded.sources[item.name],
                "meaning": settings_of.doc(item.name),
            }
        )
    if as_json:
        say_json(records.items(rows))
        return
    for row in rows:
        say(paint(f"{row['variable']}", bold=True) + f" = {row['value']}   ({row['source']})")
        say(wrapped(str(row["meaning"]), "    "))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for a shell, to be sourced; it knows decks and questions."""
    from click.shell_completion import get_completion_class

    from coach.cli import cli

    kind = get_completion_class(shell)
    if kind is not None:
        say(kind(cli, {}, "coach", "_COACH_COMPLETE").source())
