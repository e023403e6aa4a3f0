"""Every sample in every format is read exactly as its truth says. A new format brings a sample and is picked up here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.importing import READERS, read
from coach.importing.source import Limits

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in READERS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_read_as_its_truth_says(path: Path) -> None:
    truth = json.loads(path.with_name(f"{path.name}.truth").read_text(encoding="utf-8"))
    document = read(path)
    assert (document.title, list(document.notes)) == (truth["title"], truth["notes"])
    fields = ("text", "answer", "line", "section", "printed", "kind")
    found = [{name: getattr(question, name) for name in fields} for question in document.questions]
    assert found == [{name: question.get(name) for name in fields} for question in truth["questions"]]


def test_every_format_has_a_sample() -> None:
    kinds = {READERS[path.suffix].partition(":")[0] for path in FILES}
    assert kinds == {row.partition(":")[0] for row in READERS.values()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reading_is_bounded_and_said_to_be(path: Path) -> None:
    from coach.errors import UnreadableInput

    with pytest.raises(UnreadableInput, match="COACH_MAX_DOCUMENT_MB"):
        read(path, limits=Limits(max_bytes=20))
