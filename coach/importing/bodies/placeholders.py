"""Words around an answer that are none: that it is still to come (``To be completed``), where it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from coach.domain import ParsedQuestion
from coach.importing.wording.labels import SOURCE
from coach.text.cleaning import one_line

_PLACEHOLDER = re.compile(
    r"(?:tbd|tba|t\.b\.d|to[ -]?do|fix ?me|wip|n/?a|none|nil|pending|work in progress|in progress|coming soon|(?:more )?to come|soon|missing"
    r"|unanswered|under construction|placeholder"
    r"|(?:(?:the |an? )?answers? )?(?:is |will be |to be |not yet |is not yet |has not been |hasn't been |needs to be |must be )"
    r"(?:completed|added|done|written|answered|determined|defined|announced|filled(?: in| out)?|provided|updated|available)(?: (?:soon|later|yet))?"
    r"|(?:(?:your|no|add|insert|write|put|enter|provide|needs?|need|awaiting|todo:?|tbd:?) )?(?:(?:an?|the|your|my) )?answers?"
    r"(?: (?:here|yet|pending|goes here|go here|to come|to be added|needed|wanted|coming soon|is coming soon|missing|(?:not )?(?:yet )?(?:provided|available)))?"
    r"|(?:(?:explore|see|read|view|check|find|get|show|click)(?: (?:here|out|for|to|on))*) (?:all )?(?:the )?(?:\d+ )?(?:full |complete |correct )?answers?"
    r"(?: (?:on|at|here|in|to|for)\b.{0,200})?"
    r"|(?:todo|tbd|wip|fixme)\b\s?[:\-–—].{0,80}|)\W*",
    re.IGNORECASE,
)
LINK = re.compile(r"[-*+\s]{0,9}(?:\[[^\[\]]*\]\(\S*\)|<?https?://\S+)[\s.]*$")
"""A row that is nothing but a link."""
_LINKS = re.compile(
    r"(?:[\s>*+•#,;|/&()–—-]|\band\b|\d{1,2}[.)]|!{0}\[[^\[\]\n]{0,200}\]\([^()\s]{0,500}(?:\([^()\s]{0,80}\))?[^()\s]{0,200}\)|<?https?://[^\s<>]{1,500}>?)+"
)
"""A row of nothing but links and what parts them."""
_MOSTLY = 0.8
"""Share of the answers that say the same from which that is a form to fill in."""
_LEAST_FORMS = 4
_BLANKS = re.compile(r"\[ \]|_{3}|\.{4}|[(<\[](?:enter|insert|add|write|fill|your) ", re.IGNORECASE)
"""What a form leaves open."""
_DECORATION = re.compile("^[\\W_]+|[\\s_*`~]+$")


def is_placeholder(row: str) -> bool:
    """Whether a line of Markdown only says that an answer is missing."""
    return _PLACEHOLDER.fullmatch(_DECORATION.sub("", one_line(row.lstrip("> -*+"))[:400])) is not None


def only_points(rows: Sequence[str]) -> bool:
    """Whether rows hold nothing but links: the answer stands somewhere else."""
    return any("](" in row or "://" in row for row in rows) and all(
        not row.strip() or (len(row) < 2000 and "![" not in row and _LINKS.fullmatch(row) is not None) for row in rows
    )


def is_source(rows: Sequence[str]) -> bool:
    """Whether rows say where something comes from, and nothing else."""
    first = one_line(rows[0]).lstrip("🔗 ")
    label = SOURCE.match(first)
    if label is None:
        return False
    said = first[label.end() :].strip()
    alone = not said or " " not in said or LINK.match(rows[0]) is not None
    return (label[0].endswith(":") or not said) and alone and all(points_on(row) for row in rows[1:])


def points_on(row: str) -> bool:
    """Whether a row is a link, a picture or nothing to read."""
    return LINK.match(row) is not None or (len(row) < 1000 and not one_line(row))


def without_forms(found: Sequence[ParsedQuestion]) -> list[ParsedQuestion]:
    """The questions, without the text that stands behind nearly all of them word for word: a form, no answer."""
    said = Counter(question.answer for question in found if question.has_answer)
    text, count = said.most_common(1)[0] if said else ("", 0)
    if count < max(_LEAST_FORMS, _MOSTLY * said.total()) or not _BLANKS.search(text):
        return list(found)
    return [replace(question, answer="") if question.answer == text else question for question in found]
