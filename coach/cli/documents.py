"""``coach import``, ``index``, ``search`` and ``decks``: documents in, passages out."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach import records
from coach.cli.options import complete_deck, json_option, session
from coach.cli.screen import notice, paint, say, say_json, wrapped

if TYPE_CHECKING:
    from coach.domain import Document
    from coach.session.documents import Imported


@click.command("import")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--deck", metavar="NAME", shell_complete=complete_deck, help="The deck's name; default: the file's name.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported; change nothing.")
@click.option(
    "--enrich", is_flag=True, help="Then have the language model enrich the new rubrics; shows the cost first."
)
@click.option("--yes", is_flag=True, help="With --enrich: without being asked.")
@json_option
def import_(paths: tuple[str, ...], deck: str | None, dry_run: bool, enrich: bool, yes: bool, as_json: bool) -> int:
    """Bring documents into the corpus and the index. - reads Markdown from standard input."""
    with ExitStack() as stack:
        files = [_from_stdin(stack) if name == "-" else Path(name) for name in paths]
        coach = stack.enter_context(session())
        if dry_run:
            _say_documents(coach.parse(files, deck), as_json)
            return 0
        done = coach.import_documents(files, deck)
        report = coach.index()
        if as_json and not enrich:
            say_json(records.items([_import_record(item) for item in done]))
            return 0
        for item in done if not as_json else ():
            _say_import(item)
        notice(f"Index: {report.chunks} passages, {report.embedded} embedded anew, {report.removed} removed.")
        if not enrich:
            return 0
        from coach.cli.rubrics import enrich_rubrics

        slugs = dict.fromkeys(item.document.deck for item in done)
        questions = [question for slug in slugs for question in coach.library.deck(slug).questions]
        return enrich_rubrics(coach, questions, yes, 1, as_json)


@click.command()
@click.option("--rebuild", is_flag=True, help="Build it from nothing beside the old one, then swap.")
@json_option
def index(rebuild: bool, as_json: bool) -> None:
    """Bring the store in step with the documents."""
    with session() as coach:
        report = coach.index(rebuild)
        where = coach.paths.index
    if as_json:
        say_json({"schema_version": records.SCHEMA_VERSION, **asdict(report)})
        return
    say(
        f"{report.chunks} passages in {where}: {report.embedded} embedded anew, {report.reused} kept, "
        f"{report.removed} removed."
    )


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("-n", "limit", default=5, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@json_option
def search(text: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find passages by words and by meaning."""
    with session() as coach:
        found = coach.search(" ".join(text), limit)
    if as_json:
        say_json(records.items([records.passage(passage) for passage in found]))
        return
    if not found:
        notice("Nothing found.")
    for passage in found:
        question = passage.question
        say(paint(f"{question.number} · {question.deck} · {passage.section or 'no section'}", bold=True))
        say(wrapped(f"{question.text}  ({passage.score:.2f})", "    "))
        say(wrapped(passage.text[:300], "      "))


@click.command()
@json_option
def decks(as_json: bool) -> None:
    """List the decks."""
    with session() as coach:
        found = coach.library.decks
    if as_json:
        rows = [
            {
                "deck": deck.slug,
                "title": deck.title,
                "source": deck.source,
                "builtin": deck.builtin,
                "questions": len(deck.questions),
                "answered": sum(bool(question.reference) for question in deck.questions),
            }
            for deck in found
        ]
        say_json(records.items(rows))
        return
    for deck in found:
        say(f"{deck.slug}  {deck.title} ({len(deck.questions)} questions{', built in' if deck.builtin else ''})")


def _from_stdin(stack: ExitStack) -> Path:
    import tempfile

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coach-")))
    path = folder / "stdin.md"
    path.write_bytes(sys.stdin.buffer.read())
    return path


def _say_documents(found: list[Document], as_json: bool) -> None:
    if as_json:
        say_json(records.items([records.document(document) for document in found]))
        return
    for document in found:
        say(paint(f"{document.deck} · {document.title} ({document.source})", bold=True))
        section: str | None = ""
        for question in document.questions:
            if question.section != section:
                section = question.section
                say(f"  {section or '(no section)'}")
            mark = "" if question.has_answer else "  [no answer]"
            say(wrapped(f"{question.printed or '-'}  {question.text}{mark}", "    ", "       "))
        for orphan in document.orphans:
            say(wrapped(f"left over, line {orphan.line}: {orphan.text[:200]}", "  ", "    "))
        for note in document.notes:
            say(wrapped(note, "  note: ", "    "))
        answered = sum(question.has_answer for question in document.questions)
        say(f"  {len(document.questions)} questions, {answered} with an answer, {len(document.orphans)} left over")


def _say_import(item: Imported) -> None:
    document, changes = item.document, item.changes
    head = f"{document.deck}: {len(document.questions)} questions"
    say(paint(head, bold=True) + f", {changes.added} new, {changes.kept} known, {changes.retired} gone")
    if item.already:
        say("  This very document was imported before.")
    for old, new in changes.matched:
        say(wrapped(f"recognised: {old} -> {new}", "  ", "    "))
    for text in changes.skipped:
        say(wrapped(f"skipped, a repeat: {text}", "  ", "    "))
    without = sum(not question.has_answer for question in document.questions)
    if without:
        say(f"  {without} without an answer: they are asked, but cannot be graded offline.")
    for orphan in document.orphans:
        say(wrapped(f"left over, line {orphan.line}: {orphan.text[:200]}", "  ", "    "))
    for note in document.notes:
        say(wrapped(note, "  note: ", "    "))


def _import_record(item: Imported) -> records.Record:
    document, changes = item.document, item.changes
    return {
        "deck": document.deck,
        "title": document.title,
        "source": document.source,
        "questions": len(document.questions),
        "answered": sum(question.has_answer for question in document.questions),
        "added": changes.added,
        "known": changes.kept,
        "retired": changes.retired,
        "recognised": [{"old": old, "new": new} for old, new in changes.matched],
        "skipped": [{"text": text, "why": "a repeat"} for text in changes.skipped],
        "already_imported": item.already,
        "orphans": [{"text": orphan.text, "line": orphan.line} for orphan in document.orphans],
        "notes": list(document.notes),
    }
