"""``coach export``: practice as files for people, spreadsheets, programs and Anki."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from coach import records
from coach.cli.options import session
from coach.cli.screen import notice, say, say_json

MOST_MB = 2048
"""The largest history that is read, in megabytes: several hundred thousand attempts."""


def moment_of(text: str, now: datetime) -> datetime:
    """A day (2026-12-03) by the user's clock, or so many days back (30d). Raises BadParameter."""
    from datetime import timedelta

    wanted = text.strip().lower()
    if wanted.endswith("d") and wanted[:-1].isdecimal() and len(wanted) < 7:
        return now - timedelta(days=int(wanted[:-1]))
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as problem:
        raise click.BadParameter(
            f"{text!r} is neither a day such as 2026-12-03 nor a number of days such as 30d.", param_hint="--since"
        ) from problem
    return found.astimezone()


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "csv", "json", "anki"]),
    required=True,
    help="md, html: a report. csv, json: everything. anki: a file that Anki imports, and updates when imported again.",
)
@click.option("--output", metavar="FILE", help="Write here, readable by you alone; default: standard output.")
@click.option("--since", metavar="DAY", help="Only attempts since a day (2026-12-03) or in the last days (30d).")
def export(form: str, output: str | None, since: str | None) -> None:
    """Write your practice to a file: a report, a table, everything as JSON, or notes for Anki."""
    with session() as coach:
        start = moment_of(since, coach.practice.now()) if since else None
        if output is not None and output != "-":
            coach.exports.write(form, Path(output), start)
            notice(f"Written: {output}")
            return
        for part in coach.exports.parts(form, start):
            click.echo(part, nl=False)


def brought_in(source: str, as_json: bool) -> None:
    """Bring in the attempts of another machine, and say how many; doing it again changes nothing."""
    from coach.session.inputs import answer_text, decoded

    with session() as coach:
        if source == "-":
            text = decoded(sys.stdin.buffer.read((MOST_MB << 20) + 1), "standard input", MOST_MB)
        else:
            text = answer_text(Path(source), MOST_MB)
        new, gained, problems = coach.exports.restore(text, "standard input" if source == "-" else source)
    for problem in problems:
        notice(problem)
    if as_json:
        say_json({"schema_version": records.SCHEMA_VERSION, "new": new, "gained": gained, "unusable": len(problems)})
        return
    say(f"{new} new attempts, {gained} known ones gained something, {len(problems)} could not be used.")
