"""A rubric from a reference answer's own structure, for questions that nobody wrote one for.

Definitions, bold labels, list items, stated complexities and figures become points; a heading alone is none. Short
items under one heading are taken together, since a candidate is not asked to recite a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from coach.catalogue.rubrics import WEIGHTS, sealed
from coach.domain import Importance, KeyPoint, Question, Rubric, Span
from coach.text.cleaning import plain
from coach.text.sentences import Form, Statement, statements
from coach.text.terms import content_stems

MOST_POINTS = 12
"""More would be a recital: what exceeds it is taken together, the least important first."""

SHORT_ITEM = 9
"""Content words up to which a list item is a fragment that needs its heading and its neighbours."""

_COMPLEXITY = re.compile(r"\bO\([^)]{1,30}\)|\btheta\(", re.I)
_EXAMPLE_HEADING = re.compile(
    r"\b(?:example|real[- ]world|case study|in practice|sample|further reading|notes?|references?)\b", re.I
)
_CORE_HEADING = re.compile(
    r"\b(?:definition|key|core|approach|structure|difference|mechanism|strategy|strategies|concept)s?\b", re.I
)
_LABEL = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?\*\*[^*\n]{2,70}:?\*\*:?")


@dataclass(slots=True)
class _Draft:
    start: int
    end: int
    texts: list[str]
    heading: str
    lead: bool
    labelled: bool
    stems: set[str] = field(default_factory=set)


def derive(question: Question) -> Rubric:
    """The rubric that the reference answer itself implies; without points where there is no reference."""
    drafts = _drafts(question.reference)
    if drafts and not any(draft.lead for draft in drafts):
        drafts[0].lead = True
    while len(drafts) > MOST_POINTS:
        drafts = _merged_once(drafts)
    points = tuple(_point(draft, number, question.text) for number, draft in enumerate(drafts, 1))
    return sealed(Rubric(question.id, points, "derived", ""))


def _drafts(reference: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    heading = ""
    previous_end = -1
    for statement in statements(reference):
        item = _is_item(reference, statement)
        if statement.form is Form.HEADING and not item:
            heading = plain(statement.text).rstrip(":").strip()
            continue
        if statement.form is Form.CODE:
            continue
        text = plain(statement.text)
        stems = set(content_stems(text))
        introduces = text.endswith(":") and not item
        if not stems or introduces:
            continue
        joined = _continues(reference, previous_end, statement)
        previous_end = statement.span.end
        if (
            drafts
            and drafts[-1].heading == heading
            and (joined or _are_fragments(drafts[-1], stems, reference, statement))
        ):
            last = drafts[-1]
            last.end, last.stems = statement.span.end, last.stems | stems
            last.texts.append(text)
            continue
        drafts.append(_new_draft(reference, statement, text, heading, stems, first=not drafts))
    return drafts


def _new_draft(reference: str, statement: Statement, text: str, heading: str, stems: set[str], first: bool) -> _Draft:
    line = reference[reference.rfind("\n", 0, statement.span.start) + 1 : statement.span.end]
    is_item = _is_item(reference, statement)
    lead = (not is_item and not _EXAMPLE_HEADING.search(heading) and first) or bool(
        _COMPLEXITY.search(text) and not is_item
    )
    return _Draft(statement.span.start, statement.span.end, [text], heading, lead, bool(_LABEL.match(line)), stems)


def _continues(reference: str, end: int, statement: Statement) -> bool:
    """A further sentence of the same list item or line, as long as the point stays one thing to check."""
    between = reference[end : statement.span.start] if end >= 0 else "\n"
    return "\n" not in between and _is_item(reference, statement)


def _is_item(reference: str, statement: Statement) -> bool:
    line = reference[reference.rfind("\n", 0, statement.span.start) + 1 : statement.span.end]
    return bool(re.match(r"\s*(?:[-*+•]|\d+[.)])\s", line))


def _are_fragments(last: _Draft, stems: set[str], reference: str, statement: Statement) -> bool:
    small = len(stems) <= SHORT_ITEM and len(last.stems) / len(last.texts) <= SHORT_ITEM
    return _is_item(reference, statement) and small and not last.labelled and not last.lead and len(last.texts) < 3


def _merged_once(drafts: list[_Draft]) -> list[_Draft]:
    """Join the two neighbours under one heading that are shortest together (any two neighbours where no heading has two)."""
    same = [at for at in range(len(drafts) - 1) if drafts[at].heading == drafts[at + 1].heading and not drafts[at].lead]
    places = same or [at for at in range(len(drafts) - 1) if not drafts[at].lead] or list(range(len(drafts) - 1))
    at = min(places, key=lambda place: (len(drafts[place].stems) + len(drafts[place + 1].stems), place))
    first, second = drafts[at], drafts[at + 1]
    joined = _Draft(
        first.start,
        second.end,
        first.texts + second.texts,
        first.heading,
        first.lead,
        first.labelled or second.labelled,
        first.stems | second.stems,
    )
    return [*drafts[:at], joined, *drafts[at + 2 :]]


def _point(draft: _Draft, number: int, question: str) -> KeyPoint:
    body = "; ".join(text.rstrip(" .;") for text in draft.texts) + "."
    asked = set(content_stems(question))
    named = set(content_stems(draft.heading)) - asked
    text = f"{draft.heading}: {body}" if draft.heading and named and len(draft.stems) <= SHORT_ITEM * 2 else body
    importance = _importance(draft)
    return KeyPoint(
        id=f"p{number}",
        text=text[:1].upper() + text[1:],
        importance=importance,
        weight=WEIGHTS[importance],
        probe=_probe(draft),
        reference=Span(draft.start, draft.end),
    )


def _importance(draft: _Draft) -> Importance:
    if draft.lead or (_COMPLEXITY.search(" ".join(draft.texts)) and not draft.labelled):
        return Importance.MUST
    if _EXAMPLE_HEADING.search(draft.heading):
        return Importance.BONUS
    if draft.labelled and _CORE_HEADING.search(draft.heading):
        return Importance.MUST
    return Importance.SHOULD


def _probe(draft: _Draft) -> str:
    label = draft.texts[0].split(":", 1)[0] if draft.labelled and ":" in draft.texts[0] else draft.heading
    return f"What would you say about {label.rstrip(': ')}?" if label else "What else belongs to the core of it?"
