"""How much a line reads like a question, from its words alone; and whether a document calls itself a collection of them."""

from __future__ import annotations

import re

from coach.importing.wording import tongues

ASKS = 1.0
"""A line that ends in a question mark."""
CERTAIN = 0.6
"""From here on a line counts as a question by its words alone."""
_OPENS = 0.9
_TASK = 0.8
_CONTRAST = 0.7
_HOW_TO = 0.6
_EXERCISE = 0.65
_WORK = 0.35
_POINTING = 0.35
_TALE = 0.5
_NOTHING = 0.1

_INTERROGATIVE = re.compile(
    r"(?:what|why|how|when|where|which|who|whose|whom|is|are|was|were|do|does|did|can|could|should|shall|would|will|have|has"
    r"|had|in (?:what|which)|on (?:what|which)|at (?:what|which)|for (?:what|which)|with (?:what|which))\b|(?:what|who|how|where)['’]s\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"(?:how|why|what|where|when) (?:we|i|i['’]ve|we['’]ve|my|our|went|worked|changed)\b", re.IGNORECASE)
_FORBIDS = re.compile(
    r"(?:do|does|did|is|are|was|were|can|could|should|would|will|have|has|had|shall)(?: not|n['’]t)\b", re.IGNORECASE
)
"""How a command or a statement starts that denies something; a question that does is told by its mark."""
_FIELD = re.compile(r"(?:what|why|when|where|who|how|which)\s?:", re.IGNORECASE)
"""The name of a field in a form."""
_OUR_PAST = re.compile(r"(?:why|how|what|when|where) (?:did|have|were|was|had) (?:we|i|our|my)\b", re.IGNORECASE)
_STATED = re.compile(
    r"(?:how|why|where|when)\s+(?!(?:is|are|was|were|do|does|did|can|could|should|shall|would|will|has|have|had|to|many|much|often|long"
    r"|far|big|large|fast|well|come|not|might|may|must|else|exactly)\b)\S",
    re.IGNORECASE,
)
_HOWTO = re.compile(r"(?:how to|when to|where to|what to)\b", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"(?:please )?(?:briefly )?(?:explain|describe|define|discuss|compare|contrast|differentiate|distinguish|tell (?:me|us)"
    r"|walk (?:me|us) through|name|list|give|state|mention|design|suppose|imagine|given|talk (?:me|us|about)|share|sketch"
    r"|t ?/ ?f\b|true ?/ ?false|(?:select|choose|pick) (?:all|any|one|the (?:best|correct|right|wrong|incorrect|true|false))|derive|elaborate|outline|summari[sz]e|illustrate|identify|true or false|justify|estimate|say you|let['’]s say|you are"
    r"|you have|your (?:team|company|manager|boss)|write (?:a|an|the|down|code|sql|your own|two|some)|implement (?:a|an|the|your own))\b(?! of\b)",
    re.IGNORECASE,
)
_TASKS = re.compile(
    r"(?:please )?(?:briefly )?(?:explain|describe|define|discuss|compare|contrast|differentiate|distinguish|name|list|give"
    r"|provide|mention|outline|tell (?:me|us)|walk (?:me|us) through) [a-z]|true or false\b",
    re.IGNORECASE,
)
_CONTRASTS = re.compile(
    r"\b(?:differences? between|vs\.?|versus|pros and cons|advantages|disadvantages)(?:\s|$)", re.IGNORECASE
)
_KINDS = re.compile(
    r"(?:types|kinds|features|characteristics|benefits|uses|components|applications|properties|phases|stages|principles|layers|steps|role"
    r"|importance|purpose|need|meaning|definition|life ?cycle) (?:of|for)\b",
    re.IGNORECASE,
)
"""What is asked for in keywords: a heading of a text as often as a question."""
_WORKS = re.compile(
    r"(?:write|create|build|implement|find|show|calculate|compute|determine|generate|insert|merge|reverse|sort|count|convert|print"
    r"|return|check|test|validate|prove|solve|optimi[sz]e|refactor|make|draw|remove|detect|rotate|traverse|simulate)\b",
    re.IGNORECASE,
)
_EXERCISES = re.compile(
    r"\b(?:arrays?|strings?|numbers?|integers?|digits?|linked lists?|lists?|trees?|matri(?:x|ces)|graphs?|stacks?|queues?|palindromes?|primes?"
    r"|factorials?|fibonacci|sum|duplicates?|vowels?|characters?|words?|substrings?|subarrays?|sequences?|anagrams?|elements?|nodes?|patterns?"
    r"|program|functions?|class|algorithm|quer(?:y|ies)|employees?|salar(?:y|ies)|customers?|orders?|highest|largest|smallest|maximum|minimum)\b",
    re.IGNORECASE,
)
"""What exercises in programming work on."""
_PROGRAMS = re.compile(
    r"(?:(?:an? |the )?(?:[\w+#]{1,12} )?(?:program|function|query|script)|wap|waf) (?:to|that|for|which)\b",
    re.IGNORECASE,
)
_POINTS_ONLY = re.compile(
    r"(?:(?:so|and|but|ok|then|now)\W+)?(?:what|why|how|who|when|where|is|are|was|were|do|does|did|can|should|want|need|got|have|any)"
    r"(?:(?:['’]s|['’]re|\W+(?:is|are|was|were|do|does|did|can|could|should|would|will|to|this|that|it|its|we|i|you|he|us|me|my|our"
    r"|the|a|an|any|all|for|about|in|on|of|up|here|there|not|next|new|now|more|else|inside|included|changed?|changes|works?|worth"
    r"|project|repo|repository|package|library|tool|app|site|use|using|used|install|run|start|started|get|contribute|help|helps"
    r"|care|happened|happens|learn(?:ed|t)?|support|supported|who|what|why|how|if|so|too|old|different|questions?|feedback"
    r"|problems?|issues?|stuck|involved|join|name|name|release|version)))*\W*",
    re.IGNORECASE,
)
_BLANK = re.compile(r"(?<!\w)(?:\\?_){3,}(?!\w)|(?<=[a-z,]) {5,}(?=[a-z(.,?]|$)")
_NAMED = re.compile(r"(?<= )(?:[A-HJ-Z]|[CRG][+#]*)\W{0,3}$")
"""A letter that names something (``What is A?``): not the article."""
_LEAD = re.compile(r"(?:\[?v?\d+(?:\.\d+)+\]?\W+|[\W_]+)")
_README = re.compile(r"\bread ?me\b", re.IGNORECASE)
_COLLECTION = re.compile(
    r"\binterviews?\b|\bquestions?\b|\bq\s?(?:&|and|n)\s?a\b|\bq&?as?\b|\bfaqs?\b|\bquiz(?:zes)?\b|\bflash ?cards?\b|\bexams?\b"
    r"|\btests? \d|\btrivia\b|\bproblems\b|\bexercises\b|\bdrills\b|\bpuzzles\b|\bmcqs?\b|\bmultiple choice\b|\b(?:mock|practice) (?:tests?|papers?)\b|\bassessments?\b|\bscreening\b|\bviva\b|\bhr round\b",
    re.IGNORECASE,
)  # fmt: skip


def belief(text: str) -> float:
    """0 to 1: how sure the words of a plain line make that it is a question somebody is to answer.

    A question that only points (``What's new?``, ``How does it work?``) is a heading of a readme or an article more
    often than one of an interview.
    """
    text = text[:400]
    lead = _LEAD.match(text)
    bare = text[lead.end() :] if lead else text
    asks = text.rstrip("\"'”’)*_ ").endswith(("?", "？")) or "? " in text
    if (
        (asks or _INTERROGATIVE.match(bare))
        and len(bare) < 60
        and _POINTS_ONLY.fullmatch(bare)
        and not _NAMED.search(bare)
    ):
        return _POINTING
    if asks:
        return _TALE if _OUR_PAST.match(bare) else ASKS
    if _TOLD.match(bare) or _FIELD.match(bare) or _FORBIDS.match(bare):
        return _NOTHING
    if _HOWTO.match(bare):
        return _HOW_TO
    if _INTERROGATIVE.match(bare):
        return _TALE if _STATED.match(bare) else _OPENS
    if _IMPERATIVE.match(bare):
        return _TASK
    if _CONTRASTS.search(bare) or bare[:11].lower() == "difference ":
        return _CONTRAST
    return _of_work(bare)


def _of_work(bare: str) -> float:
    """Belief in what neither asks nor explains in English: exercises, and questions in other languages."""
    if _WORKS.match(bare):
        return _EXERCISE if _EXERCISES.search(bare) else _WORK
    if _PROGRAMS.match(bare):
        return _EXERCISE
    if tongues.sets_task(bare):
        return _TASK
    if tongues.opens(bare):
        return _CONTRAST
    return _TALE if _KINDS.match(bare) else _NOTHING


def is_task(text: str) -> bool:
    """Whether a plain sentence tells somebody to explain or to name something."""
    return _TASKS.match(text[:400]) is not None


def leaves_blank(markdown: str) -> bool:
    """Whether a line leaves a gap to be filled in: a line drawn under nothing, or blanks within a sentence."""
    return ("_" in markdown or "    " in markdown) and _BLANK.search(markdown) is not None


def is_readme(text: str) -> bool:
    """Whether a title says that a document tells about others."""
    return _README.search(text[:400]) is not None


def is_collection(text: str) -> bool:
    """Whether a title or file name says that questions are collected here."""
    text = text[:400].replace("_", " ").replace("-", " ")
    return _COLLECTION.search(text) is not None and not _TOLD.match(text)
