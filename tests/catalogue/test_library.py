"""Numbers that never change their meaning, look-up by what a user types, and decks on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.catalogue import library as catalogue
from coach.catalogue.library import Library, normalised, slug
from coach.domain import Document, Kind, Orphan, ParsedQuestion
from coach.errors import NotFound, StoreCorrupt, StoreUnwritable


def parsed(text: str, answer: str = "An answer.", **more: str) -> ParsedQuestion:
    return ParsedQuestion(text, answer, 1, more.get("section"), more.get("printed"))


def document(*questions: ParsedQuestion, deck: str = "basics", source: str = "basics.md") -> Document:
    return Document(deck.title(), deck, source, questions)


CACHE = parsed("What is a cache and when does it hurt?", printed="1")
LOG = parsed("Explain the write-ahead log of a database.", printed="2")
INDEX = parsed("How does a B-tree index work on disk?", printed="3")
QUEUE = parsed("When would you put a queue between two services?", printed="4")


def registered(*documents: Document) -> Library:
    library = Library()
    for item in documents:
        library, _, _ = library.register(item, "digest", builtin=False)
    return library


def numbers(library: Library) -> dict[str, int]:
    return {question.text: question.number for question in library.questions}


def test_numbers_count_through_all_documents_in_the_order_of_adding() -> None:
    library = registered(document(CACHE, LOG), document(INDEX, deck="more", source="more.md"))
    assert [question.number for question in library.questions] == [1, 2, 3]
    assert [question.place for question in library.questions] == [1, 2, 1]
    assert [deck.slug for deck in library.decks] == ["basics", "more"]


def test_a_new_question_in_the_middle_gets_the_next_number() -> None:
    library = registered(document(CACHE, LOG), document(INDEX, deck="more"), document(CACHE, QUEUE, LOG))
    assert numbers(library) == {CACHE.text: 1, LOG.text: 2, INDEX.text: 3, QUEUE.text: 4}


def test_a_question_that_leaves_keeps_its_number_for_its_return() -> None:
    gone = registered(document(CACHE, LOG), document(CACHE, INDEX))
    assert numbers(gone) == {CACHE.text: 1, INDEX.text: 3}
    back, _, changes = gone.register(document(CACHE, LOG, INDEX), "d", builtin=False)
    assert numbers(back) == {CACHE.text: 1, LOG.text: 2, INDEX.text: 3}
    assert (changes.added, changes.kept, changes.retired) == (0, 3, 0)


def test_a_reworded_question_is_recognised_and_told() -> None:
    reworded = replace(CACHE, text="What is a cache, and when does it hurt performance?")
    library, _, changes = registered(document(CACHE, LOG)).register(document(reworded, LOG), "d", builtin=False)
    assert library.find("1").text == reworded.text
    assert changes.matched == ((CACHE.text, reworded.text),)
    assert (changes.added, changes.kept, changes.retired) == (0, 2, 0)


def test_case_and_marks_are_no_rewording() -> None:
    shouted = replace(CACHE, text=CACHE.text.upper())
    _, _, changes = registered(document(CACHE)).register(document(shouted), "d", builtin=False)
    assert changes.matched == ()


def test_another_question_on_the_same_subject_is_new() -> None:
    library = registered(document(CACHE), document(parsed("How do you invalidate a cache in a cluster?")))
    assert [question.number for question in library.questions] == [2]


def test_exact_repeats_are_skipped_and_told() -> None:
    library, _, changes = Library().register(document(CACHE, LOG, CACHE), "d", builtin=False)
    assert len(library.questions) == 2
    assert changes.skipped == (CACHE.text,)


def test_one_text_with_two_answers_is_two_questions() -> None:
    other = replace(CACHE, answer="Another answer altogether.")
    library = registered(document(CACHE, other))
    assert len({question.id for question in library.questions}) == 2


def test_equal_documents_of_two_decks_have_ids_of_their_own() -> None:
    library = registered(document(CACHE), document(CACHE, deck="more", source="more.md"))
    assert len(library.by_id) == 2


def test_ids_are_the_same_on_every_machine() -> None:
    assert registered(document(CACHE)).find("1").id == registered(document(CACHE)).find("1").id


def test_two_documents_of_one_name_form_one_deck() -> None:
    library = registered(document(CACHE), document(LOG, source="second.md"))
    (deck,) = library.decks
    assert [question.text for question in deck.questions] == [CACHE.text, LOG.text]
    assert [question.place for question in deck.questions] == [1, 2]


@pytest.mark.parametrize("wanted", ["2", " 2 ", "#2", "002", "basics/2", "Basics/2", "BASICS / 2"])
def test_find(wanted: str) -> None:
    assert registered(document(CACHE, LOG)).find(wanted).text == LOG.text


def test_find_by_id() -> None:
    library = registered(document(CACHE, LOG))
    for question in library.questions:
        assert library.find(question.id) is question
        assert library.find(question.id.upper()) is question


def test_a_qualified_number_is_the_printed_one_where_that_is_unique() -> None:
    library = registered(document(replace(CACHE, printed="35"), replace(LOG, printed="1")))
    assert library.find("basics/35").text == CACHE.text
    assert library.find("basics/1").text == LOG.text


def test_a_qualified_number_is_the_place_where_the_printed_one_is_not_unique() -> None:
    library = registered(document(replace(CACHE, printed="1"), replace(LOG, printed="1")))
    assert library.find("basics/2").text == LOG.text
    assert library.find("basics/1").text == CACHE.text


def test_letters_in_printed_numbers() -> None:
    assert registered(document(CACHE, replace(LOG, printed="17a"))).find("basics/17A").text == LOG.text


@pytest.mark.parametrize(
    "wanted", ["3", "0", "99999999999", "basics/9", "nothing/1", "q0000000000", "write-ahead log", "", "/", "²"]
)
def test_what_is_not_found_names_the_nearest(wanted: str) -> None:
    with pytest.raises(NotFound) as caught:
        registered(document(CACHE, LOG)).find(wanted)
    assert "Nearest: " in caught.value.hint
    assert caught.value.exit_code == 3


def test_the_nearest_are_near() -> None:
    library = registered(document(CACHE, LOG, INDEX, QUEUE))
    with pytest.raises(NotFound) as caught:
        library.find("queue between services")
    assert caught.value.hint.startswith("Nearest: 4 (")
    with pytest.raises(NotFound) as caught:
        library.find("9")
    assert caught.value.hint.startswith("Nearest: 2 (")


def test_an_empty_library_says_how_to_fill_it() -> None:
    with pytest.raises(NotFound, match="coach import"):
        Library().find("1")


def test_decks_by_slug_and_title() -> None:
    library = registered(document(CACHE, deck="system-design"))
    assert library.deck("system-design") == library.deck("System Design") == library.deck(" SYSTEM-DESIGN ")
    with pytest.raises(NotFound, match="system-design"):
        library.deck("other")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Système & Design!", "systeme-design"),
        ("  ", "deck"),
        ("日本", "deck"),
        ("a" * 100, "a" * 60),
        ("A--b__C", "a-b-c"),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    found = replace(document(CACHE, LOG), orphans=(Orphan("lost – ü", 7),))
    library = registered(found, document(INDEX, deck="more", source="more.md"), document(LOG))
    for entry in library.entries:
        catalogue.save(tmp_path, entry)
    assert catalogue.load(tmp_path) == library
    assert catalogue.load(tmp_path).questions == library.questions
    assert catalogue.load(tmp_path / "missing") == Library()


def test_a_file_has_a_question_a_line_and_one_in_the_former_layout_is_read_too(tmp_path: Path) -> None:
    library = registered(document(CACHE, parsed("Was heißt „Sperre“?", "A lock.")))
    catalogue.save(tmp_path, library.entries[0])
    path = tmp_path / "0001-basics.json"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if '"number"' in line]
    assert [json.loads(line.rstrip(",]"))["number"] for line in lines] == [1, 2]
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=1), encoding="utf-8")
    assert catalogue.load(tmp_path) == library


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 1, "questions": [{"kind": "x"}]}',
        '{"format": 1, "questions": [{"text": "x", "line": 1}], "retired": [], "orphans": []}',
        '{"format": 1, "questions": [{"number": 1}]}',
        "\ud800",
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "0001-basics.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(StoreCorrupt) as caught:
        catalogue.load(tmp_path)
    assert str(path) in caught.value.message
    assert caught.value.exit_code == 7


def test_a_catalogue_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnwritable):
        catalogue.save(tmp_path / "file", registered(document(CACHE)).entries[0])


WORDS = ("cache", "log", "index", "queue", "shard", "lock", "page", "merge")
SUBJECTS = st.sampled_from([f"What does a {one} do for a {other}?" for one in WORDS for other in WORDS if one != other])
TEXTS = st.one_of(SUBJECTS, st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip())))
QUESTIONS = st.builds(ParsedQuestion, TEXTS, st.sampled_from(["", "Yes.", "It depends on the load."]), st.just(1))
VERSIONS = st.lists(st.lists(QUESTIONS, max_size=8), min_size=1, max_size=5)


@given(VERSIONS, st.lists(st.sampled_from(["one", "two"]), min_size=5, max_size=5))
def test_whatever_is_edited_a_number_never_changes_its_meaning(
    versions: list[list[ParsedQuestion]], decks: list[str]
) -> None:
    library = Library()
    owner: dict[int, str] = {}
    for questions, deck in zip(versions, decks, strict=False):
        before = library
        version = document(*questions, deck=deck, source=f"{deck}.md")
        library, entry, changes = before.register(version, "d", builtin=False)
        for item in library.questions:
            assert owner.setdefault(item.number, item.id) == item.id
        assert len(set(owner.values())) == len(owner)
        assert len({item.number for item in library.questions}) == len(library.questions)
        assert changes.added + changes.kept == len(entry.questions)
        assert changes.added + changes.kept + len(changes.skipped) == len(questions)
        _same_text_same_question(before, library, deck)
        again, same, nothing = library.register(version, "d", builtin=False)
        assert (again, same) == (library, entry)
        assert (nothing.added, nothing.retired, nothing.matched) == (0, 0, ())


def _same_text_same_question(before: Library, after: Library, deck: str) -> None:
    """A text that stands once in both versions of a deck is one question."""
    old = [item for item in before.questions if item.deck == deck]
    new = [item for item in after.questions if item.deck == deck]
    retired = [normalised(item.text) for entry in before.entries for item in entry.retired]
    texts = [normalised(item.text) for item in old]
    for item in new:
        text = normalised(item.text)
        if (
            texts.count(text) == 1
            and text not in retired
            and [normalised(other.text) for other in new].count(text) == 1
        ):
            assert item.number == next(other.number for other in old if normalised(other.text) == text)


def test_kinds_come_from_the_document_where_it_says_so() -> None:
    library = registered(document(replace(CACHE, kind=Kind.DESIGN), LOG))
    assert [question.kind for question in library.questions] == [Kind.DESIGN, Kind.CONCEPT]
