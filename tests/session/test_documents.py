"""Documents into the library: what comes with coach, what a folder adds, what an import brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.catalogue import library as catalogue
from coach.catalogue.library import Library
from coach.config import Paths, Settings
from coach.errors import ConfigError, StoreUnwritable, UsageError
from coach.session import documents

ALPHA = "# A\n\n**1. What is alpha?**\n\nThe first letter.\n\n**2. What comes after alpha?**\n\nBeta does.\n"
SKY = "# B\n\n**1. Why is the sky blue today?**\n\nLight scatters.\n"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A home with one small built-in document and a further folder."""
    builtin = tmp_path / "builtin"
    builtin.mkdir()
    (builtin / "order.txt").write_text("basics.md\n")
    (builtin / "basics.md").write_text("**1. What is a log?**\n\nA list.\n")
    home, more = tmp_path / "home", tmp_path / "more"
    more.mkdir()
    return Paths(builtin, (home / "corpus", more), home, home / "config.toml", home / "index", ())


def synchronised(paths: Paths) -> tuple[Library, list[str]]:
    notices: list[str] = []
    return documents.synchronised(paths, Settings(), notices.append), notices


def names(library: Library) -> list[tuple[int, str, str]]:
    return [(question.number, question.deck, question.text) for question in library.questions]


def test_built_in_documents_come_first_and_stay(paths: Paths) -> None:
    (paths.corpora[1] / "alpha.md").write_text(ALPHA)
    library, notices = synchronised(paths)
    assert names(library)[0] == (1, "basics", "What is a log?")
    assert [question.number for question in library.questions] == [1, 2, 3]
    assert notices == []
    assert synchronised(paths) == (library, [])
    assert catalogue.load(paths.catalogue) == library


def test_documents_of_one_name_in_two_folders_live_side_by_side(paths: Paths) -> None:
    for folder, text in (("one", ALPHA), ("two", SKY)):
        (paths.corpora[1] / folder).mkdir()
        (paths.corpora[1] / folder / "README.md").write_text(text)
    first, _ = synchronised(paths)
    assert len(first.questions) == 4
    assert names(synchronised(paths)[0]) == names(first)


def test_a_changed_document_keeps_its_numbers(paths: Paths) -> None:
    file = paths.corpora[1] / "alpha.md"
    file.write_text(ALPHA)
    before, _ = synchronised(paths)
    file.write_text("# A\n\n**0. What is omega?**\n\nThe last.\n\n" + ALPHA.removeprefix("# A\n\n"))
    after, _ = synchronised(paths)
    assert set(names(before)) < set(names(after))
    assert after.find("4").text == "What is omega?"


def test_a_side_file_is_part_of_its_document(paths: Paths) -> None:
    (paths.corpora[1] / "alpha.md").write_text(ALPHA)
    synchronised(paths)
    (paths.corpora[1] / "alpha.coach.toml").write_text('title = "Greek"\n')
    assert [deck.title for deck in synchronised(paths)[0].decks] == ["basics", "Greek"]


