"""Markdown is read back by a Markdown parser, HTML by an HTML parser: what somebody wrote must come out as it is."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from coach.practice.export.blocks import Bullets, Chart, Heading, Quote, Table, Text, html, markdown
from coach.text.printable import printable

NASTY = [
    "<script>alert(1)</script>",
    "a | b \\| c",
    "*bold* _it_ `code` ~~gone~~ ![x](y) [l](u)",
    "# no heading",
    "- no list",
    "12. no number",
    "3.5 and 1) and 2.x",
    "=== ---",
    "&amp; &lt; & < >",
    "$x$ \\( y \\)",
    '" onmouseover="x',
    "tick ``` tack `` tock ` end",
    "+ plus",
    "a\nb\r\nc",
]
words = st.sampled_from(NASTY) | st.text(st.sampled_from("ab1 *_`[]<>#|~!&$\\-+=.)(\"'"), max_size=30)


class Reader(HTMLParser):
    """Tags and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def flat(text: str) -> str:
    return " ".join(printable(text).split())


def shown(source: str) -> str:
    """The text that a reader of the Markdown sees."""
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source)
    return flat("".join(read(rendered).texts))


@given(words)
def test_markdown_shows_what_was_written(text: str) -> None:
    assert shown(markdown([Text(text)])) == flat(text)
    assert shown(markdown([Heading(2, text)])) == flat(text)
    assert shown(markdown([Bullets((text, "end"))])) == flat(f"{text} end")


@given(st.lists(st.tuples(words, words), min_size=1, max_size=4))
def test_a_markdown_table_keeps_its_cells(rows: list[tuple[str, str]]) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown([Table(("A", "B"), tuple(rows))]))
    cells = [
        flat("".join(child.content for child in token.children or []))
        for before, token in itertools.pairwise(tokens)
        if before.type in ("th_open", "td_open")
    ]
    assert cells == ["A", "B", *(flat(cell) for row in rows for cell in row)]


@given(st.text(st.sampled_from("a`\n *#"), max_size=40))
def test_a_quote_keeps_its_lines_whatever_fences_are_in_it(text: str) -> None:
    (fence,) = MarkdownIt("commonmark").parse(markdown([Quote(text)]))
    assert fence.type == "fence"
    assert fence.content.rstrip("\n") == text.rstrip("\n")


@given(words, words)
def test_a_page_holds_the_text_and_nothing_of_it_as_a_tag(title: str, text: str) -> None:
    blocks = [Heading(1, title), Text(text), Bullets((text,)), Quote(text), Table((title, "x"), ((text, "1"),))]
    reader = read(html(title, blocks))
    assert set(reader.tags) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "ul", "li", "pre", "table", "thead", "tbody",
        "tr", "th", "td",
    }  # fmt: skip
    assert not any(name.startswith("on") for name, _ in reader.attributes)
    assert flat("".join(reader.texts)).count(flat(text)) >= 4 or not flat(text)


def test_a_page_stands_on_its_own_and_prints() -> None:
    page = html("T", [Chart("<svg></svg>", Table(("A",), (("1",),))), Heading(2, "New", new_page=True)])
    assert "<script" not in page
    assert not re.search(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", page)
    assert "default-src 'none'" in page
    assert "@media print" in page
    assert 'class="page"' in page
    assert "<figure><svg></svg></figure>" in page


@pytest.mark.parametrize(("cells", "numeric"), [(("12", "3.5"), True), (("–", "60 %"), True), (("12", "x"), False)])
def test_columns_of_figures_stand_to_the_right(cells: tuple[str, str], numeric: bool) -> None:
    table = Table(("N",), tuple((cell,) for cell in cells))
    assert ("---:" in markdown([table])) is numeric
    assert ('<td class="n">' in html("t", [table])) is numeric


def test_escape_sequences_and_halves_of_letters_go() -> None:
    text = "a\x1b[31mb\ud800c"
    assert markdown([Text(text)]) == "abc\n"
    html("t", [Quote(text)]).encode("utf-8")
