"""Every key of the app, by id. ``[keys]`` in ``config.toml`` gives an action other keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One action and the keys that start it."""

    keys: str
    """Names as Textual writes them, commas between."""
    action: str
    """The screen's or the app's action."""
    label: str
    """In the footer and in the help, a word or two."""
    help: str = ""
    """One line for the help, where the label does not say it all."""
    shown: bool = True
    """Whether the footer shows it."""
    first: bool = False
    """Whether it counts before the focused widget's own keys. Where keys may be typed ahead into the screen that the
    action opens, it must: only then no later key is dealt out before the action ran."""


# Enter that was pressed before the app had the terminal to itself arrives as Ctrl+J.
KEYS: dict[str, Key] = {
    "app.help": Key("f1", "app.keys", "Help", "Every key of this screen", first=True, shown=False),
    "app.palette": Key("ctrl+p", "app.command_palette", "Palette", "Every action by name", first=True, shown=False),
    "app.quit": Key("ctrl+q", "app.quit", "Quit", "Leave; what you typed is kept", first=True, shown=False),
    "app.home": Key("f10", "app.home", "Home", "The first screen", first=True, shown=False),
    "screen.back": Key("escape", "back", "Back", "To where you came from; what you typed is kept"),
    "screen.keys": Key("question_mark", "app.keys", "Help", shown=False),
    # Home
    "home.due": Key("d", "start('due')", "Due", "Answer what is due", shown=False, first=True),
    "home.weak": Key("w", "start('weak')", "Weak", "Answer where you are weakest", shown=False, first=True),
    "home.new": Key("n", "start('new')", "New", "Answer what you never answered", shown=False, first=True),
    "home.topic": Key("t", "start('topic')", "Topic", "Choose a deck or section", shown=False, first=True),
    "home.mock": Key("m", "start('mock')", "Mock", "A mock interview against the clock", shown=False, first=True),
    "home.one": Key("o", "start('one')", "One", "Choose one question", shown=False, first=True),
    "home.ask": Key("a", "start('ask')", "Ask", "Ask the coach anything", shown=False, first=True),
    "home.grade": Key("g", "grade", "Grade", "Grade the answer that waits for it", shown=False, first=True),
    "home.resume": Key("c", "resume", "Continue", "Go on with your draft", shown=False, first=True),
    "home.open": Key("enter,ctrl+j", "open", "Open", shown=False, first=True),
    "home.library": Key("l", "app.show('library')", "Library", "Decks and questions; import documents", first=True),
    "home.progress": Key("p", "app.show('progress')", "Progress", "Charts, calibration and history", first=True),
    "home.settings": Key("s", "app.show('settings')", "Settings", "Grader, model, interview date, theme", first=True),
    "home.quit": Key("q", "app.quit", "Quit", first=True),
    # Practice: the answer is being written
    "practice.submit": Key("ctrl+s,ctrl+enter", "submit", "Submit", "Hand the answer in", first=True),
    "practice.editor": Key("f4", "editor", "Editor", "Write in $VISUAL or $EDITOR", first=True),
    "practice.hint": Key("f5", "hint", "Hint", "A hint, three steps; it counts", first=True),
    "practice.reference": Key("f3", "reference", "Reference", "The reference answer; it counts", first=True),
    "practice.skip": Key("f8", "skip", "Skip", "The next question; your draft is kept", first=True),
    # Verdict
    "verdict.next": Key("n", "next", "Next", "The next question", first=True),
    "verdict.retry": Key("r", "retry", "Retry", "Answer again, with your own words in the box", first=True),
    "verdict.follow": Key("f", "follow", "Follow-up", "Answer the coach's follow-up question", first=True),
    "verdict.reference": Key("e,f3", "reference", "Reference", "The whole reference answer", first=True),
    "verdict.ask": Key(
        "a", "ask", "Ask", "Ask the coach about this question; most letters begin it, too", shown=False, first=True
    ),
    "verdict.explain": Key("x", "explain", "Explain", "Have the chosen point explained", first=True),
    "verdict.override": Key("o", "override", "Override", "Set down your own opinion of the score", first=True),
    "verdict.again": Key("g", "again", "Grade again", "Grade it once more", first=True),
    "verdict.offline": Key("b", "offline", "Grade offline", "Grade it with no model", first=True),
    "verdict.command": Key("slash", "command", "Command", "Type a command", shown=False, first=True),
    # Talk
    "talk.send": Key("ctrl+s,ctrl+enter", "send", "Send", "Send what you wrote", first=True),
    # Mock
    "mock.submit": Key("ctrl+s,ctrl+enter", "submit", "Hand in", "Hand in and go on", first=True),
    "mock.editor": Key("f4", "editor", "Editor", "Write in $VISUAL or $EDITOR", first=True),
    "mock.end": Key("f9", "end", "End", "End the interview and see the report", first=True),
    # Library
    "library.search": Key("slash", "search", "Search", "Find questions by words and meaning"),
    "library.start": Key("enter,ctrl+j", "start", "Start", "Answer the chosen question", shown=False),
    "library.import": Key("f7", "import", "Import", "Bring in a document", first=True),
    "library.rubric": Key("f4", "rubric", "Rubric", "Edit what the question is graded by", first=True),
    "library.reference": Key("f3", "reference", "Reference", "The whole reference answer", first=True),
    # Progress
    "progress.export": Key("x", "export", "Export", "Write the history to a file"),
    "progress.regrade": Key("g", "regrade", "Regrade", "Grade the chosen attempt again"),
    "progress.time": Key("1", "view(1)", "Over time", "Scores week by week, readiness", shown=False),
    "progress.sections": Key("2", "view(2)", "Sections", "Scores and coverage", shown=False),
    "progress.points": Key("3", "view(3)", "Points", "What goes missing", shown=False),
    "progress.calibration": Key("4", "view(4)", "Calibration", "Guesses against grades", shown=False),
    "progress.history": Key("5", "view(5)", "History", "Every attempt; Enter opens one", shown=False),
    # Settings
    "choice.next": Key("right,space,enter,ctrl+j", "step(1)", "Next value", shown=False),
    "choice.previous": Key("left", "step(-1)", "Value before", shown=False),
    "settings.test": Key("f5", "test", "Test", "Connect to the model and say what was found", first=True),
}
"""Ids are ``screen.action``; the id is what ``[keys]`` names."""


def bindings(*prefixes: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Textual's bindings for every id that starts with one of ``prefixes``, in their order."""
    return [
        Binding(key.keys, key.action, key.label, show=key.shown, priority=key.first, id=name, tooltip=key.help)
        for prefix in prefixes
        for name, key in KEYS.items()
        if name.startswith(prefix)
    ]


def checked(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The user's keys that can be used, and a line for each that cannot."""
    good: dict[str, str] = {}
    problems: list[str] = []
    for name, keys in wanted.items():
        if name not in KEYS:
            problems.append(f"[keys]: no action is called {name!r}; passed over.")
        elif not keys.replace(",", "").strip():
            problems.append(f"[keys]: {name} names no key; passed over.")
        else:
            good[name] = keys
    return good, problems


def shown(name: str, own: Mapping[str, str]) -> str:
    """The first key of an action as a person reads it: ``^s``, ``F4``, ``Esc``."""
    first = (own.get(name) or KEYS[name].keys).split(",")[0].strip()
    if first.startswith("ctrl+"):
        return "^" + first.removeprefix("ctrl+")
    named = {"escape": "Esc", "slash": "/", "question_mark": "?", "enter": "Enter", "tab": "Tab"}
    return named.get(first) or (first.upper() if first[:1] == "f" and first[1:].isdigit() else first)
