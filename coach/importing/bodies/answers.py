"""An answer's lines as clean Markdown: code mended, page breaks closed, labels and leftovers taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from coach.importing.bodies.blocks import Text, strip_label
from coach.importing.bodies.fences import Fence, join, mend, takes
from coach.importing.bodies.placeholders import LINK, is_placeholder, is_source, only_points, points_on
from coach.importing.marks.candidate import is_contents_link
from coach.importing.wording.labels import is_answer_label, is_bare_label
from coach.text.cleaning import one_line, tidy
from coach.text.markdown import Line, LineKind
from coach.text.printable import printable

_BACK = re.compile(r"(?:back to (?:the )?(?:top|contents|index|table of contents)|(?:go )?to the top)", re.IGNORECASE)
_POINTS_BACK = re.compile("[Tt][Oo][Pp]|[Cc][Oo][Nn][Tt][Ee][Nn]|[Ii][Nn][Dd][Ee][Xx]")
_FOLD = re.compile(r"</?(?:details|summary|p|br|div|center|hr|dl|dt|dd)\b[^<>]*>", re.IGNORECASE)
_FOLD_OR_CODE = re.compile(rf"`[^`]*`|{_FOLD.pattern}", re.IGNORECASE)
_LONE_TAGS = re.compile(
    r"(?:</?(?:b|i|u|em|strong|font|span|ul|ol|li|blockquote|section|article)\b[^<>]{0,200}>\s*)+$", re.IGNORECASE
)
_ANCHOR = re.compile(r"<a\s+(?:name|id)\s?=[^<>]{0,200}(?:/>|>\s*</a>)", re.IGNORECASE)
"""The target of a link: it stands before the next question."""
_SUMMARY = re.compile(r"<summary\b[^<>]{0,200}>((?:[^<>]|</?(?:b|i|strong|em)>){0,80})</summary>", re.IGNORECASE)
_LONE_MARK = re.compile(r"\s*(?:\d{1,4}[.)]|[-*+•])\s*")
"""The mark of a list item with nothing behind it."""
_ENDED = re.compile(r"[.!?:;…)\]}\"”'’*_`|>]$")


@dataclass(slots=True)
class Mended:
    """What was repaired in one answer."""

    joined_fences: int = 0
    indented: int = 0
    moved_lines: int = 0
    rejoined: int = 0


def material(lines: Sequence[Line]) -> str:
    """The lines that belong to a question as clean Markdown."""
    return _render(_fences(_blocks(list(_margins(lines))), Mended())).strip("\n").rstrip()


def clean(lines: Sequence[Line], rest: str = "") -> tuple[str, Mended]:
    """The lines of one answer as clean Markdown, and what was mended. Placeholders become the empty text.

    ``rest`` is the beginning of the answer that stands on the question's own line.
    """
    mended = Mended()
    rows = list(_margins(lines))
    if rest:
        rows.insert(0, Line(0, rest, LineKind.TEXT, rest))
    blocks = _stray_code(_fences(_blocks(rows), mended), mended)
    blocks = _rejoined(blocks, mended)
    while strip_label(blocks):
        pass  # ``Your answer:`` with nothing behind it, then ``Model answer:``
    _strip_source(blocks)
    for end in (0, -1):
        while blocks and isinstance(last := blocks[end], Text) and last.kind is LineKind.RULE:
            blocks.pop(end)
    text = _render(blocks).strip("\n").rstrip()
    return ("" if _is_placeholder(blocks) else text), mended


def _margins(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without the indentation that they all share (an answer under its list item); code has its fence's."""
    lines = [line for line in lines if line.kind is not LineKind.TEXT or not is_contents_link(line.content)]
    indents = [len(line.text) - len(line.text.lstrip()) for line in lines if not line.is_code and not line.is_blank]
    margin = min(indents, default=0)
    for line in lines:
        if margin and not line.is_code and not line.is_blank:
            level = line.level if line.kind is LineKind.HEADING else max(0, line.level - margin)
            yield replace(line, text=line.text[margin:], level=level)
        else:
            yield line


