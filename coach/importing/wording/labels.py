"""What stands before a question or an answer: numbers, ``Q1:``, ``Answer:``; and headings that head neither."""

from __future__ import annotations

import re

from coach.importing.wording.reading import CERTAIN, belief

LEVEL_NAME = r"(?:very )?(?:easy|medium|hard|difficult|beginner|basic|intermediate|advanced|expert|junior|mid(?:[- ]?level)?|senior|fresher)"
_NUMBER = re.compile(
    r"(?:(?P<circled>[\u2460-\u2473\u2776-\u2793])\s*|【(?P<lensed>\d{1,4})】\s*|[(\[](?P<closed>\d{1,4}[a-z]?)[)\]][.:]?\s*"
    r"|(?:no\.?\s?|№\s?|#)?(?P<plain>\d{1,4}[a-z]?)\s{0,3}(?:\\?[.):、．]{1,2}[-–—]?(?!\d)|\s?(?:[/|·º°\]]|>{1,2})(?=\s)|\s[-–—](?=\s)|[-–—](?=\s))\s*"
    r"|(?P<chapter>\d{1,2}\.\d{1,3})(?:[.):](?!\d)|(?=\s))\s*"
    r"|(?P<deep>\d{1,2}(?:\.\d{1,3}){2,3})(?:[.):](?!\d)|(?=\s+[^\W\d_]))\s*"
    r"|(?:problem|exercise|scenario|task|challenge|case|puzzle|drill|card|item|topic)\s{0,2}#?(?P<named>\d{1,4}[a-z]?)\s{0,2}"
    r"(?:[.:)]|\s[-–—])\s*"
    r"|(?P<coded>(?-i:[A-Z]{1,6})(?:[-_#]\d{1,4}|0\d{1,3}))(?:\s?[.:)\]|]|\s[-–—])\s+)(?=\S)",
    re.IGNORECASE,
)
_Q_NAME = (
    r"(?:interview )?question|quest|ques|que|qno|qn|qs|q|interviewer|frage|pregunta|pergunta|domanda|вопрос|soru|pytanie|vraag"
    r"|otázka|fråga|pertanyaan|câu hỏi|câu|问题|問題|质问|質問|问|問|질문"
)
Q = re.compile(
    rf"(?:[\[(<](?=[^\])>\n.]{{1,24}}\.?[\])>](?!\()))?(?:{_Q_NAME})\s{{0,2}}(?:(?:[-.#№:]|no\.?|number)\s?(?=\d))?(\d{{1,4}}[a-z]?)?"
    rf"(?:(?<=\d)\s?(?:/|of)\s?\d{{1,4}})?(?:\s?[\[(](?:{LEVEL_NAME}|\d{{1,3}}\s?(?:points?|marks?|pts?))[\])])?\s{{0,2}}"
    r"(?:\\?[.:：)\]>]+[-–—>]{0,3}|\s?[|→](?=\s)|\s[-–—]+|[-–—]+>?(?=\s)|$)\s*",
    re.IGNORECASE,
)
_UNMARKED = re.compile(
    rf"(?:(?P<q>(?i:{_Q_NAME})\s?[-.#№]?\s?)|#)?(?P<number>\d{{1,3}}[a-z]?)(?:\s[\[(](?i:{LEVEL_NAME})[\])])?\s+(?=[^\W\d_a-z]|[¿\"“`*\[]|(?:what|why|how|when|which|who|where|define|explain|describe|differen\w+|compare|list|discuss)\s)"
)
"""A number with nothing behind it: only what follows tells whether it counts questions."""
_DASHED = re.compile(r"(?P<number>\d{1,3})[-–—](?=[^\W\d_])")
"""A number with a dash and no blank: ``3-way …`` is none, so that what follows has to ask by its words."""
_MAY_HAVE_PREFIX = re.compile(
    r"[#<【\u2460-\u2473\u2776-\u2793qifvouсв问問質质질\d(\[№]|(?:preg|perg|doma|вопр|soru|pyta|câu|pert)|[nptcsed][^\d\n]{0,16}\d|[A-Z]{1,6}[-_#0]",
    re.IGNORECASE,
)
"""What every number and label of a question starts with: cheaper than the patterns themselves."""
_KEYCAPS = re.compile("(?:[0-9]\ufe0f?\u20e3){1,3}[\\s.):-]*(?=\\S)")
"""A number in the signs of keys (1️⃣)."""
LETTERED = re.compile(r"(?:\(?[a-z][.)]|\(?[ivx]{1,6}[.)])\s+(?=\S)", re.IGNORECASE)
"""A letter or a Roman number in place of a number."""
_SIGNS = re.compile(
    "(?:[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\u2022\u2023\u25e6\u2043\U0001f000-\U0001faff]\\s*){1,12}(?=\\S)"
)
"""Signs that decorate a line."""
_LEVEL = re.compile(
    rf"(?:\*\*|__|`|\*)?(?:[\[(]{LEVEL_NAME}[\])](?:\*\*|__|`|\*)?\s*[:\-–—]?|{LEVEL_NAME}\s?(?::|[-–—])(?:\*\*|__|`|\*)?(?=\s))\s*(?=\S)",
    re.IGNORECASE,
)
_LEVEL_BEHIND = re.compile(
    rf"(?<=\S)\s*(?:[\[`]{{1,2}}{LEVEL_NAME}[\]`]{{1,2}}|\s[-–—|]\s?{LEVEL_NAME})(?P<tail>[\s*_]*)$",
    re.IGNORECASE,
)
_LEVEL_AFTER_MARK = re.compile(rf"(?<=[?？.*_])\s{{0,3}}\({LEVEL_NAME}\)(?P<tail>[\s*_]*)$", re.IGNORECASE)
_COUNTED_LABEL = re.compile(
    rf"#?\d{{1,4}}\s?[.):]?[-–—]?\s{{0,3}}(?=(?:{_Q_NAME})\s{{0,2}}(?:[-.#№]?\s?\d{{1,4}}[a-z]?\s?[.:：)–—-]|[:：]))",
    re.IGNORECASE,
)
"""A number before a label."""
_COUNTED = re.compile(r"(\d{1,4}[a-z]?)[\s.):\-–—]{1,3}(?=\S)")
_LEVEL_STARTS = "[(*_`vembiahdsfjVEMBIAHDSFJ"
_LEVEL_ENDS = tuple("ymdtrcelYMDTRCEL")
"""The last letters of all names of levels."""
_KIND_OF_QUESTION = re.compile(r"^(?:[A-Za-z]+[ -]){1,2}question\s?(?::|[–—]|-(?=\s))\s*(?=\S)", re.IGNORECASE)
"""What kind of question one is, behind its number (``Trap question:``)."""
_CIRCLED = 0x2460
"""The sign of a one in a circle; those of the others follow."""
_DARK = 0x2776
"""The same of the dark ones, of which there are several rows of ten."""
_EMPHASIS = ("*", "_", "`")
_LABEL_ALONE = re.compile(
    r"(?P<mark>\*{1,3}|_{1,2}|`)(?P<inner>[^*_`\n]{1,22}?)(?P<closed>\]?)(?P=mark)\s*(?P<behind>[:.)|–—-]{0,2})\s*(?=\S)"
)
"""A label that is emphasised by itself (``**Q1** – …``)."""
_STAR_STARTS = ("*", "_", "`", " ", "\t", "\xa0")
_STARS = re.compile(r"(\*{1,3}|_{1,2}|`)?\s?")
_ANSWER_NAME = (
    r"(?:(?:the|your|my|our|expected|sample|model|suggested|possible|short|long|detailed|brief|quick|good|best|example|correct|right|"
    r"reference|ideal|official|full|key|own|written|researched|initial|revised|final|complete|follow-?up|recommended|proposed|show|see|view|reveal|open|click(?: here)?(?: to)?(?: see| view| show| reveal| expand)?(?: for)?"
    r"|toggle|expand|check)\s){0,4}"
    r"(?:answers?|answered|ans|solutions?|response|resp|sol|reply|antwort(?:en)?|respuestas?|respostas?|risposta|réponse|reponse|ответы?"
    r"|cevap|odpowiedź|antwoord|odpověď|svar|jawaban|trả lời|đáp án|答案|回答|解答|答|답변|답)"
)
_ANSWER = re.compile(
    rf"(?:\d{{1,3}}[.)]\s)?(?:(?:(?:{_ANSWER_NAME}|candidate)|reveal|show|click to (?:reveal|expand|show|see)"
    r"|click me|spoiler)\s?(?:(?:no\.?\s?)?#?(?<!solution )(?<!solution)\d{1,4})?(?:\s?[:：.)]+[-–—]{0,2}|\s?[-–—=]+>?(?=\s|$)|\s?$)"
    r"|a\s?\d{0,4}\s?(?:[:：.)]+(?!=)[-–—]{0,2}|$))",
    re.IGNORECASE,
)
_LEAD = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+\\s?")
_ENDS = tuple(":：.)-–—>")
_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_NOISE = re.compile(r"^[\W_]+|[^\w:.)\-–—>]+$")
_BOILERPLATE = re.compile(
    r"(?:(?:table of )?contents|toc|index|licen[cs]e|contribut(?:ing|ors|ions?|e)|how to contribute|references|(?:useful )?resources"
    r"|further reading|acknowledge?ments|credits|about(?: (?:me|us|this .{1,40}))?|introduction|preface|stargazers|sponsors?|support"
    r"|disclaimer|changelog|thanks|feedback|related(?: (?:topics|projects|links))?|see also|authors?|star history|links?)?\W*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:(?:in )?conclusions?|summary|tl;?dr|overview|background|motivation|prerequisites|requirements|installation|install|setup"
    r"|usage|quick ?start|getting started|configuration|features|examples?|steps|ingredients|notes|agenda|actions?|attendees|numbers|results"
    r"|development|testing|tests|roadmap|deployment|api|docs|documentation|added|changed|fixed|removed|deprecated|security|unreleased"
    r"|final thoughts|the (?:beginning|end|problem|solution)|next steps|takeaways|key takeaways|lessons learn(?:ed|t))\W*",
    re.IGNORECASE,
)
SOURCE = re.compile(r"(?:sources?|ref(?:erences?)?(?: links?)?|credits?|via|taken from)\s?:?", re.IGNORECASE)


