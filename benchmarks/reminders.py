"""What a pass of the reminders costs among few and among many clocks that do not fire."""

import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.handling.assignments.services.context import Work
from app.handling.worklists.services import tick
from app.register.people.queries.reference_data import read_book
from benchmarks.clocks import ON, with_clocks
from benchmarks.measuring import Ratio, spread

FIRING = ON + timedelta(days=3)
FEW, MANY = 100_000, 1_000_000
ROUNDS = 7
TARGET = 1.3


def passes() -> Iterator[tuple[str, Ratio, str]]:
    """Yield the ratio of a pass among MANY clocks to one among FEW; the same ones fire."""
    with tempfile.TemporaryDirectory() as folder:
        found = {number: spent(f"sqlite:///{folder}/{number}.db", number) for number in (FEW, MANY)}
    ratios = spread([many / few for few, many in zip(found[FEW], found[MANY], strict=True)])
    verdict = f"<= {TARGET} {'reached' if ratios.median <= TARGET else 'MISSED'}"
    yield "pass over 1M clocks / over 100k", ratios, verdict
    yield "seconds of a pass over 1M clocks", spread(found[MANY]), ""


def spent(url: str, number: int) -> list[float]:
    """Return the seconds that passes take where *number* clocks wait besides those that fire."""
    years_away = date(2040, 1, 1)
    database, firing = with_clocks(url, number, lambda day: {"fires_on": day}, years_away)
    seconds = []
    for _ in range(ROUNDS):
        with database.engine.connect() as connection:
            database.bind = connection.execution_options(begin="BEGIN IMMEDIATE")
            outer = connection.begin()
            begun = time.perf_counter()
            fired, _ = database.write(one_pass)
            seconds.append(time.perf_counter() - begun)
            outer.rollback()
            database.bind = database.engine
        if fired != firing:
            raise RuntimeError(f"{fired} clocks fired, not {firing}")
    database.engine.dispose()
    return seconds


def one_pass(session: Session) -> tuple[int, int]:
    """Fire what is due."""
    return tick(Work(session, read_book(session), FIRING))