@pytest.mark.parametrize("content", [b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_cannot_be_read_is_passed_over_and_said(paths: Paths, content: bytes) -> None:
    (paths.corpora[1] / "alpha.md").write_text(ALPHA)
    (paths.corpora[1] / "broken.txt").write_bytes(content)
    (paths.corpora[1] / ".hidden.md").write_bytes(content)
    (paths.corpora[1] / "picture.png").write_bytes(content)
    library, notices = synchronised(paths)
    assert len(library.questions) == 3
    assert len(notices) == 1
    assert "broken.txt" in notices[0]


def test_a_corpus_that_is_no_folder_is_an_error(paths: Paths, tmp_path: Path) -> None:
    wrong = Paths(
        paths.builtin_corpus, (paths.corpora[0], tmp_path / "no"), paths.data, paths.config_file, paths.index, ()
    )
    with pytest.raises(ConfigError, match="COACH_CORPUS"):
        synchronised(wrong)


def test_where_nothing_can_be_kept_the_library_is_there_all_the_same(paths: Paths) -> None:
    paths.data.parent.mkdir(exist_ok=True)
    paths.data.write_text("a file where the folder should be")
    library, notices = synchronised(paths)
    assert names(library) == [(1, "basics", "What is a log?")]
    assert notices[0].startswith("Nothing is kept this time.")


def imported(paths: Paths, file: Path, deck: str | None = None) -> documents.Imported:
    synchronised(paths)
    return documents.brought_in(file, deck, paths, Settings())[1]


def test_an_import_copies_registers_and_is_idempotent(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "alpha.md"
    file.write_text(ALPHA)
    first, again = imported(paths, file), imported(paths, file)
    assert (first.changes.added, first.already) == (2, False)
    assert (again.changes.added, again.changes.kept, again.already) == (0, 2, True)
    copy = paths.corpora[0] / "alpha" / "alpha.md"
    assert copy.read_text() == ALPHA
    assert copy.stat().st_mode & 0o777 == 0o600
    file.unlink()
    assert imported(paths, copy).already


def test_another_document_of_the_same_name_pushes_nothing_out(paths: Paths, tmp_path: Path) -> None:
    for folder, text in (("one", ALPHA), ("two", SKY)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "notes.md").write_text(text)
    imported(paths, tmp_path / "one" / "notes.md")
    before, _ = synchronised(paths)
    with pytest.raises(UsageError, match="--deck"):
        imported(paths, tmp_path / "two" / "notes.md")
    assert synchronised(paths)[0] == before
    assert (paths.corpora[0] / "notes" / "notes.md").read_text() == ALPHA
    imported(paths, tmp_path / "two" / "notes.md", deck="Second notes")
    assert {name for _, name, _ in names(synchronised(paths)[0])} == {"basics", "notes", "second-notes"}


def test_a_built_in_document_is_not_written_over(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "basics.md"
    file.write_text(ALPHA)
    with pytest.raises(UsageError, match="built in"):
        imported(paths, file)


def test_two_imports_at_once_both_count(paths: Paths, tmp_path: Path) -> None:
    """The second session opened before the first one's import: it has to see it all the same."""
    synchronised(paths)
    for name, text in (("alpha.md", ALPHA), ("sky.md", SKY)):
        (tmp_path / name).write_text(text)
        documents.brought_in(tmp_path / name, None, paths, Settings())
    library, _ = synchronised(paths)
    assert [question.number for question in library.questions] == [1, 2, 3, 4]


def test_an_import_that_cannot_be_kept_is_an_error(paths: Paths, tmp_path: Path) -> None:
    synchronised(paths)
    (tmp_path / "alpha.md").write_text(ALPHA)
    paths.corpora[0].write_text("a file where the folder should be")
    with pytest.raises(StoreUnwritable):
        documents.brought_in(tmp_path / "alpha.md", None, paths, Settings())
    assert len(catalogue.load(paths.catalogue).questions) == 1


def test_a_renamed_file_keeps_ids_numbers_and_rubrics_and_is_told(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "alpha.md"
    file.write_text(ALPHA)
    imported(paths, file)
    before = catalogue.load(paths.catalogue).deck("alpha").questions
    own = paths.rubric_overlay / "alpha" / f"{before[0].id}.toml"
    own.parent.mkdir(parents=True)
    own.write_text("x")
    file.rename(tmp_path / "greek.md")
    done = imported(paths, tmp_path / "greek.md")
    library = synchronised(paths)[0]
    assert done.changes.renamed == ("alpha", "alpha.md")
    assert (done.changes.kept, done.changes.added, done.already) == (2, 0, False)
    after = library.deck("greek").questions
    assert [(q.id, q.number) for q in after] == [(q.id, q.number) for q in before]
    assert [deck.slug for deck in library.decks] == ["basics", "greek"]
    assert not own.exists()
    assert (paths.rubric_overlay / "greek" / own.name).is_file()
    assert not (paths.corpora[0] / "alpha").exists()
    assert len(list(paths.catalogue.glob("0002-*.json"))) == 1


def test_a_copy_beside_its_original_is_a_deck_of_its_own(paths: Paths, tmp_path: Path) -> None:
    for name in ("alpha.md", "copy.md"):
        (tmp_path / name).write_text(ALPHA)
        assert imported(paths, tmp_path / name).changes.renamed is None
    assert [deck.slug for deck in synchronised(paths)[0].decks] == ["basics", "alpha", "copy"]


def test_what_came_through_a_pipe_is_never_taken_for_a_renamed_file(paths: Paths, tmp_path: Path) -> None:
    synchronised(paths)
    passing = tmp_path / "stdin.md"
    passing.write_text(ALPHA)
    documents.brought_in(passing, "one", paths, Settings(), stays=False)
    passing.unlink()
    (tmp_path / "alpha.md").write_text(ALPHA)
    assert imported(paths, tmp_path / "alpha.md").changes.renamed is None


def test_moves_and_rewordings_are_told(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "alpha.md"
    file.write_text("# A\n\n## One\n\n" + ALPHA.removeprefix("# A\n\n"))
    imported(paths, file)
    file.write_text(
        "# A\n\n## Two\n\n**1. What is an alpha?**\n\nThe first letter.\n\n**2. What comes after alpha?**\n\nBeta does.\n"
    )
    changes = imported(paths, file).changes
    assert changes.matched == (("What is alpha?", "What is an alpha?"),)
    assert changes.moved == (("What comes after alpha?", "One", "Two"),)


def test_a_removed_deck_leaves_its_numbers_and_comes_back_with_them(paths: Paths, tmp_path: Path) -> None:
    for name, text in (("alpha.md", ALPHA), ("sky.md", SKY)):
        (tmp_path / name).write_text(text)
    imported(paths, tmp_path / "alpha.md")
    library, _ = synchronised(paths)
    before = names(library)
    without = documents.removed(library.deck("alpha"), paths)
    assert [name for _, name, _ in names(without)] == ["basics"]
    assert not (paths.corpora[0] / "alpha").exists()
    assert synchronised(paths)[0] == without
    imported(paths, tmp_path / "sky.md")
    assert synchronised(paths)[0].deck("sky").questions[0].number == 4
    assert imported(paths, tmp_path / "alpha.md").changes.kept == 2
    assert [row for row in names(synchronised(paths)[0]) if row[1] != "sky"] == before


def test_a_built_in_deck_stays(paths: Paths) -> None:
    library, _ = synchronised(paths)
    with pytest.raises(UsageError, match="built in"):
        documents.removed(library.deck("basics"), paths)


def test_a_removed_deck_of_a_further_folder_stays_removed_when_its_file_changes(paths: Paths) -> None:
    file = paths.corpora[1] / "alpha.md"
    file.write_text(ALPHA)
    documents.removed(synchronised(paths)[0].deck("alpha"), paths)
    assert file.exists()
    file.write_text(ALPHA + "\n**3. And then?**\n\nGamma.\n")
    assert [deck.slug for deck in synchronised(paths)[0].decks] == ["basics"]


def test_a_document_without_questions_changes_nothing(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "alpha.md"
    file.write_text(ALPHA)
    imported(paths, file)
    file.write_text("Just prose.\n")
    done = imported(paths, file)
    assert done.passed_over
    assert len(synchronised(paths)[0].deck("alpha").questions) == 2


def test_of_a_folder_what_cannot_be_read_is_passed_over_with_the_reason(paths: Paths, tmp_path: Path) -> None:
    from coach.session.folders import Found

    broken = tmp_path / "broken.md"
    broken.write_bytes(b"\x00")
    library, _ = synchronised(paths)
    _, done = documents.taken_in(Found(broken, False), None, paths, Settings(), library)
    assert "broken.md" in done.passed_over
    with pytest.raises(UsageError):
        documents.taken_in(Found(broken, True), None, paths, Settings(), library)


def test_a_side_file_that_was_deleted_goes_from_the_copy_too(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "alpha.md"
    file.write_text(ALPHA)
    side = tmp_path / "alpha.coach.toml"
    assert documents.save_layout(file, None, Settings()) == side
    with pytest.raises(UsageError, match="already"):
        documents.save_layout(file, None, Settings())
    imported(paths, file)
    copy = paths.corpora[0] / "alpha" / side.name
    assert copy.is_file()
    side.unlink()
    imported(paths, file)
    assert not copy.exists()
