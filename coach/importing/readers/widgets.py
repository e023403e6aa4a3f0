"""What classes and attributes of a page say: accordions and cards, the answer's button, badges, pop-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coach.importing.wording.labels import LEVEL_NAME, prefix
from coach.importing.wording.reading import CERTAIN, belief
from coach.text.cleaning import one_line

_QUESTION = re.compile(
    r"(?:^|[\s_-])(?:question|faq-?q|accordion[\w-]*(?:title|header|heading|button|trigger|toggle)|(?:title|header)-?accordion"
    r"|toggle-?title|collapsible|card-header|panel-heading|(?:flip-?)?card-?front|front)(?:$|[\s_-])"
    r"|(?:^|\s)(?:q|qn|ques)(?:$|\s)|(?:^|\s)(?:q|qn|ques|question|faq|quiz)[_-]*(?:text|title|trigger|head(?:er|ing)?|name|label|body)(?:$|\s)"
    r"|^(?:accordion|question[\w-]*(?:title|text))$",
    re.IGNORECASE,
)
SHOWS = re.compile(
    r"(?:(?:click|tap|press)\b.{0,20})?(?:(?:show|see|view|reveal|toggle|read|open|expand|display|hide)\b\s?)?"
    r"(?:(?:the|an|my|me|model|sample|correct|full|expected)\s){0,3}(?:answers?|solutions?|response|ans|a)\W*",
    re.IGNORECASE,
)
"""What stands on a fold that holds the answer to the question before it."""
_FURNITURE = re.compile(
    r"headerlink|anchor|permalink|octicon|copy|sr-only|visually-hidden|line-?numbers?|lineno", re.IGNORECASE
)
_ANSWER = re.compile(
    r"(?:^|[\s_-])(?:answers?|ans|solution|response|reply)(?:$|[\s_-](?!btn|button|key))", re.IGNORECASE
)
_ASIDE_FORM = re.compile(r"search|newsletter|subscribe|sign-?(?:up|in)|login|comment|contact|feedback", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:lang(?:uage)?|highlight-source|brush:?)[-\s]?([a-z][\w+#-]{0,20})", re.IGNORECASE)
_BLOCK_NAMES = """
    address article blockquote body button caption center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6
    header hgroup hr html label li main ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_BADGE = re.compile(
    r"(?:^|[\s_-])(?:badge|tag|tags|chip|pill|level|difficulty|frequency|status|meta)(?:$|[\s_-])", re.IGNORECASE
)
_ICON = re.compile(r"(?:^|[\s_-])(?:icon|icons|fa|fas|far|bi|arrow|chevron|caret)(?:$|[\s_-])", re.IGNORECASE)
_POPUP = re.compile(r"(?:^|[\s_-])(?:pop-?up|modal|dialog)(?:$|[\s_-])", re.IGNORECASE)
_TOGGLES = ("aria-expanded", "aria-controls", "data-bs-toggle", "data-toggle")
_ONCLICK = re.compile(r"toggle|show|reveal|expand|open", re.IGNORECASE)
_LABEL = re.compile(r"\W*[^\W\d]{0,12}\W{0,3}\d{0,4}\W*")
_NUMBER = re.compile(r"#?(\d{1,4})[.):]?")
_CODE = re.compile(r"(?:Q|[A-Z]{1,6}[-_#])\d{1,4}")
_LEVEL = re.compile(LEVEL_NAME, re.IGNORECASE)
_REMARK = re.compile(r"^\*([^*\[\]]{1,24})\*\s*(?=\S)")
"""A remark in emphasis of its own before a question."""
_TOGGLE_SIGN = re.compile("(?<=[\\w?？.!)])\\s*[+\u00d7\u203a\u2212\u25b2-\u25c4\u2304\u2303\u2795\u2796]{1,2}$")
"""A sign at the end of a question that opens and closes its answer."""
_MOST_BADGE = 20
_SIGN_BEHIND = re.compile(r"\s*[^\w\s?？.!)\"'”’]{1,2}$")
_LEAST_SPACES = 2
_SIGN = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f+\u00d7\u203a\u2039\u00bb\u2212\u2013-]{1,3}")
"""What a page draws to open and close something."""


def language(classes: str) -> str:
    """The programming language that the classes of a block of code name; empty where they name none."""
    found = _LANGUAGE.search(classes)
    return found[1].lower() if found else ""


def holds_question(classes: str) -> bool:
    """Whether the classes of an element say that a question stands in it."""
    return _QUESTION.search(classes) is not None


def holds_answer(classes: str) -> bool:
    """Whether the classes of an element say that an answer stands in it."""
    return _ANSWER.search(classes) is not None


def is_toggle(own: Mapping[str, str], classes: str) -> bool:
    """Whether a button opens what stands behind it, so that it may be a question."""
    clicked = _ONCLICK.search(own.get("onclick", "")[:200]) is not None
    return clicked or any(name in own for name in _TOGGLES) or holds_question(classes)


def is_decoration(tag: str, own: Mapping[str, str], classes: str) -> bool:
    """Whether an element is no text of the page: anchors of headings, icons, what only opens over it."""
    if tag == "div" and ("hidden" in own or own.get("role") == "dialog" or _POPUP.search(own.get("id", "")[:200])):
        return True
    if tag == "form" and (own.get("role") == "search" or any(map(_ASIDE_FORM.search, _named(own)))):
        return True
    if tag in ("i", "span") and _ICON.search(classes):
        return True
    return tag in ("a", "span", "div") and _FURNITURE.search(classes) is not None


def is_badge(classes: str) -> bool:
    """Whether the classes of an element say that it is a box with a remark about what it stands beside."""
    return _BADGE.search(classes) is not None


def asked(text: str) -> str:
    """The Markdown of a question without emphasis and signs, a remark before it in brackets."""
    return _TOGGLE_SIGN.sub("", _REMARK.sub(r"[\1] ", text.replace("**", "")))


def asks(text: str) -> bool:
    """Whether the text of a button is a question and no command of the page (``Next``, ``Need help?``)."""
    said = _SIGN_BEHIND.sub("", one_line(text))
    said = prefix(said)[2] or said
    return said.count(" ") >= _LEAST_SPACES and belief(said) >= CERTAIN


def is_label(text: str) -> bool:
    """Whether a text only counts or names a question that is still to come (``Question 3``)."""
    return _LABEL.fullmatch(text.strip()) is not None


def _named(own: Mapping[str, str]) -> list[str]:
    return [own.get(name, "")[:200] for name in ("class", "id", "action", "name")]


def badge(text: str) -> str | None:
    """A number or a difficulty that stands in a box of its own, as it is written in a line; None for other text."""
    bare = text.strip()
    if not bare or len(bare) > _MOST_BADGE:
        return None
    if _SIGN.fullmatch(bare):
        return " "
    if found := _NUMBER.fullmatch(bare):
        return f"{found[1]}. "
    if _CODE.fullmatch(bare):
        return f"{bare}: "
    return f" [{bare}] " if _LEVEL.fullmatch(bare) else None
