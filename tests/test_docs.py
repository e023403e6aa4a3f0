"""The generated documents are those that the code gives, and the commands explain themselves."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

from coach.cli import cli

ROOT = Path(__file__).parent.parent


def _make_cli() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cli", ROOT / "docs" / "make_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_cli = _make_cli()
COMMANDS: list[tuple[tuple[str, ...], click.Command]] = [(("coach",), cli), *make_cli.commands(cli, ("coach",))]


def test_the_page_of_commands_is_up_to_date() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == make_cli.cli_page(), "run `make docs`"


def test_the_example_of_settings_is_up_to_date() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == make_cli.env_page(), "run `make docs`"


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
def test_every_command_and_option_is_explained(words: tuple[str, ...], command: click.Command) -> None:
    assert (command.help or "").strip(), f"{' '.join(words)} has no help text"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert (parameter.help or "").strip().endswith("."), f"{' '.join(words)} {parameter.opts} has no help text"


def test_every_reading_command_has_json() -> None:
    reading = {
        "questions", "show", "rubric", "search", "decks", "doctor", "path", "config", "grade", "import", "index",
        "due", "history", "regrade", "stats", "mock",
    }  # fmt: skip
    found = {words[-1] for words, command in COMMANDS if any("--json" in option.opts for option in command.params)}
    assert found == reading


@pytest.mark.parametrize(
    "page", ["README.md", "CHANGELOG.md", "docs/architecture.md", "docs/practice.md", "corpus/README.md"]
)
def test_links_between_documents_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{page} links to {target}"


def test_the_readme_names_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    named = {found for block in blocks for found in re.findall(r"^(?:\$ )?coach ([a-z]+)", block, re.M)}
    assert named
    assert named <= {words[-1] for words, _ in COMMANDS}
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert {found for block in blocks for found in re.findall(r"^make ([a-z]+)", block, re.M)} <= set(targets)


def test_no_page_names_a_folder_of_somebodys_machine() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "Makefile", ROOT / "constraints.txt"]:
        assert not re.search(r"/(?:home|Users|root|work)/", path.read_text(encoding="utf-8")), path.name
