"""The command line as users and scripts rely on it, clause by clause."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import ROOT, SAMPLE, Result, environment
from coach.domain import Flag
from coach.grading.guard import screen
from coach.text.cleaning import plain

Run = Callable[..., Result]

FLAGS = {
    "prompt_injection", "keyword_stuffing", "question_echo", "repetition", "gibberish", "non_answer",
    "pasted_reference", "off_topic", "truncated",
}  # fmt: skip
BANDS = {"excellent", "strong", "acceptable", "weak", "poor", "none"}
KINDS = {"concept", "design", "coding", "behavioural", "practice"}

LRU = """A hash map points to the nodes of a doubly linked list that is kept in order of use. get finds the node by its key
and moves it to the front; put adds a node in front and, when the cache is full, drops the one at the tail and its key.
Both are O(n) because the list has to be searched."""

STORY = """Last year our nightly load failed three mornings in a row. It was my job to get it stable. I found that a
supplier had changed a column's type and our job wrote an empty table. I added a schema check that quarantines bad files
and agreed a contract with the supplier. Since then there was no empty report in nine months, and finding a bad file takes
ten minutes instead of five hours. Next time I would put the check in when the pipeline is built."""


def same(grade: dict[str, Any]) -> dict[str, Any]:
    """A grade without what may differ between two runs."""
    return {key: value for key, value in grade.items() if key not in ("elapsed_ms", "line", "id", "attempt")}


def check_question(question: dict[str, Any]) -> None:
    assert question.keys() >= {"number", "id", "deck", "section", "kind", "text"}
    assert isinstance(question["number"], int)
    assert isinstance(question["id"], str)
    assert question["kind"] in KINDS
    assert question["text"]


def check_quote(found: dict[str, Any], text: str) -> None:
    assert found.keys() == {"start", "end", "quote"}
    assert text[found["start"] : found["end"]] == found["quote"] != ""


def check_grade(grade: dict[str, Any], answer: str, reference: str) -> None:
    """Every clause about one offline grade of a question of a deck."""
    assert grade.keys() >= {
        "schema_version", "question", "status", "reason", "score", "band", "confidence", "range", "score_parts", "points",
        "contradictions", "flags", "feedback", "references", "grader", "usage", "elapsed_ms",
    }  # fmt: skip
    assert grade["schema_version"] == 1
    check_question(grade["question"])
    assert (grade["status"], grade["reason"]) == ("graded", None)
    assert isinstance(grade["score"], int)
    assert 0 <= grade["score"] <= 100
    assert grade["band"] in BANDS
    assert 0 <= grade["confidence"] <= 1
    low, high = grade["range"]
    assert 0 <= low <= grade["score"] <= high <= 100
    assert sum(part["value"] for part in grade["score_parts"]) == grade["score"]
    assert all(part.keys() == {"name", "value", "why"} and part["why"] for part in grade["score_parts"])
    assert grade["points"]
    assert len({point["id"] for point in grade["points"]}) == len(grade["points"])
    for point in grade["points"]:
        check_point(point, answer, reference)
    for found in grade["contradictions"]:
        check_quote(found["claim"], answer)
        assert found["reference"]
        assert 0 <= found["confidence"] <= 1
    assert set(grade["flags"]) <= FLAGS
    assert grade["feedback"].keys() == {"summary", "keep", "fix", "next_step", "follow_up"}
    assert isinstance(grade["feedback"]["keep"], list)
    assert isinstance(grade["feedback"]["fix"], list)
    for found in grade["references"]:
        check_question(found["question"])
        assert found.keys() == {"question", "section", "excerpt", "score"}
        assert 0 <= found["score"] <= 1
    grader = grade["grader"]
    assert grader.keys() == {"kind", "name", "version", "model", "prompt", "rubric"}
    assert (grader["kind"], grader["model"], grader["prompt"]) == ("offline", None, None)
    assert grader["name"]
    assert grader["version"]
    assert grader["rubric"]
    assert grade["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": None}
    assert isinstance(grade["elapsed_ms"], int)


def check_point(point: dict[str, Any], answer: str, reference: str) -> None:
    assert point.keys() == {
        "id", "text", "weight", "importance", "verdict", "credit", "evidence", "reference", "note",
    }  # fmt: skip
    assert point["importance"] in {"must", "should", "bonus"}
    assert point["weight"] > 0
    if point["verdict"] in ("covered", "partial"):
        assert 0 < point["credit"] <= 1
        assert point["evidence"]
    else:
        assert point["verdict"] in ("missing", "contradicted")
        assert point["credit"] == 0
    for found in point["evidence"]:
        check_quote(found, answer)
    if point["reference"] is not None:
        check_quote(point["reference"], reference)


@pytest.fixture(scope="module")
def references(shared_home: Path) -> dict[int, str]:
    """Every reference answer by the number of its question, as the catalogue keeps it."""
    found = {}
    for path in sorted((shared_home / "catalogue").glob("*.json")):
        for question in json.loads(path.read_text(encoding="utf-8"))["questions"]:
            found[question["number"]] = question["reference"]
    assert sorted(found) == list(range(1, 67))
    return found


def batch(coach: Run, folder: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    file = folder / "batch.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = coach("grade", "--batch", file, "--json")
    assert result.code == 0
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert len(lines) == len(rows)
    return lines


# --- a grade ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "answer"),
    [
        ("9", SAMPLE),
        ("11", LRU),
        ("41", STORY),
        ("9", "Naïve 🙂 answer: a hash of the key spreads many distinct keys evenly.\r\n\r\nA hot key needs a salt."),
    ],
)
def test_a_grade_keeps_every_clause(coach: Run, references: dict[int, str], q: str, answer: str) -> None:
    result = coach("grade", "-", "--q", q, "--json", stdin=answer)
    assert result.code == 0
    check_grade(result.json, answer, references[int(q)])
    assert result.json["question"]["number"] == int(q)


def test_reference_offsets_index_what_show_prints(coach: Run) -> None:
    shown = coach("show", "9", "--answer", "--json").json["answer"]
    grade = coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json
    quoted = [point["reference"] for point in grade["points"] if point["reference"]]
    assert quoted
    for found in quoted:
        check_quote(found, shown)


def test_the_own_answer_comes_first_among_the_references(coach: Run) -> None:
    numbers = [
        found["question"]["number"]
        for found in coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json["references"]
    ]
    assert numbers[0] == 9
    assert len(numbers) == len(set(numbers))


def test_a_false_answer_is_contradicted_and_says_so(coach: Run) -> None:
    grade = coach("grade", "-", "--q", "11", "--json", stdin=LRU).json
    assert any(point["verdict"] == "contradicted" for point in grade["points"]) or grade["contradictions"]


@pytest.mark.parametrize("answer", ["", " \n\t\n", "\ufeff", "\r\n"])
def test_a_blank_answer_is_graded_with_zero(coach: Run, answer: str) -> None:
    result = coach("grade", "-", "--q", "9", "--json", stdin=answer)
    assert result.code == 0
    assert result.json["score"] == 0
    assert result.json["flags"] == ["non_answer"]
    assert coach("grade", "-", "--q", "9", "--min-score", 1, stdin=answer).code == 1


def test_the_byte_order_mark_is_dropped_and_newlines_count(
    coach: Run, references: dict[int, str], tmp_path: Path
) -> None:
    windows = SAMPLE.replace("\n", "\r\n")
    file = tmp_path / "answer.txt"
    file.write_bytes(b"\xef\xbb\xbf" + windows.encode())
    grade = coach("grade", file, "--q", "9", "--json").json
    check_grade(grade, windows, references[9])
    unix = coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json
    assert grade["score"] == unix["score"]
    assert [p["verdict"] for p in grade["points"]] == [p["verdict"] for p in unix["points"]]
    file.write_bytes(SAMPLE.encode("utf-16"))
    assert same(coach("grade", file, "--q", "9", "--json").json) == same(unix)


def test_every_pasted_reference_is_a_paste(references: dict[int, str]) -> None:
    for number, reference in references.items():
        for pasted in (reference, plain(reference), reference.replace("\n", "\r\n")):
            flags = screen(pasted, "", plain(reference)).flags
            assert Flag.PASTED_REFERENCE in flags, f"question {number}: {pasted[:60]}"


@pytest.mark.parametrize("as_text", [False, True], ids=["markdown", "plain"])
def test_a_pasted_reference_is_flagged_and_graded(
    coach: Run, references: dict[int, str], tmp_path: Path, as_text: bool
) -> None:
    """Of each kind one; a sample story too."""
    rows = [{"q": n, "answer": plain(references[n]) if as_text else references[n]} for n in (9, 11, 31, 41, 52)]
    for row, line in zip(rows, batch(coach, tmp_path, rows), strict=True):
        assert "pasted_reference" in line["flags"]
        check_grade(line, str(row["answer"]), references[int(str(row["q"]))])


def test_an_honest_answer_is_no_paste(coach: Run) -> None:
    assert coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json["flags"] == []


def test_a_question_outside_any_deck(coach: Run, tmp_path: Path) -> None:
    reference = tmp_path / "reference.md"
    reference.write_text(
        "**Isolation:** each transaction runs as if it were alone.\n\n- Durability: committed data survives a crash.\n"
    )
    answer = "Committed data survives a crash, since the log is flushed to disk first."
    result = coach("grade", "-", "--question", "What is ACID?", "--reference", reference, "--json", stdin=answer)
    assert result.code == 0
    assert result.json["question"]["text"] == "What is ACID?"
    assert (result.json["question"]["number"], result.json["question"]["deck"]) == (None, None)
    assert result.json["score"] > 0
    for point in result.json["points"]:
        check_point(point, answer, reference.read_text())


# --- exit codes -------------------------------------------------------------------------------


def test_min_score_decides_the_exit_code_and_still_prints(coach: Run) -> None:
    score = coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json["score"]
    assert 0 < score < 100
    assert coach("grade", "-", "--q", "9", "--min-score", score, stdin=SAMPLE).code == 0
    below = coach("grade", "-", "--q", "9", "--min-score", score + 1, "--json", stdin=SAMPLE)
    assert (below.code, below.json["score"]) == (1, score)


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", "-"],
        ["grade", "-", "--q", "9", "--question", "What?"],
        ["grade", "-", "--question", "What?"],
        ["grade", "-", "--q", "9", "--reference", "x"],
        ["grade", "-", "--q", "9", "--min-score", "101"],
        ["grade", "-", "--q", "9", "--batch", "x.jsonl"],
        ["grade", "--frobnicate"],
        ["frobnicate"],
        ["search"],
        ["import"],
        ["questions", "--kind", "riddle"],
    ],
)
def test_usage_is_2(coach: Run, arguments: list[str]) -> None:
    result = coach(*arguments, stdin=SAMPLE)
    assert result.code == 2
    assert result.out == ""
    assert result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade", "no-such-file.md", "--q", "9"],
        ["grade", "-", "--q", "999"],
        ["grade", "-", "--question", "What?", "--reference", "no-such-file.md"],
        ["grade", "--batch", "no-such-file.jsonl"],
        ["show", "no/such/question"],
        ["questions", "--deck", "no-such-deck"],
        ["import", "no-such-file.md"],
    ],
)
def test_not_found_is_3(coach: Run, arguments: list[str]) -> None:
    result = coach(*arguments, stdin=SAMPLE)
    assert result.code == 3
    assert result.out == ""
    assert result.err.startswith("coach: ")


@pytest.mark.parametrize(("q", "near"), [("67", "66"), ("principal-data-engineer/51", "50"), ("LRU cash", "11")])
def test_an_unknown_question_names_the_nearest(coach: Run, q: str, near: str) -> None:
    result = coach("grade", "-", "--q", q, stdin=SAMPLE)
    assert result.code == 3
    assert f" {near} (" in result.err


def test_configuration_is_4(coach: Run) -> None:
    assert coach("grade", "-", "--q", "9", stdin=SAMPLE, COACH_GRADER="magic").code == 4
    assert coach("grade", "-", "--q", "9", "--grader", "llm", stdin=SAMPLE).code == 4
    assert coach("grade", "-", "--q", "9", stdin=SAMPLE, COACH_MAX_INPUT_MB="many").code == 4
    assert coach("index", COACH_EMBEDDING_MODEL="/no/such/folder").code == 4


def test_an_unreachable_store_is_5(coach: Run, own_home: Path) -> None:
    result = coach("index", home=own_home, COACH_CHROMA_URL="http://127.0.0.1:9")
    assert result.code == 5
    assert "127.0.0.1:9" in result.err


def test_without_a_reference_there_is_no_grade_and_6(coach: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("")
    result = coach("grade", "-", "--question", "Why?", "--reference", tmp_path / "empty.md", "--json", stdin=SAMPLE)
    assert result.code == 6
    grade = result.json
    assert grade["status"] == "ungraded"
    assert grade["reason"]
    assert (grade["score"], grade["band"], grade["range"]) == (None, None, None)
    human = coach("grade", "-", "--question", "Why?", "--reference", tmp_path / "empty.md", stdin=SAMPLE)
    assert human.code == 6
    assert grade["reason"] in " ".join(human.out.split())


def test_a_broken_catalogue_is_7(coach: Run, own_home: Path) -> None:
    (own_home / "catalogue" / "0001-principal-data-engineer.json").write_text("{")
    result = coach("questions", home=own_home)
    assert result.code == 7
    assert "0001-principal-data-engineer.json" in result.err


# --- batch ------------------------------------------------------------------------------------


def test_a_batch_answers_line_by_line(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    rows: list[Any] = [
        {"id": "z", "q": 9, "answer": SAMPLE},
        {"id": 7, "q": "11", "answer": LRU},
        "not json at all",
        {"q": 999, "answer": "x"},
        {"id": "no answer", "q": 9},
        {"q": None, "answer": "x"},
        ["a", "list"],
        {"id": "deck", "q": "data-engineering/36", "answer": "I would stream it."},
        {"q": True, "answer": "x"},
        {"id": "blank", "q": 9, "answer": ""},
    ]
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    file.write_text(text + "\n" + json.dumps(rows[0]), encoding="utf-8")
    result = coach("grade", "--batch", file, "--json")
    assert result.code == 0
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert [line["line"] for line in lines] == list(range(1, 13))
    assert [place for place, line in enumerate(lines, 1) if "error" in line] == [3, 4, 5, 6, 7, 9, 11]
    assert all("status" not in line for line in lines if "error" in line)
    assert [line.get("id") for line in lines if line.get("id")][:4] == ["z", "7", "no answer", "deck"]
    assert lines[7]["question"]["number"] == 52
    assert lines[9]["flags"] == ["non_answer"]
    assert same(lines[0]) == same(lines[11]) == same(coach("grade", "-", "--q", 9, "--json", stdin=SAMPLE).json)
    assert same(lines[1]) == same(coach("grade", "-", "--q", 11, "--json", stdin=LRU).json)


def test_a_batch_reads_csv_and_standard_input(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.csv"
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerows([["id", "q", "answer"], ["a", "9", SAMPLE], ["", "999", "x"], ["c", "11", LRU]])
    lines = [json.loads(line) for line in coach("grade", "--batch", file, "--json").out.splitlines()]
    assert [line.get("id") for line in lines] == ["a", None, "c"]
    assert ["error" in line for line in lines] == [False, True, False]
    piped = coach("grade", "--batch", "-", "--json", stdin=json.dumps({"q": 9, "answer": SAMPLE}))
    assert same(json.loads(piped.out)) == same(lines[0])


def test_a_batch_for_people_has_a_line_each(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(json.dumps({"id": "me", "q": 9, "answer": SAMPLE}) + "\nwhat\n")
    result = coach("grade", "--batch", file)
    assert result.code == 0
    first, second = result.out.splitlines()
    assert "me" in first
    assert "/100" in first
    assert "error" in second


# --- the same everywhere ----------------------------------------------------------------------


def test_two_homes_and_two_processes_give_the_same_bytes(
    process: Run, coach: Run, tmp_path: Path, shared_home: Path
) -> None:
    here = coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json
    runs = [
        process("grade", "-", "--q", "9", "--json", stdin=SAMPLE.encode(), home=home, PYTHONHASHSEED=seed)
        for home, seed in ((shared_home, "1"), (tmp_path / "fresh", "2"))
    ]
    for run in runs:
        assert run.code == 0
        assert same(run.json) == same(here)
        assert list(run.json) == list(here)
    assert "index" in runs[1].err, "a home that is built says so"
    assert runs[0].err == ""


def test_no_save_and_the_grader_flag_change_nothing_offline(coach: Run) -> None:
    wanted = same(coach("grade", "-", "--q", "9", "--json", stdin=SAMPLE).json)
    assert (
        same(coach("grade", "-", "--q", "9", "--json", "--no-save", "--grader", "offline", stdin=SAMPLE).json) == wanted
    )
    assert same(coach("grade", "-", "--q", "principal-data-engineer/9", "--json", stdin=SAMPLE).json) == wanted


# --- lists ------------------------------------------------------------------------------------


def test_questions_are_all_there(coach: Run) -> None:
    items = coach("questions", "--json").items
    assert [item["number"] for item in items] == list(range(1, 67))
    for item in items:
        check_question(item)
    assert len({item["id"] for item in items}) == 66
    assert [item["deck"] for item in items].count("principal-data-engineer") == 50
    assert items[8]["text"].startswith("Explain data partitioning strategies")
    assert "LRU" in items[10]["text"]


def test_questions_are_filtered(coach: Run) -> None:
    assert len(coach("questions", "--deck", "data-engineering", "--json").items) == 16
    behavioural = coach("questions", "--kind", "behavioural", "--json").items
    assert {item["kind"] for item in behavioural} == {"behavioural"}
    sections = {item["section"] for item in coach("questions", "--section", "system", "--json").items}
    assert sections
    assert all("system" in section.lower() for section in sections)
    assert coach("questions", "--section", "no such section", "--json").items == []


def test_every_name_of_a_question_finds_it(coach: Run) -> None:
    first = coach("show", "51", "--json").json
    assert first["printed"] == "35"
    for name in (first["id"], "data-engineering/35", "data-engineering/1"):
        assert coach("show", name, "--json").json["number"] == 51


def test_search_names_question_and_passage(coach: Run) -> None:
    result = coach("search", "least recently used cache", "-n", "3", "--json")
    assert result.code == 0
    assert len(result.items) == 3
    for item in result.items:
        assert item.keys() >= {"question", "section", "text", "score"}
        check_question(item["question"])
        assert item["text"]
        assert 0 <= item["score"] <= 1
    assert result.items[0]["question"]["number"] == 11
    assert [item["score"] for item in result.items] == sorted((item["score"] for item in result.items), reverse=True)
    assert coach("search", "least recently used cache", "-n", "3", "--json").out == result.out


def test_other_reading_commands_give_json(coach: Run, shared_home: Path) -> None:
    assert {deck["deck"] for deck in coach("decks", "--json").items} == {"principal-data-engineer", "data-engineering"}
    assert coach("path", "--json").json["index"] == str(shared_home / "index")
    assert {row["variable"] for row in coach("config", "--json").items} >= {"COACH_HOME", "COACH_GRADER"}
    assert all(check["ok"] for check in coach("doctor", "--json").items)
    rubric = coach("rubric", "9", "--json").json
    assert rubric["points"]
    assert rubric["hash"] == coach("grade", "-", "--q", "9", "--json", stdin="x").json["grader"]["rubric"]


def test_no_key_is_ever_printed(coach: Run) -> None:
    for command in (["config"], ["config", "--json"], ["doctor"]):
        result = coach(*command, COACH_LLM_API_KEY="sk-very-secret", COACH_GRADER="offline")
        assert "sk-very-secret" not in result.out + result.err


# --- import -----------------------------------------------------------------------------------

DOCUMENT = """# Databases

