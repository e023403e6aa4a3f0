"""``coach export``: practice as files for people, spreadsheets, programs and Anki."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from coach.cli.options import session
from coach.cli.screen import notice


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
