"""``coach import``, ``index``, ``search``, ``decks`` and ``remove``: documents in, passages out."""

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
from coach.errors import UsageError

if TYPE_CHECKING:
    from coach.domain import Document
    from coach.session.documents import Imported


@click.command("import")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--deck", metavar="NAME", shell_complete=complete_deck, help="The deck's name; default: the file's name.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported, doubts marked; change nothing.")
@click.option(
    "--save-layout", is_flag=True, help="Write NAME.coach.toml beside each document, to correct what was recognised."
)
@click.option(
    "--enrich", is_flag=True, help="Then have the language model enrich the new rubrics; shows the cost first."
)
@click.option("--yes", is_flag=True, help="With --enrich: without being asked.")
@json_option
def import_(
    paths: tuple[str, ...], deck: str | None, dry_run: bool, save_layout: bool, enrich: bool, yes: bool, as_json: bool
) -> int:
    """Bring documents into the corpus and the index: files, folders and patterns; - reads Markdown from standard input.

    A document that was imported before keeps the ids and numbers of its questions, edited, moved or renamed.
    """
    if save_layout and "-" in paths:
        raise UsageError(
            "--save-layout writes beside a file, and standard input is none.", "Save the text to a file first."
        )
    with ExitStack() as stack:
        files = [_from_stdin(stack) if name == "-" else Path(name) for name in paths]
        coach = stack.enter_context(session())
        if save_layout:
            for path in coach.save_layouts(files, deck):
                say(f"Wrote {path}: correct it, then import the document.")
            return 0
        if dry_run:
            _say_documents(coach.parse(files, deck), as_json)
            return 0
        passing = [path for path, name in zip(files, paths, strict=True) if name == "-"]
        done = coach.import_documents(files, deck, passing)
        report = coach.index()
        _refuse_nothing(done)
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
@click.argument("deck", metavar="DECK", shell_complete=complete_deck)
@click.option("--yes", is_flag=True, help="Don't ask.")
def remove(deck: str, yes: bool) -> None:
    """Take a deck out. Its history stays, and its numbers are never given to other questions."""
    with session() as coach:
        found = coach.library.deck(deck)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"Removing {found.slug} wants a yes, and nobody can be asked here.", "Say --yes.")
            click.confirm(f"Remove {found.slug} with its {len(found.questions)} questions?", abort=True, err=True)
        coach.remove(found.slug)
        report = coach.index()
    say(f"Removed {found.slug}: {len(found.questions)} questions. Importing the document again brings them back.")
    notice(f"Index: {report.chunks} passages, {report.removed} removed.")


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
        without = sum(not question.reference for question in deck.questions)
        told = f", {without} without an answer" if without else ""
        say(f"{deck.slug}  {deck.title} ({len(deck.questions)} questions{told}{', built in' if deck.builtin else ''})")


def _from_stdin(stack: ExitStack) -> Path:
    import tempfile

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coach-")))
    path = folder / "stdin.md"
    path.write_bytes(sys.stdin.buffer.read())
    return path


def _refuse_nothing(done: list[Imported]) -> None:
    """Nothing taken in at all is an error; what was passed over beside others is only told."""
    if done and all(item.passed_over for item in done):
        first = done[0]
        raise UsageError(
            f"Nothing was imported. {first.document.source}: {first.passed_over}.".replace("..", "."),
            "`coach import --dry-run` shows what is recognised; NAME.coach.toml can say what marks a question.",
        )


def _say_documents(found: list[Document], as_json: bool) -> None:
    if as_json:
        say_json(records.items([records.document(document) for document in found]))
        return
    for document in found:
        say(paint(f"{document.deck} · {document.title} ({document.source})", bold=True))
        if document.pattern:
            say(f"  recognised by: {', '.join(document.pattern)}")
        section: str | None = ""
        for question in document.questions:
            if question.section != section:
                section = question.section
                say(f"  {section or '(no section)'}")
            mark = "?" if question.doubt else " "
            notes = ([] if question.has_answer else ["no answer"]) + ([question.doubt] if question.doubt else [])
            told = f"  [{'; '.join(notes)}]" if notes else ""
            say(wrapped(f"{question.printed or '-'}  {question.text}{told}", f"  {mark} ", "       "))
        for orphan in document.orphans:
            say(wrapped(f"left over, line {orphan.line}: {orphan.text[:200]}", "  ", "    "))
        for note in document.notes:
            say(wrapped(note, "  note: ", "    "))
        answered = sum(question.has_answer for question in document.questions)
        doubtful = sum(bool(question.doubt) for question in document.questions)
        say(
            f"  {len(document.questions)} questions, {answered} with an answer, {doubtful} doubtful (marked ?),"
            f" {len(document.orphans)} left over"
        )


def _say_import(item: Imported) -> None:
    document, changes = item.document, item.changes
    if item.passed_over:
        say(wrapped(f"passed over {document.source}: {item.passed_over}"))
        return
    head = f"{document.deck}: {len(document.questions)} questions"
    say(paint(head, bold=True) + f", {changes.added} new, {changes.kept} known, {changes.retired} gone")
    if item.already:
        say("  This very document was imported before.")
    if changes.renamed:
        say(f"  The document was known as {changes.renamed[1]} in the deck {changes.renamed[0]}.")
    for text, before, now in changes.moved:
        say(wrapped(f"moved: {text} ({before or 'no section'} -> {now or 'no section'})", "  ", "    "))
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
        "moved": [{"text": text, "old": before, "new": now} for text, before, now in changes.moved],
        "renamed": {"deck": changes.renamed[0], "source": changes.renamed[1]} if changes.renamed else None,
        "passed_over": item.passed_over or None,
        "skipped": [{"text": text, "why": "a repeat"} for text in changes.skipped],
        "already_imported": item.already,
        "orphans": [{"text": orphan.text, "line": orphan.line} for orphan in document.orphans],
        "notes": list(document.notes),
    }
