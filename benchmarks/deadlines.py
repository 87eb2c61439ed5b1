"""How long a million due dates take: computed, explained, worked out anew where they are kept."""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from app.core.codes import Unit
from app.core.config import Settings
from app.deadlines.rules.calendars import Calendar
from app.deadlines.rules.deadlines import Limit, deadline
from app.deadlines.rules.explanations import explain
from app.deadlines.rules.rulebook import RuleBook, year_of
from app.handling.assignments.services.calendars import load_calendar
from app.seeding.files import read_files
from app.seeding.papers import papers_in
from app.tasks.rules.tasks import as_rule
from benchmarks.clocks import DISPATCHER, ON, with_clocks
from benchmarks.measuring import Ratio, spread

DATES = 1_000_000
EXPLAINED = 10_000
TARGET = 60.0
"""Seconds that a million may take."""

AMENDED, DAY_OFF = "2026@1", "2026-03-05"


class Row:
    """An edition of a calendar as its table holds it."""

    def __init__(self, content: dict) -> None:
        self.__dict__.update(content)


def cases(number: int) -> Iterator[tuple[Limit, date]]:
    """Yield limits and starts as offices have them: mostly months, some working days."""
    dice = random.Random(7)
    limits = [
        Limit(3, Unit.MONTHS), Limit(6, Unit.MONTHS), Limit(10, Unit.WORKING_DAYS),
        Limit(20, Unit.WORKING_DAYS), Limit(5, Unit.DAYS),
    ]  # fmt: skip
    for _ in range(number):
        yield dice.choice(limits), date(2015, 1, 1) + timedelta(days=dice.randrange(4300))


def recomputed() -> Iterator[tuple[str, Ratio, str]]:
    """Yield the seconds of a million dates and of ten thousand explanations, then of a calendar."""
    papers = papers_in(read_files(Settings().seeds_dir))["calendars"]
    calendar = RuleBook([year_of(Row(content)) for content in papers], [], []).calendar
    for told, number, work in (
        ("1,000,000 due dates, seconds", DATES, deadline),
        ("10,000 explanations, seconds", EXPLAINED, explain),
    ):
        given = list(cases(number))
        spent = []
        for _ in range(3):
            begun = time.perf_counter()
            for limit, start in given:
                work(limit, start, calendar)
            spent.append(time.perf_counter() - begun)
        yield told, spread(spent), verdict(spent) if number == DATES else ""
    spent = loaded(calendar, next(row for row in papers if row["reference"] == AMENDED))
    yield "calendar over 1,000,000 open dates, seconds", spread(spent), verdict(spent)


def verdict(spent: list[float]) -> str:
    """Return the target, and whether the median of *spent* reaches it."""
    reached = spread(spent).median <= TARGET
    return f"<= {TARGET:.0f} {'reached' if reached else 'MISSED'}"


def loaded(calendar: Calendar, content: dict[str, Any]) -> list[float]:
    """Return the seconds of loading amendments of *content* where a million dates wait.

    Each takes a working day away or gives it back, which moves only what began before that day.
    """

    @cache
    def copied(day: date) -> dict[str, Any]:
        begun = ON + timedelta(days=30 + day.toordinal() % 200)
        limit = Limit(20, Unit.WORKING_DAYS)
        due = deadline(limit, begun, calendar)
        days = {"began_on": begun, "due_on": due.due_on, "original_due_on": due.original_due_on}
        return {**days, "limit_rule": as_rule(limit)}

    with tempfile.TemporaryDirectory() as folder:
        database, own = with_clocks(f"sqlite:///{folder}/register.db", DATES, copied, ON)
        spent = []
        for edition in (2, 3, 4):
            off = [{"from": DAY_OFF, "to": DAY_OFF, "holiday": "调休"}] * (edition % 2 == 0)
            reference = f"{content['year']}@{edition}"
            amended = {**content, "edition": edition, "reference": reference}
            amended["rest"] = [*content["rest"], *off]
            begun = time.perf_counter()
            _, moved = database.write(
                lambda session, new=amended: load_calendar(session, DISPATCHER, [new], "benchmark")
            )
            spent.append(time.perf_counter() - begun)
            if not 0 < len(moved) <= own:
                raise RuntimeError(f"{len(moved)} dates moved, of {own} that could")
        database.engine.dispose()
    return spent
