"""The parts of a told experience: situation, task, own action, result, reflection; found by how people tell them.

A behavioural answer is the candidate's own story, so it is never compared with the sample story's facts. What counts
is that the parts are there, that the teller says what *they* did, that the result can be checked, and that it really
happened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coach.text.sentences import Statement
from coach.text.terms import words


class Part(StrEnum):
    """A part of a story."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    REFLECTION = "reflection"


_PAST = (
    r"(?:\w{2,}ed|built|wrote|led|ran|set|made|chose|took|brought|found|held|began|gave|got|put|sat|spoke|split|drew|kept"
    r"|met|sent|taught|went|came|cut|dug|did|broke|rolled|saw|told|knew|grew|won|paid|spent|sold|left|felt|wound|drove)"
)
_CUES = {
    Part.SITUATION: re.compile(
        r"\b(?:at (?:my|our|a|an|the) (?:\w+ ){0,3}(?:company|job|employer|client|team|role|firm|start-?up|bank|hospital|retailer|shop|project|place)"
        r"|in my (?:\w+ )?(?:role|job|position|team|company)|when i (?:was|joined|worked|started)|(?:last|that|two|three|few) (?:year|spring|summer|autumn|winter|month|quarter)s?\b"
        r"|in (?:19|20)\d\d|(?:our|the|my) (?:\w+ ){0,4}(?:was|were|had|kept|started|suffered|took|needed|wanted|failed|broke|ran|relied)\b"
        r"|we (?:had|were|ran|needed|relied|kept|lost|served|processed|got)\b|i (?:inherited|joined|was working)|there (?:was|were))",
        re.I,
    ),
    Part.TASK: re.compile(
        r"\b(?:i was (?:asked|tasked|responsible|given|assigned|put in charge|in charge|on call|the (?:lead|owner|tech lead|only))"
        r"|my (?:task|job|goal|role|responsibility|mandate|part|brief|target|objective|manager asked)|i (?:had|needed) to|the (?:goal|target|aim|objective|brief|deadline) was"
        r"|i (?:owned|was leading|volunteered|took (?:on|over|ownership|responsibility|charge)|offered to)|it (?:was|fell) (?:up )?(?:to|on) me|asked me to|i wanted to)",
        re.I,
    ),
    Part.ACTION: re.compile(
        rf"\bi (?:(?:then|first|also|next|personally|quickly|immediately|finally|therefore|deliberately|simply|just|\w+ly) )?{_PAST}\b"
        rf"|\b(?:so|then|first|next|instead|and|,) i {_PAST}\b",
        re.I,
    ),
    Part.RESULT: re.compile(
        r"\b(?:as a result|in the end|result(?:ed|s)?\b|outcome|(?:we|i|it|that|this|which|the \w+) (?:\w+ )?(?:cut|reduced|improved|increased|saved|dropped|fell|rose|grew|halved|doubled|shrank|went (?:down|up|from|live)|came down|shipped|finished|delivered|landed|decreased)"
        r"|from \S+(?: \w+){0,3} (?:down |up )?to \S+|(?:by|to|under|about|over|roughly|around) \d+(?:[.,]\d+)?\s?(?:%|percent|hours?|minutes?|seconds?|days?|weeks?|ms|k\b|million)"
        r"|(?:\d+(?:[.,]\d+)?\s?(?:%|percent)|[$€£]\s?\d)|on time|ahead of schedule|zero (?:data loss|downtime|incidents))",
        re.I,
    ),
    Part.REFLECTION: re.compile(
        r"\b(?:i(?:'ve| have)? (?:learn(?:ed|t)|realis|realiz)\w*|in hindsight|looking back|lesson|next time|would (?:now )?(?:do|have done|have started|start|involve|have)\b[^.]{0,40}\b(?:differently|earlier|sooner|before|instead)"
        r"|taught me|since then,? i|what i took (?:away|from)|my (?:takeaway|mistake|regret)|if i (?:did|had to do) it again|i(?:'d| would) (?:do|have)|i still (?:use|do)|i should have)",
        re.I,
    ),
}
_HYPOTHETICAL = re.compile(
    r"\b(?:i(?:'d| would)|one (?:should|would|could)|you (?:should|would|could|need|have to|want)|usually|typically|generally|in general|ideally|if i (?:were|was|am|had)|normally|it(?:'s| is) (?:important|crucial|essential|key|vital)|always)\b",
    re.I,
)
_I = re.compile(r"\b(?:i|my|me|i'm|i've|i'd|myself)\b", re.I)
_WE = re.compile(r"\b(?:we|our|us|we're|we've|the team)\b", re.I)
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Story:
    """What an answer has of a story."""

    parts: dict[Part, tuple[int, ...]]
    """For each part the indexes of the statements that show it, in order."""
    own: float
    """Share of I among I and we, 0 to 1; 0.5 where neither occurs."""
    lived: float
    """Share of statements that tell what happened rather than what one would do, 0 to 1."""
    figures: int
    """Statements with a figure in them."""
    measured: tuple[int, ...]
    """Indexes of results with a figure."""


def read_story(statements: Sequence[Statement]) -> Story:
    """Find the parts of a story in statements."""
    parts: dict[Part, tuple[int, ...]] = {}
    for part, cue in _CUES.items():
        parts[part] = tuple(
            at
            for at, statement in enumerate(statements)
            if cue.search(statement.text) and (part is Part.REFLECTION or not _HYPOTHETICAL.search(statement.text))
        )
    text = " ".join(statement.text for statement in statements)
    own, shared = len(_I.findall(text)), len(_WE.findall(text))
    told = [
        not _HYPOTHETICAL.search(statement.text) or at in parts[Part.REFLECTION]
        for at, statement in enumerate(statements)
    ]
    figures = [at for at, statement in enumerate(statements) if _FIGURE.search(statement.text)]
    return Story(
        parts,
        own / (own + shared) if own + shared else 0.5,
        sum(told) / len(told) if told else 0.0,
        len(figures),
        tuple(at for at in parts[Part.RESULT] if at in figures),
    )


def is_told(statement: Statement) -> bool:
    """Whether a statement tells what happened, rather than what one would or should do."""
    return not _HYPOTHETICAL.search(statement.text) and len(words(statement.text)) > 2
