"""Documents are a stranger's: nothing is fetched, nothing unpacks without end, nothing nests too deep, nothing is hidden."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from pathlib import Path

import pytest

from coach.errors import CoachError, UnreadableInput
from coach.importing import READERS, read
from coach.importing.source import Limits

SAMPLES = Path(__file__).parent / "samples"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {WORD}><w:body>{{}}</w:body></w:document>"
PARAGRAPH = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>What is a heap?</w:t></w:r></w:p><w:p><w:r><w:t>One</w:t></w:r></w:p>"


def docx(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_no_reader_opens_a_connection_or_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("What is the password?", encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(
        f"<link rel=stylesheet href=http://127.0.0.1:1/a.css><base href='file://{secret}'><h2>What is A?</h2>"
        f"<img src='http://127.0.0.1:1/a.png' alt='picture'><iframe src='file://{secret}'></iframe><object data='{secret}'>"
        f"<script src='http://127.0.0.1:1/a.js'></script><p>One</p><h2>What is B?</h2><p>Two</p>",
        encoding="utf-8",
    )
    word = docx(
        tmp_path / "linked.docx",
        {
            "word/document.xml": BODY.format(PARAGRAPH).encode(),
            "word/_rels/document.xml.rels": b'<Relationships><Relationship TargetMode="External" Target="http://127.0.0.1:1/"/>'
            b"</Relationships>",
        },
    )
    paths = [page, word, *(path for path in sorted(SAMPLES.iterdir()) if path.suffix in READERS)]
    for path in paths:
        read(path)  # libraries that are loaded late may look round

    def refuse(*given: object, **named: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for path in paths:
        assert "password" not in repr(read(path))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY b "What is hidden?">]>',
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'>",
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused(tmp_path: Path, head: str) -> None:
    path = docx(tmp_path / "a.docx", {"word/document.xml": (head + BODY.format("<w:p>&b;</w:p>")).encode()})
    with pytest.raises(UnreadableInput, match="document type"):
        read(path)


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    for name in ("word/document.xml", "word/styles.xml"):
        parts = {"word/document.xml": BODY.format(PARAGRAPH).encode(), name: b" " * 30_000_000}
        path = docx(tmp_path / "bomb.docx", parts)
        assert path.stat().st_size < 100_000
        with pytest.raises(UnreadableInput, match="unpack"):
            read(path)
        with pytest.raises(UnreadableInput, match="COACH_MAX_DOCUMENT_MB"):
            read(path, limits=Limits(max_bytes=1_000_000))


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", {"word/document.xml": BODY.format(PARAGRAPH * 5000).encode()})
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    raw = bytearray(bytes(raw).replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little")))
    path.write_bytes(raw)
    with pytest.raises(UnreadableInput, match="damaged"):
        read(path)


def test_names_that_climb_out_are_never_written(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = docx(
        inside / "a.docx",
        {"../../evil.txt": b"x", "/tmp/evil-of-coach.txt": b"x", "word/document.xml": BODY.format(PARAGRAPH).encode()},
    )
    assert len(read(path).questions) == 1
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a.docx", "inside"]
    assert not Path("/tmp/evil-of-coach.txt").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "[" * 200_000),
        ("a.json", "[" * 900 + "]" * 900),
        ("a.json", '{"question": "What?", "answer": ' + '{"text":' * 400 + '"x"' + "}" * 401),
        ("a.jsonl", '{"a":' * 50_000),
        ("a.json", "[" + "9" * 10_000 + "]"),
        ("a.html", "<div>" * 50_000 + "What is A?"),
        ("a.html", "<ul><li>" * 10_000 + "What is A?"),
        ("a.html", "<table><tr><td>" * 10_000),
        ("a.html", "<b><i>" * 10_000 + "x"),
        ("a.html", '<a href="' * 50_000),
        ("a.html", "<!--" * 50_000),
        ("a.html", "<" * 100_000),
        ("a.html", "&#" + "9" * 6000 + ";"),
        ("a.csv", '"' * 99_999),
        ("a.csv", "," * 200_000),
        ("a.txt", "#separator:tab\n" + "{{c1::" * 20_000),
        ("a.txt", "#separator:tab\n" * 2_000),
    ],
)
def test_depth_and_repetition_are_no_trouble(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    try:
        read(path)
    except CoachError as problem:
        assert problem.hint


def test_xml_nested_too_deep_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", {"word/document.xml": BODY.format("<w:p>" * 5000 + "</w:p>" * 5000).encode()})
    with pytest.raises(UnreadableInput, match="deep"):
        read(path)


@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"text", b"\x00" * 100])
def test_what_is_not_of_the_format_is_refused(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as caught:
        read(path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.html",
            "<title>T\x1b[31m</title><h2>What is \x1b[31mred&#27;[0m&#x202e;?</h2><p>One\x07&#7;</p><h2>Why\x9b31m?</h2>",
        ),
        ("a.csv", "section,question,answer\nS\x1b[2J,What is \x1b]0;owned\x07red?,One\x1b[31m\x07\n"),
        ("a.json", '[{"question": "What is \\u001b[31mred\\u202e?", "answer": "One\\u0007", "topic": "a\\u009b1m"}]'),
        ("a.txt", "#separator:tab\n#deck:D\x1b[1m\nWhat is \x1b[31mred?\tOne\x07\n"),
    ],
)
def test_control_characters_reach_no_terminal(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    document = read(path)
    assert document.questions
    shown = document.title + "".join(repr(q.text + q.answer + (q.section or "")) for q in document.questions)
    assert not any(sign in shown for sign in ("\\x1b", "\\x07", "\\x9b", "\\u202e", "\x1b", "\x9b"))


def test_a_pipe_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    with pytest.raises(UnreadableInput, match="regular"):
        read(path)
