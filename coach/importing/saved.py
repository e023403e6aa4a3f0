"""A side file as ``coach import --save-layout`` writes it: what was recognised, ready to be corrected."""

from __future__ import annotations

import json

from coach.domain import Document
from coach.importing.patterns.families import FAMILIES

_HEAD = """# How coach reads {source}. Correct what is wrong and import the document again.
# Delete this file to have coach decide anew.

"""
_PATTERN = """
[pattern]
# What marks a question; take the # off and change it. Known: {known}.
# questions = [{questions}]
# Heading levels (1 for #, 2 for ## ...) that are sections.
# sections = [{sections}]

# Single questions. Take the # off an entry and change it; text and line say which question is meant.
#   question = false   it is no question; true adds a line that was missed, by its text
#   wording = "..."    how it should read
#   section = "..."    where it belongs
#   kind = "..."       concept, design, coding, behavioural or practice
#   answer = false     what stands behind it is no answer
"""


def text_of(document: Document) -> str:
    """The side file of a document, as TOML."""
    rows = [
        _HEAD.format(source=document.source),
        f"title = {_quoted(document.title)}\n",
        f"deck = {_quoted(document.deck)}\n",
        _PATTERN.format(
            known=", ".join(family.name for family in FAMILIES),
            questions=", ".join(_quoted(name) for name in document.pattern),
            sections=", ".join(str(level) for level in document.levels),
        ),
    ]
    doubtful = [question for question in document.questions if question.doubt]
    sure = [question for question in document.questions if not question.doubt]
    for question in [*doubtful, *sure]:
        doubt = f"  # {question.doubt}" if question.doubt else ""
        rows.append(
            f"\n# [[question]]{doubt}\n# text = {_quoted(question.text)}\n# line = {question.line}\n"
            + (f"# section = {_quoted(question.section)}\n" if question.section else "")
            + "# question = true\n"
        )
    return "".join(rows)


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
