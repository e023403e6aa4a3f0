"""From verdicts to a score, and every part of it in plain words.

The score is a sum of whole-numbered parts: what the points earn, minus false claims, minus what the guards take, plus
the calibration that fits the scale to experienced interviewers'. Each part moves the score in one direction only;
length is no part. The parameters were fitted on the shown half of the gold set with questions kept apart; see
docs/grading.md for the figures and for each part's contribution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.domain import Flag, Kind, Outcome, PointVerdict, ScorePart
from coach.grading.certainty import certainty
from coach.grading.story import Part, Story
from coach.grading.verdicts import Weighing

LIST_CAP = 8
"""Most that a list of terms can get."""

LIST_CAP_DERIVED = 45
"""The same, and for words in no order, where the rubric was derived from a reference: there the reference may be a list
itself (hops of a packet, steps of a schedule), and the answer rightly one. On known subjects it falls to SALAD_CAP."""

SALAD_CAP = 15
"""Most that words in no order can get."""

UNTOLD_CAP = 35
"""Most that an answer to a behavioural question can get in which the candidate does nothing in the first person."""

OFF_TOPIC_MOST, OFF_TOPIC_SHARE = 25, 0.5
"""An answer is flagged off topic up to this score, where its nearness to the subject costs it at least half."""

_CALIBRATION = "Fits the scale to interviewers': nobody has to recite every point."


@dataclass(frozen=True, slots=True)
class Scale:
    """How what was said becomes a score.

    said = points * coverage + words * wording + story * told + like * (likeness above its least)
    score = 100 * (1 - exp(-(said * truth * topic) ** bend)), truth and topic being logistic from 0 to 1.
    """

    points: float
    """Weight of the points said, >= 0."""
    words: float
    """Weight of the points' words, >= 0."""
    story: float
    """Weight of the parts of a told experience, >= 0; 0 for all but behavioural questions."""
    bend: float
    """Above 1: little coverage earns little, and the musts together nearly all; 1 to 3."""
    steep: float
    """How steeply truth rises with the lean of the statements, >= 0; 0 where nothing can be contrasted."""
    middle: float
    """Lean at which an answer keeps half."""
    topic_steep: float
    """How steeply the answer's nearness to the subject counts, >= 0."""
    topic_middle: float
    """Nearness at which an answer keeps half."""
    like: float = 0.0
    """Weight of the likeness of answer and points as a whole, >= 0; 0 where single statements tell more."""
    like_least: float = 0.0
    """Likeness up to which nothing is earned."""


CONTRASTED = Scale(2.091, 2.097, 0.0, 2.0, 11.039, 0.066, 19.676, 0.548)
"""For rubrics with misconceptions. Like TOLD made by training/fit_scale.py."""

TOLD = Scale(2.135, 0.543, 1.374, 2.418, 3.016, 0.032, 20.481, 0.669)
"""For behavioural questions."""

DERIVED = Scale(0.066, 1.38, 0.0, 1.045, 0.0, 0.0, 0.0, 0.0, like=0.714, like_least=0.35)
"""For rubrics taken from a reference alone, on subjects of which nothing is known: nothing to contrast with, and the points
are the subject. Made by training/fit_derived.py from Beetle's test splits, but for ``like_least``, which is set so that
what is off the subject earns little."""

KNOWN = Scale(0.43, 0.993, 0.0, 1.998, 14.418, 0.253, 13.355, 0.572, like=3.829, like_least=0.157)
"""For such rubrics on subjects that coach knows, where claims are checked against what is commonly said. Made by
training/fit_known.py; between known and unknown subjects the scales are mixed."""

DOUBTED = replace(DERIVED, steep=KNOWN.steep, middle=KNOWN.middle)
"""Between the two: the scale of unknown subjects, with claims held against the answer as on known ones."""

DERIVED_TOLD = Scale(0.3, 0.1, 1.3, 2.0, 0.0, 0.0, 20.0, 0.45)
"""For behavioural questions with such a rubric: a story of one's own is never measured by its likeness to the sample."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A score with its parts."""

    score: int
    """0 to 100, the sum of the parts."""
    parts: tuple[ScorePart, ...]
    confidence: float
    """0 to 1."""
    range: tuple[int, int]
    """Where a person's score most likely lies."""
    flags: tuple[Flag, ...] = ()
    """Noticed while scoring."""


def assess(
    kind: Kind, verdicts: Sequence[PointVerdict], weighing: Weighing, story: Story, flags: Sequence[Flag]
) -> Assessment:
    """The score of an answer that the guards let through."""
    stages = [(share, _stages(scale, weighing, story_share(story))) for scale, share in _scales(kind, weighing)]
    if_all_well, if_on_topic, counted = (
        round(sum(share * found.scores[at] for share, found in stages)) for at in range(3)
    )
    off_topic = all(found.topic < OFF_TOPIC_SHARE for _, found in stages)
    points = round(100 * weighing.coverage)
    untold = kind is Kind.BEHAVIOURAL and not story.parts[Part.ACTION] and story.own == 0
    capped = min(counted, _cap(flags, untold, weighing))
    parts = [ScorePart("points", points, _points_why(verdicts))]
    if kind is Kind.BEHAVIOURAL:
        with_story = if_all_well - points
        parts.append(ScorePart("story", with_story, _story_why(story)))
    else:
        parts.append(ScorePart("calibration", if_all_well - points, _CALIBRATION))
    parts += [
        ScorePart("false_claims", if_on_topic - if_all_well, _truth_why(weighing)),
        ScorePart("substance", counted - if_on_topic, _topic_why(counted - if_on_topic)),
        ScorePart("guards", capped - counted, _guards_why(flags, untold)),
    ]
    noticed = (Flag.OFF_TOPIC,) if capped <= OFF_TOPIC_MOST and off_topic else ()
    return Assessment(capped, tuple(parts), *certainty(capped, weighing, kind), noticed)