def is_answer_label(text: str) -> bool:
    """Whether a plain line says nothing but that the answer begins (``Answer:``, ``Show answer``, ``A:``)."""
    if len(text) > 80:
        return False
    text = _NOISE.sub("", text).strip()
    found = _ANSWER.match(text)
    return found is not None and found.end() == len(text) > 0


def starts_with_answer_label(text: str) -> bool:
    """Whether a plain line begins with ``Answer:`` or ``A:`` (with its colon)."""
    found = _ANSWER.match(text[:120])
    return found is not None and found[0].rstrip()[-1:] in _ENDS


def without_answer_label(text: str) -> str | None:
    """What follows the label that a line of Markdown begins with, empty where nothing does; None where there is no label."""
    if text in ("?", "??"):
        return ""
    lead = _LEAD.match(text)
    body = text[lead.end() :] if lead else text
    mark = next((mark for mark in ("***", "**", "__", "*", "_") if body.startswith(mark)), "")
    inner = body[len(mark) :]
    close = inner.find(mark, 0, 80) if mark else -1
    if close > 0:
        behind = inner[close + len(mark) :]
        label = inner[:close].rstrip()
        if is_answer_label(label) and (not behind.strip() or label[-1:] in _ENDS or behind.lstrip()[:1] in _ENDS):
            return behind.lstrip(" " + "".join(_ENDS)).rstrip()
    found = _ANSWER.match(inner[:200])
    if found and found[0].rstrip()[-1:] in _ENDS:
        rest = inner[found.end() :].lstrip()
        return rest if not mark else mark + rest if mark in rest else None
    return "" if is_answer_label(_TAGS.sub("", text)) else None


