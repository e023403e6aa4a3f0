"""Fields of tables, cards and objects: which of them is the question, which its answer, and one question made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from coach.domain import Kind, ParsedQuestion
from coach.importing.bodies import answers
from coach.importing.readers import marks
from coach.importing.wording import labels
from coach.text.cleaning import one_line
from coach.text.markdown import scan
from coach.text.printable import printable


class Role(StrEnum):
    """What a field is for."""

    QUESTION = "question"
    ANSWER = "answer"
    SECTION = "section"
    NUMBER = "number"
    KIND = "kind"


_NAMES: dict[Role, tuple[str, ...]] = {
    Role.QUESTION: (
        "question", "questions", "q", "ques", "que", "front", "prompt", "interview question", "frage", "pregunta", "domanda",
        "pergunta", "вопрос", "query", "problem", "problem statement", "ask", "cue", "task", "exercise", "instruction",
        "term", "title", "heading", "name", "topic question", "text", "input", "concept",
    ),
    Role.ANSWER: (
        "answer", "answers", "a", "ans", "back", "response", "responses", "solution", "solutions", "model answer",
        "reference answer", "expected answer", "sample answer", "ideal answer", "suggested answer", "accepted answer",
        "acceptedanswer", "correct answer", "antwort", "réponse", "reponse", "respuesta", "risposta", "resposta", "ответ",
        "completion", "reply", "definition", "meaning", "explanation", "output", "reference", "body", "content", "text",
        "description", "details", "detail", "notes", "note", "value", "key points", "extra", "back extra", "rubric",
        "expected", "expected points", "expected response", "sample response", "ideal response", "evaluation criteria", "correct", "key", "ideal",
        "good answer", "strong answer", "guidance", "approach", "points", "talking points", "what to look for", "look for",
        "code", "source code", "implementation",
    ),
    Role.SECTION: (
        "section", "topic", "category", "chapter", "subject", "subtopic", "theme", "area", "group", "module", "unit",
        "domain", "skill", "field", "categories", "topics", "deck", "tags", "tag", "labels", "label",
    ),
    Role.NUMBER: (
        "number", "no", "nr", "num", "#", "№", "id", "index", "idx", "sno", "s no", "sl no", "sr no", "serial", "qid",
        "q no", "q id", "order", "position", "rank", "question number", "question no", "question id", "number of question",
    ),
    Role.KIND: ("kind", "type", "question type", "question kind"),
}  # fmt: skip
"""Names in lower case, the surest first. A name may stand under two roles: the question is chosen first."""

CERTAIN = frozenset(_NAMES[Role.QUESTION][:19])
"""Names that say by themselves that a field holds a question."""

_TITLES = ("title", "name", "heading")
_DESCRIPTIONS = ("description", "statement", "problem description", "problem statement", "problem")
_SOLUTIONS = ("code", "solution", "solution code", "answer", "source code", "implementation")
_SETTINGS = frozenset({"difficulty", "constraints", "examples", "hints", "test cases", "testcases", "starter code"})
"""Fields of a problem to be solved, beside its title and what it asks for."""
_ASIDE = frozenset(
    [
        "hint",
        "hints",
        "tag",
        "tags",
        "topic",
        "topics",
        "category",
        "level",
        "difficulty",
        "company",
        "companies",
        "source",
        "sources",
        "url",
        "link",
        "links",
        "author",
        "date",
        "created",
        "updated",
        "note",
        "notes",
        "follow",
        "followup",
        "followups",
        "flags",
        "wrong",
        "incorrect",
        "distractors",
        "options",
        "choices",
        "related",
        "references",
        "input",
        "time",
        "duration",
        "title",
        "name",
        "context",
        "section",
        "subject",
        "language",
        "locale",
        "role",
        "id",
    ]
)
"""Words in the names of fields that come beside an answer."""

ANSWERS = frozenset(_NAMES[Role.ANSWER][:14])
"""Names that say by themselves that a field holds the answer."""
_KINDS = {
    "concept": Kind.CONCEPT, "conceptual": Kind.CONCEPT, "design": Kind.DESIGN, "system design": Kind.DESIGN,
    "architecture": Kind.DESIGN, "coding": Kind.CODING, "code": Kind.CODING, "algorithm": Kind.CODING,
    "programming": Kind.CODING, "behavioural": Kind.BEHAVIOURAL, "behavioral": Kind.BEHAVIOURAL, "practice": Kind.PRACTICE,
}  # fmt: skip
_NUMBER = re.compile(r"#?(?:q(?:uestion)?[ .#-]?)?0*(\d{1,4}[a-z]?)(?:\.0)?[.):]?", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？][\"'”’)\s]*$|^(?:what|why|how|when|where|which|who|explain|describe|define|discuss|compare|name|list|tell|write"
    r"|design|implement|walk|give|is|are|does|do|can|should|would)\b",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(r"\bkey ?words?\b|\bbuzz ?words?\b")
"""Names of fields that list words to listen for, and answer nothing."""
_FLAG = re.compile(r"(?:has|is|with|needs|allow|show|include)s? ")
"""How the name of a field begins that says whether there is something."""
_MOST_DEPTH = 12
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def named(name: str) -> str:
    """A field's name as the tables here have it: lower case, words apart, punctuation off."""
    text = re.sub(r"[^\w#№]+", " ", _CAMEL.sub(" ", printable(name[:200])).replace("_", " "))
    return text.strip().lower()


