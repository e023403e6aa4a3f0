"""The rules of the house: who may import whom, and what is loaded when."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import coach

PACKAGE = Path(coach.__file__).parent
ROOT = PACKAGE.parent

HEAVY = (
    "chromadb", "torch", "sentence_transformers", "transformers", "onnxruntime", "onnx", "tokenizers", "openai",
    "plotille", "httpx2", "httpcore2", "tiktoken", "textual", "sqlite3", "fsrs", "rich", "markdown_it", "tomlkit", "filelock",
    "pypdfium2",
)  # fmt: skip
"""Libraries that are loaded where they are used, and not before."""

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if "tui" not in path.relative_to(PACKAGE).parts
)

LOADER = """
import importlib, json, sys
rows = {}
for name in json.loads(sys.argv[1]):
    for known in [known for known in sys.modules if known.split(".")[0] == "coach"]:
        del sys.modules[known]
    importlib.import_module(name)
    for heavy in json.loads(sys.argv[2]):
        if heavy in sys.modules:
            rows.setdefault(heavy, name)
print(json.dumps(rows))
"""


def loaded_by(modules: list[str], watched: tuple[str, ...] = HEAVY) -> dict[str, str]:
    """Heavy library -> the first of ``modules`` that loads it. Each is imported as if it were the first of coach."""
    done = subprocess.run(
        [sys.executable, "-c", LOADER, json.dumps(modules), json.dumps(watched)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_the_command_line_alone_loads_nothing_heavy() -> None:
    assert loaded_by(["coach.cli"], (*HEAVY, "numpy", "asyncio", "pydantic", "importlib.metadata")) == {}


def test_no_module_loads_a_heavy_library_when_it_is_imported() -> None:
    found = loaded_by(MODULES)
    # SQLite comes with Python and loads in a few milliseconds: whoever names the history or the word index may load it.
    assert found.pop("sqlite3", "coach.retrieval").startswith(("coach.practice", "coach.retrieval"))
    # The transport is made of classes of httpx2; it is imported when a model is called.
    assert found.pop("httpx2", found.pop("httpcore2", "coach.llm.transport")) == "coach.llm.transport"
    found.pop("httpcore2", None)
    assert found == {}


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_stay_of_a_size_to_be_read() -> None:
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    # domain.py is a list of small definitions, each with its docstring.
    assert {name: size for name, size in sizes.items() if size > 310 and name != "coach/domain.py"} == {}
