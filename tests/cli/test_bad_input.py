"""Input, settings and disks that are not as they should be: a clear message, the right exit code, never a traceback."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import SAMPLE, Result, environment, interruptible

Run = Callable[..., Result]


def explained(result: Result, code: int) -> str:
    """The message of a failure: nothing on stdout, what happened and what to do on stderr."""
    assert (result.code, result.out) == (code, "")
    lines = [line for line in result.err.splitlines() if not line.startswith("Your answer is kept")]
    assert lines[0].startswith("coach: ")
    assert lines[-1].startswith("       "), "a hint says what to do"
    assert "fault of ours" not in result.err
    return result.err


def scored(result: Result) -> int:
    """The score of the sample answer, whatever else was said on stderr."""
    assert result.code == 0, result.err
    score = result.json["score"]
    assert isinstance(score, int)
    return score


@pytest.fixture
def usual(coach: Run) -> int:
    """The sample answer's score where all is well."""
    return scored(coach("grade", "-", "--q", 9, "--json", stdin=SAMPLE))


# --- answers ----------------------------------------------------------------------------------

NOISE = random.Random(5).randbytes(4096)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x00\x01\x02 binary", "binary"),
        (b"\x89PNG\r\n\x1a\n" + NOISE, "binary"),
        (bytes(byte for byte in NOISE if byte), "not text"),
        (b"%PDF-1.7\n" + bytes(byte % 31 + 1 for byte in NOISE), "not text"),
        (b"a good answer " * 400_000, "larger than 5 MB"),
    ],
)
def test_files_that_are_no_answers(coach: Run, tmp_path: Path, content: bytes, word: str) -> None:
    file = tmp_path / "answer.md"
    file.write_bytes(content)
    assert word in explained(coach("grade", file, "--q", 9), 2)
    assert word in explained(coach("grade", "-", "--q", 9, stdin=content), 2)


