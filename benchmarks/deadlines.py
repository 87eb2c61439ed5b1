"""How long a million due dates take, with and without their explanations."""

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta

from app.config import Settings
from app.rules.deadlines import Limit, deadline
from app.rules.explanations import explain
from app.rules.rulebook import RuleBook, year_of
from app.rules.vocabularies import Unit
from app.seeding.papers import read_papers
from benchmarks.measuring import Ratio

DATES = 1_000_000
EXPLAINED = 10_000
TARGET = 60.0
"""Seconds that a million may take."""


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
    """Yield the seconds that a million dates and ten thousand explanations take."""
    papers = read_papers(Settings().seeds_dir)
    editions = [year_of(Row(content)) for content in papers["calendars"]]
    calendar = RuleBook(editions, [], []).calendar
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
        spent.sort()
        reached = spent[1] <= TARGET
        verdict = f"<= {TARGET:.0f} {'reached' if reached else 'MISSED'}" if number == DATES else ""
        yield told, Ratio(spent[0], spent[1], spent[2]), verdict
