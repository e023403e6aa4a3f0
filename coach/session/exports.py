"""Practice leaves the house: reports, tables, everything as JSON, notes for Anki; and comes back on another machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import records
from coach.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    from coach.domain.practice import Attempt, Summary
    from coach.practice.export.anki import Note
    from coach.practice.export.blocks import Block
    from coach.session import Session

FORMATS = ("md", "html", "csv", "json", "anki")
"""What an export may be."""


class Exports:
    """What leaves coach. Every method raises StoreError where the history cannot be used."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def parts(self, form: str, since: datetime | None = None) -> Iterator[str]:
        """The text of an export piece by piece; ``form`` is one of ``FORMATS``.

        ``since`` (UTC) leaves earlier attempts out; of an Anki file it keeps the questions answered since.
        """
        if form == "csv":
            from coach.practice.export.tables import attempts_as_csv

            return attempts_as_csv(self.attempts(since))
        if form == "json":
            return self._json(since)
        if form == "anki":
            from coach.practice.export.anki import as_text

            return iter((as_text(self.notes(since)),))
        from coach.practice.export import blocks

        found = self.report(since)
        return iter((blocks.markdown(found) if form == "md" else blocks.html("Practice report", found),))

    def write(self, form: str, path: Path, since: datetime | None = None) -> None:
        """An export into a file that only the user may read. Raises StoreUnwritable, and leaves the old file whole."""
        from coach.storage import write_parts_atomically

        write_parts_atomically(path, self.parts(form, since))

    def attempts(self, since: datetime | None = None) -> Iterator[Attempt]:
        """Attempts in full, oldest first, one at a time."""
        practice = self._session.practice
        for row in reversed(practice.summaries(since=since)):
            yield practice.history.attempt(row.id)

    def report(self, since: datetime | None = None) -> list[Block]:
        """The report of one's practice."""
        from coach.practice.export.report import report

        practice = self._session.practice
        return report(
            self._session.stats.figures(),
            practice.attempts(since=since),
            self._session.library.questions,
            practice.day_of(practice.now()),
            practice.day_of(since) if since else None,
        )

    def notes(self, since: datetime | None = None) -> list[Note]:
        """Every question with key points as a note for Anki; with ``since`` those answered since then."""
        from coach.practice.export.anki import note

        practice, library = self._session.practice, self._session.library
        latest = _latest_whole(practice.summaries(since=since))
        titles = {deck.slug: deck.title for deck in library.decks}
        found = []
        for question in library.questions:
            rubric = self._session.rubric(question)
            if rubric.points and (since is None or question.id in latest):
                last = practice.history.attempt(latest[question.id]) if question.id in latest else None
                found.append(note(question, titles.get(question.deck, question.deck), rubric, last))
        return found

    def _json(self, since: datetime | None) -> Iterator[str]:
        yield f'{{"schema_version": {records.SCHEMA_VERSION},\n'
        yield f'"exported_at": "{self._session.practice.now().isoformat()}",\n"items": ['
        for number, attempt in enumerate(self.attempts(since)):
            yield (",\n" if number else "\n") + json.dumps(records.attempt(attempt))
        yield "\n]}\n"

    def restore(self, text: str, name: str) -> tuple[int, int, list[str]]:
        """Bring in what ``coach export --format json`` wrote: new attempts, known ones that gained something, and what
        was wrong with the rest. Doing it again changes nothing. Raises UnreadableInput where it is no such file.
        """
        found, problems = [], []
        for number, record in enumerate(_records(text, name), 1):
            try:
                found.append(records.attempt_from(record))
            except UsageError as problem:
                problems.append(f"Item {number}: {problem.message}")
        new, gained = self._session.practice.restored(found)
        return new, gained, problems


def _latest_whole(summaries: list[Summary]) -> dict[str, str]:
    """Question id -> id of its latest attempt with a score; ``summaries`` newest first."""
    found: dict[str, str] = {}
    for row in summaries:
        if row.score is not None and row.point is None:
            found.setdefault(row.question_id, row.id)
    return found


def _records(text: str, name: str) -> list[Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UnreadableInput(f"{name} is not JSON.", "Use what `coach export --format json` wrote.") from problem
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise UnreadableInput(f"{name} holds no attempts.", "Use what `coach export --format json` wrote.")
    if data.get("schema_version") != records.SCHEMA_VERSION:
        raise UnreadableInput(
            f"{name} has schema version {data.get('schema_version')!r}, this coach reads {records.SCHEMA_VERSION}.",
            "Update coach, or export again with this version.",
        )
    return items