def is_one_letter(text: str) -> bool:
    """Whether a line of Markdown begins with a single letter (``A:``)."""
    return not text.lstrip("*_ (")[1:2].isalpha()


def is_bare_label(text: str) -> bool:
    """Whether a heading is a question's label with nothing behind it (``Q. ***``)."""
    found = Q.match(text[:40])
    return found is not None and found.end() > 1 and not re.search(r"\w", text[found.end() :])


def is_boilerplate(text: str) -> bool:
    """Whether a plain heading is one that documents have around their content (``Contents``, ``License``)."""
    return len(text) < 80 and _BOILERPLATE.fullmatch(text) is not None


def is_of_an_article(text: str) -> bool:
    """Whether a plain heading is one that readmes, articles and changelogs have (``Installation``, ``Conclusion``)."""
    return len(text) < 60 and (_ARTICLE.fullmatch(text) is not None or is_boilerplate(text))


def without_level(text: str) -> str:
    """A line without a note of how hard it is at its start or end (``[Easy] …``, ``… (Senior)``)."""
    sign = _SIGNS.match(text) if text and not text[0].isascii() else None
    start = sign.end() if sign else 0
    found = _LEVEL.match(text, start) if text[start : start + 1] and text[start] in _LEVEL_STARTS else None
    text = text[found.end() :] if found else text
    if text.rstrip("*_ ])`")[-1:] not in _LEVEL_ENDS:
        return text
    near = max(0, len(text) - 40)
    behind = _LEVEL_BEHIND.search(text, near) or (_LEVEL_AFTER_MARK.search(text, near) if ")" in text[-6:] else None)
    return text[: behind.start()] + behind["tail"] if behind else text


