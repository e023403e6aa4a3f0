"""Questions whose code stands between two parts of their text.

1. Given this function:
   ```
   …
   ```
   What does it print?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.importing.marks.candidate import Marker, clean
from coach.importing.wording.labels import is_answer_label, prefix, starts_with_answer_label
from coach.importing.wording.reading import CERTAIN, belief, is_task
from coach.text.cleaning import one_line
from coach.text.markdown import Line, LineKind, paragraph_end

_MOST = 300
"""Characters of the part behind the code."""
_MOST_ROWS = 3


def joined(lines: Sequence[Line], marker: Marker) -> Marker:
    """The marker with the part of its question behind its code; the same one where there is none."""
    if marker.style in ("heading", "summary", "table", "term") or marker.rest or marker.asks:
        return marker
    if marker.label not in ("number", "q") and not marker.text.endswith((":", "：")):
        return marker
    start = _filled(lines, marker.end)
    if start >= len(lines) or not lines[start].is_code:
        return marker
    stop = start
    while stop < len(lines) and lines[stop].is_code:
        stop += 1
    place = _filled(lines, stop)
    if place >= len(lines) or lines[place].kind is not LineKind.TEXT or prefix(lines[place].content)[0]:
        return marker
    end = paragraph_end(lines, place, _MOST_ROWS + 1)
    end = next((n + 1 for n in range(place, end) if _asks(lines[n].content)), end)
    text = " ".join(line.content for line in lines[place:end])
    said = one_line(text)
    if end - place > _MOST_ROWS or len(said) > _MOST or is_answer_label(said) or starts_with_answer_label(said):
        return marker
    if not (_asks(said) or (marker.text.endswith((":", "：")) and is_task(said))):
        return marker
    whole = f"{marker.text} {clean(text)}"
    return replace(marker, end=end, text=whole, belief=max(belief(whole), marker.belief, CERTAIN), within=(start, stop))


def _asks(content: str) -> bool:
    return content.rstrip("*_\"'”’) ").endswith(("?", "？"))


def _filled(lines: Sequence[Line], place: int) -> int:
    while place < len(lines) and lines[place].is_blank:
        place += 1
    return place
