"""Which files an import means: names, folders and patterns."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import NotFound
from coach.session.folders import Found, expanded


def made(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


def names(found: list[Found]) -> list[str]:
    return [one.path.name for one in found]


def test_folders_are_the_documents_in_them(tmp_path: Path) -> None:
    made(tmp_path, "b.md", "a.txt", "c.png", ".d.md", ".git/e.md", "deep/f.md", "deep/.g/h.md")
    assert names(expanded([tmp_path])) == ["a.txt", "b.md", "f.md"]
    assert not any(found.named for found in expanded([tmp_path]))


def test_files_are_what_they_are_even_hidden_ones(tmp_path: Path) -> None:
    made(tmp_path, ".d.md", "x.unknown")
    found = expanded([tmp_path / ".d.md", tmp_path / "x.unknown", tmp_path / ".d.md"])
    assert [(one.path.name, one.named) for one in found] == [(".d.md", True), ("x.unknown", True)]


def test_patterns(tmp_path: Path) -> None:
    made(tmp_path, "one/a.md", "one/b.txt", "two/a.md", "two/c.png")
    assert names(expanded([tmp_path / "*" / "a.md"])) == ["a.md", "a.md"]
    assert names(expanded([tmp_path / "**" / "*.[mt]*"])) == ["a.md", "b.txt", "a.md"]


def test_a_readme_goes_by_its_folder(tmp_path: Path) -> None:
    made(tmp_path, "kafka/README.md", "kafka/more.md")
    assert [found.deck for found in expanded([tmp_path])] == ["kafka", None]
    assert [found.deck for found in expanded([tmp_path / "kafka" / "README.md"])] == [None]


@pytest.mark.parametrize("name", ["missing.md", "*.nothing", "[", "**bad/x"])
def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        expanded([tmp_path / name])


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="No document"):
        expanded([tmp_path / "empty"])