def prefix(text: str) -> tuple[str, str | None, str]:
    """Label (``q``, ``number`` or empty), number and the rest of a line.

    Emphasis round the label alone is passed over, and signs before it (``🔹 **Q1:** …``).
    """
    sign = _SIGNS.match(text) if text and not text[0].isascii() else None
    if sign is not None:
        label, number, rest = prefix(text[sign.end() :])
        return (label, number, rest) if label else _prefix(text)
    return _alone(text) or _prefix(text)


def _alone(text: str) -> tuple[str, str | None, str] | None:
    """Label, number and rest of a line that begins with a label in emphasis of its own; None for all others."""
    found = _LABEL_ALONE.match(text) if text[:1] in _EMPHASIS else None
    if found is None:
        return None
    label, number, rest = _prefix(found["inner"].rstrip(" .:)]") + found["closed"] + ": x")
    marked = label == "q" or found["inner"][-1:] in ".:)]" or found["closed"] or found["behind"]
    return (label, number, text[found.end() :]) if rest == "x" and marked else None


def _prefix(text: str) -> tuple[str, str | None, str]:
    stars = _STARS.match(text) if text[:1] in _STAR_STARTS else None
    opening = stars[0] if stars else ""
    body = text[len(opening) :]
    if opening.strip() and body and not body[0].isascii() and (sign := _SIGNS.match(body)):
        body = body[sign.end() :]
    if "\u20e3" in body[:12] and (keys := _KEYCAPS.match(body)):
        return "number", "".join(filter(str.isdigit, keys[0])), opening.strip() + body[keys.end() :]
    if not _MAY_HAVE_PREFIX.match(body):
        return "", None, text
    if body[0] in "#0123456789" and (counted := _COUNTED_LABEL.match(body)) is not None:
        body = body[counted.end() :]  # ``3. Question 3: …``: the label says more than the number before it
    mark = opening.strip()
    for label, pattern in (("q", Q), ("number", _NUMBER)):
        found = pattern.match(body)
        if not found or (label == "q" and not found[1] and found.end() < 2):
            continue
        number = found[1] if label == "q" else next(part for part in found.groups() if part)
        number = _uncircled(number) if number and ord(number[0]) >= _CIRCLED else number
        rest = _KIND_OF_QUESTION.sub("", body[found.end() :], count=1)
        if label == "q" and not number and (counted := _COUNTED.match(rest)):
            number, rest = counted[1], rest[counted.end() :]
        rest = without_level(rest)
        if mark and rest.startswith(mark):
            return label, number, rest[len(mark) :].lstrip(" .:)-–—")
        return label, number, (mark + rest) if rest else ""
    found = _DASHED.match(body) or _UNMARKED.match(body)
    if found is None or belief(body[found.end() :].strip("*_ ?")) < CERTAIN:
        return "", None, text
    return "q" if found.groupdict().get("q") else "number", found["number"], mark + body[found.end() :]


def _uncircled(sign: str) -> str:
    """The number that a sign in a circle stands for."""
    place = ord(sign[0]) - _CIRCLED
    return str(place + 1 if place < _DARK - _CIRCLED else (place - _DARK + _CIRCLED) % 10 + 1)
