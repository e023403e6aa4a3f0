r"""Markdown made easy to read: LaTeX, escapes, tags, marks.

``tidy`` cleans one line of Markdown and leaves it Markdown,
``plain`` takes the Markdown off. Every function is linear in its input, whatever the input: a run of ten million
stars, dollars or backticks is only slow to read.
"""

from __future__ import annotations

import html
import re
import unicodedata

from coach.text.printable import printable

_STYLED = re.compile("[\U0001d400-\U0001d7ff\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
_SPACES = re.compile("[ \t\xa0]{2,}")

_TO_TIDY = re.compile(r"[$\\]|[ \t\xa0][ \t\xa0]")

_BACKTICKS = re.compile("`+")
_TEX = re.compile(
    r"(?<![\\$])\$\$(?P<display>[^$\n]+)\$\$(?!\$)"
    r"|(?<![\\$\w])\$(?!\s)(?P<inline>(?:[^$\n\\]|\\[^\n])+)(?<![\s\\])\$(?![\w$])"
    r"|(?<!\\)\\\((?P<round>[^\n\\]*(?:\\[^\n()\[\]][^\n\\]*)*)\\\)"
)
_TEX_SIGN = re.compile(r"[\\^_=]|^[^\W\d_]$|^\w{0,3}\([^()]*\)$")
_NEEDLESS = re.compile(r"(?<!\\)\\([_$*~#.&<>()\[\]+!|{}-])")
_HARMLESS = re.compile(r"(?<!\\)\\([_$*&+!.()\-{}])")

_TEX_NAMES = {
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "times": "×", "cdot": "·", "div": "÷",
    "pm": "±", "approx": "≈", "sim": "~", "equiv": "≡", "infty": "∞", "to": "→", "rightarrow": "→", "leftarrow": "←",
    "Rightarrow": "⇒", "sum": "∑", "prod": "∏", "int": "∫", "in": "∈", "notin": "∉", "subset": "⊂", "cup": "∪",
    "cap": "∩", "forall": "∀", "exists": "∃", "partial": "∂", "nabla": "∇", "ldots": "…", "dots": "…", "cdots": "…",
    "ll": "≪", "gg": "≫", "lt": "<", "gt": ">", "mid": "|", "ast": "*", "star": "*", "propto": "∝", "sqrt": "√",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "quad": " ", "qquad": " ", "left": "", "right": "",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "lambda": "λ", "mu": "μ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Theta": "Θ", "Omega": "Ω",
    "Delta": "Δ", "Sigma": "Σ", "eta": "η",
}  # fmt: skip
_TEX_WRAPPER = re.compile(
    r"\\(?:text|mathrm|mathbf|mathit|mathcal|mathbb|mathsf|mathtt|operatorname|textbf|textit|texttt|mbox|hat|bar)"
    r"\s?\{([^{}]*)\}"
)
_TEX_FRACTION = re.compile(r"\\[dt]?frac\s?\{([^{}]*)\}\s?\{([^{}]*)\}")
_TEX_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TEX_SCRIPT = re.compile(r"([\^_])\{([^{}]*)\}")

_TAGS = (
    "a abbr b big blockquote body br center code dd del details div dl dt em figure font h1 h2 h3 h4 h5 h6 head hr "
    "html i iframe img ins kbd li mark ol p picture pre q s samp script small source span strike strong style sub "
    "summary sup svg table tbody td th thead tr tt u ul var video"
)
_TAG = re.compile(rf"</?(?:{'|'.join(_TAGS.split())})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?: \"[^\"\n]*\")?\)|\[[^\[\]\n]*\])")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]*)>")
_EMPHASIS = {
    "*": (
        re.compile(r"\*{2,3}(?=\S)([^*\n]+)\*{2,3}"),
        re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]+)(?<!\s)\*(?![\w*])"),
    ),
    "_": (
        re.compile(r"(?<![\w])__(?=\S)([^_\n]+)__(?!\w)"),
        re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+)_(?![\w_])"),
    ),
    "~": (re.compile(r"~~(?=\S)([^~\n]+)~~"),),
}
_LINE_START = re.compile(r"[ \t]{0,64}(?:#{1,6}(?=[ \t]|$)|>(?=[ \t]|$)|[-*+](?=[ \t]+\S))[ \t]*")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_CLOSING_HASHES = re.compile(r"[ \t]#{1,6}$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNMARKED = re.compile(r"[A-Za-z0-9 \n.,;:?!'\"()/%=]*")
_HELD = re.compile("\ue000(\\d{1,9})\ue001")


def unstyled(text: str) -> str:
    """``text`` with letters and digits that only look different (bold or script by code point, ligatures) as plain ones."""
    return text if text.isascii() else _STYLED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def tidy(line: str) -> str:
    """One line of Markdown as Markdown: LaTeX readable, needless escapes and runs of spaces gone, code untouched."""
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    body = line.strip(" \t\xa0")
    if not _TO_TIDY.search(body):
        return indent + body
    held: list[str] = []
    text = _SPACES.sub(" ", _untex(_hold_code(body, held)))
    return indent + _release(_HARMLESS.sub(r"\1", text), held)


def plain(markdown: str) -> str:
    """``markdown`` as plain text, line by line: marks, tags and links off; code and list items stay as text."""
    lines: list[str] = []
    fence = ""
    for line in printable(markdown).split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or (mark[1].startswith(fence) and line.strip() == mark[1])):
            fence = "" if fence else mark[1]
        else:
            lines.append(line.rstrip() if fence else _plain_line(line))
    return "\n".join(lines).strip()


def one_line(markdown: str) -> str:
    """``plain`` in a single line, every run of white space one space."""
    return " ".join((markdown if _UNMARKED.fullmatch(markdown) else plain(markdown)).split())


def _plain_line(line: str) -> str:
    start = _LINE_START.match(line)
    heading = False
    bullet = ""
    if start:
        mark = start[0].strip()
        heading = mark.startswith("#")
        bullet = line[: len(line) - len(line.lstrip())] + "- " if mark in "-*+" else ""
        line = line[start.end() :]
    line = line.strip()
    if heading:
        line = _CLOSING_HASHES.sub("", line)
    return bullet + unmarked(line)


def unmarked(text: str) -> str:
    """Inline Markdown of one line as plain text; what stands at its start (``#``, ``-``) is left alone."""
    held: list[str] = []
    text = _untex(_hold_code(text, held, bare=True))
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _hold(found[1], held), text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", _TAG.sub("", without_comments(text)))
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    for sign, patterns in _EMPHASIS.items():
        if sign in text:
            for pattern in patterns:
                text = pattern.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    return _SPACES.sub(" ", _release(text, held)).strip()


def without_comments(text: str) -> str:
    """``text`` without HTML comments; one that is never closed is kept."""
    parts: list[str] = []
    done = 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[done:start])
        done = end + 3
    return "".join(parts) + text[done:]


