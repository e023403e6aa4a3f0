"""From checked verdicts to a score: arithmetic that adds up, moves one way, and has a ceiling where code finds nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.domain import (
    Contradiction,
    Evidence,
    Flag,
    Grade,
    Importance,
    KeyPoint,
    Kind,
    Outcome,
    PointVerdict,
    Provenance,
    Span,
    Status,
)
from coach.grading.story import read_story
from coach.grading.tally import CEILING, SUSPECT_CEILING, Tally, tally
from coach.text.sentences import statements

from .conftest import QUESTION

WEIGHTS = {Importance.MUST: 1.0, Importance.SHOULD: 0.6, Importance.BONUS: 0.25}
STORY = read_story(statements("I did it. The result was good."))
CREDIT = {Outcome.COVERED: 1.0, Outcome.PARTIAL: 0.5, Outcome.MISSING: 0.0, Outcome.CONTRADICTED: 0.0}


def offline(score: int | None) -> Grade | None:
    if score is None:
        return None
    return Grade(QUESTION, Status.GRADED, Provenance("offline", "rubric", "1", ""), score=score)


def verdicts(rows: list[tuple[Importance, Outcome]]) -> list[PointVerdict]:
    return [
        PointVerdict(KeyPoint(f"k{at}", "A point.", importance, WEIGHTS[importance]), outcome, CREDIT[outcome])
        for at, (importance, outcome) in enumerate(rows)
    ]


def false_claims(count: int, point: str = "k0") -> list[Contradiction]:
    return [Contradiction(Evidence(Span(at, at + 1), "x"), "y", 0.7, point) for at in range(count)]


def scored(rows: list[tuple[Importance, Outcome]], claims: int = 0, other: int | None = 80, **more: object) -> Tally:
    kind, flags = more.get("kind", Kind.CONCEPT), more.get("flags", ())
    suspect = more.get("suspect", False)
    return tally(kind, verdicts(rows), false_claims(claims), flags, STORY, 0, offline(other), suspect)  # type: ignore[arg-type]


MUSTS = [(Importance.MUST, Outcome.COVERED)] * 4
SHOULDS = [(Importance.SHOULD, Outcome.COVERED)] * 3
NO_SHOULDS = [(Importance.SHOULD, Outcome.MISSING)] * 3
BONUS = [(Importance.BONUS, Outcome.MISSING)]


def test_the_scale_means_what_an_interviewer_means() -> None:
    everything = scored(MUSTS + SHOULDS + BONUS).score
    musts = scored(MUSTS + NO_SHOULDS + BONUS).score
    half = scored(MUSTS[:2] + [(Importance.MUST, Outcome.MISSING)] * 2 + NO_SHOULDS + BONUS).score
    assert everything == 100
    assert 70 <= musts <= 85
    assert 30 <= half <= 45
    assert scored([(Importance.MUST, Outcome.MISSING)] * 4).score == 0


def test_a_false_claim_about_what_matters_costs_more_than_one_about_a_detail() -> None:
    clean = scored(MUSTS + NO_SHOULDS).score
    key = scored(MUSTS + NO_SHOULDS, claims=1).score
    detail = tally(Kind.CONCEPT, verdicts(MUSTS + NO_SHOULDS), false_claims(1, ""), (), STORY, 0, offline(80)).score
    assert key < detail < clean
    assert clean - scored(MUSTS + NO_SHOULDS, claims=30).score == 40


def test_a_list_of_terms_and_an_empty_offline_grade_have_ceilings() -> None:
    assert scored(MUSTS, flags=(Flag.KEYWORD_STUFFING,)).score <= 8
    assert scored(MUSTS, other=0).score == scored(MUSTS, other=10).score == CEILING
    assert scored(MUSTS, other=0, suspect=True).score == SUSPECT_CEILING == 20
    assert scored(MUSTS, other=15, suspect=True).score == 40
    assert scored(MUSTS, other=40, suspect=True).score == 100
    assert "a model alone" in next(part.why for part in scored(MUSTS, other=0).parts if part.name == "guards")


def test_agreement_gives_confidence_and_disagreement_takes_it() -> None:
    near, apart = scored(MUSTS, other=95), scored(MUSTS, other=35)
    assert near.confidence > apart.confidence
    assert near.disagreement == ""
    assert "100" in apart.disagreement
    assert "35" in apart.disagreement
    assert apart.range[1] - apart.range[0] >= near.range[1] - near.range[0]
    assert scored(MUSTS, other=None).confidence < 0.5


_ROWS = st.lists(st.tuples(st.sampled_from(list(Importance)), st.sampled_from(list(Outcome))), min_size=1, max_size=12)


@given(_ROWS, st.integers(0, 6), st.none() | st.integers(0, 100), st.sampled_from(list(Kind)), st.booleans())
def test_parts_add_up_and_everything_stays_in_range(
    rows: list[tuple[Importance, Outcome]], claims: int, other: int | None, kind: Kind, listed: bool
) -> None:
    made = scored(rows, claims, other, kind=kind, flags=(Flag.KEYWORD_STUFFING,) if listed else ())
    assert sum(part.value for part in made.parts) == made.score
    assert 0 <= made.range[0] <= made.score <= made.range[1] <= 100
    assert 0 <= made.confidence <= 1


@given(_ROWS, st.integers(0, 3), st.none() | st.integers(0, 100), st.sampled_from(list(Kind)), st.data())
def test_more_credit_never_lowers_a_score_and_more_false_claims_never_raise_it(
    rows: list[tuple[Importance, Outcome]], claims: int, other: int | None, kind: Kind, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    better = [*rows[:at], (rows[at][0], Outcome.COVERED), *rows[at + 1 :]]
    assert scored(better, claims, other, kind=kind).score >= scored(rows, claims, other, kind=kind).score
    assert scored(rows, claims + 1, other, kind=kind).score <= scored(rows, claims, other, kind=kind).score
