"""The two built-in documents are imported exactly."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path

import pytest

from coach.domain import Document, Kind
from coach.importing import layout, questions, read
from coach.importing.questions import Role
from coach.text.cleaning import plain

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "corpus"
NAMES = ("principal-data-engineer", "data-engineering")
DIGESTS = {
    "principal-data-engineer": "948e5b4ff0870474a8cb30044710e2fb5e001f33ada5c8fe4b8a2e1490323807",
    "data-engineering": "530f54ce961a68d91b6b5eda7741278aec61db5a7125d6a72a94afc1c8b5f811",
}


@pytest.fixture(scope="module")
def principal() -> Document:
    return read(CORPUS / "principal-data-engineer.md")


@pytest.fixture(scope="module")
def second() -> Document:
    return read(CORPUS / "data-engineering.md")


def answer_of(document: Document, line: int) -> str:
    return next(question.answer for question in document.questions if question.line == line)


def code_of(answer: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)\n```$", answer, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_the_originals(name: str) -> None:
    assert hashlib.sha256((CORPUS / f"{name}.md").read_bytes()).hexdigest() == DIGESTS[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_exact(name: str) -> None:
    truth = json.loads((HERE / f"truth_{name}.json").read_text(encoding="utf-8"))
    document = read(CORPUS / f"{name}.md")
    assert len(document.questions) == len(truth)
    for question, row in zip(document.questions, truth, strict=True):
        words = plain(question.answer).split()
        assert {
            "printed": question.printed,
            "section": question.section,
            "line": question.line,
            "kind": question.kind.value if question.kind else None,
            "text": question.text,
            "first": " ".join(words[:8]),
            "last": " ".join(words[-8:]),
            "words": len(words),
            "blocks": len(code_of(question.answer)),
        } == row


def test_titles_decks_and_sections(principal: Document, second: Document) -> None:
    assert (principal.title, principal.deck) == ("Principal Data Engineer", "principal-data-engineer")
    assert (second.title, second.deck) == ("Data Engineering", "data-engineering")
    sections = [question.section for question in principal.questions]
    assert sections == [
        name
        for name in (
            "Core Concepts",
            "Data Structures and Algorithms",
            "System Design",
            "Coding and Debugging",
            "Behavioral Questions",
        )
        for _ in range(10)
    ]
    assert [question.printed for question in principal.questions] == [str(n) for n in range(1, 11)] * 5
    assert [question.printed for question in second.questions] == [str(n) for n in range(35, 51)]
    assert second.questions[0].section is None


def test_tail_of_a_lost_answer_is_an_orphan(principal: Document, second: Document) -> None:
    assert principal.orphans == ()
    (orphan,) = second.orphans
    assert orphan.line == 1
    assert orphan.text.startswith("combined with a systematic optimization strategy")
    assert orphan.text.endswith("resource allocation.")
    assert not any("systematic optimization strategy" in question.answer for question in second.questions)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_accounted_for(name: str) -> None:
    text = (CORPUS / f"{name}.md").read_text(encoding="utf-8")
    parsed = questions.parse(text)
    rows = text.split("\n")
    assert len(parsed.roles) == len(rows)
    kept = "".join(question.text + question.answer for question in parsed.questions)
    kept += "".join(orphan.text for orphan in parsed.orphans)
    for row, role in zip(rows, parsed.roles, strict=True):
        assert (role is Role.BLANK) == (not row.strip())
        if role in (Role.ANSWER, Role.QUESTION, Role.ORPHAN):
            words = re.findall(r"[A-Za-z]{3,}", re.sub(r"\$[^$]*\$|Answer:|\\.", " ", row))
            assert all(word in kept for word in words), row
    outside = [
        row for row, role in zip(rows, parsed.roles, strict=True) if role in (Role.TITLE, Role.SECTION, Role.INTRO)
    ]
    assert len(outside) == {"principal-data-engineer": 15, "data-engineering": 3}[name]


@pytest.mark.parametrize("line", [517, 661, 776, 1151, 1203, 1264, 1343])
def test_mended_python_parses(principal: Document, line: int) -> None:
    for code in code_of(answer_of(principal, line)):
        ast.parse(code)


def test_cut_code_goes_back_where_it_belongs(principal: Document) -> None:
    trie = code_of(answer_of(principal, 517))[0]
    assert trie.endswith("TrieNode()\n            node = node.children[char]\n        node.is_end = True")
    tree = code_of(answer_of(principal, 661))[0]
    assert "self.right = None\n        self.height = 1\ndef get_height(node):" in tree
    ring = code_of(answer_of(principal, 776))[0]
    assert ring.startswith(
        "class ConsistentHash:\n    def __init__(self, nodes, replicas=150):\n        self.ring = {}"
    )
    palindrome = code_of(answer_of(principal, 1203))[0]
    assert "isalnum())\n    left, right = 0, len(s) - 1\n    while left < right:\n        if" in palindrome
    assert palindrome.endswith("\n    return True")
    (counter,) = code_of(answer_of(principal, 1343))
    assert counter.startswith(
        "from threading import Lock\nclass SafeCounter:\n    def __init__(self):\n        self.value"
    )
    assert "        self.lock = Lock()\n    def increment(self):\n        with self.lock:" in counter


def test_halves_of_sql_are_joined_and_two_statements_stay_two(principal: Document) -> None:
    (policy,) = code_of(answer_of(principal, 1005))
    assert "CURRENT_USER_TENANT()\n\nALTER TABLE events\n  ADD ROW" in policy
    lake = code_of(answer_of(principal, 822))
    assert [code.split("\n")[0] for code in lake] == ["// Delta Lake ACID write", "// Time travel query"]


def test_code_beside_its_block_goes_back_into_it(principal: Document) -> None:
    (flatten,) = code_of(answer_of(principal, 1151))
    assert flatten.endswith("return result\n\n# Example: flatten([1, [2, [3, 4], 5]]) returns [1, 2, 3, 4, 5]")
    (patch,) = code_of(answer_of(principal, 1264))
    assert patch.endswith("raise\n\nrequests.get = get_with_retry")


def test_page_breaks_are_closed(principal: Document) -> None:
    assert "on restart, resumes from last committed offset\n- **Kafka" in answer_of(principal, 78)
    assert "(time since last update)\n- Training-serving skew" in answer_of(principal, 269)
    assert "checks\n- **Remove indices**" in answer_of(principal, 462)
    assert "read-your-writes consistency using session tokens" in answer_of(principal, 776)
    assert "would give them direct access to curated datasets" in answer_of(principal, 1499)
    assert "negotiated higher limits. The incident lasted" in answer_of(principal, 1531)


def test_formulas_and_escapes_are_readable(principal: Document) -> None:
    text = "\n".join(question.text + "\n" + question.answer for question in principal.questions)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert "\\" not in prose
    assert "**Time Complexity:** O(n), **Space Complexity:** O(n)" in prose
    assert "O(ALPHABET_SIZE * N * M) where N is" in prose
    assert "Parent ≤ children" in prose
    assert "(2^attempt)" in prose
    assert "62^7 = 3.5 trillion" in prose
    assert "from $180K to $105K (42% reduction)" in prose
    assert not re.search(r" +$", text, flags=re.MULTILINE)


def test_headings_inside_answers_stay_there(principal: Document, second: Document) -> None:
    assert "## Error Handling\n\nDead letter queues" in answer_of(principal, 1050)
    assert "- **1. Get execution plan:**" in answer_of(principal, 1297)
    assert not any("Answer:" in question.answer for question in second.questions)
    assert "\n\n*Versus Data Warehouse:*\n- More flexible" in answer_of(second, 393)
    assert "capturing:\n  - Schema-level lineage" in answer_of(second, 359)


def test_notes_say_what_was_mended(principal: Document, second: Document) -> None:
    assert sum("joined" in note and "code" in note for note in principal.notes) == 5
    assert any("belongs to no question" in note for note in second.notes)


@pytest.mark.parametrize("name", NAMES)
def test_side_files_name_every_kind(name: str) -> None:
    document = read(CORPUS / f"{name}.md")
    assert all(isinstance(question.kind, Kind) for question in document.questions)
    assert len(layout.side_file(CORPUS / f"{name}.md").kinds) == len(document.questions)
