"""Writes docs/cli.md from the help texts of the commands and .env.example from the settings.

python docs/make_cli.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach import config
from coach.cli import cli

WIDTH = 100
"""Columns of the help texts."""

CLI_HEAD = """# The commands of coach

Generated from `coach COMMAND --help` by `make docs`; a test holds the two together.
"""

ENV_HEAD = """\
# Every setting of coach with its default. Copy this file to .env, here or in your COACH_HOME, and take the # off the
# lines that you change. Flags win over the environment, that over .env, that over config.toml.
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command under ``group`` with the words that call it, in alphabetical order."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def help_of(words: tuple[str, ...], command: click.Command) -> str:
    """What ``--help`` prints, at a fixed width."""
    context = click.Context(
        command,
        info_name=" ".join(words),
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def cli_page() -> str:
    """The text of docs/cli.md."""
    pages = [(("coach",), cli), *commands(cli, ("coach",))]
    parts = [f"## `{' '.join(words)}`\n\n```\n{help_of(words, command)}\n```\n" for words, command in pages]
    return "\n".join([CLI_HEAD, *parts])


def env_page() -> str:
    """The text of .env.example."""
    lines = [ENV_HEAD]
    for item in fields(config.Settings):
        default = {True: "1", False: "0"}.get(item.default, item.default) if item.type == "bool" else item.default
        lines.append(f"# {config.doc(item.name)}\n#{config.env_name(item.name)}={default}\n")
    return "\n".join(lines)


def main() -> None:
    """Write both files."""
    (ROOT / "docs" / "cli.md").write_text(cli_page(), encoding="utf-8")
    (ROOT / ".env.example").write_text(env_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
