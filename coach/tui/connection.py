"""What a test of the language model found, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from coach.llm.connection import Connection
    from coach.session import Session

RUNGS = {
    "json_schema": "keeps to a schema (json_schema): the best there is",
    "json_object": "writes JSON when told the shape (json_object)",
    "prose": "writes JSON only in prose; coach reads it leniently",
}


def tested(session: Session) -> Content:
    """Connect and describe. Raises ConfigError and BackendUnreachable."""
    from coach.llm import check

    return described(check(session.model))


def described(found: Connection) -> Content:
    """Reachable, model there, structured output, speed."""
    rows = [("✓", f"{found.host or found.provider} answers as {found.provider}")]
    if found.listed is None:
        rows.append(("·", f"{found.model}: the server lists no models"))
    elif found.listed:
        rows.append(("✓", f"{found.model} is there"))
    else:
        others = ", ".join(found.offered[:5])
        rows.append(("⚠", f"{found.model} is not in the server's list" + (f" ({others} …)" if others else "")))
    if found.rung:
        rows.append(("✓", RUNGS.get(found.rung, found.rung)))
    else:
        rows.append(("✗", f"no structured output: {found.why_not or 'it wrote no JSON'}"))
    if found.tokens_a_second is not None:
        rows.append(("·", f"{found.tokens_a_second:g} tokens a second, context {found.context}"))
    if found.refused:
        rows.append(("·", f"does without: {', '.join(found.refused)}"))
    return Content("\n").join([Content.assemble((f"{mark} ", "bold"), text) for mark, text in rows])
