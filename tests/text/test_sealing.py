"""Foreign text as data: nothing in it can end its block, hide from a reader or look like a chat template's token."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from coach.domain import Span
from coach.text.sealing import REMOVED, folded, neutralised, sealed, without


def body(block: str) -> str:
    first, line, last = block.split("\n")
    assert re.fullmatch(r"-----BEGIN answer [0-9a-f]{16}-----", first)
    assert last == first.replace("BEGIN", "END")
    return line


@given(st.text())
def test_whatever_is_sealed_is_one_line_of_json_that_reads_back_as_its_visible_text(text: str) -> None:
    assert json.loads(body(sealed("answer", {"answer": text}))) == {"answer": neutralised(text)}


@given(st.text(alphabet="-BEGINDansw er\n0123456789abcdef<|>/[]INSTSYSs"))
def test_no_text_forges_the_end_of_its_block_or_a_special_token(text: str) -> None:
    line = body(sealed("answer", {"answer": text}))
    assert "\n" not in line
    assert not re.search(r"<[|/]|<[A-Za-z]|\[/?INST\b|\[/?SYS\b", line)


def test_equal_data_gives_equal_blocks_and_other_data_another_seal() -> None:
    one, same, other = (sealed("answer", {"answer": text}) for text in ("a", "a", "b"))
    assert one == same
    assert one.split("\n")[0] != other.split("\n")[0]


def test_hidden_characters_go_and_visible_ones_stay() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    assert neutralised(f"a\u200bb\u202ec\x00\x1b{hidden}\u00add é 漢 🙂\r\ne") == "abcd é 漢 🙂\ne"
    assert len(neutralised("a" + "\u0301" * 50)) == 4


@given(st.text())
def test_neutralising_twice_changes_nothing_more(text: str) -> None:
    assert neutralised(neutralised(text)) == neutralised(text)


def test_cut_spans_are_replaced_in_place() -> None:
    assert without("keep this, drop that, keep it", [Span(11, 20)]) == f"keep this, {REMOVED}, keep it"
    assert without("nothing", []) == "nothing"


@given(st.text())
def test_folding_keeps_an_origin_for_every_letter(text: str) -> None:
    letters, places = folded(text)
    assert len(letters) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