def roles(names: Sequence[str]) -> dict[Role, int]:
    """Role -> index of the field that plays it, by the fields' names alone; roles that none plays are left out."""
    plain = ["" if _KEYWORDS.search(name) or _FLAG.match(name) else name for name in map(named, names)]
    found = _problem(plain)
    for whole in (True, False):
        for role in (Role.QUESTION, Role.ANSWER, Role.NUMBER, Role.KIND, Role.SECTION):
            if role not in found:
                place = _first(plain, role, set(found.values()), whole)
                if place is not None:
                    found[role] = place
    if Role.ANSWER not in found and Role.QUESTION in found:
        told = [n for n, name in enumerate(plain) if "answer" in name.split() and n not in found.values()]
        found |= {Role.ANSWER: told[0]} if len(told) == 1 else {}
    return found


def _problem(plain: Sequence[str]) -> dict[Role, int]:
    """Title, description and solution of a problem: its description is what is asked, where there are all three."""
    title = any(name in plain for name in _TITLES)
    asked = next((plain.index(name) for name in _DESCRIPTIONS if name in plain), None)
    solved = next((plain.index(name) for name in _SOLUTIONS if name in plain), None)
    if asked is not None and _is_unsolved(plain):
        return {Role.QUESTION: asked}
    if not title or asked is None or solved is None or any(name in plain for name in _NAMES[Role.QUESTION][:10]):
        return {}
    return {Role.QUESTION: asked, Role.ANSWER: solved}


def is_unsolved(names: Sequence[str]) -> bool:
    """Whether fields are a problem's title, what it asks for and what helps to solve it, without a solution."""
    return _is_unsolved([named(name) for name in names])


def _is_unsolved(plain: Sequence[str]) -> bool:
    title = any(name in plain for name in _TITLES) and any(name in plain for name in _DESCRIPTIONS)
    answered = any(name in plain for name in (*_SOLUTIONS, *_NAMES[Role.ANSWER][:18], "explanation"))
    return title and not answered and any(name in plain for name in _SETTINGS)


def unnamed(names: Sequence[str], samples: Sequence[Sequence[str]]) -> int | None:
    """The field that holds the answers though its name does not say so: the one with the longest texts, sentences in most.

    ``samples`` are texts of each field; fields that some role has taken come without any.
    """
    best, most = None, 0.0
    for place, (name, texts) in enumerate(zip(names, samples, strict=True)):
        filled = [text for text in texts if text.strip()]
        spaced = sum(" " in text.strip() and "://" not in text[:12] for text in filled)
        plain = named(name)
        if not filled or set(plain.split()) & _ASIDE or _KEYWORDS.search(plain) or 2 * spaced < len(filled):
            continue
        length = sum(map(len, filled)) / len(texts)
        if length > most:
            best, most = place, length
    return best


