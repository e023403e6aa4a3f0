"""What is settled before any point is looked at: blank, "I don't know", gibberish, echo, lists, pastes, orders.

A guard flags, and may cut spans out of the answer; what it cuts is never evidence. It settles the grade only where
nothing is left to grade.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain import Flag, Span
from coach.grading.instructions import instruction_spans
from coach.grading.order import is_disordered
from coach.text.sentences import Form, Statement, statements
from coach.text.terms import FUNCTION_WORDS, content_stems, words

_IGNORANCE = re.compile(
    r"\b(?:i(?:'m| am)? (?:really |honestly |just |actually )?(?:do not|don't|dont|did not|didn't|have no|cannot|can't|not|never)"
    r"(?: really| quite| actually| ever| even)? (?:know|remember|recall|sure|idea|clue|answer|understand|heard of|certain|come across|learn\w*|used?)"
    r"|no (?:idea|clue|answer|comment)|not sure|dunno|idk|n/?a|none|nothing|pass|skip(?: this)?(?: one)?|next(?: question)?|tbd|todo|sorry"
    r"|i (?:give up|have to pass|would have to (?:look|google)|need to look|would need to look|pass)|no se|keine ahnung|weiß (?:ich )?nicht|je ne sais pas)\b",
    re.I,
)
_FRAME = frozenset(
    content_stems(
        "question answer ask asked asking describe description explain explanation mean meaning need needed word words sum"
        " summary say said saying talk talking discuss way ways thing things side kind sort point points whether not yes no"
        " given give what's here's want wanted know like think thought case example concept topic term terms important regard"
    )
)
"""Stems with which a question is talked about rather than answered."""

LEAST_CONTENT = 4
"""Distinct content words below which a short answer says nothing that could be judged."""

RUN_WORDS = 8
"""Words in a row shared with the reference that make a pasted run; long enough that two writers don't share it by chance."""

PASTED_SHARE = 0.6
"""Share of the answer's words in such runs from which the answer is a paste."""

STUFFED_FUNCTION_SHARE = 0.1
"""Share of grammar words under which prose is a list of terms. English prose has 0.35-0.5, terse notes 0.2-0.3."""


@dataclass(frozen=True, slots=True)
class Screened:
    """An answer after the guards."""

    flags: tuple[Flag, ...]
    """What was noticed, in the order of the enumeration."""
    kept: tuple[Statement, ...]
    """Statements that may be evidence, in order: no orders, no echoes of the question, no repeats."""
    settled: str | None
    """Why there is nothing to grade (the score is 0 then); None where grading goes on."""
    cut: tuple[Span, ...] = ()
    """Orders to the grader that were cut out."""


def screen(answer: str, question: str, reference: str) -> Screened:
    """Look at an answer before grading it. ``reference`` is plain text, empty where there is none."""
    found = statements(answer)
    if not found:
        return Screened((Flag.NON_ANSWER,), (), "The answer is empty.")
    flags: set[Flag] = set()
    cut = instruction_spans(found, answer)
    if cut:
        flags.add(Flag.PROMPT_INJECTION)
        found = [statement for statement in found if statement.span not in cut]
    once = _without_repeats(found)
    if _words_in(found) - _words_in(once) > 0.3 * max(1, _words_in(found)):
        flags.add(Flag.REPETITION)
    telling = _telling(question, reference)
    settled, flag = _nothing_there(once, question, telling)
    if settled and cut and not once:
        return Screened(
            _ordered(flags), (), "Nothing is left once the instructions to the grader are cut out.", tuple(cut)
        )
    if settled:
        return Screened(_ordered(flags | {flag}), (), settled, tuple(cut))
    kept = [statement for statement in once if not _is_echo(statement, question, telling)]
    if is_word_list(once):
        flags.add(Flag.KEYWORD_STUFFING)
    if is_disordered(once):
        flags.add(Flag.GIBBERISH)
    if pasted_share(answer, reference) >= PASTED_SHARE:
        flags.add(Flag.PASTED_REFERENCE)
    return Screened(_ordered(flags), tuple(kept), None, tuple(cut))


def pasted_share(answer: str, reference: str) -> float:
    """Share of the answer's words that stand in runs of RUN_WORDS or more in the reference, 0 to 1."""
    said = [word.text for word in words(answer)]
    given = [word.text for word in words(reference)]
    if len(said) < RUN_WORDS or len(given) < RUN_WORDS:
        return 0.0
    runs = {tuple(given[at : at + RUN_WORDS]) for at in range(len(given) - RUN_WORDS + 1)}
    inside = [False] * len(said)
    for at in range(len(said) - RUN_WORDS + 1):
        if tuple(said[at : at + RUN_WORDS]) in runs:
            inside[at : at + RUN_WORDS] = [True] * RUN_WORDS
    return sum(inside) / len(said)


