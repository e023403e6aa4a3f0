"""The tree of failures: what each leaf says and how the command ends."""

from __future__ import annotations

import inspect

import pytest

from coach import errors
from coach.errors import CoachError

LEAVES = [item for _, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, CoachError)]

EXIT_CODES = {
    "CoachError": 70,
    "UsageError": 2,
    "UnreadableInput": 2,
    "NotFound": 3,
    "ConfigError": 4,
    "BackendUnreachable": 5,
    "Ungradable": 6,
    "StoreError": 7,
    "StoreLocked": 7,
    "StoreCorrupt": 7,
    "StoreUnwritable": 7,
}


def test_every_error_has_its_exit_code() -> None:
    assert {item.__name__: item.exit_code for item in LEAVES} == EXIT_CODES


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn = {
        name: int(code)
        for line in (errors.__doc__ or "").splitlines()
        if len(words := line.replace("|", " ").replace("`--", " ").replace("--", " ").split()) > 2
        for name, code in [words[:2]]
        if code.isdecimal()
    }
    assert drawn == EXIT_CODES


@pytest.mark.parametrize("leaf", LEAVES)
def test_an_error_says_what_happened_and_what_to_do(leaf: type[CoachError]) -> None:
    problem = leaf("It broke.", "Mend it.")
    assert (problem.message, problem.hint, str(problem)) == ("It broke.", "Mend it.", "It broke. Mend it.")
    assert str(leaf("It broke.")) == "It broke."
