"""``coach import``, ``remove`` and ``questions --no-answer`` as a user runs them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from cli.conftest import Result

Run = Callable[..., Result]

NOTES = """# Storage

## Disks

### 1. What is a sector?

The unit that is written.

### Seeks

Moving the head takes milliseconds.

### 2. What is a block?

## Memory

### 3. What does this print?

```python
print(1)
```

Answer: 1
"""


def test_a_dry_run_shows_the_tree_with_doubts(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "storage.md"
    file.write_text(
        "# Storage questions\n\n## 1. Sectors\n\nUnits.\n\n## 2. What is a block?\n\n## 4. Explain pages\n\nMore.\n"
    )
    shown = coach("import", file, "--dry-run").out
    assert "recognised by: numbered" in shown
    assert "? 1 Sectors [does not read like a question]" in shown
    assert "2 What is a block? [no answer]" in shown
    assert "[number 4 follows 2]" in shown
    assert "3 questions, 2 with an answer, 2 doubtful" in shown


def test_import_edit_rename_remove(coach: Run, own_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    file = folder / "storage.md"
    file.write_text(NOTES)
    (folder / "README.md").write_text("# Notes\n\nNothing to ask.\n")
    rows = coach("import", folder, "--json", home=own_home).items
    assert [(row["source"], row["passed_over"] is None) for row in rows] == [("README.md", False), ("storage.md", True)]
    listed = coach("questions", "--deck", "storage", "--json", home=own_home).items
    assert [(row["number"], row["has_answer"]) for row in listed] == [(67, True), (68, False), (69, True)]
    assert listed[2]["material"].startswith("```python")
    open_ones = coach("questions", "--no-answer", "--json", home=own_home).items
    assert [row["number"] for row in open_ones] == [68]
    assert "print(1)" in coach("show", 69, home=own_home).out

    other = folder / "disks.md"
    file.rename(other)
    other.write_text(NOTES.replace("What is a sector?", "What is a sector of a disk?"))
    (row,) = coach("import", str(folder / "d*.md"), "--json", home=own_home).items
    assert row["renamed"] == {"deck": "storage", "source": "storage.md"}
    assert row["recognised"] == [{"old": "What is a sector?", "new": "What is a sector of a disk?"}]
    after = coach("questions", "--deck", "disks", "--json", home=own_home).items
    assert [item["id"] for item in after] == [item["id"] for item in listed]

    refused = coach("remove", "disks", home=own_home)
    assert (refused.code, refused.out) == (2, "")
    assert "--yes" in refused.err
    gone = coach("remove", "disks", "--yes", home=own_home)
    assert (gone.code, "3 questions" in gone.out) == (0, True)
    assert len(coach("questions", "--json", home=own_home).items) == 66
    assert coach("show", 67, home=own_home).code == 3
    assert coach("remove", "disks", "--yes", home=own_home).code == 3
    assert coach("remove", "principal-data-engineer", "--yes", home=own_home).code == 2


def test_a_layout_is_saved_corrected_and_read_back(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "storage.md"
    file.write_text(NOTES)
    before = coach("import", file, "--dry-run", "--json").out
    assert coach("import", file, "--save-layout").code == 0
    side = tmp_path / "storage.coach.toml"
    assert coach("import", file, "--dry-run", "--json").out == before
    assert coach("import", file, "--save-layout").code == 2
    side.write_text(side.read_text() + '\n[[question]]\ntext = "Seeks"\nquestion = true\n')
    (document,) = coach("import", file, "--dry-run", "--json").items
    assert "Seeks" in [question["text"] for question in document["questions"]]
    assert coach("import", "-", "--save-layout", stdin=NOTES).code == 2


def test_nothing_recognised_is_an_error_that_says_what_to_do(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "prose.md"
    file.write_text("# Prose\n\nNothing to ask.\n")
    result = coach("import", file)
    assert (result.code, result.out) == (2, "")
    assert "coach.toml" in result.err
    shutil.copy(file, tmp_path / "more.md")
    assert coach("import", tmp_path).code == 2
