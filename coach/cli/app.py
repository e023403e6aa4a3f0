"""The app: ``coach`` alone opens it, ``coach serve`` shows it in a browser."""

from __future__ import annotations

import click


def open_app() -> None:
    """Run the app in this terminal until the user leaves it."""
    from coach.tui.leaving import run
    from coach.wiring import open_session

    said: list[str] = []
    session = open_session(notice=said.append)
    run(session, said)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; default: a free one.")
def serve(port: int) -> None:
    """Show the app in a browser on this machine.

    Prints an address that holds a secret of this run: whoever has it can use the app, nobody else on this machine can.
    It listens on loopback only. Ctrl+C ends it.
    """
    from coach.tui.web import serve_app

    serve_app(port, lambda line: click.echo(line, err=False))