def test_fifty_megabytes_are_refused_at_once(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "huge.md"
    with file.open("wb") as handle:
        handle.truncate(50 << 20)
    assert "larger than 5 MB" in explained(coach("grade", file, "--q", 9), 2)


def test_a_folder_and_an_unreadable_name_are_no_answers(coach: Run, tmp_path: Path) -> None:
    assert "folder" in explained(coach("grade", tmp_path, "--q", 9), 2)
    explained(coach("grade", tmp_path / ("x" * 300), "--q", 9), 2)
    explained(coach("grade", tmp_path / "answer.md" / "below", "--q", 9), 3)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read(coach: Run, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "answer.txt"
    file.write_bytes((SAMPLE + "\nIt’s “fine”, naïve or not.").encode(encoding))
    grade = coach("grade", file, "--q", 9, "--json")
    assert scored(grade) > 0


@pytest.mark.parametrize(
    "answer",
    [
        "Ich würde die Daten nach einem Schlüssel verteilen, der in den meisten Abfragen vorkommt, und die heißen"
        " Schlüssel mit einem Zusatz versehen, damit nicht alles auf einer Partition landet und die anderen leer sind.",
        "我会根据查询选择分区键，并对热点键加盐，这样数据就能均匀分布到各个分区。范围分区适合时间查询，但会产生热点。",
        "سأختار مفتاح التقسيم بناءً على الاستعلامات وأضيف ملحًا للمفاتيح الساخنة حتى تتوزع البيانات.",
    ],
    ids=["german", "chinese", "arabic"],
)
def test_answers_in_other_languages_are_ungraded_and_say_why(coach: Run, answer: str) -> None:
    result = coach("grade", "-", "--q", 9, "--json", stdin=answer)
    assert result.code == 6
    assert result.json["status"] == "ungraded"
    assert "English" in result.json["reason"]


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b[31mred\x1b[0m \x07 bell and \u202e right to left, hashing spreads keys evenly over the partitions.",
        "\ud800 half a pair".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + " in a long enough answer.",
        "word " * 60_000,
        "a" * 500_000,
        "```\n" * 2_000,
        "- " * 20_000,
        "🙂" * 5_000,
    ],
    ids=["escapes", "surrogate", "many-words", "one-word", "fences", "marks", "emoji"],
)
def test_odd_text_is_graded_without_fuss(coach: Run, answer: str) -> None:
    result = coach("grade", "-", "--q", 9, stdin=answer)
    assert result.code in (0, 6)
    assert "\x1b" not in result.out
    assert "\u202e" not in result.out


@pytest.mark.parametrize("q", ["0", "-1", "1e3", "x/y/z", "q" * 5000, "*", "\x1b[31m", "../../etc/passwd"])
def test_a_question_that_is_none_names_the_nearest(coach: Run, q: str) -> None:
    result = coach("grade", "-", f"--q={q}", stdin=SAMPLE)
    assert "Nearest: " in explained(result, 3)
    assert "\x1b" not in result.err


def test_batches_that_are_none(coach: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.csv"
    file.write_text("number,text\n9,hello\n")
    assert "q and answer" in explained(coach("grade", "--batch", file, "--json"), 2)
    file.write_text("")
    explained(coach("grade", "--batch", file), 2)
    lines = tmp_path / "batch.jsonl"
    lines.write_bytes(b"")
    empty = coach("grade", "--batch", lines, "--json")
    assert (empty.code, empty.out) == (0, "")
    lines.write_bytes(b"\xff\x00\xfe")
    explained(coach("grade", "--batch", lines), 2)
    lines.write_text("[" * 50_000 + "\n" + '{"q": 9, "answer": "\\ud800"}\n' + '{"q": 1e999, "answer": "x"}\n')
    odd = coach("grade", "--batch", lines, "--json")
    assert odd.code == 0
    assert ["error" in json.loads(line) for line in odd.out.splitlines()] == [True, False, True]


@pytest.mark.parametrize("content", [b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00"])
def test_documents_that_are_none(coach: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "document.md"
    file.write_bytes(content)
    explained(coach("import", file), 2)
    explained(coach("import", file, "--dry-run", "--json"), 2)
    pdf = tmp_path / "document.pdf"
    pdf.write_bytes(b"%PDF")
    explained(coach("import", pdf), 2)
    (tmp_path / "folder").mkdir()
    explained(coach("import", tmp_path / "folder"), 3)


# --- settings ---------------------------------------------------------------------------------


def test_garbage_in_env_file_is_passed_over_and_said(coach: Run, own_home: Path, usual: int) -> None:
    (own_home / ".env").write_bytes(b"=\n\x01\x02 nonsense line\nCOACH_GRADER=offline\nexport 'x\n")
    result = coach("grade", "-", "--q", 9, "--json", home=own_home, stdin=SAMPLE)
    assert scored(result) == usual
    assert ".env, line " in result.err
    (own_home / ".env").write_bytes(b"\xff\xfe\x80 binary \x00")
    result = coach("grade", "-", "--q", 9, "--json", home=own_home, stdin=SAMPLE)
    assert scored(result) == usual
    assert "passed over" in result.err


def test_garbage_in_the_config_file_is_4(coach: Run, own_home: Path) -> None:
    (own_home / "config.toml").write_text("this is = = not toml")
    assert "config.toml" in explained(coach("questions", home=own_home), 4)


def test_another_programs_chroma_settings_do_no_harm(process: Run, tmp_path: Path, usual: int) -> None:
    done = process(
        "grade", "-", "--q", 9, "--json", stdin=SAMPLE.encode(), IS_PERSISTENT="perhaps", CHROMA_API_IMPL="x"
    )
    assert scored(done) == usual


# --- an index that is broken, foreign or gone -------------------------------------------------


def generation(home: Path) -> dict[str, str]:
    return dict(json.loads((home / "index" / "current.json").read_text()))


DOCUMENT = """# Caches

**1. How does a least recently used cache find its victim?**

**Order of use:** a doubly linked list holds the entries, the one used last in front; the victim is at its end.

**2. What does salting a hot key cost?**

- **Reads:** a read has to ask for every salted variant of the key.
- **Aggregation:** it takes two steps, first by salted key and then by the real one.
"""

SALTED = "Every read has to ask for each salted variant of the key, and an aggregation takes two steps."


@pytest.fixture
def small_home(shared_home: Path, tmp_path: Path, coach: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home over a corpus of two questions, so that building its index takes no time."""
    corpus = tmp_path / "small-corpus"
    corpus.mkdir()
    (corpus / "caches.md").write_text(DOCUMENT)
    (corpus / "order.txt").write_text("caches.md\n")
    monkeypatch.setattr("coach.config.builtin_corpus", lambda: corpus)
    home = tmp_path / "small-home"
    shutil.copytree(shared_home / "index" / "models", home / "index" / "models", copy_function=os.link)
    assert scored(coach("grade", "-", "--q", 2, "--json", home=home, stdin=SALTED)) > 0
    return home


@pytest.fixture
def small_usual(coach: Run, small_home: Path) -> int:
    """The score of SALTED where all is well."""
    return scored(coach("grade", "-", "--q", 2, "--json", home=small_home, stdin=SALTED))


def spoil(path: Path) -> None:
    """Put rubbish in the place of a file, or of every file in a folder."""
    for file in [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file()):
        file.unlink()
        file.write_bytes(b"rubbish")


@pytest.mark.parametrize(
    "part", ["stamp", "foreign stamp", "words", "chroma", "no chroma", "snapshot", "no snapshot", "rubrics", "searches"]
)
def test_a_spoilt_index_mends_itself(coach: Run, small_home: Path, small_usual: int, part: str) -> None:
    index = small_home / "index"
    stamp = generation(small_home)
    if part == "stamp":
        spoil(index / "current.json")
    elif part == "foreign stamp":
        (index / "current.json").write_text(json.dumps({**stamp, "schema": 99, "fingerprint": "other"}))
    elif part.startswith("no "):
        shutil.rmtree(index / stamp[part.removeprefix("no ")])
    elif part in ("rubrics", "searches"):
        spoil(index / {"rubrics": "rubrics", "searches": "searches.json"}[part])
    else:
        spoil(index / stamp[part])
    result = coach("search", "least recently used cache", "--json", home=small_home)
    assert result.code == 0, result.err
    assert result.items[0]["question"]["number"] == 1
    graded = coach("grade", "-", "--q", 2, "--json", home=small_home, stdin=SALTED)
    assert scored(graded) == small_usual
    assert graded.json["references"][0]["question"]["number"] == 2
    assert coach("index", "--json", home=small_home).code == 0


def test_a_spoilt_snapshot_is_mended_by_a_grade(coach: Run, small_home: Path, small_usual: int) -> None:
    spoil(small_home / "index" / generation(small_home)["snapshot"])
    result = coach("grade", "-", "--q", 2, "--json", home=small_home, stdin=SALTED)
    assert scored(result) == small_usual
    assert result.json["references"]
    assert "damaged" in result.err


@pytest.mark.parametrize("which", ["all-minilm*", "claims-*"])
def test_a_spoilt_model_is_made_again(coach: Run, small_home: Path, small_usual: int, which: str) -> None:
    (folder,) = (small_home / "index" / "models").glob(which)
    for file in sorted(folder.iterdir()):
        spoil(file)
    assert scored(coach("grade", "-", "--q", 2, "--json", home=small_home, stdin=SALTED)) == small_usual


def test_an_index_of_nonsense_files_is_built_over(coach: Run, small_home: Path, small_usual: int) -> None:
    index = small_home / "index"
    for path in list(index.iterdir()):
        if path.name != "models":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (index / "chroma-1").write_text("a file where a folder should be")
    (index / "notes.txt").write_text("mine")
    assert scored(coach("grade", "-", "--q", 2, "--json", home=small_home, stdin=SALTED)) == small_usual
    assert (index / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1}', "null", '{"format": 1, "questions": [{}]}'])
def test_a_spoilt_catalogue_names_its_file(coach: Run, own_home: Path, content: str) -> None:
    (own_home / "catalogue" / "0002-data-engineering.json").write_text(content)
    for command in (["questions"], ["grade", "-", "--q", "9"], ["doctor"], ["search", "skew"], ["index"]):
        result = coach(*command, home=own_home, stdin=SAMPLE)
        assert result.code == 7
        assert "0002-data-engineering.json" in result.err + result.out
    (own_home / "catalogue" / "0002-data-engineering.json").unlink()
    assert len(coach("questions", "--json", home=own_home).items) == 66


def test_a_spoilt_rubric_of_the_user_names_its_file(coach: Run, own_home: Path) -> None:
    question = coach("show", 9, "--json", home=own_home).json
    overlay = own_home / "rubrics" / question["deck"] / f"{question['id']}.toml"
    overlay.parent.mkdir(parents=True)
    overlay.write_text("points = 7")
    assert overlay.name in explained(coach("grade", "-", "--q", 9, home=own_home, stdin=SAMPLE), 2)


# --- disks ------------------------------------------------------------------------------------


def test_a_home_that_is_a_file_is_graded_without_keeping(coach: Run, tmp_path: Path) -> None:
    home = tmp_path / "a-file"
    home.write_text("not a folder")
    result = coach("questions", "--json", home=home)
    assert (result.code, len(result.items)) == (0, 66)
    assert "Nothing is kept" in result.err
    assert str(home) in explained_tail(coach("index", home=home), 7)


def explained_tail(result: Result, code: int) -> str:
    """As ``explained``, where a notice may come first."""
    assert result.code == code
    assert "coach: " in result.err
    assert "fault of ours" not in result.err
    return result.err


def test_an_index_that_cannot_be_written_still_grades(coach: Run, small_home: Path, small_usual: int) -> None:
    """Read-only disks refuse root too; a file in the place of a folder stands for one."""
    index = small_home / "index"
    for path in list(index.iterdir()):
        if path.name != "models":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (index / "lock").mkdir()
    (index / "rubrics").write_text("a file")
    result = coach("grade", "-", "--q", 2, "--json", home=small_home, stdin=SALTED)
    assert scored(result) == small_usual
    assert "without references" in result.err
    explained_tail(coach("index", home=small_home), 7)


def full_disk(folder: Path, size: str) -> bool:
    """Mount a small disk at ``folder``, where this user may."""
    folder.mkdir()
    if shutil.which("mount") is None or sys.platform != "linux":
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "coach-test", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0


def test_a_full_disk_says_so(coach: Run, tmp_path: Path) -> None:
    home = tmp_path / "small-disk"
    if not full_disk(home, "64k"):
        pytest.skip("may not mount a small disk")
    try:
        result = coach("index", home=home)
        assert "space" in explained_tail(result, 7)
        assert "Free some space" in result.err
    finally:
        subprocess.run(["umount", str(home)], check=True)


# --- two at once, pipes and signals -----------------------------------------------------------


def started(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "coach", *arguments],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=interruptible,
    )


def test_commands_at_once_on_a_fresh_home(coach: Run, own_home: Path, usual: int) -> None:
    shutil.rmtree(own_home / "catalogue")
    for path in list((own_home / "index").iterdir()):
        if path.name != "models":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    running = [
        started(own_home, "grade", "-", "--q", "9", "--json"),
        started(own_home, "index", "--json"),
        started(own_home, "grade", "-", "--q", "9", "--json"),
    ]
    done = [process.communicate(SAMPLE.encode(), timeout=300) for process in running]
    for process, (_, err) in zip(running, done, strict=True):
        assert b"Traceback" not in err
        assert process.returncode == 0 or (process.returncode == 7 and b"Another coach process (pid" in err)
    for place in (0, 2):
        assert running[place].returncode == 0, done[place][1]
        assert json.loads(done[place][0])["score"] == usual
    assert len(coach("questions", "--json", home=own_home).items) == 66
    assert coach("search", "least recently used cache", "--json", home=own_home).items[0]["question"]["number"] == 11


def test_a_second_indexer_learns_who_holds_the_index(
    coach: Run, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.retrieval.index.WAIT_SECONDS", 0.1)
    holder = (
        "import sys; from pathlib import Path; from coach.storage import writer_lock\n"
        "with writer_lock(Path(sys.argv[1]), 'building the index'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holder, str(own_home / "index" / "lock")]
    with subprocess.Popen(command, env=environment(own_home), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        result = coach("index", home=own_home)
        assert f"pid {other.pid}" in explained(result, 7)
        assert coach("search", "skew", "--json", home=own_home).code == 0, "readers are not kept out"
        other.communicate(b"")


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
@pytest.mark.parametrize(
    "arguments", [["questions", "--json"], ["grade", "-", "--q", "9"], ["--help"], ["show", "9", "--answer"]]
)
def test_a_reader_that_leaves_early_ends_it_quietly(shared_home: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "coach", *arguments]
    done = subprocess.run(
        command, env=environment(shared_home), input=SAMPLE.encode(), stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_an_interrupt_is_130(shared_home: Path) -> None:
    process = started(shared_home, "grade", "-", "--q", "9")
    assert process.stderr is not None
    # It waits for its answer by now, or will; an interrupt before Python can handle one ends it as 130 too, as shells count.
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    assert process.returncode == 130
    assert b"Interrupted" in err


def test_a_fault_of_ours_is_70_and_shows_more_on_request(coach: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("wires crossed")

    monkeypatch.setattr("coach.wiring.config.load", broken)
    result = coach("questions")
    assert result.code == 70
    assert "wires crossed" in result.err
    assert "--debug" in result.err
