"""Throw damaged documents at the importer: no crash, no hang, the same result twice.

    python benchmarks/fuzz_questions.py [FOLDER …] [--inputs 2000] [--seed 1] [--slowest 5]

Inputs are the documents of the folders (default: the built-in ones and the test dialects), each cut, spliced with
another, shuffled, doubled or sprinkled with signs, and random runs of Markdown signs. An input that takes longer than
``--slowest`` seconds of processor time is a hang and a failure. Exit code 1 where anything failed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from coach.errors import CoachError
from coach.importing import document

HERE = Path(__file__).parent
DEFAULT = (HERE.parent / "corpus", HERE.parent / "tests" / "importing" / "dialects")
MOST = 60_000
"""Characters of an input."""
SIGNS = (
    "#", "##", "###### ", "*", "**", "***", "_", "`", "```", "~~~", "|", "[", "](", "](#a)", ")", "<", ">", "<details>",
    "</details>", "<summary>", "</summary>", "<dt>", "<b>", "<!--", "-->", "$", "$$", "\\", "\\(", ":", ": ", "- ", "- [ ] ", "- [x] ",
    "1. ", "1)", "(1) ", "17a. ", "1.2 ", "Q: ", "Q1. ", "Question 3", "A: ", "**Answer:** ", "Ans.", "a) ", "b) ", "---", "===", "?",
    "\n", "\n\n", "    ", "\t", "\x00", "\x1b[31m", "\u200b", "\u202e", "é", "𝗪", "？", "👶", "⭐", "TBD", "What is X?",
)  # fmt: skip


def damaged(texts: list[str], dice: random.Random) -> str:
    """One input."""
    whole = dice.choice(texts)
    start = dice.randrange(max(1, len(whole) - MOST))
    text = whole[start : start + MOST]
    ways: tuple[Callable[[str], str], ...] = (
        lambda t: t[dice.randrange(len(t) + 1) :][: dice.randrange(len(t) + 1)],
        lambda t: t[: len(t) // 2] + dice.choice(texts)[: MOST // 2],
        lambda t: "\n".join(dice.sample(rows := t.split("\n"), len(rows))),
        lambda t: "\n".join(row for row in t.split("\n") if dice.random() < 0.8),
        lambda t: t.replace("\n\n", "\n"),
        lambda t: t.replace("\n", dice.choice(("\n\n", "\r\n", " ", "\n> ", "\n    "))),
        lambda t: _sprinkled(t, dice),
        lambda t: "".join(dice.choice(SIGNS) for _ in range(dice.randrange(3000))),
        lambda t: dice.choice(SIGNS) * dice.randrange(1, 20_000),
        lambda t: (dice.choice(SIGNS) + dice.choice(SIGNS) + "\n") * dice.randrange(1, 5000),
    )
    for way in dice.sample(ways, dice.randrange(1, 4)):
        text = way(text)[: 3 * MOST]
    return text


def _sprinkled(text: str, dice: random.Random) -> str:
    parts = []
    done = 0
    for place in sorted(dice.randrange(len(text) + 1) for _ in range(dice.randrange(1, 60))):
        parts += [text[done:place], dice.choice(SIGNS)]
        done = place
    return "".join(parts) + text[done:]


def main() -> int:
    """Run the inputs and print what was slowest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=DEFAULT)
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slowest", type=float, default=5.0)
    chosen = parser.parse_args()
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for folder in chosen.folders
        for path in sorted(folder.rglob("*.md"))
    ]
    dice = random.Random(chosen.seed)
    failures = questions = 0
    slowest = (0.0, -1)
    size = 0
    for number in range(chosen.inputs):
        text = damaged(texts, dice)
        size += len(text)
        start = time.process_time()
        try:
            found = document(text, "fuzzed.md")
            spent = time.process_time() - start
            questions += len(found.questions)
            if number % 20 == 0 and document(text, "fuzzed.md") != found:
                raise AssertionError("another result the second time")
        except CoachError:
            spent = time.process_time() - start
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            spent = time.process_time() - start
            failures += 1
            print(f"input {number}:\n{traceback.format_exc()}", file=sys.stderr)
        slowest = max(slowest, (spent, number))
        if spent > chosen.slowest:
            failures += 1
            print(f"input {number} took {spent:.1f} s ({len(text)} characters)", file=sys.stderr)
    print(
        f"{chosen.inputs} inputs, {size / 1e6:.1f} MB, {questions} questions, {failures} failures; "
        f"the slowest (input {slowest[1]}) took {slowest[0]:.2f} s of processor time"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
