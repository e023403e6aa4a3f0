"""Files that hold answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import CoachError, NotFound, UnreadableInput
from coach.session.inputs import answer_text, decoded


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        ("Grüße – 分".encode(), "Grüße – 分"),
        ("\ufeffmarked".encode(), "marked"),
        ("wide ü".encode("utf-16"), "wide ü"),
        ("d\u2019accord".encode("cp1252"), "d\u2019accord"),
        (b"a\r\nb\rc", "a\r\nb\rc"),
    ],
)
def test_text_is_read_as_it_is(raw: bytes, text: str) -> None:
    assert decoded(raw, "file", 1) == text


@pytest.mark.parametrize("raw", [b"\x00", b"a\x00b", b"\x81\x8d\x8f", bytes(range(1, 32)) * 20 + b"\xff"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableInput) as caught:
        decoded(raw, "the file", 1)
    assert "the file" in caught.value.message
    assert caught.value.hint


def test_the_limit_is_in_megabytes_and_holds(tmp_path: Path) -> None:
    path = tmp_path / "answer.md"
    path.write_bytes(b"a" * (1 << 20))
    assert len(answer_text(path, 1)) == 1 << 20
    path.write_bytes(b"a" * ((1 << 20) + 1))
    with pytest.raises(UnreadableInput, match="larger than 1 MB"):
        answer_text(path, 1)


def test_what_is_missing_and_what_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        answer_text(tmp_path / "missing.md", 1)
    with pytest.raises(UnreadableInput, match="folder"):
        answer_text(tmp_path, 1)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_an_explained_error(raw: bytes) -> None:
    try:
        text = decoded(raw, "file", 1)
    except CoachError as problem:
        assert problem.hint
    else:
        assert isinstance(text, str)
        assert not text.startswith("\ufeff") or raw.startswith(b"\xef\xbb\xbf\xef\xbb\xbf")
