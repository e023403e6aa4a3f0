"""What a cold start of coach costs, in time and memory, beside the same job scripted and beside a bare Python.

    python benchmarks/start_up.py [--rounds N]

Everything is measured in one run and by turns (A B A B), so that a busy machine slows both sides: the ratios of the
medians are what counts. Needs nothing but the virtual environment; works in a temporary COACH_HOME that is prepared
first and not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANSWER = ROOT / "examples" / "answer.md"
COACH = (sys.executable, "-c", "from coach.cli import main; main()")
"""What the installed script ``coach`` does."""
BASELINE = (sys.executable, str(Path(__file__).with_name("baseline_grade.py")))
BARE = (sys.executable, "-c", "pass")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    rounds: int = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "COACH_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
        # As after any installation: modules are compiled to bytecode once, not at every start.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        grade = (*COACH, "grade", str(ANSWER), "--q", "9")
        scripted = (*BASELINE, "grade", str(folder / "chroma"), str(ANSWER), "9")
        prepare(folder, grade, environment)
        whole = measured({"coach": grade, "scripted": scripted, "bare": BARE}, rounds, environment)
        light = measured(
            {"help": (*COACH, "--help"), "questions": (*COACH, "questions"), "bare": BARE}, 2 * rounds, environment
        )
    print(f"median of {rounds} by turns        seconds   peak MB")
    for what, runs in (("coach grade FILE --q 9", whole["coach"]), ("the same job scripted", whole["scripted"])):
        print(f"{what:<28} {seconds(runs):8.3f} {megabytes(runs):9.0f}")
    print(f"median of {2 * rounds} by turns")
    for what, runs in (("coach --help", light["help"]), ("coach questions", light["questions"])):
        print(f"{what:<28} {seconds(runs):8.3f} {megabytes(runs):9.0f}")
    print(f"{'python -c pass':<28} {seconds(light['bare']):8.3f} {megabytes(light['bare']):9.0f}")
    print()
    bare = seconds(light["bare"])
    verdict("coach grade / scripted", seconds(whole["coach"]) / seconds(whole["scripted"]), 0.15, "<=")
    verdict("coach --help / bare python", seconds(light["help"]) / bare, 8, "<")
    verdict("coach questions / bare python", seconds(light["questions"]) / bare, 8, "<")
    verdict("peak memory of grade, MB", megabytes(whole["coach"]), 350, "<")


Runs = list[tuple[float, float]]
"""(seconds, peak megabytes) of each run of a command."""


def prepare(folder: Path, grade: Sequence[str], environment: Mapping[str, str]) -> None:
    """A home with its index built, and a Chroma store with every reference in it."""
    run(grade, environment)
    program = (
        "import json; from coach.wiring import open_session;"
        "print(json.dumps({str(q.number): q.reference for q in open_session().library.questions}))"
    )
    listed = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True)
    (folder / "references.json").write_bytes(listed.stdout)
    assert len(json.loads(listed.stdout)) >= 66
    run((*BASELINE, "prepare", str(folder / "chroma"), str(folder / "references.json")), environment)


def measured(commands: Mapping[str, Sequence[str]], rounds: int, environment: Mapping[str, str]) -> dict[str, Runs]:
    """Run all commands once unmeasured, then ``rounds`` times by turns."""
    found: dict[str, Runs] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            result = run(command, environment)
            if turn:
                found[name].append(result)
    return found


def run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Seconds from start to end, and the peak resident megabytes of that one process."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{errors.read().decode(errors='replace')}")
    per_megabyte = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return elapsed, usage.ru_maxrss / per_megabyte


def seconds(runs: Runs) -> float:
    return statistics.median(time for time, _ in runs)


def megabytes(runs: Runs) -> float:
    return max(memory for _, memory in runs)


def verdict(what: str, figure: float, goal: float, relation: str) -> None:
    """One line: the figure, its goal, and whether it was met."""
    met = figure <= goal if relation == "<=" else figure < goal
    print(f"{what:<32} {figure:8.3g}   goal {relation} {goal:<5g} {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
