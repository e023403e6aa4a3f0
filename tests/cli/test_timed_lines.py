from __future__ import annotations

import io
import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.cli.timed_lines import TimedLines, asked_share, asked_yes, share_of


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> TimedLines:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return TimedLines()


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other end of a terminal: what is written there is typed."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals to type into")
    keys, terminal = pty.openpty()
    with os.fdopen(terminal, "r", encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield keys
    os.close(keys)


def test_a_pipe_gives_its_lines_and_then_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = piped(monkeypatch, "one\r\ntwo\nthree")
    assert not lines.interactive
    assert [lines.next(0.0), lines.next(), lines.next()] == ["one", "two", "three"]
    with pytest.raises(EOFError):
        lines.next()
    lines.put_back("again")
    assert lines.next() == "again"
    assert lines.unfinished() == ""


def test_a_terminal_gives_lines_and_time_ends_a_wait(keyboard: int) -> None:
    lines = TimedLines()
    assert lines.interactive
    assert lines.next(0.01) is None
    os.write(keyboard, "ein Wört\n".encode())
    assert lines.next(5) == "ein Wört"
    os.write(keyboard, b"dr")
    assert lines.next(0.05) is None
    assert lines.unfinished() == "dr"
    os.write(keyboard, b"next\n")
    assert lines.next(5) == "next"


def test_the_end_key_ends_the_input_and_one_may_go_on(keyboard: int) -> None:
    lines = TimedLines()
    os.write(keyboard, b"\x04")
    with pytest.raises(EOFError):
        lines.next(5)
    os.write(keyboard, b"on\n")
    assert lines.next(5) == "on"


SCRIPT = """
import sys
from coach.cli import timed_lines
timed_lines.EACH = 0.05
lines = timed_lines.TimedLines()
seen = []
assert lines.next(30, lambda text: (seen.append(text), print("seen", flush=True))) == "abc def"
assert seen[-1] == "abc", seen
print("ready", flush=True)
whole = ""
while len(whole) < 3000:
    assert lines.next(0.3, seen.append) is None
    whole += lines.unfinished()
assert whole == "x" * 3000, whole
print("done", flush=True)
"""


def test_with_editing_keys_a_line_is_seen_while_it_is_typed_and_may_be_long() -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals to type into")
    child, keys = pty.fork()
    if child == 0:
        os.chdir(Path(__file__).parent.parent.parent)
        os.execv(sys.executable, [sys.executable, "-c", SCRIPT])
    said = b""

    def until(word: bytes) -> None:
        nonlocal said
        while word not in said:
            assert select.select([keys], [], [], 120)[0], said
            said += os.read(keys, 65536)

    try:
        os.write(keys, b"abc")
        until(b"seen")
        os.write(keys, b" deX\x7ff\n")
        until(b"ready")
        os.write(keys, b"x" * 3000)
        until(b"done")
    except OSError:
        pytest.fail(said.decode(errors="replace")[-2000:])
    finally:
        os.close(keys)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0", 0.0),
        ("80", 0.8),
        (" 75 % ", 0.75),
        ("100", 1.0),
        ("101", None),
        ("-5", None),
        ("x", None),
        ("", None),
        ("1e1", None),
    ],
)
def test_shares(text: str, share: float | None) -> None:
    assert share_of(text) == share


def test_through_a_pipe_what_is_no_number_belongs_to_the_next_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    lines = piped(monkeypatch, "80\nMy answer begins.\n\n")
    assert asked_share(lines, said.append, "?") == 0.8
    assert asked_share(lines, said.append, "?") is None
    assert lines.next() == "My answer begins."
    assert asked_share(lines, said.append, "?") is None
    assert asked_share(lines, said.append, "?") is None
    assert said == []


def test_a_terminal_is_asked_until_it_is_a_number(keyboard: int) -> None:
    said: list[str] = []
    os.write(keyboard, b"many\n70\n\nno\n")
    lines = TimedLines()
    assert asked_share(lines, said.append, "How good?") == 0.7
    assert said == ["How good?", "A number from 0 to 100, or Enter."]
    assert asked_yes(lines, said.append, "More?")
    assert not asked_yes(lines, said.append, "More?")
    assert said[-1] == "More? [Y/n]"


@pytest.mark.parametrize(("text", "yes"), [("y\n", True), ("\n", True), ("Yes\n", True), ("n\n", False), ("", False)])
def test_yes_and_no(monkeypatch: pytest.MonkeyPatch, text: str, yes: bool) -> None:
    assert asked_yes(piped(monkeypatch, text), lambda text: None, "?") is yes