## Indexes

**12a. What is a B-tree index good for?**

It keeps keys sorted, so point look-ups and range scans cost O(log n).

```python
index = sorted(keys)
```

**13. What does a covering index save?**

The look-up in the table: the index holds every column that the query reads.

**14. What is a bitmap index?**
"""


def test_a_dry_run_shows_every_question_and_changes_nothing(coach: Run, own_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "databases.md"
    file.write_text(DOCUMENT)
    first = coach("import", file, "--dry-run", "--json", home=own_home)
    assert first.code == 0
    (document,) = first.items
    assert document["orphans"] == []
    questions = document["questions"]
    assert [question["number"] for question in questions] == ["12a", 13, 14]
    assert [question["has_answer"] for question in questions] == [True, True, False]
    assert [question["line"] for question in questions] == [5, 13, 17]
    assert {question["section"] for question in questions} == {"Indexes"}
    assert all(question.keys() >= {"deck", "question", "text", "answer"} for question in questions)
    assert "```python" in questions[0]["answer"]
    assert coach("import", file, "--dry-run", "--json", home=own_home).out == first.out
    assert len(coach("questions", "--json", home=own_home).items) == 66
    assert coach("import", file, "--json", home=own_home).code == 0
    assert coach("import", file, "--dry-run", "--json", home=own_home).out == first.out


def test_the_built_in_documents_show_in_a_dry_run(coach: Run) -> None:
    for name, count in (("principal-data-engineer.md", 50), ("data-engineering.md", 16)):
        (document,) = coach("import", ROOT / "corpus" / name, "--dry-run", "--json").items
        assert len(document["questions"]) == count
    assert document["orphans"], "the tail of the unnumbered answer is reported"
    assert all(left.keys() == {"text", "line"} for left in document["orphans"])


def test_an_imported_deck_holds_exactly_its_questions(coach: Run, own_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "databases.md"
    file.write_text(DOCUMENT)
    for known in (False, True):
        (item,) = coach("import", file, "--deck", "My DBs", "--json", home=own_home).items
        assert (item["deck"], item["already_imported"]) == ("my-dbs", known)
    listed = coach("questions", "--deck", "my-dbs", "--json", home=own_home).items
    assert [item["number"] for item in listed] == [67, 68, 69]
    assert len(coach("questions", "--deck", "My DBs", "--json", home=own_home).items) == 3
    assert (own_home / "corpus" / "my-dbs" / "databases.md").stat().st_mode & 0o777 == 0o600
    for item in listed:
        assert coach("show", item["id"], "--json", home=own_home).json["number"] == item["number"]
        result = coach("grade", "-", "--q", item["id"], "--json", home=own_home, stdin="A sorted tree: O(log n).")
        assert result.code == (0 if item["has_answer"] else 6)
    assert coach("show", "my-dbs/12a", "--json", home=own_home).json["number"] == 67
    found = coach("search", "covering index saves the look-up in the table", "--json", home=own_home).items
    assert found[0]["question"]["number"] == 68


# --- terminals and pipes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["grade", "-", "--q", "9"], ["questions"], ["show", "9", "--answer"], ["search", "skew"]]
)
def test_off_a_terminal_there_is_no_colour_and_nothing_on_stderr(coach: Run, arguments: list[str]) -> None:
    result = coach(*arguments, stdin=SAMPLE)
    assert result.code == 0
    assert "\x1b" not in result.out + result.err
    assert result.err == ""


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("extra", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_colour_unless_told_otherwise(shared_home: Path, extra: dict[str, str], coloured: bool) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "coach", "questions", "--kind", "coding"]
    variables = environment(shared_home, {"TERM": "xterm-256color", **extra})
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=variables) as running:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
    os.close(ours)
    assert running.returncode == 0
    assert b"LRU" in seen
    assert (b"\x1b[" in seen) is coloured


def test_the_version_and_the_help_name_the_exit_codes(coach: Run) -> None:
    import coach as package

    assert package.__version__ in coach("--version").out
    shown = coach("--help").out
    assert "130 interrupted" in " ".join(shown.split())
    from coach.cli import _COMMANDS, cli

    for name, (_, line) in _COMMANDS.items():
        assert line in shown
        help_text = coach(name, "--help").out
        assert help_text.startswith(f"Usage: coach {name}")
        assert cli.get_command(None, name).help  # type: ignore[arg-type, union-attr]