def _strip_source(blocks: list[Text | Fence]) -> None:
    """Take the note of where an answer was copied from, or a pointer to more of them, off its end."""
    for place in range(len(blocks) - 1, max(-1, len(blocks) - 5), -1):
        block = blocks[place]
        if isinstance(block, Fence) or len(block.lines[0]) > 400:
            return
        if is_source(block.lines) or (place and "answer" in block.lines[0].lower() and is_placeholder(block.lines[0])):
            del blocks[place:]
            return
        if not all(points_on(row) for row in block.lines):
            return


def _is_placeholder(blocks: Sequence[Text | Fence]) -> bool:
    """Whether nothing is said but that the answer is still to come, with links for further reading at most."""
    rows: list[str] = []
    for block in blocks:
        if isinstance(block, Fence):
            return False
        rows += [row for row in block.lines if row.strip()]
        if sum(map(len, rows)) > 4000:
            return False
    if not rows or only_points(rows):
        return True
    said = [row for row in rows[1:] if not LINK.match(row) and not (row.endswith(":") and len(row) < 60)]
    return not said and is_placeholder(rows[0])


def _blocks(lines: Sequence[Line]) -> list[Text | Fence]:
    blocks: list[Text | Fence] = []
    fence: Fence | None = None
    indent = 0
    tight = False
    for line in lines:
        if line.kind is LineKind.FENCE and fence is None:
            fence, indent = Fence(line.content, [], line.mark), line.level
            blocks.append(fence)
        elif line.kind is LineKind.FENCE:
            fence = None
            tight = True
        elif line.is_code and fence is not None:
            fence.lines.append(_dedented(printable(line.text), indent).rstrip())
        else:
            fence = None if not line.is_blank else fence
            if not line.is_blank:
                _add_text(blocks, line, tight)
            tight = not line.is_blank
    for block in blocks:
        if isinstance(block, Fence):
            _trim(block.lines)
    return [block for block in blocks if not isinstance(block, Fence) or block.lines]


def _dedented(text: str, indent: int) -> str:
    """Code without the indentation of its fence, so far as it has it."""
    margin = len(text) - len(text.lstrip(" "))
    return text[min(indent, margin) :]


def _trim(lines: list[str]) -> None:
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()


def _add_text(blocks: list[Text | Fence], line: Line, tight: bool) -> None:
    if line.kind in (LineKind.COMMENT, LineKind.UNDERLINE):
        return
    if line.kind is LineKind.HEADING and is_bare_label(line.content):
        return  # the place of a question that nobody has written yet
    raw = printable(line.text).rstrip()
    if "<" in raw and _FOLD.search(raw) and (unfolded := _unfolded(raw)) != raw:
        bare = _LONE_TAGS.sub("", unfolded.strip())
        if not bare or (line.kind is LineKind.TEXT and is_answer_label(one_line(bare))):
            return
        raw = raw if line.kind is not LineKind.TEXT else raw[: len(raw) - len(raw.lstrip())] + bare
    if len(raw) < 40 and _LONE_MARK.fullmatch(raw):
        return
    if "<" in raw and (_LONE_TAGS.fullmatch(raw.strip()) or _ANCHOR.fullmatch(raw.strip())):
        return
    if (
        len(raw) < 200
        and _POINTS_BACK.search(raw)
        and _BACK.search(raw)
        and _BACK.search(one_line(raw))
        and len(one_line(raw)) < 40
    ):
        return
    text = tidy(raw)
    if line.kind is LineKind.HEADING:
        text = "#" * line.level + " " + tidy(printable(line.content))
    last = blocks[-1] if blocks else None
    same = tight and isinstance(last, Text) and last.kind in (LineKind.TEXT, LineKind.ITEM, LineKind.TABLE)
    if same and isinstance(last, Text) and line.kind in (LineKind.TEXT, LineKind.TABLE):
        last.lines.append(text)
        return
    blocks.append(Text([text], line.kind, line.level, tight, line.mark))