@dataclass(frozen=True, slots=True)
class _Stages:
    """A score by one scale."""

    scores: tuple[float, float, float]
    """Were all of it true and on the subject; were it on the subject; as it is. Each 0 to 100, none above the one before."""
    topic: float
    """What nearness to the subject leaves of it, 0 to 1."""


def _scales(kind: Kind, weighing: Weighing) -> tuple[tuple[Scale, float], ...]:
    """The scales that apply, with their shares."""
    if kind is Kind.BEHAVIOURAL:
        return ((TOLD if weighing.contrasted else DERIVED_TOLD, 1.0),)
    if weighing.contrasted:
        return ((CONTRASTED, 1.0),)
    home = weighing.at_home
    mixed = ((DERIVED, (1 - home) * (1 - weighing.known)), (DOUBTED, (1 - home) * weighing.known), (KNOWN, home))
    return tuple((scale, share) for scale, share in mixed if share > 0)


def _stages(scale: Scale, weighing: Weighing, told: float) -> _Stages:
    said = scale.points * weighing.coverage + scale.words * weighing.wording + scale.story * told
    said += scale.like * max(0.0, weighing.likeness - scale.like_least)
    truth = _rising(weighing.lean, scale.steep, scale.middle)
    topic = _rising(weighing.topic, scale.topic_steep, scale.topic_middle)
    best_truth = _rising(1.0, scale.steep, scale.middle)
    best_topic = _rising(1.0, scale.topic_steep, scale.topic_middle)
    whole = (best_truth * best_topic, truth * best_topic, truth * topic)
    first, second, third = (_curve(said * share, scale) for share in whole)
    return _Stages((first, second, third), topic / best_topic)


def story_share(story: Story) -> float:
    """How much of a told experience is there, 0 to 1: situation, task, own actions, result, measured result.

    The weights follow how interviewers are taught to mark STAR answers: what the candidate did counts most, then a
    result that can be checked.
    """
    parts = story.parts
    actions = min(len(parts[Part.ACTION]), 3) / 3
    measured = 1.0 if story.measured else min(story.figures, 2) / 4
    share = 0.15 * bool(parts[Part.SITUATION]) + 0.15 * bool(parts[Part.TASK]) + 0.3 * actions
    return (share + 0.2 * bool(parts[Part.RESULT]) + 0.2 * measured) * story.lived


def _rising(value: float, steep: float, middle: float) -> float:
    """Logistic from 0 to 1; 1 where the scale does not use the value."""
    return 1.0 if steep == 0 else 1.0 / (1.0 + math.exp(-steep * (value - middle)))


def _curve(said: float, scale: Scale) -> float:
    return 100.0 * (1.0 - math.exp(-(max(0.0, said) ** scale.bend)))


def _points_why(verdicts: Sequence[PointVerdict]) -> str:
    count = {outcome: sum(verdict.outcome is outcome for verdict in verdicts) for outcome in Outcome}
    return (
        f"{count[Outcome.COVERED]} of {len(verdicts)} points covered, {count[Outcome.PARTIAL]} in part, "
        f"{count[Outcome.MISSING]} missing, {count[Outcome.CONTRADICTED]} contradicted."
    )


def _truth_why(weighing: Weighing) -> str:
    if not weighing.known:
        return "This rubric lists no misconceptions, so claims are only compared with the reference."
    if weighing.lean > 0.6:
        return "What is said about the question is nearly all right."
    if weighing.lean > 0.2:
        return "Some of what is said is doubtful or wrong."
    return "Much of what is said is nearer to common misconceptions than to what is true."


def _story_why(story: Story) -> str:
    there = [part.value for part in Part if story.parts[part]]
    lacking = [part.value for part in Part if not story.parts[part] and part is not Part.REFLECTION]
    text = f"Told as a story with {', '.join(there) or 'none of its parts'}"
    return text + (f"; not found: {', '.join(lacking)}." if lacking else ", as interviewers want it.")


def _topic_why(change: int) -> str:
    return "Parts of it are about something else, or too general." if change < -2 else "It stays with the question."


def _cap(flags: Sequence[Flag], untold: bool, weighing: Weighing) -> int:
    if not weighing.contrasted and {Flag.KEYWORD_STUFFING, Flag.GIBBERISH} & set(flags):
        return round(LIST_CAP_DERIVED - weighing.known * (LIST_CAP_DERIVED - SALAD_CAP))
    if Flag.KEYWORD_STUFFING in flags:
        return LIST_CAP
    return SALAD_CAP if Flag.GIBBERISH in flags else UNTOLD_CAP if untold else 100


def _guards_why(flags: Sequence[Flag], untold: bool) -> str:
    if Flag.KEYWORD_STUFFING in flags:
        return "A list of terms asserts nothing."
    if Flag.GIBBERISH in flags:
        return "Its words stand in no order in which they say anything."
    return "Nothing in it is told as your own doing." if untold else "Nothing to object to."
