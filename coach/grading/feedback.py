"""What to tell the candidate: short, specific, each line tied to a point of the rubric."""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain import Band, Contradiction, Feedback, Flag, Importance, Outcome, PointVerdict

MOST_KEEP, MOST_FIX = 2, 3
"""More lines than these are not read."""

_BANDS = {
    Band.EXCELLENT: "Excellent: all that matters is there and right.",
    Band.STRONG: "Strong: the substance is there, with small gaps.",
    Band.ACCEPTABLE: "Acceptable: the core is right, with clear gaps.",
    Band.WEAK: "Weak: some of it is right, most of what matters is missing.",
    Band.POOR: "Poor: a hint of the answer, or mostly wrong.",
    Band.NONE: "Nothing here earns marks yet.",
}
_ORDER = {Importance.MUST: 0, Importance.SHOULD: 1, Importance.BONUS: 2}


def compose(
    band: Band, verdicts: Sequence[PointVerdict], contradictions: Sequence[Contradiction], flags: Sequence[Flag]
) -> Feedback:
    """Keep, fix, next step and one follow-up question, from the verdicts alone."""
    said = [verdict for verdict in verdicts if verdict.outcome is Outcome.COVERED]
    said += [verdict for verdict in verdicts if verdict.outcome is Outcome.PARTIAL]
    gaps = sorted(
        (
            verdict
            for verdict in verdicts
            if verdict.outcome is not Outcome.COVERED and verdict.point.importance is not Importance.BONUS
        ),
        key=lambda verdict: (
            verdict.outcome is not Outcome.CONTRADICTED,
            _ORDER[verdict.point.importance],
            verdict.credit,
        ),
    )
    fix = [
        f"You said “{_short(found.claim.quote)}”. {found.why or 'The reference says: ' + found.reference}"
        for found in contradictions
    ]
    told = {found.point_id for found in contradictions}
    fix += [_gap(verdict) for verdict in gaps if verdict.point.id not in told]
    biggest = next(iter(gaps), None)
    return Feedback(
        summary=_summary(band, verdicts, contradictions, flags),
        keep=tuple(
            f"“{_short(verdict.evidence[0].quote)}”: {_lower(verdict.point.text)}"
            for verdict in said[:MOST_KEEP]
            if verdict.evidence
        ),
        fix=tuple(fix[:MOST_FIX]),
        next_step=_next_step(biggest, contradictions),
        follow_up=(biggest.point.probe or f"Can you say more about this: {_lower(biggest.point.text)}")
        if biggest
        else "",
    )


def _summary(
    band: Band, verdicts: Sequence[PointVerdict], contradictions: Sequence[Contradiction], flags: Sequence[Flag]
) -> str:
    musts = [verdict for verdict in verdicts if verdict.point.importance is Importance.MUST]
    covered = sum(verdict.outcome is Outcome.COVERED for verdict in musts)
    partly = sum(verdict.outcome is Outcome.PARTIAL for verdict in musts)
    text = _BANDS[band]
    if musts:
        text += f" Of {len(musts)} essential points you made {covered}" + (
            f", and {partly} in part." if partly else "."
        )
    if contradictions:
        count = len(contradictions)
        text += f" {count} {'claim is' if count == 1 else 'claims are'} wrong, which costs more than a gap."
    if Flag.KEYWORD_STUFFING in flags:
        text += " Terms alone show nothing: say what they do and why."
    return text


def _gap(verdict: PointVerdict) -> str:
    if verdict.outcome is Outcome.PARTIAL:
        return f"Go further here: {_lower(verdict.point.text)}"
    if verdict.outcome is Outcome.CONTRADICTED:
        return f"Put this right: {_lower(verdict.point.text)}"
    return f"Missing: {_lower(verdict.point.text)}"


def _next_step(biggest: PointVerdict | None, contradictions: Sequence[Contradiction]) -> str:
    if contradictions:
        return f"First clear up “{_short(contradictions[0].claim.quote)}”, then answer again without looking."
    if biggest is None:
        return "Say it again in half the words, with one example of your own."
    return f"Answer again and add one sentence on this: {_lower(biggest.point.text)}"


def _lower(text: str) -> str:
    """In the middle of a sentence: lower case at the start, unless the first word is a name or an acronym."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() or first in ("I",) else text[:1].lower() + text[1:]


def _short(quote: str, most: int = 110) -> str:
    folded = " ".join(quote.split())
    return folded if len(folded) <= most else folded[: most - 1].rsplit(" ", 1)[0] + "…"
