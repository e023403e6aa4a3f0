"""The JSON that scripts rely on: every field of the contract, with its type and its name."""

from __future__ import annotations

import json

from coach import records
from coach.domain import (
    Band,
    Contradiction,
    Document,
    Evidence,
    Feedback,
    Flag,
    Grade,
    Importance,
    KeyPoint,
    Kind,
    Misconception,
    Orphan,
    Outcome,
    ParsedQuestion,
    Passage,
    PointVerdict,
    Provenance,
    Question,
    Rubric,
    ScorePart,
    Span,
    Status,
    Usage,
    band_of,
)

QUESTION = Question("qabc", 9, "deck", 4, Kind.CONCEPT, "What is a log?", "A log is a list.", "Basics", "9", 12)
POINT = KeyPoint(
    "p1", "A log is a list.", Importance.MUST, 1.0, ("said so",), (Misconception("no", "why"),), "?", Span(0, 5)
)
MADE_BY = Provenance("offline", "rubric", "1", "hash")

GRADE = Grade(
    QUESTION,
    Status.GRADED,
    MADE_BY,
    score=80,
    band=Band.STRONG,
    confidence=0.5,
    range=(70, 90),
    parts=(ScorePart("points", 80.0, "All."),),
    points=(PointVerdict(POINT, Outcome.COVERED, 1.0, (Evidence(Span(0, 3), "It’"),), "Good."),),
    contradictions=(Contradiction(Evidence(Span(4, 7), "not"), "A log is a list.", 0.9, "p1", "It is."),),
    flags=(Flag.REPETITION,),
    feedback=Feedback("Fine.", ("a",), ("b",), "c", "d?"),
    references=(Passage(QUESTION, "A log", "Basics", 0.7),),
    usage=Usage(1, 2, None),
)


def test_a_grade_has_every_field_of_the_contract() -> None:
    record = json.loads(json.dumps(records.grade(GRADE, 12)))
    question = {
        "number": 9,
        "id": "qabc",
        "deck": "deck",
        "section": "Basics",
        "kind": "concept",
        "text": "What is a log?",
    }
    assert record == {
        "schema_version": 1,
        "question": question,
        "status": "graded",
        "reason": None,
        "score": 80,
        "band": "strong",
        "confidence": 0.5,
        "range": [70, 90],
        "score_parts": [{"name": "points", "value": 80.0, "why": "All."}],
        "points": [
            {
                "id": "p1",
                "text": "A log is a list.",
                "weight": 1.0,
                "importance": "must",
                "verdict": "covered",
                "credit": 1.0,
                "evidence": [{"start": 0, "end": 3, "quote": "It’"}],
                "reference": {"start": 0, "end": 5, "quote": "A log"},
                "note": "Good.",
            }
        ],
        "contradictions": [
            {
                "claim": {"start": 4, "end": 7, "quote": "not"},
                "reference": "A log is a list.",
                "confidence": 0.9,
                "point": "p1",
                "why": "It is.",
            }
        ],
        "flags": ["repetition"],
        "feedback": {"summary": "Fine.", "keep": ["a"], "fix": ["b"], "next_step": "c", "follow_up": "d?"},
        "references": [{"question": question, "section": "Basics", "excerpt": "A log", "score": 0.7}],
        "grader": {
            "kind": "offline",
            "name": "rubric",
            "version": "1",
            "model": None,
            "prompt": None,
            "rubric": "hash",
        },
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "cost_usd": None},
        "elapsed_ms": 12,
    }


def test_an_ungraded_attempt_is_never_a_number() -> None:
    record = records.grade(Grade(QUESTION, Status.UNGRADED, MADE_BY, reason="No reference."))
    assert record["status"] == "ungraded"
    assert record["reason"] == "No reference."
    assert record["score"] is record["band"] is record["confidence"] is record["range"] is None
    assert record.keys() == records.grade(GRADE).keys()


def test_a_question_outside_any_deck_has_no_number() -> None:
    record = records.question(Question("x1", 0, "", 0, Kind.CODING, "T", "R"))
    assert (record["number"], record["deck"], record["section"]) == (None, None, None)


def test_a_listed_question_says_whether_it_can_be_graded() -> None:
    record = records.listed_question(QUESTION)
    assert (record["printed"], record["place"], record["has_answer"]) == ("9", 4, True)
    assert records.question(QUESTION).items() <= record.items()


def test_a_document_keeps_numbers_as_printed_and_what_is_left_over() -> None:
    found = (
        ParsedQuestion("First?", "Yes.", 3, "S", "17"),
        ParsedQuestion("Second?", "", 5, None, "17a"),
        ParsedQuestion("Third?", "No.", 7),
    )
    record = records.document(Document("T", "d", "d.md", found, (Orphan("lost", 1),), ("a doubt",)))
    assert [row["number"] for row in record["questions"]] == [17, "17a", None]
    assert [row["has_answer"] for row in record["questions"]] == [True, False, True]
    assert record["questions"][0] == {
        "deck": "d",
        "section": "S",
        "number": 17,
        "question": "First?",
        "text": "First?",
        "answer": "Yes.",
        "has_answer": True,
        "line": 3,
        "material": "",
        "doubt": None,
    }
    assert record["orphans"] == [{"text": "lost", "line": 1}]
    assert record["notes"] == ["a doubt"]


def test_a_rubric_shows_everything_that_can_be_edited() -> None:
    record = records.rubric(Rubric("qabc", (POINT,), "shipped", "hash", ("other words",)))
    assert (record["origin"], record["hash"], record["searches"]) == ("shipped", "hash", ["other words"])
    assert record["points"] == [
        {
            "id": "p1",
            "text": "A log is a list.",
            "importance": "must",
            "weight": 1.0,
            "probe": "?",
            "right": ["said so"],
            "misconceptions": [{"text": "no", "why": "why", "also": []}],
        }
    ]


def test_lists_and_passages() -> None:
    row = records.passage(Passage(QUESTION, "words", "Basics", 0.5))
    assert row == {"question": records.question(QUESTION), "section": "Basics", "text": "words", "score": 0.5}
    assert records.items([row]) == {"schema_version": records.SCHEMA_VERSION, "items": [row]}


def test_bands_are_those_of_the_contract() -> None:
    middles = {100: "excellent", 80: "strong", 60: "acceptable", 40: "weak", 20: "poor", 0: "none"}
    assert {score: band_of(score).value for score in middles} == middles
    bands = [list(Band).index(band_of(score)) for score in range(101)]
    assert bands == sorted(bands, reverse=True)
