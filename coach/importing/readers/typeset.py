"""Printed lines, with their places and letters, as Markdown: headings by size, paragraphs over lines and pages, code.

Pure. Sizes and distances are points; the top of a page is 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from coach.importing.readers import marks
from coach.importing.readers.lines import Lines
from coach.importing.readers.printed import LARGER, NUMBERED, Printed, body, is_label
from coach.importing.readers.runs import Run, plain_text
from coach.importing.readers.runs import markdown as inline
from coach.importing.wording.labels import Q, is_answer_label

_GAP = 1.32
"""Lines further apart than this many times the usual are two paragraphs."""
_MOST_HEADING = 300
_DIVIDED = re.compile("([A-Za-z]+)\xad([A-Za-z]*)|[A-Za-z]+-$")
"""A word with a hyphen at a line end: PDFium puts most of them on one line again, with a soft hyphen inside."""
_COMPOUND_NAMES = """
    well self non high low real long short open full first second third multi cross read write end on off one two three key
    single time state built user event data object domain test server client type thread load fault cost large small hand
    pre post re co semi so state-of-the trade day sub fine coarse strongly loosely tightly
"""
_COMPOUNDS = frozenset(_COMPOUND_NAMES.split())
"""First halves that keep their hyphen where nothing in the document speaks against it."""
_BULLET = re.compile(r"[•◦▪▫●○■□‣·∙❖➢➤►▶*–—-]\s+(?=\S)|[•●▪■➢➤►]\s*(?=\S)")
_ANSWER = re.compile(r"(?:answer|ans|a|solution|response)\s?\d{0,4}\s?[:.]\s*\S", re.IGNORECASE)
_LEADER = re.compile(r"(?:[.·…]\s?){4,}\s*\d{1,4}\s*$")
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class _Look:
    """What most of a document looks like."""

    size: float
    """Of its letters."""
    leading: float
    """From one line of a paragraph to the next."""
    right: float
    """Where full lines end."""
    levels: dict[float, int]
    """Size of larger letters -> level of heading."""
    words: frozenset[str]
    """Its vocabulary."""


def markdown(pages: Sequence[Sequence[Printed]]) -> tuple[str, tuple[int, ...]]:
    """The pages as one Markdown text, and for each of its lines the number of the printed line that it begins with."""
    lines = [line for line in body(pages) if not _LEADER.search(line.text)]
    out = Lines()
    if not lines:
        return "", ()
    look = _look(lines)
    for block in _blocks(lines, look):
        _write(out, block, look)
    return out.whole()


# --- what most of it looks like -------------------------------------------------------------------


def _look(lines: Sequence[Printed]) -> _Look:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text) * (1 if not line.mono else 0)
    size = weights.most_common(1)[0][0] if weights else lines[0].size
    plain = [line for line in lines if line.size == size]
    gaps = [b.down - a.down for a, b in pairwise(plain) if a.page == b.page and 0 < b.down - a.down < 3 * size]
    leading = _usual_gap(gaps, size)
    ends = sorted(line.right for line in plain)
    larger = sorted({line.size for line in lines if line.size >= size * LARGER and not line.mono}, reverse=True)
    words = Counter(
        word for line in lines for word in re.findall(r"[A-Za-z]{3,}", _DIVIDED.sub(" ", line.text.lower()))
    )
    return _Look(
        size,
        leading,
        ends[int(0.95 * (len(ends) - 1))] if ends else 0.0,
        {one: min(rank, 6) for rank, one in enumerate(larger, start=1)},
        frozenset(words),
    )


def _usual_gap(gaps: Sequence[float], size: float) -> float:
    """The distance of lines in a paragraph: the most frequent one, or the smallest of two that are nearly as frequent."""
    if not gaps:
        return size * 1.2
    counts = Counter(round(gap * 2) / 2 for gap in gaps)
    most = counts.most_common(1)[0][1]
    return (
        min(gap for gap, count in counts.items() if count >= 0.3 * most and gap >= 0.9 * size)
        if any(count >= 0.3 * most and gap >= 0.9 * size for gap, count in counts.items())
        else float(median(gaps))
    )


# --- blocks ---------------------------------------------------------------------------------------


def _blocks(lines: Sequence[Printed], look: _Look) -> Iterator[list[Printed]]:
    """Runs of lines that belong together: a heading, a paragraph, an item of a list, a block of code."""
    block: list[Printed] = []
    for line in lines:
        if block and not _continues(block, line, look):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _continues(block: Sequence[Printed], line: Printed, look: _Look) -> bool:
    last = block[-1]
    level = look.levels.get(line.size, 0)
    if level != look.levels.get(last.size, 0) or line.mono != last.mono:
        return False
    below = line.down - last.down
    if line.mono:
        return line.page != last.page or 0 < below < 4 * look.leading
    turned = line.page != last.page or below <= 0
    near = not turned and below <= max(look.leading * _GAP, 1.45 * line.size if level else 0.0)
    if level:
        return near and line.bold == last.bold and not is_label(line.text) and sum(len(one.text) for one in block) < 200
    if _starts(line.text) or (line.bold != last.bold and (line.bold or last.bold) and _whole(block, line)):
        return False
    if _is_last(block, look):
        return False
    if turned:
        return not _ENDED.search(last.text.strip()) and not line.bold and line.text.strip()[:1].islower()
    return near


def _whole(block: Sequence[Printed], line: Printed) -> bool:
    """Whether letters change with the line, not inside it: a bold question above its answer, or the other way round."""
    last = block[-1]
    return (
        (all(one.bold for one in block) and not line.runs[0].bold)
        or (line.bold and not last.runs[-1].bold)
        or (all(one.bold for one in block) and not line.bold and _ENDED.search(last.text.strip()) is not None)
    )


def _is_last(block: Sequence[Printed], look: _Look) -> bool:
    """Whether a paragraph ends with the lines it has: a numbered question is out, or a sentence ends well before the
    margin.
    """
    last = block[-1].text.strip()
    if last.endswith("?") and _starts(block[0].text):
        return True
    width = look.right - min(line.left for line in block)
    return _ENDED.search(last) is not None and block[-1].right - block[-1].left < 0.7 * width


def _starts(text: str) -> bool:
    """Whether a line can only be the first of its block."""
    text = text.strip()
    if is_answer_label(text) or any(pattern.match(text) for pattern in (_BULLET, NUMBERED, _ANSWER)):
        return True
    return bool((found := Q.match(text)) and (found[1] or found.end() > 1))


# --- writing --------------------------------------------------------------------------------------


def _write(out: Lines, block: Sequence[Printed], look: _Look) -> None:
    first = block[0]
    level = look.levels.get(first.size, 0)
    if first.mono and not level:
        _write_code(out, block, look)
        return
    runs = _joined(block, look)
    words = " ".join(plain_text(runs).split())
    if not words:
        return
    if level and len(words) <= _MOST_HEADING:
        out.add(["", f"{'#' * level} {marks.escaped(words)}", ""], first.number)
        return
    text = " ".join(inline(runs).split())
    bullet = _BULLET.match(words)
    if bullet and not level:
        mark = inline(_without(runs, len(bullet[0])))
        out.add(["", f"- {' '.join(mark.split())}"], first.number)
        return
    out.add(["", marks.line_start(text), ""], first.number)


def _without(runs: Sequence[Run], count: int) -> list[Run]:
    """The runs without their first ``count`` letters that are no spaces at the start."""
    left = list(runs)
    while left and not left[0].text.strip():
        left.pop(0)
    if left:
        left[0] = replace(left[0], text=left[0].text.lstrip())
    while left and count:
        cut = min(count, len(left[0].text))
        left[0] = replace(left[0], text=left[0].text[cut:])
        count -= cut
        if not left[0].text:
            left.pop(0)
    return left


def _joined(block: Sequence[Printed], look: _Look) -> list[Run]:
    """The runs of all lines of a paragraph, words that a line end divided put together."""
    runs: list[Run] = []
    for line in block:
        own = list(line.runs)
        if runs:
            before = runs[-1].text.rstrip()
            after = own[0].text.lstrip()
            if before.endswith(("\xad", "-")) and _is_divided(before, after, look):
                runs[-1] = replace(runs[-1], text=before[:-1])
                own[0] = replace(own[0], text=after)
            elif before.endswith(("-", "/", "\xad")) and after[:1].isalnum():
                runs[-1] = replace(runs[-1], text=f"{before[:-1]}-" if before.endswith("\xad") else before)
                own[0] = replace(own[0], text=after)
            else:
                runs[-1] = replace(runs[-1], text=f"{before} ")
        runs += own
    return [replace(run, text=_DIVIDED.sub(lambda found: _whole_word(found, look), run.text)) for run in runs]


def _whole_word(found: re.Match[str], look: _Look) -> str:
    head, hyphen, tail = found[0].partition("\xad")
    return head + tail if hyphen and _is_divided(f"{head}\xad", tail, look) else found[0].replace("\xad", "-")


def _is_divided(before: str, after: str, look: _Look) -> bool:
    """Whether a hyphen at a line end is only there because of the line end."""
    head = re.search(r"([A-Za-z]+)[-\xad]$", before)
    tail = re.match(r"[a-z]+", after)
    if not head or not tail:
        return False
    whole = (head[1] + tail[0]).lower()
    if whole not in look.words and head[1].lower() in _COMPOUNDS:
        return False
    return whole in look.words or (before.endswith("\xad") and not {head[1].lower(), tail[0]} <= look.words)


def _write_code(out: Lines, block: Sequence[Printed], look: _Look) -> None:
    """A fence, its indentation from the lines' places, blank lines from the gaps between them."""
    left = min(line.left for line in block)
    widths = [
        (line.right - line.left) / len(text)
        for line in block
        if len(text := line.text.strip()) > 3 and line.right > line.left
    ]
    width = median(widths) if widths else 0.6 * block[0].size
    gaps = [b.down - a.down for a, b in pairwise(block) if a.page == b.page and b.down > a.down]
    usual = min(gaps, default=look.leading)
    rows: list[str] = []
    for place, line in enumerate(block):
        if place and line.page == block[place - 1].page and usual > 0:
            rows += [""] * min(max(round((line.down - block[place - 1].down) / usual) - 1, 0), 2)
        rows.append(" " * min(max(round((line.left - left) / width), 0), 60) + line.text.strip())
    out.add(["", *marks.fence(rows), ""], block[0].number, running=True)