def _first(plain: Sequence[str], role: Role, taken: set[int], whole: bool) -> int | None:
    """The field whose name fits the role best; where not ``whole``, a name that only ends in the role's word fits too."""
    if whole:
        for name in _NAMES[role]:
            for place, one in enumerate(plain):
                if place not in taken and one == name:
                    return place
        return None
    for name in (name for name in _NAMES[role][:24] if len(name) > 3):
        for place, one in enumerate(plain):
            words = one.split()
            if place not in taken and len(words) <= 5 and (words[-1:] == [name] or words[:1] == [name]):
                return place
    return None


def tells_of_answer(name: str) -> bool:
    """Whether a field says whether there is an answer somewhere (``has_solution``)."""
    plain = named(name)
    return _FLAG.match(plain) is not None and plain.split()[-1] in ("solution", "solutions", "answer", "answers")


def is_certain(name: str) -> bool:
    """Whether a field's name says by itself that a question stands in it (``question``, ``main_question``)."""
    plain = named(name)
    return plain in CERTAIN or (plain.endswith(" question") and plain.count(" ") <= 2)


def kind_of(text: str) -> Kind | None:
    """The kind that a field names; None where it names none."""
    return _KINDS.get(" ".join(text.lower().split()))


def number_of(text: str) -> str | None:
    """A question's number as printed in a field; None for other identifiers."""
    found = _NUMBER.fullmatch(" ".join(text.split())) if len(text) < 40 else None
    return found[1].lower() if found else None


def question(
    text: str,
    answer: str,
    line: int,
    section: str = "",
    number: str = "",
    kind: str = "",
    html: bool = False,
    options: str = "",
) -> ParsedQuestion | None:
    """One question from its fields, all of them untrusted text; None where there is no question in it.

    ``html`` says that the fields are HTML; otherwise that is told by their tags. ``options`` to choose from and blocks of
    code in ``text`` are its material.
    """
    if html or marks.looks_like_html(text):
        text = marks.from_html(text)
    if html or marks.looks_like_html(answer):
        answer = marks.from_html(answer)
    label, printed, rest = labels.prefix(" ".join(printable(text).split("\n")[:1]).strip())
    if label and rest.strip():
        text = rest + text.strip()[len(text.strip().split("\n")[0]) :]
    lines = scan(printable(text))
    asked = one_line("\n".join(row.text for row in lines if not row.is_code)) or one_line(text)
    if not asked:
        return None
    code = answers.material([row for row in lines if row.is_code])
    cleaned, _ = answers.clean(scan(printable(answer)))
    material = "\n\n".join(part for part in (code, answers.material(scan(printable(options)))) if part)
    return ParsedQuestion(
        asked,
        cleaned,
        line,
        one_line(section)[:200] or None,
        number_of(number) or printed or None,
        kind_of(kind),
        material=material,
    )


def share_asking(texts: Iterable[str]) -> float:
    """The share of texts that end in a question mark or open as questions do."""
    asked = [_ASKS.search(one_line(text[:1000])) is not None for text in texts if text.strip()]
    return sum(asked) / len(asked) if asked else 0.0


def joined(value: object, depth: int = 0) -> str:
    """A field that may be a list or an object as Markdown: lists as items, objects by the texts in them."""
    if depth > _MOST_DEPTH:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        chosen = roles([str(key) for key in value])
        keys = list(value)
        place = chosen.get(Role.ANSWER, chosen.get(Role.QUESTION))
        if place is None:
            return "\n\n".join(text for item in value.values() if (text := joined(item, depth + 1).strip()))
        return joined(value[keys[place]], depth + 1)
    if isinstance(value, Sequence):
        texts = [text for text in dict.fromkeys(joined(item, depth + 1).strip() for item in value) if text]
        if any("\n" in text for text in texts):
            return "\n\n".join(texts)
        return texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts)
    return ""
