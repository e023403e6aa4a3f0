"""The words and signs of a grade, for every front end: no meaning hangs on a colour alone."""

from __future__ import annotations

from coach.domain import Band, Flag, Outcome

MARKS = {Outcome.COVERED: "✓", Outcome.PARTIAL: "◐", Outcome.MISSING: "✗", Outcome.CONTRADICTED: "⚠"}
"""One sign a verdict; the word always stands beside it."""

BAND_WORDS = {
    Band.EXCELLENT: "all that matters, and correct",
    Band.STRONG: "nearly all that matters, and sound",
    Band.ACCEPTABLE: "the core is right, with clear gaps",
    Band.WEAK: "some of it is right, most is missing",
    Band.POOR: "a hint of it, or mostly wrong",
    Band.NONE: "nothing of value yet",
}
"""What an experienced interviewer would mean by the score."""

FLAG_WORDS = {
    Flag.PROMPT_INJECTION: "Text that gives orders to the grader was cut out and earned nothing.",
    Flag.KEYWORD_STUFFING: "This is a list of terms; terms without statements earn little.",
    Flag.QUESTION_ECHO: "This repeats the question.",
    Flag.REPETITION: "Repeated sentences count once.",
    Flag.GIBBERISH: "This is not made of words.",
    Flag.NON_ANSWER: "There is no answer here.",
    Flag.PASTED_REFERENCE: "Most of this stands word for word in the reference answer.",
    Flag.OFF_TOPIC: "This answers another question.",
    Flag.TRUNCATED: "The answer was longer than what is graded; its end was left out.",
}
"""What each guard means, for the candidate."""