def _unfolded(raw: str) -> str:
    """A line without tags of folds and paragraphs; those in its code stay."""
    if "<summary" in raw:
        raw = _SUMMARY.sub(lambda found: "" if is_answer_label(one_line(found[1])) else f"{found[1]} ", raw)
    if "`" not in raw:
        return _FOLD.sub("", raw)
    return _FOLD_OR_CODE.sub(lambda found: found[0] if found[0][0] == "`" else "", raw)


def _fences(blocks: list[Text | Fence], mended: Mended) -> list[Text | Fence]:
    """Join blocks of code that were cut, mend those that lost their indentation."""
    result: list[Text | Fence] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        if isinstance(block, Fence):
            run = [block]
            while place + 1 < len(blocks) and isinstance(following := blocks[place + 1], Fence):
                run.append(following)
                place += 1
            result.extend(_joined(run, mended))
        else:
            result.append(block)
        place += 1
    return result


def _joined(run: list[Fence], mended: Mended) -> list[Fence]:
    """Join what belongs together in a run of adjacent blocks, from the last one back and then onwards."""
    done = [run[-1]]
    for fence in reversed(run[:-1]):
        whole = join(fence, done[0])
        if whole is None:
            done.insert(0, fence)
        else:
            done[0] = whole
    kept = [done[0]]
    for fence in done[1:]:
        whole = join(kept[-1], fence)
        if whole is None:
            kept.append(fence)
        else:
            kept[-1] = whole
    if len(kept) > 1 and (whole := join(kept[0], kept[1])) is not None:
        kept[:2] = [whole]
    mended.joined_fences += len(run) - len(kept)
    for fence in kept:
        mended.indented += mend(fence)
    return kept


def _stray_code(blocks: list[Text | Fence], mended: Mended) -> list[Text | Fence]:
    """Put a line of code that fell out of its block back into it."""
    result: list[Text | Fence] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(last, Fence) and isinstance(block, Text) and len(block.lines) == 1 and _is_stray(last, block):
            last.lines += ["", block.lines[0].strip()]
            mended.moved_lines += 1
        else:
            result.append(block)
    return result


def _is_stray(fence: Fence, block: Text) -> bool:
    if block.kind is LineKind.HEADING and block.level > 1:
        return False
    return block.kind in (LineKind.HEADING, LineKind.TEXT) and takes(fence, block.lines[0])


def _rejoined(blocks: list[Text | Fence], mended: Mended) -> list[Text | Fence]:
    """Close the gaps that page breaks left in sentences."""
    result: list[Text | Fence] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(last, Text) and isinstance(block, Text) and _continues(last, block):
            last.lines[-1] += " " + block.lines[0].lstrip()
            last.lines += block.lines[1:]
            mended.rejoined += 1
        else:
            result.append(block)
    return result


def _continues(last: Text, block: Text) -> bool:
    """Whether a paragraph goes on with the sentence that the text before a blank line broke off."""
    if block.tight or block.kind is not LineKind.TEXT or last.kind not in (LineKind.TEXT, LineKind.ITEM):
        return False
    first = block.lines[0].lstrip()
    return first[:1].islower() and not _ENDED.search(last.lines[-1]) and len(last.lines[-1].split()) > 3


def _render(blocks: Sequence[Text | Fence]) -> str:
    parts: list[str] = []
    for place, block in enumerate(blocks):
        if place and _gap(blocks[place - 1], block):
            parts.append("")
        parts += [block.mark + block.info, *block.lines, block.mark] if isinstance(block, Fence) else block.lines
    return "\n".join(parts)


def _gap(last: Text | Fence, block: Text | Fence) -> bool:
    """Whether a blank line stands between two blocks: not within a list, not where the source has none."""
    if isinstance(last, Fence) or isinstance(block, Fence):
        return True
    if last.kind is LineKind.ITEM and block.kind is LineKind.ITEM:
        return False
    return not block.tight or LineKind.HEADING in (last.kind, block.kind)
