"""A document into the library: which of its questions are known, and ids and numbers for those that are new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from coach.catalogue.kinds import kind_of
from coach.catalogue.library import Changes, Entry, Library, normalised
from coach.catalogue.matching import match
from coach.domain import Document, Kind, ParsedQuestion, Question


def register(
    library: Library, document: Document, digest: str, builtin: bool, origin: str, continues: Entry | None
) -> tuple[Library, Entry, Changes]:
    """See ``Library.register``."""
    old = continues or library.entry_of(document.deck, document.source)
    known = (*old.questions, *old.retired) if old else ()
    parsed, skipped = _without_repeats(document.questions)
    pairs = match(known, parsed)
    taken = {question.id for entry in library.entries for question in (*entry.questions, *entry.retired)}
    number = _last_number(library)
    same_deck = [e for e in library.entries if e.slug == document.deck and e is not old]
    first_place = 0 if old and old.slug == document.deck else sum(len(e.questions) for e in same_deck)
    place = max([first_place, *(question.place for question in known)])
    questions: list[Question] = []
    matched: list[tuple[str, str]] = []
    moved: list[tuple[str, str | None, str | None]] = []
    for item, before in pairs:
        if before is None:
            number, place = number + 1, place + 1
            questions.append(_new_question(item, document.deck, number, place, taken))
            taken.add(questions[-1].id)
        else:
            if normalised(before.text) != normalised(item.text):
                matched.append((before.text, item.text))
            elif before.section != item.section:
                moved.append((item.text, before.section, item.section))
            questions.append(replace(_updated(before, item), deck=document.deck))
    kept_ids = {question.id for question in questions}
    retired = tuple(replace(q, deck=document.deck) for q in known if q.id not in kept_ids)
    entry = Entry(
        order=old.order if old else 1 + max((entry.order for entry in library.entries), default=0),
        slug=document.deck,
        title=document.title,
        source=document.source,
        builtin=builtin,
        digest=digest,
        questions=tuple(sorted(questions, key=lambda question: question.number)),
        retired=retired,
        orphans=document.orphans,
        origin=origin or (old.origin if old else ""),
    )
    kept = sum(before is not None for _, before in pairs)
    newly_retired = len([q for q in (old.questions if old else ()) if q.id not in kept_ids])
    renamed = (old.slug, old.source) if old and (old.slug, old.source) != (entry.slug, entry.source) else None
    changes = Changes(len(questions) - kept, kept, tuple(matched), newly_retired, skipped, tuple(moved), renamed)
    return library.with_entry(entry), entry, changes


def _last_number(library: Library) -> int:
    return max((q.number for entry in library.entries for q in (*entry.questions, *entry.retired)), default=0)


def _without_repeats(questions: Sequence[ParsedQuestion]) -> tuple[list[ParsedQuestion], tuple[str, ...]]:
    seen: set[tuple[str, str, str, str | None]] = set()
    kept: list[ParsedQuestion] = []
    skipped: list[str] = []
    for question in questions:
        key = (normalised(question.text), normalised(question.answer), normalised(question.material), question.section)
        if key in seen:
            skipped.append(question.text)
        else:
            kept.append(question)
        seen.add(key)
    return kept, tuple(skipped)


def _kind(item: ParsedQuestion) -> Kind:
    return item.kind or kind_of(item.text, item.section)


def _new_question(item: ParsedQuestion, deck: str, number: int, place: int, taken: set[str]) -> Question:
    name = _free_id(deck, item.text, taken.__contains__)
    return _updated(Question(name, number, deck, place, _kind(item), item.text, item.answer), item)


def _updated(question: Question, item: ParsedQuestion) -> Question:
    """The question as its document has it now, under the id and number that it has."""
    return replace(
        question,
        kind=_kind(item),
        text=item.text,
        reference=item.answer,
        section=item.section,
        printed=item.printed,
        line=item.line,
        material=item.material,
    )


def _free_id(deck: str, text: str, is_taken: Callable[[str], bool]) -> str:
    """From deck and text, so that the same document gives the same ids on every machine; repeats are counted."""
    repeat = 0
    while True:
        made = "q" + hashlib.sha256(f"{deck}\0{normalised(text)}\0{repeat}".encode()).hexdigest()[:10]
        if not is_taken(made):
            return made
        repeat += 1
