"""What stands before a question or an answer: numbers, ``Q1:``, ``Answer:``; and headings that head neither."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(\d{1,4}[a-z]?)\s{0,3}(?:\\?[.):]|\s[-–—](?=\s))\s*(?=\S)")
Q = re.compile(r"(?:question|ques|q)\s{0,2}(?:[#№]\s?)?(\d{1,4}[a-z]?)?\s{0,2}(?:[.:)\]]|\s[-–—]|$)\s*", re.IGNORECASE)
_STARS = re.compile(r"(\*\*|__|\*|_)?\s?")
_ANSWER = re.compile(
    r"(?:\d{1,3}[.)]\s)?(?:(?:expected|sample|model|suggested|possible|short|the|reference)\s)?"
    r"(?:answers?|ans|solution|response|a)\s?\d{0,4}(?:[:.)]|\s?[-–—]\s|$)",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"(?:(?:table of )?contents|toc|index|licen[cs]e|contribut(?:ing|ors|ions?)|references|(?:useful )?resources"
    r"|further reading|acknowledge?ments|credits|about(?: (?:me|us|this .{1,40}))?|introduction|preface"
    r"|disclaimer)?\W*",
    re.IGNORECASE,
)


def is_answer_label(text: str) -> bool:
    """Whether a plain line says nothing but that the answer begins (``Answer:``, ``A:``)."""
    found = _ANSWER.match(text)
    return found is not None and found.end() == len(text.strip())


def starts_with_answer_label(text: str) -> bool:
    """Whether a plain line begins with ``Answer:`` or ``A:`` (with its colon)."""
    found = _ANSWER.match(text)
    return found is not None and found[0].rstrip()[-1:] in ":.)-–—" and found[0].strip().lower() not in ("a.", "a)")


def is_boilerplate(text: str) -> bool:
    """Whether a plain heading is one that documents have around their content (``Contents``, ``License``)."""
    return len(text) < 80 and _BOILERPLATE.fullmatch(text) is not None


def prefix(text: str) -> tuple[str, str | None, str]:
    """Label, number and the rest of a line; emphasis round the label alone is passed over."""
    stars = _STARS.match(text)
    opening = stars[0] if stars else ""
    body = text[len(opening) :]
    for label, pattern in (("q", Q), ("number", _NUMBER)):
        found = pattern.match(body)
        if found and (label == "number" or found[1] or found.end() > 1):
            rest = body[found.end() :]
            mark = opening.strip()
            if mark and rest.startswith(mark):
                return label, found[1], rest[len(mark) :].lstrip(" .:)")
            return label, found[1], (mark + rest) if rest else ""
    return "", None, text
