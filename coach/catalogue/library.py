"""The decks on disk: one file a document, numbers that never change their meaning, look-up by what a user types.

``data/catalogue/NNNN-slug.json`` holds one document's questions. A number is given once: a question that leaves its
document is kept as retired, so that its number is never given to another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from coach.domain import Deck, Document, Kind, Orphan, Question
from coach.errors import NotFound, StoreCorrupt
from coach.storage import write_parts_atomically

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
        from coach.catalogue.registering import register

        return register(self, document, digest, builtin, origin, continues)

    def with_entry(self, entry: Entry) -> Library:
        """The library with ``entry`` in the place of its former self."""
        others = [item for item in self.entries if item.order != entry.order]
        return Library(tuple(sorted([*others, entry], key=lambda item: item.order)))


def load(folder: Path) -> Library:
    """The library in ``folder``; empty where there is none. Raises StoreCorrupt for a damaged file."""
    entries = []
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_bytes(), object_hook=_made)
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
    path = folder / f"{entry.order:04d}-{entry.slug}.json"
    write_parts_atomically(path, _parts(entry))
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


def _parts(entry: Entry) -> Iterator[str]:
    """An entry as JSON, a question a line: one of 100,000 questions is never a text as a whole."""
    lists = ("questions", "retired", "orphans")
    head = {item.name: getattr(entry, item.name) for item in fields(entry) if item.name not in lists}
    yield json.dumps(head | {"format": FORMAT}, ensure_ascii=False)[:-1]
    for name in lists:
        yield f',\n"{name}": ['
        for place, item in enumerate(getattr(entry, name)):
            yield f"{',' if place else ''}\n{json.dumps(asdict(item), ensure_ascii=False)}"
        yield "]"
    yield "}\n"


def _made(item: dict[str, Any]) -> Any:
    """A question or orphan as soon as its object has been read, so that the file is never a tree of objects."""
    if "number" in item:
        return Question(**(item | {"kind": Kind(item["kind"])}))
    return Orphan(**item) if item.keys() == {"text", "line"} else item


def _entry(data: dict[str, Any]) -> Entry:
    values = {key: value for key, value in data.items() if key != "format"}
    for name, kind in (("questions", Question), ("retired", Question), ("orphans", Orphan)):
        values[name] = tuple(values[name])
        if not all(isinstance(item, kind) for item in values[name]):
            raise ValueError(f"{name} hold something else")
    return Entry(**values)
