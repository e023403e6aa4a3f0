"""Files: suffixes, encodings, sizes, front matter and side files."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain import Kind
from coach.errors import NotFound, UnreadableInput, UsageError
from coach.importing import read
from coach.importing.source import Limits

TEXT = "# Notes\n\n## 1. What is a “café”?\n\nA naïve answer – short.\n\n## 2. Why?\n\nSo.\n"


@pytest.mark.parametrize("suffix", [".md", ".markdown", ".mdown", ".txt", ".MD"])
def test_every_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"My Notes{suffix}"
    path.write_text(TEXT, encoding="utf-8")
    found = read(path)
    assert (found.title, found.deck, found.source, len(found.questions)) == ("Notes", "my-notes", path.name, 2)
    assert read(path, deck="Other Deck").deck == "other-deck"


@pytest.mark.parametrize(
    ("encoding", "noted"), [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("cp1252", True)]
)
def test_encodings(tmp_path: Path, encoding: str, noted: bool) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    found = read(path)
    assert found.questions[0].text == "What is a “café”?"
    assert found.questions[0].answer == "A naïve answer – short."
    assert found.questions[0].line == 3
    assert any("Windows-1252" in note for note in found.notes) == noted


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"text\x00text", b"\xff\xfea", bytes(range(128, 256)) * 4]
)
def test_what_is_no_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as caught:
        read(path)
    assert caught.value.hint


def test_missing_too_large_unknown_and_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere.md")
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere.xyz")
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(UnreadableInput, match="MB"):
        read(path, limits=Limits(max_bytes=10))
    other = tmp_path / "a.xyz"
    other.write_text(TEXT, encoding="utf-8")
    with pytest.raises(UsageError, match=r"\.md"):
        read(other)
    folder = tmp_path / "folder.md"
    folder.mkdir()
    with pytest.raises(UnreadableInput, match="folder"):
        read(folder)


def test_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: 'My deck'\ndeck: Mine\nkind: design\n---\n\n" + TEXT, encoding="utf-8")
    found = read(path)
    assert (found.title, found.deck) == ("My deck", "mine")
    assert [(q.kind, q.line) for q in found.questions] == [(Kind.DESIGN, 9), (Kind.DESIGN, 13)]


def test_side_file_goes_before_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: My deck\nkind: design\n---\n" + TEXT, encoding="utf-8")
    (tmp_path / "a.coach.toml").write_text('title = "Other"\n[kinds]\n2 = "coding"\n', encoding="utf-8")
    found = read(path)
    assert (found.title, found.deck) == ("Other", "a")
    assert [q.kind for q in found.questions] == [Kind.DESIGN, Kind.CODING]


@pytest.mark.parametrize("side", ["title = ", 'kind = "poem"', "title = 3", "kinds = 3", '[kinds]\n1 = "poem"', "\x00"])
def test_side_files_with_mistakes(tmp_path: Path, side: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.coach.toml").write_text(side, encoding="utf-8")
    with pytest.raises(UsageError, match=r"a\.coach\.toml"):
        read(path)


def test_a_rule_is_no_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\n\nSome text\n\n---\n\n## What is X?\n\nfoo\n", encoding="utf-8")
    assert read(path).questions[0].text == "What is X?"
