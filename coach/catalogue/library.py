"""The decks on disk: one file a document, numbers that never change their meaning, look-up by what a user types.

``data/catalogue/NNNN-slug.json`` holds one document's questions. A number is given once: a question that leaves its
document is kept as retired, so that its number is never given to another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from coach.domain import Deck, Document, Kind, Orphan, ParsedQuestion, Question
from coach.errors import NotFound, StoreCorrupt
from coach.storage import write_atomically

FORMAT = 1
"""Of the files; another number is read again from the documents."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the catalogue."""

    order: int
    """1-based order in which documents were added."""
    slug: str
    title: str
    source: str
    """Name of the file in its corpus folder."""
    builtin: bool
    digest: str
    """Over the source's bytes, its side file and the importer's version."""
    questions: tuple[Question, ...]
    retired: tuple[Question, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    removed: bool = False
    """Taken out by the user; its numbers stay taken."""
    origin: str = ""
    """Where the file lay when it was imported last; empty where nobody knows."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What registering a document did."""

    added: int = 0
    kept: int = 0
    """Recognised, with id and number."""
    matched: tuple[tuple[str, str], ...] = ()
    """(old text, new text) of reworded questions that were recognised."""
    retired: int = 0
    skipped: tuple[str, ...] = ()
    """Exact repeats, by text."""
    moved: tuple[tuple[str, str | None, str | None], ...] = ()
    """(text, old section, new section) of questions that stand elsewhere now."""
    renamed: tuple[str, str] | None = None
    """Deck and file name under which the document was known before."""


@dataclass(frozen=True, slots=True)
class Library:
    """All decks. A value: changing it gives another one, ``save`` puts an entry on disk."""

    entries: tuple[Entry, ...] = ()
    _by_number: dict[int, Question] = field(init=False, repr=False, compare=False)
    _by_id: dict[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        live = [question for entry in self.entries if not entry.removed for question in entry.questions]
        object.__setattr__(self, "_by_number", {question.number: question for question in live})
        object.__setattr__(self, "_by_id", {question.id: question for question in live})

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, by number."""
        return tuple(self._by_number[number] for number in sorted(self._by_number))

    @property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id."""
        return self._by_id

    @property
    def by_number(self) -> dict[int, Question]:
        """Every question by its number."""
        return self._by_number

    @property
    def decks(self) -> tuple[Deck, ...]:
        """The decks, in the order in which they were added; documents of one name form one deck."""
        found: dict[str, Deck] = {}
        for entry in self.entries:
            if entry.removed:
                continue
            deck = found.get(entry.slug)
            found[entry.slug] = (
                replace(deck, questions=deck.questions + entry.questions, orphans=deck.orphans + entry.orphans)
                if deck
                else Deck(entry.slug, entry.title, entry.source, entry.builtin, entry.questions, entry.orphans)
            )
        return tuple(found.values())

    def deck(self, name: str) -> Deck:
        """The deck called ``name`` (slug or title). Raises NotFound with the names there are."""
        wanted = name.strip().lower()
        for deck in self.decks:
            if wanted in (deck.slug, deck.title.lower()) or slug(wanted) == deck.slug:
                return deck
        raise NotFound(f"No deck is called {name!r}.", f"Decks: {', '.join(deck.slug for deck in self.decks)}.")

    def entry_of(self, slug_: str, source: str) -> Entry | None:
        """The document of that deck and file name, removed ones too."""
        return next((entry for entry in self.entries if (entry.slug, entry.source) == (slug_, source)), None)

    def find(self, wanted: str) -> Question:
        """The question that ``wanted`` names: a number, ``deck/number``, or an id.

        Raises NotFound with the nearest matches.
        """
        from coach.catalogue.lookup import find

        return find(self, wanted)

    def register(
        self, document: Document, digest: str, builtin: bool, origin: str = "", continues: Entry | None = None
    ) -> tuple[Library, Entry, Changes]:
        """The library with ``document`` in it: known questions keep id and number, new ones get the next numbers.

        ``continues`` is the entry of the same document under its former name; ``origin`` is where the file lies.
        """
        # Imported here: listing questions registers nothing, and should not pay for it.
        from coach.catalogue.matching import match

        old = continues or self.entry_of(document.deck, document.source)
        known = (*old.questions, *old.retired) if old else ()
        parsed, skipped = _without_repeats(document.questions)
        pairs = match(known, parsed)
        taken = {question.id for entry in self.entries for question in (*entry.questions, *entry.retired)}
        number = self._last_number()
        same_deck = [e for e in self.entries if e.slug == document.deck and e is not old]
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
            order=old.order if old else 1 + max((entry.order for entry in self.entries), default=0),
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
        return self.with_entry(entry), entry, changes

    def with_entry(self, entry: Entry) -> Library:
        """The library with ``entry`` in the place of its former self."""
        others = [item for item in self.entries if item.order != entry.order]
        return Library(tuple(sorted([*others, entry], key=lambda item: item.order)))

    def _last_number(self) -> int:
        return max((q.number for entry in self.entries for q in (*entry.questions, *entry.retired)), default=0)


def load(folder: Path) -> Library:
    """The library in ``folder``; empty where there is none. Raises StoreCorrupt for a damaged file."""
    entries = []
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data.get("format") == FORMAT:
                entries.append(_entry(data))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise StoreCorrupt(
                f"The catalogue file {path} cannot be read ({problem}).",
                "Move it away: `coach index` reads the documents again (numbers of imported questions may then differ).",
            ) from problem
    return Library(tuple(sorted(entries, key=lambda entry: entry.order)))


def save(folder: Path, entry: Entry) -> None:
    """Write one entry. Raises StoreUnwritable."""
    data = asdict(entry) | {"format": FORMAT}
    path = folder / f"{entry.order:04d}-{entry.slug}.json"
    write_atomically(path, json.dumps(data, ensure_ascii=False, indent=1))
    for former in folder.glob(f"{entry.order:04d}-*.json"):  # under the deck's name before it was renamed
        if former != path:
            former.unlink(missing_ok=True)


def slug(name: str) -> str:
    """A name as the command line takes it: lower case, digits, dashes; ``deck`` where nothing is left."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-") or "deck"


def normalised(text: str) -> str:
    """A question's text for comparing: letters and digits only, lower case."""
    return " ".join(re.findall(r"\w+", text.lower()))


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
    from coach.catalogue.kinds import kind_of

    return item.kind or kind_of(item.text, item.section)


def _new_question(item: ParsedQuestion, deck: str, number: int, place: int, taken: set[str]) -> Question:
    return Question(
        id=_free_id(deck, item.text, taken.__contains__),
        number=number,
        deck=deck,
        place=place,
        kind=_kind(item),
        text=item.text,
        reference=item.answer,
        section=item.section,
        printed=item.printed,
        line=item.line,
        material=item.material,
    )


def _updated(before: Question, item: ParsedQuestion) -> Question:
    return replace(
        before,
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


def _entry(data: dict[str, Any]) -> Entry:
    fields = {key: value for key, value in data.items() if key != "format"}
    for name in ("questions", "retired"):
        fields[name] = tuple(Question(**(item | {"kind": Kind(item["kind"])})) for item in fields[name])
    fields["orphans"] = tuple(Orphan(**item) for item in fields["orphans"])
    return Entry(**fields)