def is_word_list(found: Sequence[Statement]) -> bool:
    """Whether the prose is a list of terms that asserts nothing."""
    prose = [statement for statement in found if statement.form is not Form.CODE]
    if any(statement.form is Form.CODE for statement in found):
        return False
    said = [word.text for statement in prose for word in words(statement.text)]
    if len(said) < 6:
        return False
    share = sum(word in FUNCTION_WORDS for word in said) / len(said)
    return share < STUFFED_FUNCTION_SHARE


def looks_like_gibberish(text: str) -> bool:
    """Whether most words of a text in Latin letters could be words of no language (mashed keys)."""
    latin = [word.text for word in words(text) if re.fullmatch(r"[a-zà-ÿ]+", word.text)]
    long_words = [word for word in latin if len(word) >= 4]
    if len(long_words) < 3:
        return bool(latin) and not any(re.search(r"[aeiouyà-ÿ]", word) for word in latin) and len(latin) >= 3
    if any(word in FUNCTION_WORDS for word in latin) and sum(word in FUNCTION_WORDS for word in latin) > 0.15 * len(
        latin
    ):
        return False
    odd = sum(
        bool(re.search(r"[^aeiouyà-ÿ]{5}|^[^aeiouyà-ÿ]+$|(.)\1\1|(..+)\2\2|asdf|qwer|hjkl|zxcv|sdfg|wert", word))
        for word in long_words
    )
    return odd >= 0.4 * len(long_words)


def _telling(question: str, reference: str) -> frozenset[str]:
    """Stems that the reference adds to the question. An answer that has one says something, however short it is; where
    the reference has hardly any, answering means choosing among the question's own words.
    """
    return frozenset(content_stems(reference)) - frozenset(content_stems(question)) - _FRAME


FEW_TELLING = 3
"""Telling stems below which an answer may well be made of the question's own words."""


def _nothing_there(found: Sequence[Statement], question: str, telling: frozenset[str]) -> tuple[str | None, Flag]:
    text = "\n".join(statement.text for statement in found)
    stems = set(content_stems(text))
    if not stems:
        return "The answer is empty.", Flag.NON_ANSWER
    if looks_like_gibberish(text):
        return "The answer is not made of words.", Flag.GIBBERISH
    asked = set(content_stems(question))
    own = stems - asked - _FRAME
    has_code = any(statement.form is Form.CODE for statement in found)
    answers = bool(own & telling) or len(telling) < FEW_TELLING
    if len(own) < LEAST_CONTENT and len(stems & asked) >= max(3, len(own)) and not has_code and not answers:
        return "The answer repeats the question and adds nothing.", Flag.QUESTION_ECHO
    left = set(content_stems(_IGNORANCE.sub(" ", text))) - asked - _FRAME
    if (
        _IGNORANCE.search(text)
        and not left & telling
        and len(left) < 2 * LEAST_CONTENT
        and len(stems) < 30
        and not has_code
    ):
        return "The answer says that it has no answer.", Flag.NON_ANSWER
    if len(stems) < 2 and not stems & telling and not re.search(r"O\(|\d", text):
        return "The answer is too short to say anything.", Flag.NON_ANSWER
    return None, Flag.NON_ANSWER


def _is_echo(statement: Statement, question: str, telling: frozenset[str]) -> bool:
    said = " ".join(word.text for word in words(statement.text))
    if len(said.split()) > 1 and f" {said} " in f" {' '.join(word.text for word in words(question))} ":
        return True
    stems = set(content_stems(statement.text))
    if stems & telling or len(telling) < FEW_TELLING:
        return False
    asked = set(content_stems(question))
    return len(stems) >= 3 and len(stems - asked - _FRAME) <= 0.2 * len(stems)


def _without_repeats(found: Sequence[Statement]) -> list[Statement]:
    seen: set[str] = set()
    kept = []
    for statement in found:
        key = " ".join(word.text for word in words(statement.text)) or statement.text
        if statement.form is Form.CODE or key not in seen:
            kept.append(statement)
        seen.add(key)
    return kept


def _words_in(found: Sequence[Statement]) -> int:
    return sum(len(words(statement.text)) for statement in found)


def _ordered(flags: set[Flag]) -> tuple[Flag, ...]:
    return tuple(flag for flag in Flag if flag in flags)
