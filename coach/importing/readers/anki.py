"""Anki's text exports: ``#separator:`` and its kin at the head, fields row by row, HTML in them, clozes."""

from __future__ import annotations

import re
from dataclasses import replace

from coach.domain import ParsedQuestion
from coach.importing.readers import fields, tables
from coach.importing.readers.fields import Role
from coach.importing.source import Source

_HEAD = re.compile(r"#([a-z][a-z ]{1,20}):(.*)", re.IGNORECASE)
_KNOWN = frozenset({
    "separator", "html", "tags", "columns", "notetype", "deck", "guid",
    "tags column", "notetype column", "deck column", "guid column", "if matches", "match scope",
})  # fmt: skip
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
_CLOZE = re.compile(r"\{\{c\d{1,3}::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_SOUND = re.compile(r"\[(?:sound|anki):[^\[\]\n]*\]")
_PARAGRAPH = "\n\n"
_OWN_TAGS = frozenset({"leech", "marked"})


def is_export(text: str) -> bool:
    """Whether a text is one of Anki's exports, by its first line, or a headless one of two fields a row."""
    first, _, _ = text.partition("\n")
    found = _HEAD.match(first)
    if found:
        return found[1].lower() in _KNOWN
    rows = [row for row in text.split("\n", 2000)[:2000] if row.strip()]
    tabs = [row.count("\t") for row in rows if not row[0].isspace()]
    return len(rows) > 1 and bool(tabs) and len(tabs) == len(rows) and min(tabs) >= 1 and len(set(tabs)) == 1


def source_of(text: str, notes: tuple[str, ...] = ()) -> Source:
    """The questions of an export."""
    head, body, skipped = _head(text)
    delimiter = _SEPARATORS.get(head.get("separator", "tab").strip().lower(), head.get("separator", "\t")[:1] or "\t")
    rows = [replace(row, line=row.line + skipped) for row in tables.rows_of(body, "the export", delimiter)]
    if not head:
        found, more = tables.questions_of(rows)
        return Source(notes=(*notes, *more), questions=found)
    html = head.get("html", "").strip().lower() == "true"
    special = {name: _column(head.get(f"{name} column", "")) for name in ("guid", "notetype", "deck", "tags")}
    names = [cell.strip() for cell in head.get("columns", "").split(delimiter)] if head.get("columns") else []
    made = [_question(row, special, names, head, html) for row in rows]
    kept = tuple(one for one in made if one is not None)
    passed = len(made) - len(kept)
    more = (f"{passed} notes without a question were passed over.",) if passed else ()
    return Source(notes=(*notes, *more), questions=kept)


def _head(text: str) -> tuple[dict[str, str], str, int]:
    """The settings at the head, the rest, and the number of lines of the head."""
    head: dict[str, str] = {}
    count = 0
    while (found := _HEAD.match(text)) and found[1].lower() in _KNOWN:
        head[found[1].lower()] = found[2]
        count += 1
        text = text[found.end() + 1 :]
        if count > 40:
            break
    return head, text, count


def _column(text: str) -> int | None:
    text = text.strip()
    return int(text) - 1 if text.isdecimal() and 0 < int(text[:4]) <= 200 else None


def _question(
    row: tables.Row, special: dict[str, int | None], names: list[str], head: dict[str, str], html: bool
) -> ParsedQuestion | None:
    def cell(place: int | None) -> str:
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    taken = set(special.values())
    own = [place for place in range(len(row.cells)) if place not in taken]
    roles = {
        role: own[place] for role, place in fields.roles([names[p] if p < len(names) else "" for p in own]).items()
    }
    if Role.QUESTION not in roles:
        roles = dict(zip((Role.QUESTION, Role.ANSWER), own, strict=False))
    front, back = (_SOUND.sub("", cell(roles.get(role))) for role in (Role.QUESTION, Role.ANSWER))
    if _CLOZE.search(front):
        told = _CLOZE.sub(r"**\1**", front)
        front = _CLOZE.sub(lambda found: f"[{found[2] or '…'}]", front)
        back = f"{told}{'<br><br>' if html else _PARAGRAPH}{back}" if back.strip() else told
    deck = cell(special["deck"]) or head.get("deck", "")
    tags = [tag for tag in cell(special["tags"]).split() if tag.lower() not in _OWN_TAGS]
    section = cell(roles.get(Role.SECTION)) or deck.rpartition("::")[2] or (tags[0].rpartition("::")[2] if tags else "")
    return fields.question(
        front, back, row.line, section, cell(roles.get(Role.NUMBER)), cell(roles.get(Role.KIND)), html
    )
