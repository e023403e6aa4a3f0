"""Shows what coach makes of a sample, in the form of its truth, to be read and corrected before it is kept.

python tests/importing/samples/truth.py FILE
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coach.importing import read


def found_in(path: Path) -> dict[str, Any]:
    """Title, questions and notes of a document."""
    document = read(path)
    return {
        "title": document.title,
        "questions": [
            {key: value for key, value in asdict(question).items() if value is not None}
            for question in document.questions
        ],
        "notes": list(document.notes),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found_in(Path(sys.argv[1])), ensure_ascii=False, indent=1) + "\n")
