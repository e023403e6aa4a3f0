"""A history of 50,000 attempts: is what is due, and is the first screen, there at once?

    python benchmarks/history_size.py [--attempts N] [--rounds N]

Builds a history over the built-in questions (ten years, eight judged points an answer) in a temporary COACH_HOME, then
asks for what ``coach due`` and the first screen show, each time with a history opened anew as a command would open it.
The median of the rounds is printed beside the goal of 150 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.domain import Evidence, Feedback, Grade, Outcome, PointVerdict, Provenance, Question, Span, Status, band_of
from coach.domain.practice import Attempt, Circumstances, Rating, Review, StoredGrade
from coach.practice.history import cards
from coach.practice.history.attempts import new_id, stamp
from coach.practice.planning.schedule import rating_of
from coach.session import Session
from coach.wiring import open_session

GOAL_MS = 150
ANSWER = "Hash partitioning spreads the keys evenly, but a range query then has to ask every node of the cluster. " * 8


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--attempts", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=9)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COACH_HOME"] = folder
        session = open_session()
        started = time.perf_counter()
        new = filled(session, given.attempts)
        session.practice.history.close()
        took = time.perf_counter() - started
        size = sum(path.stat().st_size for path in Path(folder).glob("history.db*"))
        print(f"{new} attempts made in {took:.0f} s; {size / 1e6:.0f} MB")
        first = time.perf_counter()
        open_session().practice.due()
        print(f"every card worked out, once: {1000 * (time.perf_counter() - first):.0f} ms")
        for name, what in (
            ("opened", lambda coach: coach.practice.history.count()),
            ("due and plan (coach due)", lambda coach: (coach.practice.due(), coach.practice.plan())),
            ("first screen", lambda coach: coach.practice.overview()),
            ("all summaries", lambda coach: coach.practice.summaries()),
            ("last 20 in full", lambda coach: coach.practice.attempts(limit=20)),
            ("what to ask next", lambda coach: coach.practice.next_questions(wish(), 5, 1)),
        ):
            wall, cpu = milliseconds(what, given.rounds)
            print(f"{name:<28} {wall:7.1f} ms, of the processor {cpu:6.1f} ms" + (GOAL if name in GOALS else ""))
        adding(given.rounds)


GOALS = ("due and plan (coach due)", "first screen")
GOAL = f"   (goal: under {GOAL_MS})"


def wish() -> object:
    from coach.domain.plans import Wish

    return Wish()


def milliseconds(what: object, rounds: int) -> tuple[float, float]:
    """Medians (elapsed, processor time) of opening the history anew and asking.

    The library is read before: it is no part of this. On a busy machine only the processor's time means something.
    """
    walls, cpus = [], []
    for _ in range(rounds):
        session = open_session()
        assert session.library.questions
        started, used = time.perf_counter(), time.process_time()
        what(session)  # type: ignore[operator]
        walls.append(1000 * (time.perf_counter() - started))
        cpus.append(1000 * (time.process_time() - used))
        session.practice.history.close()
    return statistics.median(walls), statistics.median(cpus)


def adding(rounds: int) -> None:
    """What an answer and its grade cost on top of all the others."""
    session = open_session()
    question = session.library.questions[0]
    chance = Random(2)
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        attempt = session.practice.submit(question, ANSWER)
        middle = time.perf_counter()
        session.practice.record(attempt, made(session, question, chance, 70))
        taken.append((1000 * (middle - started), 1000 * (time.perf_counter() - middle)))
    print(f"keeping one more answer      {statistics.median(pair[0] for pair in taken):7.1f} ms")
    print(f"keeping its grade            {statistics.median(pair[1] for pair in taken):7.1f} ms")
    session.practice.history.close()


def filled(session: Session, count: int) -> int:
    """A history of ``count`` attempts: a few real ones of each question, their rows then copied over the years."""
    history = session.practice.history
    chance = Random(1)
    history.restored(attempts(session), lambda at: at.date())
    with history.database.writing() as connection:
        connection.execute("CREATE TEMP TABLE seeds AS SELECT * FROM attempts")
        seeds = connection.execute("SELECT id, seq FROM seeds").fetchall()
        columns = [row[1] for row in connection.execute("PRAGMA table_info(attempts)")]
        own = {"seq": "?", "id": "?", "created_at": "?", "day": "?"}
        copy = ", ".join(own.get(name, name) for name in columns)
        now = datetime.now(UTC)
        for number in range(len(seeds), count):
            old, old_seq = chance.choice(seeds)
            at = now - timedelta(days=3650) * (1 - number / count)
            new, seq, day = new_id(at, number.to_bytes(4)), number + 1, at.date().isoformat()
            connection.execute(
                f"INSERT INTO attempts SELECT {copy} FROM seeds WHERE id = ?", (seq, new, stamp(at), day, old)
            )
            for table, rest in (
                ("answers (attempt_id, text)", "text FROM answers"),
                ("grades (attempt_id, at, elapsed_ms, digest, body)", "at, elapsed_ms, digest, body FROM grades"),
            ):
                connection.execute(f"INSERT INTO {table} SELECT ?, {rest} WHERE attempt_id = ?", (new, old))
            connection.execute(
                "INSERT INTO verdicts SELECT question_id, point_id, ?, outcome FROM verdicts "
                "WHERE attempt_seq = ? AND question_id = (SELECT question_id FROM seeds WHERE seq = ?)",
                (seq, old_seq, old_seq),
            )
            if chance.random() < 0.2:
                connection.execute(
                    "INSERT INTO reviews SELECT ?, question_id, point_id, rating, ?, ? FROM reviews WHERE attempt_id = ?",
                    (new, stamp(at), day, old),
                )
        for question in session.library.questions:
            cards.add_up(connection, question.id)
        cards.spoil_all(connection)
        connection.execute("DROP TABLE seeds")
    return history.count()


def attempts(session: Session) -> Iterator[Attempt]:
    """Four attempts at each question, ten years ago."""
    chance = Random(1)
    at = datetime.now(UTC) - timedelta(days=3660)
    for number, question in enumerate(4 * session.library.questions):
        at += timedelta(minutes=5)
        score = min(100, max(0, round(chance.gauss(65, 20))))
        identity = new_id(at, number.to_bytes(4))
        grade = made(session, question, chance, score)
        reviews = (Review(identity, question.id, None, rating_of(score), at, at.date()),)
        reviews += tuple(
            Review(identity, question.id, verdict.point.id, Rating.AGAIN, at, at.date())
            for verdict in grade.points
            if verdict.outcome is Outcome.MISSING and chance.random() < 0.3
        )
        how = Circumstances(seconds=90.0, confidence=round(chance.random(), 2))
        yield Attempt(identity, question, ANSWER, at, how, (StoredGrade(grade, at, 300),), None, reviews)


def made(session: Session, question: Question, chance: Random, score: int) -> Grade:
    verdicts = []
    for point in session.rubric(question).points[:8]:
        said = chance.random() < score / 100
        quote = (Evidence(Span(0, 40), ANSWER[:40]),) if said else ()
        verdicts.append(PointVerdict(point, Outcome.COVERED if said else Outcome.MISSING, 0.8 * said, quote, "Why."))
    feedback = Feedback("Acceptable: the core is right.", ("Keep it.",), ("Missing: this.",), "Again.", "And why?")
    by = Provenance("offline", "rubric", "1", "0123456789abcdef")
    return Grade(
        question,
        Status.GRADED,
        by,
        score=score,
        band=band_of(score),
        confidence=0.6,
        range=(score, score),
        points=tuple(verdicts),
        feedback=feedback,
    )


if __name__ == "__main__":
    main()
