"""What kind of question a question is, read from its words and its section."""

from __future__ import annotations

import re

from coach.domain import Kind

_STORY = re.compile(
    r"\b(?:tell (?:me|us) about (?:a|the|your|one) (?:\w+ ){0,3}?(?:time|situation|project|decision|mistake|failure|conflict)"
    r"|tell (?:me|us) about yourself|(?:describe|recall|share|think of|walk (?:me|us) through) (?:an?|one|your) (?:\w+ ){0,3}?"
    r"(?:time|situation|occasion|instance|experience|conflict|failure|mistake)\b"
    r"|give (?:me|us)? ?(?:an|one) example of (?:a|when|how you)|describe how you(?:'ve| have|’ve)? (?:led|handled|managed|dealt)"
    r"|have you ever (?:had|been|worked|led|disagreed|missed|made))",
    re.I,
)
_BEHAVIOURAL_SECTION = re.compile(r"\bbehaviou?ral\b", re.I)
_HABIT = re.compile(r"^(?:and )?how (?:do|would) you (?:usually |typically |normally )?\w+", re.I)
_PEOPLE_SECTION = re.compile(
    r"leadership|communicat|management|team|people|culture|soft skill|collaborat|stakeholder|adaptation|ways of working|career",
    re.I,
)
_PEOPLE = re.compile(
    r"\b(?:mentor|stakeholders?|non-technical|disagree\w*|your team|priorit\w+|deadlines?|stay current|feedback|colleagues?"
    r"|junior|manager|conflicts? (?:with|in|between))\b",
    re.I,
)
_DESIGN = re.compile(
    r"^(?:design\b|how would you (?:design|architect)|(?:describe|explain) how you(?:'d| would) (?:design|architect)|architect\b"
    r"|sketch (?:a|an|the) (?:design|architecture))|\bhow would you (?:design|architect)\b",
    re.I,
)
_CODE = re.compile(
    r"^(?:write|implement|code|program)\b|\b(?:write|implement) (?:a|an|the|your own) (?:\w+ ){0,4}?"
    r"(?:function|class|program|script|query|method|algorithm|module)\b|\bwrite (?:code|sql|python|java)\b",
    re.I,
)
_ALGORITHM_SECTION = re.compile(r"algorithm|data structure|coding", re.I)
_ALGORITHM = re.compile(
    r"\bhow (?:you would|would you|to|you'd) (?:implement|find|detect|compute|sort|reverse|merge|traverse)\b|\bhow would you use an? \w+ to"
    r"|\balgorithm for\b",
    re.I,
)


def kind_of(text: str, section: str | None = None) -> Kind:
    """The kind of a question; ``concept`` where nothing else fits."""
    section = section or ""
    if _STORY.search(text) or _BEHAVIOURAL_SECTION.search(section):
        return Kind.BEHAVIOURAL
    if _CODE.search(text) or (_ALGORITHM_SECTION.search(section) and _ALGORITHM.search(text)):
        return Kind.CODING
    if _HABIT.search(text) and (_PEOPLE_SECTION.search(section) or _PEOPLE.search(text)):
        return Kind.PRACTICE
    if _DESIGN.search(text):
        return Kind.DESIGN
    return Kind.CONCEPT