def _hold(text: str, held: list[str]) -> str:
    held.append(text)
    return f"\ue000{len(held) - 1}\ue001"


def _release(text: str, held: list[str]) -> str:
    if "\ue000" not in text:
        return text
    return _HELD.sub(lambda found: held[int(found[1])] if int(found[1]) < len(held) else "", text)


def _hold_code(text: str, held: list[str], bare: bool = False) -> str:
    """Put placeholders in the place of code spans, without their backticks where ``bare``."""
    if "`" not in text:
        return text
    runs = list(_BACKTICKS.finditer(text))
    closers: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        closers.setdefault(len(runs[place][0]), []).append(place)
    parts: list[str] = []
    done = place = 0
    while place < len(runs):
        opener = runs[place]
        later = closers[len(opener[0])]
        while later and later[-1] <= place:
            later.pop()
        if not later:
            place += 1
            continue
        closer = runs[later[-1]]
        code = text[opener.end() : closer.start()].strip() if bare else text[opener.start() : closer.end()]
        parts += [text[done : opener.start()], _hold(code, held)]
        done, place = closer.end(), later[-1] + 1
    return "".join(parts) + text[done:]


def _untex(text: str) -> str:
    if "$" not in text and "\\(" not in text:
        return text
    text = _TEX.sub(_readable, _SPACES.sub(" ", text))
    for gap, closed in (("( \ue003", "("), ("\ue002 )", ")"), ("\ue002 ,", ","), ("\ue002 .", ".")):
        text = text.replace(gap, closed)
    return text.replace("\ue002", "").replace("\ue003", "")


def _readable(found: re.Match[str]) -> str:
    body = found["display"] or found["inline"] or found["round"] or ""
    if found["inline"] and not _TEX_SIGN.search(body):
        return found[0]
    text = body.replace("\\left", "").replace("\\right", "") if "arrow" not in body else body
    for _ in range(4):  # one level of braces a round
        before = text
        text = _TEX_WRAPPER.sub(r"\1", text)
        text = _TEX_FRACTION.sub(lambda part: f"{_grouped(part[1])}/{_grouped(part[2])}", text)
        text = _TEX_SCRIPT.sub(lambda part: part[1] + _grouped(part[2]), text)
        if text == before:
            break
    text = _TEX_COMMAND.sub(lambda part: _TEX_NAMES.get(part[1], part[1]), text)
    for escape, sign in (("\\,", " "), ("\\;", " "), ("\\ ", " "), ("\\!", "")):
        text = text.replace(escape, sign)
    text = _NEEDLESS.sub(r"\1", text).replace("\\%", "%").strip()
    # The marks let the caller close the gaps that converters leave between a formula and a comma or bracket.
    return f"\ue003{text}\ue002"


def _grouped(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"\\?\w+", text) else f"({text})"
