"""The judge from end to end with scripted models: what it believes, what it counts, and how it fails."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.domain import Failure, Flag, Outcome, Rubric, Status
from coach.errors import BackendUnreachable, CoachError, ConfigError, Ungradable
from coach.grading.brief import PROMPT
from coach.grading.judge import Judge
from coach.grading.offline import OfflineGrader
from coach.grading.rubric import derive
from coach.llm.scripted import ScriptedModel

from .conftest import QUESTION, check_invariants
from .judges import OBEYING, Say, blocks, by_point, entry, full_marks, judge_over, scripted
from .test_offline import CAP, RIGHT, WRONG, rubric_of


@pytest.fixture(scope="module")
def cap() -> Rubric:
    return rubric_of(CAP, "principal-data-engineer/01")


def say_of(rows: list[dict[str, Any]], claims: list[dict[str, str]] | None = None) -> Say:
    """A judge that gives these rows, and calls every other point missing."""

    def say(data: dict[str, Any]) -> Any:
        said = {row["id"]: row for row in rows}
        names = [row["id"] for row in data["points"]["points"]]
        return {"points": [said.get(name, entry(name, [], "missing")) for name in names], "false_claims": claims or []}

    return say


def test_a_verdict_with_its_quote_counts_and_the_grade_says_who_made_it(grader: OfflineGrader, cap: Rubric) -> None:
    say = say_of(
        [entry("p1", ["When the network splits, a distributed store can't stay both consistent and available"])]
    )
    grade = judge_over(scripted(say), grader).grade(CAP, cap, RIGHT)
    check_invariants(grade, RIGHT)
    first = grade.points[0]
    assert (first.outcome, first.credit) == (Outcome.COVERED, 1.0)
    assert first.evidence[0].quote.startswith("When the network splits")
    assert (grade.grader.kind, grade.grader.model, grade.grader.prompt) == ("llm", "scripted-1", PROMPT)
    assert grade.grader.rubric == cap.hash
    assert grade.usage.prompt_tokens > 0


@pytest.mark.parametrize(
    ("quotes", "note"),
    [
        ([], "no quote"),
        (["CAP is about trade-offs between three properties"], "does not stand in the answer"),
        ([CAP.text], "does not stand in the answer"),
    ],
)
def test_credit_without_a_found_quote_is_void(grader: OfflineGrader, cap: Rubric, quotes: list[str], note: str) -> None:
    grade = judge_over(scripted(say_of([entry("p1", quotes)])), grader).grade(CAP, cap, RIGHT)
    assert (grade.points[0].outcome, grade.points[0].credit) == (Outcome.MISSING, 0.0)
    assert note in grade.points[0].note
    assert "1 verdict of the model void" in grade.parts[0].why


def test_a_real_quote_about_something_else_earns_nothing(grader: OfflineGrader, cap: Rubric) -> None:
    answer = f"{RIGHT} My dog likes long walks in the park."
    say = say_of([entry("p1", ["My dog likes long walks in the park."])])
    grade = judge_over(scripted(say), grader).grade(CAP, cap, answer)
    assert grade.points[0].credit == 0
    assert "nothing to do with" in grade.points[0].note


def test_repeats_and_echoes_of_the_question_are_no_evidence(grader: OfflineGrader, cap: Rubric) -> None:
    echo = "Explain the CAP theorem and how it influences design decisions in distributed data systems."
    grade = judge_over(scripted(say_of([entry("p1", [echo])])), grader).grade(CAP, cap, f"{echo} {RIGHT}")
    assert grade.points[0].credit == 0


def test_false_claims_cost_and_are_quoted(grader: OfflineGrader, cap: Rubric) -> None:
    quote = "You can turn off partition tolerance by using a reliable network."
    kept = "The CAP theorem says that with good engineering"
    rows = [entry("p1", [kept], "partial")]
    clean = judge_over(scripted(say_of(rows)), grader).grade(CAP, cap, WRONG)
    claims = [
        {"quote": quote, "correction": "Networks fail whatever you do.", "point": "p1"},
        {"quote": "words that nobody said", "correction": "", "point": ""},
    ]
    grade = judge_over(scripted(say_of(rows, claims)), grader).grade(CAP, cap, WRONG)
    check_invariants(grade, WRONG)
    assert [found.claim.quote for found in grade.contradictions] == [quote]
    assert grade.contradictions[0].why == "Networks fail whatever you do."
    assert grade.score is not None
    assert clean.score is not None
    assert grade.score < clean.score or clean.score == 0


def test_a_contradicted_point_is_a_false_claim_too(grader: OfflineGrader, cap: Rubric) -> None:
    quote = "Consistency means that the tables follow the same schema."
    grade = judge_over(scripted(say_of([entry("p2", [quote], "contradicted", "It is about reads.")])), grader).grade(
        CAP, cap, WRONG
    )
    assert grade.points[1].outcome is Outcome.CONTRADICTED
    assert grade.points[1].evidence == ()
    assert [found.claim.quote for found in grade.contradictions] == [quote]


def test_a_large_disagreement_lowers_the_confidence_and_is_shown(grader: OfflineGrader, cap: Rubric) -> None:
    harsh = judge_over(scripted(say_of([])), grader).grade(CAP, cap, RIGHT)
    assert harsh.score == 0
    assert harsh.confidence is not None
    assert harsh.confidence <= 0.45
    assert "disagree" in harsh.feedback.summary
    assert any(part.name == "second_opinion" for part in harsh.parts)


def test_the_model_never_sees_a_weight_or_a_total(grader: OfflineGrader, cap: Rubric) -> None:
    model = scripted(OBEYING["the whole answer"])
    judge_over(model, grader).grade(CAP, cap, RIGHT)
    sent = blocks(model.asked[0].messages)
    assert set(sent) == {"question", "points", "answer"}
    assert all(set(row) <= {"id", "point", "common_errors"} for row in sent["points"]["points"])
    assert "score" not in json.dumps(model.asked[0].schema)


@pytest.mark.parametrize("answer", ["", " \n", "I don't know", "asdf qwer zxcv hjkl sdfg", CAP.text])
def test_what_is_no_answer_is_settled_before_any_call(grader: OfflineGrader, cap: Rubric, answer: str) -> None:
    model = ScriptedModel()
    grade = judge_over(model, grader).grade(CAP, cap, answer)
    assert (grade.status, grade.score, grade.grader.kind) == (Status.GRADED, 0, "llm")
    assert model.asked == []


@pytest.mark.parametrize(
    ("problem", "failure"),
    [
        (ConfigError("The key was refused.", "Check it."), Failure.CONFIGURATION),
        (BackendUnreachable("No answer within 120 seconds."), Failure.UNREACHABLE),
        (Ungradable("The model declined."), Failure.UNUSABLE),
    ],
)
def test_a_failing_model_leaves_the_answer_ungraded_with_the_reason(
    grader: OfflineGrader, cap: Rubric, problem: CoachError, failure: Failure
) -> None:
    grade = judge_over(ScriptedModel(problem), grader).grade(CAP, cap, RIGHT)
    assert (grade.status, grade.failure, grade.score, grade.grader.kind) == (Status.UNGRADED, failure, None, "llm")
    assert grade.reason is not None
    assert problem.message in grade.reason


def test_a_model_that_cannot_be_named_is_a_failure_too(grader: OfflineGrader, cap: Rubric) -> None:
    class Nameless(ScriptedModel):
        @property
        def model(self) -> str:  # type: ignore[override]
            raise BackendUnreachable("No server at 127.0.0.1:1.")

        @model.setter
        def model(self, name: str) -> None:
            return

    grade = judge_over(Nameless(), grader).grade(CAP, cap, RIGHT)
    assert (grade.failure, grade.grader.model) == (Failure.UNREACHABLE, None)


@pytest.mark.parametrize("reply", ["95", '{"score": 95}', "I would give 9 of 10.", "[]", '{"points": []}'])
def test_replies_without_verdicts_are_ungraded_after_one_more_try(
    grader: OfflineGrader, cap: Rubric, reply: str
) -> None:
    model = ScriptedModel(otherwise=reply)
    grade = judge_over(model, grader).grade(CAP, cap, RIGHT)
    assert grade.failure is Failure.UNUSABLE
    assert len(model.asked) >= 2


def test_an_answer_in_another_language_than_its_points_is_not_guessed_at(grader: OfflineGrader, cap: Rubric) -> None:
    german = "Wenn das Netz ausfällt, muss man sich zwischen der Konsistenz und der Verfügbarkeit entscheiden, und das ist nicht einfach."
    model = ScriptedModel()
    grade = judge_over(model, grader).grade(CAP, cap, german)
    assert grade.status is Status.UNGRADED
    assert "German" in (grade.reason or "")
    assert model.asked == []


def test_a_german_question_is_graded_in_german_with_less_confidence(grader: OfflineGrader) -> None:
    question = replace(
        QUESTION,
        text="Wie unterscheiden sich Bereichs- und Hash-Partitionierung?",
        reference="Die Bereichspartitionierung hält benachbarte Schlüssel zusammen, und das ist gut für Bereichsabfragen. "
        "Die Hash-Partitionierung verteilt die Schlüssel gleichmäßig auf die Knoten, aber eine Abfrage muss alle Knoten fragen.",
    )
    answer = "Mit der Bereichspartitionierung bleiben benachbarte Schlüssel auf einem Knoten zusammen, und das ist gut für Bereichsabfragen."
    say = full_marks(lambda data, at: [answer])
    grade = judge_over(scripted(say), grader).grade(question, derive(question), answer)
    assert grade.status is Status.GRADED
    assert grade.score is not None
    assert 0 < grade.score < 100
    assert grade.confidence == 0.45


def test_nothing_to_grade_by_is_ungraded_without_a_call(grader: OfflineGrader) -> None:
    question = replace(QUESTION, reference="")
    model = ScriptedModel()
    grade = judge_over(model, grader).grade(question, derive(question), RIGHT)
    assert (grade.status, grade.failure) == (Status.UNGRADED, Failure.NOTHING_TO_GRADE_BY)
    assert model.asked == []


def test_an_answer_beyond_the_context_is_cut_after_a_sentence_and_flagged(grader: OfflineGrader, cap: Rubric) -> None:
    answer = " ".join(f"In case {at} the store has to pick consistency or availability." for at in range(120))
    model = scripted(OBEYING["the whole answer"], context=5000)
    grade = judge_over(model, grader).grade(CAP, cap, answer)
    assert Flag.TRUNCATED in grade.flags
    sent = blocks(model.asked[0].messages)["answer"]["answer"]
    assert answer.startswith(sent)
    assert sent.endswith("availability.")
    assert all(item.span.end <= len(sent) for verdict in grade.points for item in verdict.evidence)


def test_a_context_that_is_too_small_is_said(grader: OfflineGrader, cap: Rubric) -> None:
    grade = judge_over(scripted(OBEYING["the whole answer"], context=1500), grader).grade(CAP, cap, RIGHT)
    assert grade.failure is Failure.UNUSABLE
    assert "1500 tokens" in (grade.reason or "")


def test_points_asked_in_another_order_are_told_apart(grader: OfflineGrader, cap: Rubric) -> None:
    said = {
        cap.points[0].id: (
            "covered",
            "When the network splits, a distributed store can't stay both consistent and available",
        )
    }
    grades = [judge_over(scripted(by_point(cap, said)), grader, turn).grade(CAP, cap, RIGHT) for turn in (0, 3)]
    assert [verdict.outcome for verdict in grades[0].points] == [verdict.outcome for verdict in grades[1].points]


def test_the_judge_is_a_function_of_its_input(grader: OfflineGrader, cap: Rubric) -> None:
    models = [scripted(OBEYING["one real sentence for each point"]) for _ in range(2)]
    grades = [Judge(model, grader, grader._embedder, grader._anchors_of).grade(CAP, cap, RIGHT) for model in models]
    assert grades[0] == grades[1]
    assert models[0].asked == models[1].asked


_TEXTS = st.sampled_from([*RIGHT.split(". "), "O(1)", "", "nobody said this", "CAP", RIGHT])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(list(Outcome)), st.lists(_TEXTS, max_size=3)), min_size=9, max_size=9),
    st.lists(st.tuples(_TEXTS, st.sampled_from(["", "p1", "p99"])), max_size=5),
)
def test_whatever_a_model_says_the_grade_adds_up(
    grader: OfflineGrader, cap: Rubric, rows: list[tuple[Outcome, list[str]]], claims: list[tuple[str, str]]
) -> None:
    say = say_of(
        [entry(f"p{at}", quotes, outcome) for at, (outcome, quotes) in enumerate(rows, 1)],
        [{"quote": quote, "correction": "no", "point": point} for quote, point in claims],
    )
    check_invariants(judge_over(scripted(say), grader).grade(CAP, cap, RIGHT), RIGHT)
