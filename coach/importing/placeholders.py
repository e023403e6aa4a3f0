"""Words that stand where an answer is still to come (``To be completed``, ``Read answer on …``)."""

from __future__ import annotations

import re

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
_DECORATION = re.compile("^[\\W_]+|[\\s_*`~]+$")


def is_placeholder(row: str) -> bool:
    """Whether a line of Markdown only says that an answer is missing."""
    return _PLACEHOLDER.fullmatch(_DECORATION.sub("", one_line(row.lstrip("> -*+"))[:400])) is not None
